"""The agent desk in the browser: by keyboard alone, side by side with a customer, in a panel."""

import json
import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.factories import AgentFactory, QueueFactory, StatusReportFactory
from tests.support.faulty import in_turn, says, serving
from tests.support.messages import MESSAGE
from wizard.cases import answering, opening
from wizard.models import Case, Delivery
from wizard.outbox.deliveries import deliver_due
from wizard.pasted.reader import read


@pytest.fixture
def agent():
    return AgentFactory(username="ada", password="secret")


@pytest.fixture
def at_desk(toy, agent, new_context):
    """Log somebody in, by the keyboard, in a browser of their own."""

    def log_in(name: str = "ada", **options) -> Page:
        page = new_context(**options).new_page()
        page.goto("/desk/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("secret")
        page.keyboard.press("Enter")
        expect(page.locator("#find")).to_be_focused()
        return page

    return log_in


def opens_new_case(page: Page) -> Case:
    page.get_by_role("button", name="New case without anything to paste").click()
    page.wait_for_url("**/desk/cases/**")
    return Case.objects.order_by("pk").last()


def at_step(page: Page, heading: str) -> None:
    expect(page.locator("#step-heading")).to_have_text(heading)


def copied(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


# --- keys -----------------------------------------------------------------------------------------


def test_a_pasted_message_with_a_record_is_two_keys_from_its_outcome(at_desk):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now())
    page = at_desk()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.insert_text(MESSAGE)
    page.keyboard.press("Enter")
    at_step(page, "Somebody has to look")


def test_a_message_with_a_case_is_two_keys_from_it(at_desk, agent):
    case = opening.open_case(read(MESSAGE), now=timezone.now())
    page = at_desk()
    page.keyboard.insert_text(MESSAGE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=MESSAGE)).to_be_focused()
    page.keyboard.press("1")
    page.wait_for_url(f"**/desk/cases/{case.reference}/")


def test_a_whole_case_goes_by_keyboard_alone(at_desk):
    QueueFactory(name="Carriers", email="carriers@example.org")
    page = at_desk(permissions=["clipboard-read", "clipboard-write"])
    key = page.keyboard.press
    page.keyboard.insert_text("something odd")
    key("Enter")
    expect(page.get_by_role("heading", name="Nothing to look up in that")).to_be_focused()
    key("Enter")
    at_step(page, "Where was the parcel seen last?")
    key("1")
    key("Enter")
    at_step(page, "It waits to be packed")
    key("b")
    at_step(page, "Where was the parcel seen last?")
    key("2")
    key("Enter")
    at_step(page, "Which code is on the slip?")
    key("1")
    page.keyboard.type("EXPIRED")  # letters that are keys elsewhere
    expect(page.locator("#code")).to_have_value("EXPIRED")
    page.locator("#code").fill("DELIVRD")
    key("Enter")
    at_step(page, "Somebody has to look")
    key("n")
    page.keyboard.type("Customer rang. Best reached in the evening.")
    key("Tab")
    key("Enter")
    expect(page.locator(".timeline")).to_contain_text("Best reached in the evening.")
    expect(page.locator("#step-heading")).to_be_focused()
    key("e")
    expect(page.locator("#evidence")).to_be_focused()
    key("c")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "Best reached in the evening." in copied(page)
    key("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    key("x")
    key("Tab")
    page.locator("#to").press("ArrowDown")
    key("Tab")
    page.keyboard.type("Please ask the carrier.")
    key("Tab")
    key("Enter")
    expect(page.locator(".bar")).to_contain_text("With Carriers")
    expect(page.locator("#step-heading")).to_be_focused()
    key("/")
    expect(page.locator("#find")).to_be_focused()
    assert Case.objects.get().state == "handed-over"
    assert "Please ask the carrier." in Delivery.objects.get().text


def test_the_reply_is_edited_by_a_key_and_what_was_edited_is_copied(at_desk):
    page = at_desk(permissions=["clipboard-read", "clipboard-write"])
    opens_new_case(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    at_step(page, "It waits to be packed")
    page.keyboard.press("r")
    reply = page.locator(".reply")
    expect(reply).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("Dear customer! ")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Copy the reply").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert copied(page).startswith("Dear customer! SECRET-REPLY")


def test_keys_that_are_switched_off_do_nothing(at_desk):
    page = at_desk()
    opens_new_case(page)
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch the keys off").click()
    expect(page.locator("main")).not_to_have_attribute("data-keys", "")
    page.keyboard.press("1")
    expect(page.locator('[data-choice="1"]')).not_to_be_checked()
    page.locator("#keys summary").click()
    page.get_by_role("button", name="Switch the keys on").click()
    expect(page.locator("main")).to_have_attribute("data-keys", "")


# --- together -------------------------------------------------------------------------------------


def test_an_agent_and_a_customer_see_the_same_case_move_on_both_screens(at_desk, new_context):
    page = at_desk()
    opens_new_case(page)
    page.locator("#share summary").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#share-link")
    expect(page.locator(".qr svg")).to_be_visible()
    customer = Person(new_context(viewport={"width": 375, "height": 700}).new_page())
    customer.opens(link.input_value())
    customer.reads("Where was the parcel seen last?")
    expect(customer.page.get_by_text("SECRET-AGENT-NOTE")).to_have_count(0)

    customer.chooses("seen", "van")
    customer.presses("Continue")
    expect(page.locator("#step-heading")).to_have_text("Which code is on the slip?", timeout=2_500)
    expect(page.locator(".path")).to_contain_text("In the van")

    page.locator("#code").fill("DELIVRD")
    page.keyboard.press("Enter")
    expect(customer.heading).to_have_text("Somebody has to look", timeout=2_500)

    page.get_by_role("button", name="Revoke all links").click()
    expect(page.locator("#share-link")).to_have_count(0)
    assert customer.page.request.get(customer.page.url).status == 404


def test_what_an_agent_is_typing_stays_while_the_screen_follows_the_case(at_desk):
    page = at_desk()
    case = opens_new_case(page)
    page.locator("#note").fill("Half a sen")
    answering.give(case.token, key="seen", value="shop", now=timezone.now())
    at_step(page, "It waits to be packed")
    expect(page.locator("#note")).to_have_value("Half a sen")
    expect(page.locator("#note")).to_be_focused()


def test_two_agents_are_told_of_each_other_and_both_notes_stay(at_desk, agent):
    AgentFactory(username="ben", password="secret")
    pages = [at_desk(name) for name in ("ada", "ben")]
    case = opens_new_case(pages[0])
    pages[1].goto(f"/desk/cases/{case.reference}/")
    expect(pages[1].locator(".bar__others")).to_have_text("ada is looking at this too")
    expect(pages[0].locator(".bar__others")).to_have_text("ben is looking at this too")
    for page, words in zip(pages, ("From Ada", "From Ben"), strict=True):
        page.locator("#note").fill(words)
    for page in pages:
        page.get_by_role("button", name="Add the note").click()
    for page in pages:
        expect(page.locator(".timeline")).to_contain_text("From Ada")
        expect(page.locator(".timeline")).to_contain_text("From Ben")


def test_a_hand_over_reaches_a_ticket_system_that_fails_twice_and_then_accepts(at_desk, settings):
    settings.WEBHOOK_SECRET = "a secret that the ticket system has as well"
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    page = at_desk()
    case = opens_new_case(page)
    with serving(in_turn(says({}, 503), says({}, 503), says({}))) as server:
        QueueFactory(name="Carriers", webhook_url=f"{server.url}/tickets")
        page.reload()
        page.locator("#hand-over summary").click()
        page.get_by_label("To whom").select_option("Carriers")
        page.get_by_label("A word about it").fill("Please ask the carrier.")
        page.get_by_role("button", name="Hand over").click()
        expect(page.locator(".bar")).to_contain_text("With Carriers")
        expect(page.locator(".raw")).to_contain_text("Webhook: Waiting")
        now = timezone.now()
        for wait in (0, 60, 600):
            deliver_due(now + timedelta(seconds=wait))
    page.reload()
    expect(page.locator(".raw")).to_contain_text("Webhook: Sent")
    assert len(server.asked) == 3
    assert len({one.headers["x-smsdoctor-delivery"] for one in server.asked}) == 1
    told = json.loads(server.asked[-1].body)
    assert told["reference"] == case.reference
    assert told["url"].endswith(f"/desk/cases/{case.reference}/")
    assert "Please ask the carrier." in str(told["notes"])


# --- without JavaScript, and narrow ---------------------------------------------------------------


def test_the_desk_works_without_javascript(at_desk):
    page = at_desk(java_script_enabled=False)
    page.locator("#find").fill(MESSAGE)
    page.get_by_role("button", name="Find").click()
    page.get_by_label(re.compile("In the shop")).check()
    page.get_by_role("button", name=re.compile("^Continue")).click()
    at_step(page, "It waits to be packed")
    page.get_by_label("Already tried").check()
    page.get_by_role("button", name="Ticked: tried already").click()
    expect(page.locator(".ticks")).to_contain_text("tried before")
    page.locator("#note").fill("By hand")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".timeline")).to_contain_text("By hand")
    page.get_by_role("button", name=re.compile("^Back")).click()
    at_step(page, "Where was the parcel seen last?")


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_the_case_screen_fits_a_side_panel_and_a_wide_screen(at_desk, width):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now(), org_code="ORG-1")
    page = at_desk(viewport={"width": width, "height": 800})
    page.locator("#find").fill(MESSAGE)
    page.locator("#find").press("Enter")
    at_step(page, "Somebody has to look")
    for panel in page.locator("details.panel").all():
        panel.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wrong_step_is_flagged_in_place(at_desk):
    page = at_desk()
    opens_new_case(page)
    page.get_by_text("This step is wrong").click()
    page.get_by_label("What is wrong").fill("Vans do not exist any more.")
    page.get_by_role("button", name="Tell the authors").click()
    expect(page.locator(".timeline")).to_contain_text("Flagged as wrong")
