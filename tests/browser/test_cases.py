"""Cases in the browser: paste a message, see what is known and where it leads, and object."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.factories import StatusReportFactory
from tests.support import shipped
from tests.support.messages import MESSAGE
from wizard.models import Case
from wizard.sample_messages import SAMPLES, Sample
from wizard.simulator.accounts import ACCOUNTS, SMS_SERVICE_TYPE
from wizard.simulator.server import SimulatedPlatform

# One of each scenario: what its page must lead to is said by the sample itself.
SCENARIOS = (
    "s1-template-rejected",
    "s2-early",
    "s3-carrier",
    "s4-delivered",
    "s5-signature-off",
    "s6-empty",
)
every_scenario = pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.key in SCENARIOS], ids=lambda one: one.key
)


@pytest.fixture
def titles(settings) -> dict[str, str]:
    """The shipped guide, published: headings by key."""
    settings.REPORTS_ALWAYS_PUSHED = True
    settings.CASE_POLL_SECONDS = 1
    shipped.publish(shipped.FIRST)
    document = shipped.document()
    questions = {one["key"]: one["text"] for one in document["questions"]}
    return questions | {one["key"]: one["title"] for one in document["outcomes"]}


@pytest.fixture
def account(settings):
    """Make the site's own account one of the simulated ones, over the network."""
    platform = SimulatedPlatform()
    platform.start()

    def own(name: str) -> None:
        one = ACCOUNTS[name]
        settings.HUAWEI_ACCESS_KEY, settings.HUAWEI_SECRET_KEY = one.access_key, one.secret_key
        settings.HUAWEI_PROJECT_ID = one.project_id
        settings.HUAWEI_MANAGEMENT_URL = settings.HUAWEI_BILLING_URL = platform.url
        settings.HUAWEI_SMS_SERVICE_TYPE = SMS_SERVICE_TYPE
        settings.HUAWEI_SERVICE_MODE = "2" if name.startswith("mode2") else ""

    yield own
    platform.stop()


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request, new_context) -> Page:
    return new_context(java_script_enabled=request.param).new_page()


def reported(sample: Sample) -> None:
    for one in sample.reports:
        StatusReportFactory(
            message_id=sample.message_id,
            status=one.status,
            source=one.source,
            sequence=one.sequence,
            total=one.total,
            recipient_masked="+86 138****0001" if "+86" in sample.recipient else "+65 810****001",
            received_at=timezone.now(),
        )


def looks_up(page: Page, text: str) -> Person:
    person = Person(page)
    person.opens("/")
    person.pastes(text)
    with person.next_page():
        person.presses("Look it up")
    return person


@every_scenario
def test_a_message_of_each_scenario_leads_to_its_end_and_each_answer_can_be_set_aside(
    sample, titles, account, page
):
    account(sample.account)
    reported(sample)
    person = looks_up(page, sample.text(timezone.now()))
    person.reads(titles[sample.outcome])

    known = page.locator("#known")
    asked = known.locator(".settled__question").last.inner_text()
    before = known.inner_text()
    with person.next_page():
        known.get_by_role("button", name="That's not right").last.click()
    person.reads(asked)
    assert page.locator("input[type=radio]:checked").count() == 0
    expect(known.locator(".settled--overruled .settled__question")).to_have_text(asked)

    with person.next_page():
        known.get_by_role("button", name="It was right after all").click()
    person.reads(titles[sample.outcome])
    assert _without_times(known.inner_text()) == _without_times(before)


def _without_times(text: str) -> list[str]:
    return [word for word in text.split() if not any(letter.isdigit() for letter in word)]


def test_a_whole_case_is_answered_changed_and_solved(titles, page):
    person = looks_up(page, MESSAGE)
    person.reads(titles["what-happened"])
    person.answers_with("what-happened", "recipient")
    person.answers_with("recipient-phone", "junk")
    person.reads(titles["junk"])
    with person.next_page():
        page.get_by_role("button", name=re.compile("^Change.*on your phone")).click()
    person.answers_with("recipient-phone", "full")
    person.reads(titles["inbox-full"])
    with person.next_page():
        person.presses("Yes, it works now")
    kinds = list(Case.objects.get().events.values_list("kind", flat=True))
    assert kinds == ["opened", "answered", "answered", "withdrawn", "answered", "feedback"]


def test_an_open_page_moves_on_by_itself_when_the_report_comes(titles, new_context):
    page = new_context().new_page()
    person = looks_up(page, MESSAGE)
    person.reads(titles["what-happened"])
    address = page.url
    StatusReportFactory(message_id=MESSAGE, status="UNDELIV", received_at=timezone.now())
    person.reads(titles["undelivered"])
    expect(person.heading).to_be_focused()
    assert page.url == address


def test_without_javascript_a_link_looks_for_news(titles, new_context):
    page = new_context(java_script_enabled=False).new_page()
    person = looks_up(page, MESSAGE)
    StatusReportFactory(message_id=MESSAGE, status="UNDELIV", received_at=timezone.now())
    with person.next_page():
        person.follows("Look now")
    person.reads(titles["undelivered"])


def test_news_leave_a_choice_that_was_made_and_the_focus_alone(titles, new_context):
    page = new_context().new_page()
    person = looks_up(page, MESSAGE)
    person.chooses("what-happened", "recipient")
    chosen = page.locator('input[value="recipient"]')
    Case.objects.update(
        version=2, lookups={"balance": {"state": "failed", "reason": "timeout", "seconds": 3.0}}
    )
    page.get_by_text("it did not answer within 3 s").wait_for()
    expect(chosen).to_be_checked()
    expect(chosen).to_be_focused()


def test_a_sample_is_tried_from_the_home_page(titles, settings, page):
    platform = SimulatedPlatform()
    platform.start()
    settings.SIMULATOR_URL = platform.url
    person = Person(page)
    person.opens("/")
    page.get_by_text("Try with a sample message").click()
    with person.next_page():
        person.presses("E000112, payment overdue and signature deactivated")
    person.reads(titles["arrears-activate"])
    expect(page.get_by_text("Sample from the simulated platform")).to_be_visible()
    platform.stop()


def test_on_a_phone_the_outcome_comes_first_and_what_is_known_is_one_tap_away(titles, new_context):
    page = new_context(viewport={"width": 375, "height": 700}).new_page()
    StatusReportFactory(message_id=MESSAGE, status="UNDELIV", received_at=timezone.now())
    person = looks_up(page, MESSAGE)
    assert person.heading.bounding_box()["y"] < 500
    row = page.locator(".settled").first
    expect(row).to_be_hidden()
    page.get_by_text("What we already know").click()
    expect(row).to_be_visible()
