"""Rules: what holds when, what cannot be read, and which rules overlap."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import NOON, evidences, known
from wizard.engine.evidence import EMPTY, FACTS, Evidence, Finding
from wizard.engine.rules import Rule, RuleError, can_both_hold, parse_rule
from wizard.wording.problems import RULE_PROBLEMS, rule_problem

UNKNOWN, NONE = {}, known(report_status=EMPTY)
DELIVRD = known(report_status="DELIVRD")


@pytest.mark.parametrize(
    ("line", "unknown", "empty", "delivrd"),
    [
        ("report.status is DELIVRD", False, False, True),
        ("report.status in EXPIRED, DELIVRD", False, False, True),
        ("report.status not in DELIVRD", False, False, False),
        ("report.status not in EXPIRED", False, False, True),
        ("report.status starts with DEL, MK:", False, False, True),
        ("report.status from DELETED to EXPIRED", False, False, True),
        ("report.status from E000001 to E000026", False, False, False),
        ("report.status is empty", False, True, False),
        ("report.status is absent", True, True, False),
    ],
)
def test_unknown_empty_and_known_never_mix(line, unknown, empty, delivrd):
    rule = parse_rule(line)
    held = tuple(rule.holds(evidence) for evidence in (UNKNOWN, NONE, DELIVRD))
    assert held == (unknown, empty, delivrd)


@pytest.mark.parametrize(
    ("line", "evidence", "holds"),
    [
        ("package.remaining < 1", known(package_remaining=0), True),
        ("package.remaining < 1", known(package_remaining=1), False),
        ("package.remaining >= 1", known(package_remaining=1), True),
        ("package.remaining is 1", known(package_remaining=True), False),
        ("package.remaining >= 1", known(package_remaining="2"), False),
        ("report.present is true", known(report_present=True), True),
        ("report.present is true", known(report_present=1), False),
        ("report.present is false", known(report_present=False), True),
        ("report.source in 1, 3", known(report_source="3"), True),
        ("api.code is absent and report.present is true", known(report_present=True), True),
        (
            "api.code is absent and report.present is true",
            known(report_present=True, api_code="000000"),
            False,
        ),
    ],
)
def test_numbers_truths_and_joined_conditions(line, evidence, holds):
    assert parse_rule(line).holds(evidence) is holds


OPERATORS = {
    "TEXT": ["is A", "in A, B", "not in A", "starts with A", "from A to B"],
    "CHOICE": ["is 1", "in 1, 2", "not in 1"],
    "NUMBER": ["is 1", "< 5", ">= 0"],
    "YES_NO": ["is true", "is false"],
}
NO_VALUE_OF = {
    "TEXT": [5, True, 1.5, NOON],
    "CHOICE": [1, True, NOON],
    "NUMBER": ["1", "", True, False, NOON, float("nan")],
    "YES_NO": ["true", 1, 0, NOON],
}


@pytest.mark.parametrize(
    ("fact", "operator"),
    [
        (fact, operator)
        for fact in ("report.status", "report.source", "package.remaining", "report.present")
        for operator in OPERATORS[FACTS[fact].kind.name]
    ],
)
def test_no_comparison_holds_for_unknown_empty_or_a_value_of_another_type(fact, operator):
    rule = parse_rule(f"{fact} {operator}")
    assert not rule.holds({})
    assert not rule.holds({fact: Finding(fact, EMPTY, "")})
    held = [
        value
        for value in NO_VALUE_OF[FACTS[fact].kind.name]
        if rule.holds({fact: Finding(fact, value, "")})
    ]
    assert held == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("", "no-condition"),
        ("report.status", "no-condition"),
        ("report.status equals DELIVRD", "no-condition"),
        ("report.status is DELIVRD and", "no-condition"),
        ("report.colour is red", "unknown-fact"),
        ("__import__ is os", "unknown-fact"),
        ("report.present in true", "operator"),
        ("report.status < 5", "operator"),
        ("package.remaining starts with 1", "operator"),
        ("message.accepted_at is now", "operator"),
        ("report.status is DELIVRD, EXPIRED", "one-value"),
        ("report.status from E2 to E1", "order"),
        ("report.status in DELIVRD,", "comma"),
        ("report.source is 4", "choice"),
        ("report.present is yes", "yes-no"),
        ("message.age < soon", "number"),
        ("message.age < -1", "number"),
        ("message.age < 1e3", "number"),
        ("message.age < \u0663", "number"),
        ("message.age < 1234567890", "number"),
        ("report.status is a b", "no-condition"),
        ("Report.status is A", "no-condition"),
        ("report.status is A or report.present is true", "no-condition"),
    ],
)
def test_a_line_that_is_no_rule_is_refused_with_its_reason(line, name):
    with pytest.raises(RuleError) as refused:
        parse_rule(line)
    assert refused.value.name == name
    assert rule_problem(refused.value)


@pytest.mark.parametrize("line", ["report.source in 1, 2", "report.source not in 1"])
def test_a_value_that_is_none_of_its_choices_decides_nothing(line):
    assert not parse_rule(line).holds(known(report_source="9"))


def test_every_reason_has_words():
    assert set(RULE_PROBLEMS) == {
        "no-condition", "unknown-fact", "operator", "one-value", "order", "comma", "choice",
        "yes-no", "number",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("report.status is DELIVRD", "report.status is EXPIRED", False),
        ("report.status is DELIVRD", "report.source is 1", True),
        ("report.status is DELIVRD", "report.status not in DELIVRD", False),
        ("report.status starts with MK:", "report.status is MK:0001", True),
        ("report.status starts with MK:", "report.status starts with M", True),
        ("report.status starts with MK:", "report.status starts with MB:", False),
        ("report.status starts with MK:", "report.status not in MK:", True),
        ("api.code from E000001 to E000026", "api.code is E000026", True),
        ("api.code from E000001 to E000026", "api.code is E000027", False),
        ("api.code from A to B", "api.code from B to C", True),
        ("api.code from A to B", "api.code from C to D", False),
        ("api.code from A to A", "api.code not in A", False),
        ("message.age < 72", "message.age >= 72", False),
        ("message.age < 72", "message.age >= 71", True),
        ("message.age < 72", "message.age is 72", False),
        ("report.present is true", "report.present is false", False),
        ("report.source in 1, 2", "report.source in 3", False),
        ("report.source not in 1, 2", "report.source not in 3", False),
        ("api.code is absent", "api.code is empty", True),
        ("api.code is absent", "api.code is 000000", False),
        ("api.code is empty", "api.code not in 000000", False),
        (
            "report.present is false and message.age < 72",
            "report.present is false and message.age >= 72",
            False,
        ),
    ],
)
def test_overlap_is_decided_exactly(one, other, overlap):
    assert can_both_hold(parse_rule(one), parse_rule(other)) is overlap
    assert can_both_hold(parse_rule(other), parse_rule(one)) is overlap


@pytest.mark.parametrize("size", [50, 100])
def test_long_lists_of_codes_are_compared_quickly(size):
    def listed(operator: str, letter: str) -> Rule:
        codes = ", ".join(f"{letter}{number}" for number in range(size))
        return parse_rule(f"api.code {operator} {codes}")

    began = process_time()
    assert not can_both_hold(listed("in", "A"), listed("in", "B"))
    assert can_both_hold(listed("not in", "A"), listed("not in", "B"))
    assert can_both_hold(listed("not in", "A"), listed("starts with", "A"))
    assert process_time() - began < 0.5


# Values that meet every condition which the strategy below can draw, found without the engine's
# own candidates: all short texts over the letters of its words and one that sorts before them.
TEXTS = ["".join(letters) for length in range(4) for letters in product("\0AB", repeat=length)]
GRID = {
    "report.status": TEXTS,
    "report.source": ["1", "2", "3"],
    "package.remaining": [number / 2 for number in range(-2, 12)],
    "report.present": [True, False],
}
words = st.lists(st.sampled_from("AB"), min_size=1, max_size=2).map("".join)
lists = st.lists(words, min_size=1, max_size=2).map(", ".join)
choices = st.lists(st.sampled_from("123"), min_size=1, max_size=3).map(", ".join)
STATES = ["is empty", "is absent"]
COMPARISONS = {
    "report.status": st.one_of(
        st.sampled_from(STATES),
        st.builds("is {}".format, words),
        st.builds("{} {}".format, st.sampled_from(["in", "not in", "starts with"]), lists),
        st.lists(words, min_size=2, max_size=2).map(
            lambda two: "from {} to {}".format(*sorted(two))
        ),
    ),
    "report.source": st.one_of(
        st.sampled_from(STATES),
        st.builds("{} {}".format, st.sampled_from(["in", "not in"]), choices),
    ),
    "package.remaining": st.one_of(
        st.sampled_from(STATES),
        st.builds("{} {}".format, st.sampled_from(["is", "<", ">="]), st.integers(0, 4)),
    ),
    "report.present": st.sampled_from([*STATES, "is true", "is false"]),
}


def rules(*facts: str) -> st.SearchStrategy[Rule]:
    """Any rule about these facts."""
    conditions = st.one_of(*(COMPARISONS[fact].map(f"{fact} {{}}".format) for fact in facts))
    return st.lists(conditions, min_size=1, max_size=3).map(" and ".join).map(parse_rule)


def all_evidence(*facts: str) -> Iterator[Evidence]:
    """Every evidence of the grid: each fact unknown, empty, or one of its values."""
    values = [[None, EMPTY, *GRID[fact]] for fact in facts]
    for chosen in product(*values):
        pairs = zip(facts, chosen, strict=True)
        yield {fact: Finding(fact, value, "") for fact, value in pairs if value is not None}


@pytest.mark.parametrize(
    "facts", [*((fact,) for fact in GRID), ("report.source", "report.present")], ids=" ".join
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_overlap_is_what_trying_all_evidence_finds(facts, data):
    one, other = data.draw(rules(*facts)), data.draw(rules(*facts))
    found = any(one.holds(each) and other.holds(each) for each in all_evidence(*facts))
    assert can_both_hold(one, other) is found
    assert can_both_hold(other, one) is found


@settings(max_examples=60, deadline=None)
@given(rules(*GRID), rules(*GRID), evidences())
def test_rules_that_hold_together_are_always_found_to_overlap(one, other, evidence):
    if one.holds(evidence) and other.holds(evidence):
        assert can_both_hold(one, other)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "report.status",
                    "message.age",
                    "is",
                    "in",
                    "not in",
                    "from",
                    "to",
                    "and",
                    ",",
                    "<",
                    ">=",
                    "A",
                    "1",
                    "true",
                    "empty",
                    "absent",
                    "starts with",
                    "\u0663",
                    "²",
                    " ",
                    "\x00",
                ]
            ),
            max_size=9,
        ).map(" ".join),
    ),
    evidences(),
)
def test_no_line_breaks_the_reader_and_no_rule_breaks_on_evidence(line, evidence):
    with suppress(RuleError):
        assert parse_rule(line).holds(evidence) in (True, False)


def test_a_rule_names_the_findings_that_it_looked_at_once_each_in_its_order():
    rule = parse_rule("report.present is false and api.code is absent and report.present is false")
    evidence = known(report_status="DELIVRD", report_present=False)
    assert rule.findings(evidence) == (evidence["report.present"],)
    assert rule.findings({}) == ()
