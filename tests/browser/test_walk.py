"""The walk with JavaScript: pages are swapped, and it feels like pages all the same."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.person import WALK, Person
from tests.support.languages import in_both_languages

SEEN = "Where was the parcel seen last?"
SLIP = "Which code is on the slip?"


@pytest.fixture
def stays(person):
    """Fail if the document was ever loaded anew: a swap keeps what is in its memory."""
    person.opens(WALK)
    person.page.evaluate("window.firstDocument = true")
    yield
    assert person.page.evaluate("window.firstDocument")


# --- from page to page ----------------------------------------------------------------------------


@in_both_languages
def test_each_step_moves_focus_to_the_new_heading_and_changes_address_and_title(person, stays):
    person.answers_with("seen", "van")
    person.reads(SLIP)
    person.is_at(f"{WALK}?seen=van")
    expect(person.heading).to_be_focused()
    person.sees_title(SLIP, "My parcel did not arrive")

    person.answers_with("slip", "no-code")
    person.reads("Somebody has to look")
    person.is_at(f"{WALK}?seen=van&slip=no-code")
    expect(person.heading).to_be_focused()
    person.sees_title("Somebody has to look", "My parcel did not arrive")


def test_the_new_page_is_shown_from_its_top(person, stays):
    person.page.set_viewport_size({"width": 375, "height": 400})
    person.page.get_by_role("button", name="Continue").scroll_into_view_if_needed()
    person.answers_with("seen", "van")
    expect(person.heading).to_be_in_viewport()
    assert person.page.evaluate("window.scrollY") == 0


@in_both_languages
def test_back_forward_and_reload_of_the_browser_show_the_right_page(person):
    page = person.page
    person.opens("/")
    person.follows("In the van")
    person.reads(SLIP)
    person.answers_with("slip", "no-code")

    page.go_back()
    person.reads(SLIP)
    person.is_at("?seen=van")
    expect(page).to_have_title(re.compile(f"^{re.escape(person.say(SLIP))}"))
    page.go_back()
    person.reads("Your SMS did not arrive. Let us find out why.")
    page.go_forward()
    person.reads(SLIP)
    page.go_forward()
    person.reads("Somebody has to look")
    expect(person.button("Copy link")).to_be_visible()
    page.reload()
    person.reads("Somebody has to look")
    person.is_at("?seen=van&slip=no-code")


def test_the_walk_goes_on_after_the_browser_went_back(person):
    person.opens(WALK)
    person.answers_with("seen", "van")
    person.page.go_back()
    person.reads(SEEN)
    person.answers_with("seen", "shop")
    person.reads("It waits to be packed")
    expect(person.heading).to_be_focused()


@in_both_languages
def test_changing_an_early_answer_keeps_the_later_ones(person, stays):
    person.answers_with("seen", "van")
    person.types_code("DELIVRD")
    person.changes(SEEN)
    person.reads(SEEN)
    expect(person.page.locator("input:checked")).to_have_count(0)
    expect(person.page.get_by_text(person.say("Your answer until now"))).to_be_visible()
    expect(person.page.locator(".answers")).to_contain_text("DELIVRD")
    person.answers_with("seen", "van")
    person.reads("Somebody has to look")
    assert person.answers == {"seen": "van", "slip": "DELIVRD"}


@in_both_languages
def test_back_leads_to_the_question_before_and_from_the_first_one_home(person, stays):
    person.answers_with("seen", "van")
    with person.next_page():
        person.follows("Back")
    person.reads(SEEN)
    expect(person.heading).to_be_focused()
    person.follows("Back")
    person.reads("Your SMS did not arrive. Let us find out why.")
    person.is_at("/")


@in_both_languages
def test_start_again_forgets_the_answers(person, stays):
    person.answers_with("seen", "van")
    with person.next_page():
        person.follows("Start again")
    person.reads(SEEN)
    assert person.answers == {}
    expect(person.page.locator(".answers")).to_have_count(0)


# --- errors ---------------------------------------------------------------------------------------


@in_both_languages
def test_going_on_without_an_answer_moves_focus_to_the_error_and_from_there_to_the_field(
    person, stays
):
    page = person.page
    person.presses("Continue")
    summary = page.get_by_role("alert").filter(has_text=person.say("There is a problem"))
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^" + person.say("Error: %(heading)s", heading="")))
    summary.get_by_role("link", name=person.say("Choose an answer to go on")).click()
    expect(person.labelled("In the shop")).to_be_focused()
    person.answers_with("seen", "van")
    person.reads(SLIP)


def test_an_error_shown_by_a_full_page_has_the_focus_as_well(person):
    person.opens(f"{WALK}?_continue=seen")
    expect(person.page.locator(".error-summary")).to_be_focused()


@in_both_languages
def test_an_empty_box_is_an_error_that_leads_to_the_box(person):
    page = person.page
    person.opens("/")
    person.presses("Find out")
    summary = page.get_by_role("alert").filter(has_text=person.say("There is a problem"))
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(
        person.labelled("Or say it in your words, or paste a code, an answer, a log")
    ).to_be_focused()


@in_both_languages
def test_without_an_answer_of_the_site_the_person_is_told_and_can_try_again(
    person, stays, complaints
):
    page = person.page
    complaints.expect("ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")
    person.chooses("seen", "van")
    page.route("**/guides/**", lambda route: route.abort("internetdisconnected"))
    person.presses("Continue")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#offline")).to_be_in_viewport()
    person.reads(SEEN)
    expect(person.labelled("In the van")).to_be_checked()
    page.unroute("**/guides/**")
    person.goes_on()
    person.reads(SLIP)
    expect(page.locator("#offline")).to_be_hidden()


# --- codes and the box ----------------------------------------------------------------------------


@in_both_languages
def test_a_typed_code_is_posted_and_leads_on(person, stays):
    person.answers_with("seen", "van")
    with person.page.expect_request(lambda request: request.method == "POST") as sent:
        person.types_code(" delivrd ")
    assert "delivrd" not in sent.value.url
    person.reads("Somebody has to look")
    about = person.say("About %(typed)s", typed="DELIVRD")
    expect(person.page.get_by_role("heading", name=about)).to_be_visible()
    assert person.answers == {"seen": "van", "slip": "DELIVRD"}


@in_both_languages
def test_a_code_that_nobody_listed_stays_out_of_the_address_and_has_a_page(person, stays):
    page = person.page
    person.answers_with("seen", "van")
    person.labelled("The code").fill("SC:9999")
    person.presses("Continue")
    expect(
        page.get_by_role("alert").filter(has_text=person.say("There is a problem"))
    ).to_be_focused()
    expect(person.labelled("The code")).to_have_value("SC:9999")
    person.is_at(f"{WALK}?seen=van")
    page.locator(".error-summary a").click()
    expect(person.labelled("The code")).to_be_focused()


@in_both_languages
def test_a_pasted_answer_is_understood_and_never_in_the_address(person):
    page = person.page
    person.opens("/")
    person.pastes('{"code": "E000101", "description": "not for the address"}')
    person.reads("Code %(code)s", code="E000101")
    expect(person.heading).to_be_focused()
    assert set(person.answers) == {"read"}
    with person.next_page():
        page.get_by_role("link", name=person.say("Start here")).click()
    person.reads("It waits to be packed")
    assert person.answers == {"at": "packed", "_from": "E000101"}


def test_the_browser_goes_back_from_what_was_understood_to_the_box(person):
    person.opens("/codes/")
    person.follows("SMS Doctor")
    person.reads("Your SMS did not arrive. Let us find out why.")
    person.pastes("DELIVRD")
    person.page.go_back()
    person.reads("Your SMS did not arrive. Let us find out why.")


@in_both_languages
def test_enter_sends_a_line_and_shift_enter_makes_another(person):
    box = person.page.locator("#text")
    person.opens("/")
    box.press_sequentially("a")
    box.press("Shift+Enter")
    box.press_sequentially("b")
    box.press("Enter")
    expect(box).to_have_value("a\nb\n")
    box.fill("delivrd")
    box.press("Enter")
    person.reads("Code %(code)s", code="DELIVRD")
    person.is_at("/?q=delivrd")


def test_what_was_understood_survives_reload_back_and_language(person):
    person.opens("/")
    person.pastes("+8613812345678")
    person.reads("This looks like %(kind)s", kind=person.say("a phone number"))
    assert "138" not in person.page.url.replace(person.answers["read"], "")
    address = person.address
    person.page.reload()
    person.reads("This looks like %(kind)s", kind=person.say("a phone number"))
    person.follows("I am waiting for an SMS on this number")
    person.reads(SEEN)
    person.page.go_back()
    person.reads("This looks like %(kind)s", kind=person.say("a phone number"))
    person.page.get_by_role("link", name="简体中文").click()
    expect(person.page.locator("html")).to_have_attribute("lang", "zh-hans")
    person.reads("This looks like %(kind)s", kind=person.say("a phone number"))
    person.is_at("/zh-hans" + address)


def test_the_second_door_leads_down_to_what_senders_are_asked(person):
    person.opens("/")
    person.page.get_by_role("link", name="I send SMS").click()
    expect(person.page.get_by_role("heading", name="You send SMS")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["en", "zh-hans"], indirect=True)
def test_the_doors_and_the_box_stand_above_the_fold_of_a_phone(new_context, toy):
    page = new_context(viewport={"width": 375, "height": 740}).new_page()
    page.goto("/")
    assert page.locator(".box").evaluate("one => one.getBoundingClientRect().bottom") <= 740


def test_the_list_of_codes_can_be_searched(person):
    page = person.page
    person.opens("/codes/")
    page.get_by_label("A code, its beginning, or a word").fill("van")
    person.presses("Search")
    expect(page.get_by_text("1 code fits “van”.")).to_be_visible()
    person.follows("MK:*")
    person.reads("MK:")


# --- at the outcome -------------------------------------------------------------------------------


@in_both_languages
@pytest.mark.parametrize(
    ("button", "feedback", "heading"),
    [
        ("Yes, it works now", "yes", "Good, it works again"),
        ("I can't do this step", "cannot", "Ask someone who can do this step"),
        ("No, still nothing", "no", SLIP),
    ],
)
def test_what_came_of_the_steps_leads_to_an_end_or_further_on(person, button, feedback, heading):
    person.opens(f"{WALK}?seen=shop")
    with person.next_page():
        person.presses(button)
    person.reads(heading)
    expect(person.heading).to_be_focused()
    assert person.answers == {"seen": "shop", "packed": feedback}


@in_both_languages
def test_the_link_is_copied_and_the_button_says_so(person):
    page = person.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.opens(WALK)
    person.answers_with("seen", "shop")
    person.presses("Copy link")
    expect(person.button("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_link_is_copied_where_the_browser_allows_no_clipboard(person):
    page = person.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.opens(f"{WALK}?seen=shop")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    person.presses("Copy link")
    expect(person.button("Copied")).to_be_visible()


@in_both_languages
def test_the_summary_is_copied(person):
    page = person.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.opens(f"{WALK}?seen=shop")
    page.get_by_text(person.say("A summary to copy into your message")).click()
    person.presses("Copy summary")
    expect(person.button("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    title = person.say("It waits to be packed")
    assert copied.startswith(person.say("Result: %(title)s", title=title))
    assert f"- {person.say('the order number')}" in copied


def test_the_print_button_prints(person):
    page = person.page
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    person.opens(WALK)
    person.answers_with("seen", "shop")
    person.presses("Print")
    assert page.evaluate("window.printed") == 1


@pytest.mark.parametrize(
    ("zone", "locale", "name"),
    [
        ("Asia/Tokyo", "en-GB", "GMT+9"),
        ("UTC", "en-US", "UTC"),
        ("Asia/Shanghai", "zh-CN", "GMT+8"),
    ],
)
def test_times_are_shown_in_the_time_zone_and_habit_of_the_browser(
    toy, new_context, zone, locale, name
):
    page = new_context(timezone_id=zone, locale=locale).new_page()
    Person(page).opens(f"{WALK}?seen=shop")
    time = page.locator(".come-back time")
    wanted = time.evaluate(
        """(element, [zone, locale]) => new Intl.DateTimeFormat(locale, {
            timeZone: zone, weekday: "long", hour: "numeric", minute: "2-digit",
        }).formatToParts(new Date(element.dateTime)).map((part) => part.value)""",
        [zone, locale],
    )
    shown = time.inner_text()
    assert name in shown
    assert all(part in shown for part in wanted if re.fullmatch(r"\w+", part))


# --- languages ------------------------------------------------------------------------------------


def test_the_language_is_switched_in_the_middle_of_the_walk_and_stays(person):
    page = person.page
    person.opens(WALK)
    person.answers_with("seen", "van")
    with person.next_page():
        person.page.get_by_role("link", name="简体中文").click()
    person.reads(SLIP)
    person.is_at(f"/zh-hans{WALK}?seen=van")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    person.answers_with("slip", "no-code")
    person.is_at(f"/zh-hans{WALK}?seen=van&slip=no-code")
    page.go_back()
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    person.reads(SLIP)


# --- hands that are too quick ---------------------------------------------------------------------


def test_a_double_click_on_continue_is_one_step(person, stays):
    person.chooses("seen", "van")
    person.page.get_by_role("button", name="Continue").dblclick()
    person.reads(SLIP)
    expect(person.heading).to_be_focused()
    person.page.wait_for_load_state("networkidle")
    person.reads(SLIP)
    expect(person.page.locator(".error-summary")).to_have_count(0)
    person.is_at(f"{WALK}?seen=van")


def test_the_second_click_of_a_double_click_does_not_press_what_came_up(person, stays):
    page = person.page
    person.chooses("seen", "van")
    button = page.get_by_role("button", name="Continue").bounding_box()
    spot = button["x"] + 20, button["y"] + 20
    page.mouse.click(*spot)
    person.reads(SLIP)
    expect(person.heading).to_be_focused()
    # Put the next button where the pointer is, as it is where two pages are alike.
    page.evaluate(
        """([x, y]) => Object.assign(document.querySelector("button[type=submit]").style,
            {position: "fixed", left: `${x - 20}px`, top: `${y - 20}px`})""",
        spot,
    )
    page.mouse.move(*spot)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.wait_for_timeout(200)
    person.reads(SLIP)
    expect(page.locator(".error-summary")).to_have_count(0)


def test_two_double_clicks_in_a_row_are_harmless(person, stays):
    for _ in range(2):
        person.page.get_by_role("button", name="Continue").dblclick()
        expect(person.page.locator(".error-summary")).to_be_focused()
    person.answers_with("seen", "van")
    person.reads(SLIP)


def test_two_tabs_do_not_disturb_each_other(person):
    other = Person(person.page.context.new_page())
    person.opens(WALK)
    other.opens(WALK)
    person.page.bring_to_front()
    person.answers_with("seen", "van")
    other.page.bring_to_front()
    other.answers_with("seen", "shop")
    other.reads("It waits to be packed")
    person.page.bring_to_front()
    person.answers_with("slip", "no-code")
    person.reads("Somebody has to look")
    assert person.answers == {"seen": "van", "slip": "no-code"}
    other.page.reload()
    other.reads("It waits to be packed")
    assert other.answers == {"seen": "shop"}
    assert person.page.context.cookies() == []
