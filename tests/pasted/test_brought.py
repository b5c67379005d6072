"""Texts as people bring them, kind by kind: whose they are, what they say, and where they lead."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.moments import NOON
from wizard.authoring import files
from wizard.engine.document import compile_document
from wizard.engine.fitting import fit
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import AtOutcome, AtQuestion, Walk, walk
from wizard.pasted.reader import read
from wizard.pasted.reading import Reading, TextKind

HERE = Path(__file__).parent
CASES = [
    case
    for name in ("brought.yaml", "more.yaml")
    for case in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]


@cache
def guides() -> Mapping[str, Snapshot]:
    return {one.slug: one for one in map(compile_document, files.shipped())}


def known(namespace, code):
    return any(one.catalogue.find(code, namespace) for one in guides().values())


def understood(text: str) -> Reading:
    return read(text, known=known)


def way(reading: Reading) -> Walk:
    """The way of the guide that fits best, with no answer of a person."""
    best = max(guides().values(), key=lambda one: fit(one, reading.evidence, NOON))
    return walk(best, {}, reading.evidence, NOON)


def passed(walked: Walk) -> list[str]:
    """The nodes on the way, and where it ends or asks."""
    at = walked.at
    keys = [step.key for step in walked.answered]
    if isinstance(at, AtOutcome):
        return [*keys, at.outcome.key]
    return [*keys, at.question.key] if isinstance(at, AtQuestion) else keys


def fact(reading: Reading, name: str) -> str:
    if hasattr(reading, name):
        return str(getattr(reading, name))
    finding = reading.evidence.get(name)
    value = finding.value if finding else None
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else str(value)


def listed_nowhere(reading: Reading) -> bool:
    """Whether a code was read by its form alone, and decides nothing."""
    return not reading.evidence and not any(
        known(seen.namespace, seen.code) for seen in reading.codes
    )


def named(case: Mapping[str, object]) -> str:
    return f"{case['kind']}: {str(case['text'])[:30]}"


every_case = pytest.mark.parametrize("case", CASES, ids=map(named, CASES))


@every_case
def test_a_text_is_understood_as_what_it_is(case):
    reading = understood(case["text"])
    assert reading.provider == case.get("provider", reading.provider)
    if "code" in case:
        assert [seen.code for seen in reading.codes][:1] == [case["code"]]
    for name, value in case.get("fact", {}).items():
        assert fact(reading, name) == value, name
    if "near" in case:  # the page asks what was meant; nothing was understood of it
        assert reading == Reading(TextKind.WORDS) or listed_nowhere(reading)


@every_case
def test_a_text_of_another_provider_leaves_no_evidence_for_guides_of_this_one(case):
    reading = understood(case["text"])
    if reading.provider not in {"", "huawei"}:
        assert not reading.evidence
        assert {seen.provider for seen in reading.codes} <= {reading.provider}


LEADING = [case for case in CASES if "leads" in case]
REPORT_IS_ASKED = {"none-yet": "report"}
"""An answer that nothing in the text can give: its question is open."""


@pytest.mark.parametrize("case", LEADING, ids=map(named, LEADING))
def test_a_text_leads_where_it_should(case):
    leads = case["leads"]
    walked = way(understood(case["text"]))
    assert REPORT_IS_ASKED.get(leads, leads) in passed(walked)
    answers = {(step.key, step.value) for step in walked.answered}
    for refused in case.get("not", []):
        assert not [answer for answer in answers if refused in answer]


@every_case
def test_evidence_never_answers_that_nobody_knows(case):
    for guide in guides().values():
        for step in walk(guide, {}, understood(case["text"]).evidence, NOON).answered:
            assert not step.answer or not step.answer.unsure


def test_a_request_is_no_answer_of_the_platform():
    request = "from=1069&to=%2B8613800005678&templateId=8ff55eac1d&templateParas=%5B%223%22%5D"
    reading = understood(request)
    assert reading.kind is TextKind.REQUEST
    assert (reading.template_id, reading.channel_number) == ("8ff55eac1d", "1069")
    assert understood(f"{request}&statusCallback=x").evidence["report.callback"].value is True


def test_one_of_two_parts_arrived_and_the_platform_closed_the_other():
    case = next(one for one in CASES if "one of two parts" in str(one.get("says")))
    evidence = {name: found.value for name, found in understood(case["text"]).evidence.items()}
    assert (evidence["report.parts"], evidence["report.parts_delivered"]) == (2, 1)
    assert evidence["report.status"] == "EXPIRED"
    assert evidence["report.timed"] is False


def test_a_number_that_was_refused_has_no_time_of_acceptance():
    refused = '{"code":"E000510","result":[{"originTo":"1","createTime":"2026-11-20T03:00:01Z",'
    assert "message.accepted_at" not in understood(refused + '"status":"E200028"}]}').evidence
    assert "message.accepted_at" in understood(refused + '"status":"000000"}]}').evidence


# --- any script around a code ---------------------------------------------------------------------


@cache
def listed() -> list[str]:
    """Every code of the catalogue but bare numbers, which any text has."""
    codes = {
        row.code for one in guides().values() for row in one.catalogue.codes if not row.is_family
    }
    return sorted(code for code in codes if not code[0].isdigit())


LETTERS = st.text(st.characters(categories=["L"], min_codepoint=128), min_size=1, max_size=8)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(listed()), LETTERS, LETTERS)
def test_any_code_is_read_between_letters_of_any_script(code, before, after):
    found = [seen.code for seen in understood(f"{before}{code}{after}").codes]
    assert code in found


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(listed()), LETTERS)
def test_a_full_width_code_is_the_same_code(code, before):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert unicodedata.normalize("NFKC", wide) == code
    assert [seen.code for seen in understood(wide).codes] == [code]


def test_a_code_inside_ascii_letters_is_another_word():
    for text in ("xE200030", "E200030x", "SE200030_", "aMK:0001b"):
        assert not understood(f"see {text} here").codes
