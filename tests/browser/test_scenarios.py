"""The six scenarios of the vendor's FAQ, walked by hand in the shipped guide to their fixes."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.support import shipped

SLUG = "sms-not-received"


@dataclass(frozen=True)
class Scenario:
    """A way by question and answer, the outcome it leads to, and what its page has to speak of."""

    way: dict[str, str]
    outcome: str
    covers: str
    speaks_of: tuple[str, ...]


SCENARIOS = {
    "S1 the call fails": Scenario(
        {"what-happened": "api-error", "send-answer": "code", "api-code": "E000101"},
        "api-credentials",
        "S1 S1.1 S1.2",
        ("E000101", "APP_Key", "digest|signature", "clock"),
    ),
    "S2 no report, and the phone is off": Scenario(
        {"what-happened": "accepted", "report": "none-recent", "dial": "unreachable"},
        "phone-off",
        "S2 S2.1 S2.2 S2.3 S2.4",
        ("phone on", "72 hours"),
    ),
    "S2 no report, and the text is reviewed again and again": Scenario(
        {
            "what-happened": "accepted",
            "report": "none-recent",
            "dial": "rings",
            "pattern": "always-late",
            "who-holds": "dont-know",
        },
        "review-exemption",
        "S2 S2.5 S2.6 S2.7 S2.8 S2.9",
        ("review exemption", "review-free", "variables", "new template"),
    ),
    "S3 the report says failed": Scenario(
        {"what-happened": "accepted", "report": "failed", "status-code": "KEYWORD"},
        "change-text",
        "S3 S3.1 S3.2 S2.9 S2.9a S2.9b",
        ("KEYWORD", "sensitive words", "change the value", "new template"),
    ),
    "S4 delivered, but not on the phone": Scenario(
        {
            "what-happened": "accepted",
            "report": "delivered",
            "phone-shows": "only-ours",
            "sim-swap": "other-phone",
        },
        "handset-fault",
        "S4 S4.1 S4.2 S4.3 S4.5 S4.6",
        ("another phone", "restart", "blocked senders"),
    ),
    "S5 the account is in arrears": Scenario(
        {
            "what-happened": "stopped",
            "account": "arrears",
            "service": "mainland",
            "signature": "to-activate",
        },
        "arrears-activate",
        "S5 S5.2 S5.4 S5.5",
        ("top up", "Signature Management", "activate", "approved"),
    ),
    "S6 mode 2, and failed SMS hold the package": Scenario(
        {"what-happened": "stopped", "account": "package", "package": "left-burst"},
        "mode2-lag",
        "S6 S6.1 S6.2 S6.3",
        ("mode 2", "Resource Package Management", "more slowly|lower rate"),
    ),
}
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))


@pytest.fixture
def document() -> dict[str, Any]:
    """The shipped guide, published."""
    shipped.publish(SLUG)
    return shipped.document(SLUG)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request, new_context) -> Page:
    return new_context(java_script_enabled=request.param).new_page()


@every_scenario
def test_a_scenario_is_walked_to_its_fix(scenario, document, page):
    person = Person(page)
    person.opens("/")
    first, *further = scenario.way.items()
    with person.next_page():
        page.locator(f'a.door__answer[href$="?{first[0]}={first[1]}"]').click()
    for question, answer in further:
        person.reads(question_of(document, question)["text"])
        if answer in {one["key"] for one in question_of(document, question)["answers"]}:
            person.answers_with(question, answer)
        else:
            person.types_code(answer)

    person.reads(outcome_of(document, scenario.outcome)["title"])
    assert person.answers == scenario.way
    words = page.locator(".outcome").inner_text()
    for part in scenario.speaks_of:
        assert re.search(part, words, re.IGNORECASE), part
    assert page.locator(".step").count() == len(outcome_of(document, scenario.outcome)["steps"])

    with person.next_page():
        person.presses("Yes, it works now")
    person.reads("Good, it works again")
    assert person.answers == {**scenario.way, scenario.outcome: "yes"}


@every_scenario
def test_the_way_of_a_scenario_settles_what_the_faq_says_of_it(scenario):
    found = shipped.document(SLUG)
    nodes = [question_of(found, key) for key in scenario.way]
    nodes.append(outcome_of(found, scenario.outcome))
    settled = {item for node in nodes for item in node.get("covers", [])}
    assert set(scenario.covers.split()) - settled == set()


def test_a_pasted_answer_of_the_call_leads_to_its_fix(document, page):
    scenario = SCENARIOS["S1 the call fails"]
    person = Person(page)
    person.opens("/")
    person.pastes('HTTP/1.1 401\n{"code": "E000101", "description": "Authentication failed."}')
    person.reads("Code E000101")
    with person.next_page():
        page.get_by_role("link", name="Start here").click()
    person.reads(outcome_of(document, scenario.outcome)["title"])
    expect(page.get_by_text("You came here from the code E000101.")).to_be_visible()
    expect(page.get_by_role("heading", name="Your answers")).to_have_count(0)


def test_a_pasted_report_leads_to_its_fix(document, page):
    person = Person(page)
    person.opens("/")
    person.pastes("smsMsgId=2ea20735-f856-4376-afbf-570bd70a46ee_11840135&status=KEYWORD&source=2")
    with person.next_page():
        page.get_by_role("link", name="Start here").click()
    person.reads(outcome_of(document, "change-text")["title"])
    expect(page.get_by_role("heading", name="About KEYWORD")).to_be_visible()


def question_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in document["questions"] if one["key"] == key)


def outcome_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in document["outcomes"] if one["key"] == key)
