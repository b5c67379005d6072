"""What a thing is called: each fact, each of its values and each value of a closed list once."""

import math
from typing import get_args

import pytest

from tests.support.moments import NOON
from wizard.engine import lists
from wizard.engine.evidence import FACTS, FactKind, Finding
from wizard.engine.walk import Feedback
from wizard.lookups.base import ALL_CALLS, Reason
from wizard.wording import evidence, guide
from wizard.wording.guide import ACTORS, CERTAINTIES, FEEDBACK, STATIONS, TAGS
from wizard.wording.lookups import CALLS, FAILURES


@pytest.mark.parametrize("hours", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_no_number_is_shown_as_it_came(hours):
    assert evidence.value(Finding("message.age", hours, "any", NOON)) == str(hours)


def test_every_fact_has_its_words_and_nothing_else_has():
    assert list(evidence.FACTS) == list(FACTS)
    assert evidence.ASKED_FOR.keys() == FACTS.keys()


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_every_value_of_a_fact_has_its_words_and_nothing_else_has(fact):
    named = {value for name, value in evidence.VALUES if name == fact.name}
    allowed = {True, False} if fact.kind is FactKind.YES_NO else set(fact.choices)
    assert named <= allowed
    assert named == allowed or fact.kind is FactKind.YES_NO  # which has a yes and a no for all


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (lists.QUESTION_KINDS, guide.QUESTION_KINDS),
        (lists.NAMESPACES, guide.NAMESPACES),
        (lists.CERTAINTIES, CERTAINTIES),
        (lists.STATIONS, STATIONS),
        (lists.ACTORS, ACTORS),
        (lists.ACTORS, guide.ACTORS_TO_CHOOSE),
        (lists.AUDIENCES, TAGS),
        (lists.HAND_OVERS, guide.HAND_OVERS),
        (lists.CODE_SOURCES, guide.CODE_SOURCES),
        (lists.CODE_SOURCES, guide.CODE_MAKERS),
        (lists.CODE_REGIONS, guide.CODE_REGIONS),
        (get_args(Feedback), FEEDBACK),
        (ALL_CALLS, CALLS),
        # The last is the site's own: it ended in the middle of a look-up.
        ((*get_args(Reason), "interrupted"), FAILURES),
    ],
)
def test_every_value_of_a_closed_list_has_its_words_in_the_order_of_the_list(values, words):
    assert list(words) == list(values)
