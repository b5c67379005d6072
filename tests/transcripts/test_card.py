"""The hand-over card: whoever takes over a case starts where it stands."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings

from tests.engine.toys import answers, evidences, guides
from tests.support.guides import DOCUMENT
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from tests.support.standings import event, found, stands
from wizard.cases.standing import Standing
from wizard.engine.walk import walk
from wizard.models import Case, CaseEvent, Publication
from wizard.transcripts.card import card
from wizard.transcripts.facts import page_of

Kind = CaseEvent.Kind

REPORT = (found("report.present", True), found("report.status", "MK:0012"))


def of(*args, happened=(), **fields):
    standing = stands(*args, **fields)
    return card(standing, page_of(standing), happened)


def with_steps(*steps):
    """The toy guide with these steps in the first outcome, as (audience, text)."""
    document = copy.deepcopy(DOCUMENT)
    rows = [{"audience": audience, "text": text} for audience, text in steps]
    document["outcomes"][0]["steps"] = rows
    return document


# --- the paragraph --------------------------------------------------------------------------------


def test_one_paragraph_says_what_it_is_about_since_when_what_was_found_and_where_it_stands():
    accepted = found("message.accepted_at", NOON - timedelta(hours=3))
    assert of({}, [*REPORT, accepted]).paragraph == (
        f"It is about message {MESSAGE} to +86 138****5678. "
        "The platform accepted it at 2026-11-23 09:00 UTC; "
        "the case was opened at 2026-11-23 12:00 UTC. "
        "Found: Status report: has come; Status in the status report: MK:0012. "
        "The outcome is “Somebody has to look” (Not clear yet), by the code MK:0012. "
        "Nothing has been tried yet, as far as we know."
    )


@pytest.mark.parametrize(
    ("message_id", "recipient", "sentence"),
    [
        ("a", "", "It is about message a; the recipient is not known."),
        ("", "+86 1**", "It is about an SMS to +86 1**; the message ID is not known."),
        ("", "", "Neither message ID nor recipient is known."),
    ],
)
def test_the_paragraph_says_what_of_the_message_is_not_known(message_id, recipient, sentence):
    made = of(message_id=message_id, recipient_masked=recipient)
    assert made.paragraph.startswith(sentence)


@pytest.mark.parametrize(
    ("given_answers", "findings", "sentence"),
    [
        ({}, [], "Nothing is known from the record."),
        ({"seen": "shop"}, REPORT, "Nothing that is known from the record has answered a question"),
        ({}, [], "It waits at the question “Where was the parcel seen last?”."),
        ({"seen": "shop"}, [], "The outcome is “It waits to be packed” (Most likely)."),
        ({"seen": "dont-know", "ask": "yes"}, [], "It is solved."),
        ({"seen": "dont-know", "ask": "no"}, [], "It still fails."),
        ({"seen": "dont-know", "ask": "cannot"}, [], "A step could not be done."),
    ],
)
def test_the_paragraph_says_how_far_the_case_has_come(given_answers, findings, sentence):
    assert sentence in of(given_answers, findings).paragraph


def test_what_was_tried_before_stands_in_the_paragraph_and_in_a_list():
    made = of({"seen": "shop", "packed": "no"}, tried=["packed/1", "gone/1"])
    assert made.tried == ("Pack it.", "It waits to be packed: No, still nothing")
    assert "Tried before: Pack it; It waits to be packed: No, still nothing." in made.paragraph


# --- what is known and what is not ----------------------------------------------------------------


def test_what_is_known_has_its_source_and_then_come_the_answers():
    assert of({"seen": "shop"}, REPORT[:1]).known == (
        "Status report: has come (status reports of the platform, 2026-11-23 12:00 UTC, just now)",
        "Where was the parcel seen last? In the shop",
    )


def test_what_is_not_known_is_what_could_still_decide_something_from_here():
    assert of().unknown == (
        "Code in the answer of the send call",
        "Status report",
        "Status in the status report",
        "Time since it was accepted",
    )
    assert of({"seen": "van"}, REPORT[:1]).unknown == ("Status in the status report",)
    assert of({"seen": "dont-know"}).unknown == ()


def test_the_age_is_known_where_the_time_of_acceptance_is():
    accepted = found("message.accepted_at", NOON)
    assert "Time since it was accepted" not in of({}, [accepted]).unknown


def test_a_look_up_that_failed_is_not_known_and_says_why():
    lookups = {"balance": {"state": "failed", "reason": "refused", "seconds": 0.1}}
    made = of({"seen": "dont-know"}, lookups=lookups)
    assert made.unknown == ("the balance of the account: it refused our key",)


# --- what comes next ------------------------------------------------------------------------------


def test_the_next_question_is_the_one_where_the_case_waits():
    assert of({"seen": "van"}).next_question == "Which code is on the slip?"


def test_at_an_outcome_the_next_thing_is_the_first_step_of_the_customer_that_is_not_done():
    document = with_steps(
        ("support", "Ask the carrier."), ("admin", "**Pack** it."), ("recipient", "Open it.")
    )
    assert of({"seen": "shop"}, document=document).next_question == "Pack it."
    after = of({"seen": "shop"}, document=document, tried=["packed/2"])
    assert after.next_question == "Open it."
    done = of({"seen": "shop"}, document=document, tried=["packed/2", "packed/3"])
    assert done.next_question == "Did that fix it?"


def test_where_the_customer_can_do_nothing_more_the_next_thing_is_the_step_of_support():
    document = with_steps(("admin", "Pack it."), ("support", "Ask the carrier."))
    at_the_end = {"seen": "shop", "packed": "cannot"}
    assert of(at_the_end, document=document).next_question == "Ask the carrier."
    assert of({"seen": "shop", "packed": "cannot"}).next_question == ""


def test_when_it_is_solved_nothing_comes_next():
    assert of({"seen": "shop", "packed": "yes"}).next_question == ""


def test_what_to_attach_is_the_list_of_the_outcome_or_what_support_always_asks_for():
    assert of({"seen": "shop"}).attach == ("the order number",)
    assert "the message ID (smsMsgId)" in of().attach


def test_the_title_is_the_outcome_or_at_a_question_the_guide():
    assert of({"seen": "shop"}).title == "It waits to be packed"
    assert of().title == "My parcel did not arrive"


# --- notes ----------------------------------------------------------------------------------------


def test_notes_stand_there_in_full_with_time_and_author():
    made = of(
        happened=[
            event(Kind.OPENED),
            event(Kind.NOTED, by="anna", text="Called twice.\n\n  No answer.\x00"),
            event(Kind.HANDED_OVER, by="ben", value="Carriers", text="Please ask."),
            event(Kind.HANDED_OVER, by="ben", value="Carriers"),
        ]
    )
    assert made.notes == (
        "2026-11-23 12:00 UTC, anna:\nCalled twice.\nNo answer.",
        "2026-11-23 12:00 UTC, ben:\nPlease ask.",
    )
    assert "- 2026-11-23 12:00 UTC, anna:\n  Called twice.\n  No answer.\n" in made.text


# --- as text and as JSON --------------------------------------------------------------------------


def test_the_text_has_every_part_under_its_heading_and_no_empty_one():
    note = event(Kind.NOTED, by="anna", text="Called.")
    text = of({"seen": "shop"}, REPORT, tried=["packed/1"], happened=[note]).text
    assert text.startswith("SMS-7F3K2Q: It waits to be packed\n\nIt is about message ")
    headings = [line for line in text.splitlines() if line.endswith(":") and line[0].isupper()]
    assert headings == ["What is known:", "Next question:", "Tried before:", "Notes:", "To attach:"]


def test_the_payload_is_json_with_every_part_of_the_card():
    made = of({"seen": "shop"}, REPORT, tried=["packed/1"])
    payload = json.loads(json.dumps(made.payload()))
    assert payload.pop("format") == 1
    assert payload == {
        "reference": "SMS-7F3K2Q",
        "title": "It waits to be packed",
        "paragraph": made.paragraph,
        "known": list(made.known),
        "unknown": [],
        "next_question": "Did that fix it?",
        "attach": ["the order number"],
        "tried": ["Pack it."],
        "notes": [],
    }


def test_every_field_of_the_payload_is_described():
    described = type(of()).payload.__doc__
    assert [name for name in of().payload() if f"    {name}: " not in described] == []


@pytest.mark.parametrize("hostile", ["x\nNotes:\n- y", "\u202egnp", "\ud800", "\x1b[31m", "a\rb"])
def test_a_hostile_value_takes_no_line_of_its_own(hostile):
    made = of(
        {},
        [found("report.status", hostile), found("signature.status", "APPROVED", hostile)],
        message_id=hostile,
        recipient_masked=hostile,
        happened=[event(Kind.NOTED, by=hostile, text="Called.")],
    )
    assert "\nNotes:\n- y" not in made.text
    for line in (made.paragraph, made.title, *made.known, *made.unknown, made.next_question):
        assert line.isprintable()
    assert all(one.isprintable() or one == "\n" for one in made.text)
    json.dumps(made.payload(), ensure_ascii=False).encode()


@settings(max_examples=60, deadline=None)
@given(guides(), answers(), evidences())
def test_a_card_can_be_made_of_any_case(snapshot, given_answers, evidence):
    case = Case(publication=Publication(number=1), answers=given_answers, opened_at=NOON)
    trail = walk(snapshot, given_answers, evidence, NOON)
    standing = Standing(case, snapshot, evidence, trail, NOON)
    made = card(standing, page_of(standing), [])
    assert made.paragraph
    made.text.encode()
