"""The words for where an answer came from and for what happened to a case: whole, and each once."""

from typing import get_args

import pytest

from tests.engine.toys import NOON, aged, delivered, known, snapshot
from wizard.engine.evidence import Finding
from wizard.engine.walk import Origin, walk
from wizard.models import CaseEvent
from wizard.pasted.reading import SOURCE
from wizard.wording.cases import EVENTS, EVENTS_AT_NO_NODE, did
from wizard.wording.evidence import (
    ORIGINS,
    ORIGINS_FOR_AGENTS,
    ORIGINS_FOR_CUSTOMERS,
    SHOWN_ORIGINS,
    ShownOrigin,
    shown_origin,
)
from wizard.wording.guide import answer_words, given_words


def test_every_origin_has_its_words():
    shown = set(get_args(ShownOrigin))
    assert set(ORIGINS) == set(get_args(Origin))
    assert set(SHOWN_ORIGINS) == shown
    assert set(ORIGINS_FOR_AGENTS) == set(ORIGINS_FOR_CUSTOMERS) == shown - {"person"}


def pasted():
    return {name: Finding(name, one.value, SOURCE) for name, one in delivered().items()}


@pytest.mark.parametrize(
    ("answers", "evidence", "expected"),
    [
        ({"report": "delivered"}, {}, "person"),
        ({}, delivered(), "record"),
        ({}, pasted(), "pasted"),
        ({}, {**pasted(), **known(report_status="DELIVRD")}, "record"),
        ({}, aged(70), "time"),
    ],
)
def test_an_answer_is_from_what_was_pasted_only_if_all_that_decided_it_was(
    answers, evidence, expected
):
    found = walk(snapshot(), answers, evidence, NOON)
    assert shown_origin(found.trail[0]) == expected


def test_what_came_of_an_outcome_is_always_a_persons_word():
    found = walk(snapshot(), {"junk": "no"}, delivered(), NOON)
    assert [shown_origin(step) for step in found.trail] == ["record", "person"]


def test_every_kind_of_event_has_its_sentence():
    assert set(EVENTS) == set(CaseEvent.Kind.values)
    assert set(EVENTS_AT_NO_NODE) < set(EVENTS)


@pytest.mark.parametrize(
    ("kind", "key", "expected"),
    [
        ("jumped", "code", "jumped to “%(node)s”"),
        ("jumped", "", "took back the jump"),
        ("noted", "", "noted"),
    ],
)
def test_an_event_that_is_about_no_node_names_none(kind, key, expected):
    assert did(kind, key) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("report", "delivered", "Yes, delivered"),
        ("code", "EXPIRED", "EXPIRED"),
        ("junk", "no", "No, still nothing"),
        ("gone", "no", "no"),
        ("report", "gone", "gone"),
        ("", "Night shift", "Night shift"),
    ],
)
def test_what_was_kept_is_told_in_the_words_of_the_guide_or_as_it_stands(key, value, expected):
    assert given_words(snapshot(), key, value) == expected


def test_what_was_kept_reads_as_it_did_on_the_way():
    guide = snapshot()
    given = {"report": "failed", "code": "MK:0001", "junk": "cannot"}
    for step in walk(guide, given, {}, NOON).trail:
        assert given_words(guide, step.key, given[step.key]) == answer_words(step)
