"""The same walk where no script runs: nothing is missing, and nothing is shown that cannot work."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_types import NOT_FOUND, PAGE_TYPES
from tests.browser.person import WALK
from tests.support.languages import in_both_languages

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)

SEEN = "Where was the parcel seen last?"
SLIP = "Which code is on the slip?"
HOME = "Your SMS did not arrive. Let us find out why."


@in_both_languages
def test_the_walk_leads_from_the_home_page_to_its_end(person):
    person.opens("/")
    person.follows("In the van")
    person.reads(SLIP)
    person.sees_title(SLIP, "My parcel did not arrive")
    person.answers_with("slip", "no-code")
    person.reads("Somebody has to look")
    person.is_at(f"{WALK}?seen=van&slip=no-code")
    with person.next_page():
        person.presses("Yes, it works now")
    person.reads("Good, it works again")


@in_both_languages
def test_the_browser_goes_back_and_forward_and_loads_anew(person):
    page = person.page
    person.opens(WALK)
    person.answers_with("seen", "van")
    person.answers_with("slip", "no-code")
    page.go_back()
    person.reads(SLIP)
    page.go_back()
    person.reads(SEEN)
    page.go_forward()
    page.go_forward()
    person.reads("Somebody has to look")
    page.reload()
    person.reads("Somebody has to look")


@in_both_languages
def test_changing_an_early_answer_keeps_the_later_ones(person):
    person.opens(WALK)
    person.answers_with("seen", "van")
    person.types_code("DELIVRD")
    person.changes(SEEN)
    expect(person.page.locator("input:checked")).to_have_count(0)
    person.answers_with("seen", "van")
    person.reads("Somebody has to look")
    assert person.answers == {"seen": "van", "slip": "DELIVRD"}


@in_both_languages
def test_back_and_start_again_are_links(person):
    person.opens(f"{WALK}?seen=van")
    person.follows("Back")
    person.reads(SEEN)
    person.follows("Back")
    person.reads(HOME)
    person.opens(f"{WALK}?seen=van")
    person.follows("Start again")
    person.reads(SEEN)
    assert person.answers == {}


@in_both_languages
def test_going_on_without_an_answer_is_an_error_that_leads_to_the_field(person):
    page = person.page
    person.opens(WALK)
    person.presses("Continue")
    expect(page).to_have_title(re.compile("^" + person.say("Error: %(heading)s", heading="")))
    page.get_by_role("link", name=person.say("Choose an answer to go on")).click()
    expect(page).to_have_url(re.compile("#choice-1$"))
    person.answers_with("seen", "van")
    person.reads(SLIP)


@in_both_languages
def test_a_typed_code_is_posted_and_leads_on(person):
    person.opens(f"{WALK}?seen=van")
    person.types_code(" delivrd ")
    person.reads("Somebody has to look")
    assert person.answers == {"seen": "van", "slip": "DELIVRD"}


@in_both_languages
def test_a_code_that_nobody_listed_is_an_error_and_has_a_page(person, complaints):
    complaints.expect(NOT_FOUND)
    person.opens(f"{WALK}?seen=van")
    person.labelled("The code").fill("SC:9999")
    person.presses("Continue")
    expect(person.labelled("The code")).to_have_value("SC:9999")
    person.is_at(f"{WALK}?seen=van")
    person.page.locator(".code-field a").click()
    person.reads("We do not know %(code)s yet", code="SC:9999")


@in_both_languages
def test_a_pasted_answer_is_understood_and_never_in_the_address(person):
    person.opens("/")
    person.pastes('{"code": "E000101", "description": "not for the address"}')
    person.reads("Code %(code)s", code="E000101")
    assert set(person.answers) == {"read"}
    with person.next_page():
        person.page.get_by_role("link", name=person.say("Start here")).click()
    person.reads("It waits to be packed")


@in_both_languages
def test_the_list_of_codes_can_be_searched(person):
    person.opens("/codes/")
    person.labelled("A code, its beginning, or a word").fill("MK")
    person.presses("Search")
    one = "%(count)s code fits “%(words)s”."
    expect(person.page.get_by_text(person.say(one, count=1, words="MK"))).to_be_visible()
    person.follows("MK:*")
    person.reads("MK:")


@in_both_languages
@pytest.mark.parametrize(
    ("button", "heading"),
    [
        ("Yes, it works now", "Good, it works again"),
        ("I can't do this step", "Ask someone who can do this step"),
        ("No, still nothing", SLIP),
    ],
)
def test_what_came_of_the_steps_leads_to_an_end_or_further_on(person, button, heading):
    person.opens(f"{WALK}?seen=shop")
    person.presses(button)
    person.reads(heading)


@in_both_languages
def test_folded_parts_open(person):
    page = person.page
    person.opens(f"{WALK}?seen=shop")
    summary = person.labelled("Summary")
    expect(summary).to_be_hidden()
    page.get_by_text(person.say("A summary to copy into your message")).click()
    expect(summary).to_be_visible()
    result = person.say("Result: %(title)s", title=person.say("It waits to be packed"))
    expect(summary).to_have_value(re.compile(f"^{result}"))


@in_both_languages
def test_times_name_their_time_zone(person):
    person.opens(f"{WALK}?seen=shop")
    expect(person.page.locator(".come-back time")).to_have_text(re.compile(r"\d\d:\d\d UTC$"))


def test_nothing_is_shown_that_needs_a_script(toy, page, complaints):
    complaints.expect(NOT_FOUND)
    for name, visit in PAGE_TYPES.items():
        visit(page)
        for needy in ("[data-needs-script]", "[data-copy]", "[data-print]", "[type=button]"):
            assert page.locator(f"{needy} >> visible=true").count() == 0, name
        # What is left to press is a link with an address, or belongs to a form with one.
        assert page.locator("a:not([href])").count() == 0, name
        pressed, sent = (
            page.locator(f"{where}button:visible").count() for where in ("", "form[action] ")
        )
        assert pressed == sent, name
