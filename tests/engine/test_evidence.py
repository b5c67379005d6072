"""Findings: three values that never mix, what follows from the clock, and the registry of facts."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given

from tests.engine.toys import NOON, evidences, known
from wizard.engine.evidence import (
    EMPTY,
    FACTS,
    FactKind,
    Finding,
    Stored,
    from_json,
    merge,
    to_json,
    with_clock,
)


def age(accepted, now=NOON) -> object:
    """The value of `message.age`, None where it stays unknown."""
    found = with_clock(known(message_accepted_at=accepted), now).get("message.age")
    return found.value if found else None


# --- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        (timedelta(0), 0.0),
        (timedelta(minutes=30), 0.5),
        (timedelta(hours=71, minutes=59), 71 + 59 / 60),
        (timedelta(hours=72), 72.0),
        (timedelta(days=365), 8760.0),
        (timedelta(seconds=-5), 0.0),
        (timedelta(days=-400), 0.0),
    ],
)
def test_the_age_of_a_message_is_in_hours_and_never_below_zero(before, hours):
    assert age(NOON - before) == hours


def test_the_age_is_the_same_in_every_time_zone():
    beijing = timezone(timedelta(hours=8))
    accepted = NOON - timedelta(hours=3)
    assert age(accepted.astimezone(beijing)) == 3
    assert age(accepted, NOON.astimezone(beijing)) == 3


@pytest.mark.parametrize(
    "value", [EMPTY, "2026-11-23T12:00:00Z", 5, True, datetime(2026, 11, 23, 12, 0)]
)
def test_no_age_follows_from_what_is_no_moment_or_has_no_zone(value):
    assert age(value) is None


def test_without_a_time_of_acceptance_evidence_stays_as_it_is():
    evidence = known(report_status="DELIVRD")
    assert with_clock(evidence, NOON) is evidence


def test_the_age_comes_from_the_source_of_the_time_and_is_observed_now():
    evidence = known(message_accepted_at=NOON - timedelta(hours=1))
    found = with_clock(evidence, NOON)
    assert found["message.age"] == Finding("message.age", 1.0, "test", NOON)
    assert "message.age" not in evidence


def test_the_age_of_now_takes_the_place_of_one_from_before():
    evidence = known(message_accepted_at=NOON - timedelta(hours=1), message_age=99)
    assert with_clock(evidence, NOON)["message.age"].value == 1


@pytest.mark.parametrize("extreme", [datetime.min, datetime.max])
def test_the_ends_of_the_calendar_break_nothing(extreme):
    for hours in (-14, 0, 14):
        zone = timezone(timedelta(hours=hours))
        assert age(extreme.replace(tzinfo=zone)) >= 0


# --- findings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "is_empty"), [(EMPTY, True), ("", False), (0, False)])
def test_only_empty_is_empty(value, is_empty):
    assert Finding("report.status", value, "test").is_empty is is_empty


# --- the registry ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_a_fact_is_found_by_its_name(fact):
    assert FACTS[fact.name] is fact
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", fact.name)
    assert bool(fact.choices) == (fact.kind is FactKind.CHOICE)


def test_every_fact_that_a_rule_can_compare_stands_in_the_documentation_with_its_choices():
    page = (Path(__file__).parents[2] / "docs/guide-file.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z._]+)` \| ([^|]*) \|", page, re.MULTILINE))
    comparable = {name: fact for name, fact in FACTS.items() if fact.kind is not FactKind.MOMENT}
    assert comparable.keys() == rows.keys() - {"message.accepted_at"}
    for name, fact in comparable.items():
        assert set(fact.choices) == set(re.findall(r"`([^`]+)`", rows[name]))


# --- as a case stores it --------------------------------------------------------------------------


@given(evidences(), evidences(), evidences())
def test_what_is_stored_reads_fact_by_fact_as_it_reads_all_at_once(pasted, reports, looked_up):
    sources = [to_json(source.values()) for source in (pasted, reports, looked_up)]
    stored, merged = Stored(*sources), merge(*map(from_json, sources))
    # By their words: what is no number is not even equal to itself.
    assert repr(dict(stored)) == repr(merged)
    for fact in FACTS:
        value = merged[fact].value if fact in merged else None
        assert repr(stored.get(fact)) == repr(merged.get(fact))
        assert repr(stored.value(fact)) == repr(value)
