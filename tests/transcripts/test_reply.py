"""Replies to customers: filled for the case, and never with a placeholder that was not filled."""

import copy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guides import DOCUMENT
from tests.support.messages import MESSAGE
from tests.support.standings import found, stands
from wizard.authoring import files
from wizard.engine.checks import PLACEHOLDERS
from wizard.engine.document import compile_document
from wizard.transcripts import reply as transcripts_reply
from wizard.transcripts.facts import page_of

LINK = "https://sms.example/cases/link-abc/"
LAST = "\n\nCase reference: SMS-7F3K2Q"


def reply(standing, **more):
    return transcripts_reply.reply(standing, page_of(standing), **more)


def of(text, *, at=None, findings=(), link="", **fields):
    """The reply of a case at an outcome that has this text for it."""
    document = copy.deepcopy(DOCUMENT)
    for outcome in document["outcomes"]:
        outcome["reply"] = text
    standing = stands(at or {"seen": "shop"}, findings, document=document, **fields)
    return reply(standing, link=link).removesuffix(LAST)


# --- what is filled in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reference", "SMS-7F3K2Q"),
        ("message_id", MESSAGE),
        ("recipient", "+86 138****5678"),
        ("code", "E000101"),
        ("come_back", "13:00 UTC on Monday 23 November"),
        ("link", LINK),
    ],
)
def test_each_placeholder_stands_for_what_is_known_of_the_case(name, value):
    at = {"seen": "locked", "lock": "e000101"}
    assert of(f"It is {{{name}}}.", at=at, link=LINK) == f"It is {value}."


def test_the_last_line_is_the_reference_of_the_case():
    document = copy.deepcopy(DOCUMENT)
    document["outcomes"][0]["reply"] = "Pack it.\n"
    standing = stands({"seen": "shop"}, document=document)
    assert reply(standing) == f"Pack it.{LAST}"


def test_the_time_to_come_back_is_when_the_clock_undoes_the_outcome_as_on_the_page():
    accepted = found("message.accepted_at", stands().now - timedelta(minutes=37))
    findings = [found("report.present", False), accepted]
    assert of("At {come_back}.", at={"?": ""}, findings=findings) == (
        "At 12:23 UTC on Monday 23 November."
    )


def test_the_time_to_come_back_names_the_zone_of_the_site_without_doubt(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    assert of("At {come_back}.") == "At 21:00 UTC+08:00 on Monday 23 November."


def test_after_the_person_has_said_what_came_of_it_the_reply_is_still_there():
    assert of("Look.", at={"seen": "dont-know", "ask": "no"}) == "Look."


# --- what is not ----------------------------------------------------------------------------------


def test_at_a_question_there_is_no_reply():
    assert reply(stands()) == ""


def test_an_outcome_without_a_reply_has_none_not_even_a_reference():
    assert reply(stands({"seen": "dont-know"})) == ""


def test_a_reply_of_which_nothing_can_be_filled_in_is_none():
    assert of("The code is {code}.") == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("One. The code is {code}. Two.", "One. Two."),
        ("The code is {code}. Two.", "Two."),
        ("One. The code is {code}.", "One."),
        ("Is it {code}? Yes! It is {code}! Two.", "Yes! Two."),
        ("He said: “The code is {code}.” Two.", "Two."),
        ("Take a code, e.g. this one: {code}. Two.", "Two."),
        ("One.\n- the code {code}\n- the number {recipient}", "One.\n- the number +86 138****5678"),
        ("One.\n\nThe code is {code}.\n\nTwo.", "One.\n\nTwo."),
        ("一。代码是{code}。二。", "一。二。"),
        ("One. Call {recipient} about {code}.", "One."),
    ],
)
def test_a_sentence_that_cannot_be_filled_in_is_left_out_whole(text, left):
    assert of(text) == left


@pytest.mark.parametrize("wrong", ["{name}", "{{code}}", "{ code }", "{code", "code}", "{}", "{0}"])
def test_a_placeholder_that_no_check_has_refused_reaches_no_customer_either(wrong):
    at = {"seen": "locked", "lock": "E000101"}
    assert of(f"One. It is {wrong}. Two.", at=at) == "One. Two."


def test_a_value_is_not_read_as_a_placeholder():
    assert of("It is {message_id}.", message_id="{link}", link=LINK) == "It is {link}."


def test_a_value_cannot_begin_a_line_of_its_own():
    hostile = "x\r\nFrom: somebody\u2028else\u202e"
    assert of("It is {message_id}.", message_id=hostile) == "It is x From: somebody else."


def test_nothing_for_agents_alone_gets_into_a_reply():
    assert "SECRET-AGENT-NOTE" not in of("Pack it.", tried=["packed/1"])


# --- any text, and the shipped ones ---------------------------------------------------------------

PIECES = st.sampled_from(
    [f"{{{name}}}" for name in PLACEHOLDERS]
    + ["{", "}", "{name}", "{{code}}", "A word", " ", ". ", "? B", "\n", "。", "e.g. ", "…", "”"]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_no_text_of_an_author_lets_a_brace_through(text, with_link):
    said = of(text, link=LINK if with_link else "")
    assert not set("{}") & set(said)


def shipped():
    (document,) = [one for one in files.shipped() if one["guide"]["slug"] == "sms-not-received"]
    return document


@pytest.mark.parametrize("known", [True, False], ids=["all known", "nothing known"])
def test_every_shipped_reply_can_be_sent_whatever_is_known(known):
    guide = compile_document(shipped())
    about = {} if known else {"message_id": "", "recipient_masked": ""}
    for key, outcome in guide.outcomes.items():
        standing = stands(guide.way_to(key), snapshot=guide, **about)
        assert standing.place == key
        said = reply(standing, link=LINK if known else "")
        assert said.endswith(LAST)
        assert not set("{}") & set(said)
        assert len(said.splitlines()[0]) > 60, key
        assert ("{" in outcome.reply) or said == outcome.reply.strip() + LAST


def test_a_shipped_reply_says_until_when_it_is_too_early():
    document = shipped()
    accepted = found("message.accepted_at", stands().now - timedelta(minutes=20))
    findings = [found("report.present", False), accepted, found("message.channel", "api")]
    standing = stands({}, findings, document=document)
    assert standing.place == "too-early"
    assert "at 12:40 UTC on Monday 23 November." in reply(standing)
