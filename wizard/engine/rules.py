"""Rules: when evidence alone answers a question. Lines of text, parsed here, never evaluated.

The syntax is described in `docs/guide-file.md`. A rule is one group of conditions that must all
hold; an answer has any number of rules, of which one suffices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, cast

from wizard.engine.evidence import EMPTY, FACTS, Evidence, Fact, FactKind, Finding, Value

Operator = Literal["is", "in", "not in", "starts with", "from", "<", ">=", "empty", "absent"]
Plain = str | int | float | bool


class RuleError(ValueError):
    """A line that is not a rule: `name` says why, `params` with what (`wording/problems.py`)."""

    def __init__(self, name: str, **params: str) -> None:
        super().__init__(name, params)
        self.name = name
        self.params = params


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one fact. `values`: two for `from`, none for empty and absent."""

    fact: str
    operator: Operator
    values: tuple[Plain, ...] = ()

    def holds(self, evidence: Evidence) -> bool:
        return _accepts(self, evidence.get(self.fact))


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold."""

    conditions: tuple[Condition, ...]

    def holds(self, evidence: Evidence) -> bool:
        return all(condition.holds(evidence) for condition in self.conditions)

    def findings(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The findings that the rule looked at, for the "why" of a step."""
        names = dict.fromkeys(condition.fact for condition in self.conditions)
        return tuple(evidence[name] for name in names if name in evidence)

    def hours_left(self, evidence: Evidence, facts: Mapping[str, Fact] = FACTS) -> float | None:
        """In how many hours a rule that holds stops holding by the clock alone, None if never."""
        bounds = [
            (condition.values[0], evidence[condition.fact].value)
            for condition in self.conditions
            if condition.operator == "<" and facts[condition.fact].by_clock
        ]
        left = [
            float(bound) - value
            for bound, value in bounds
            if not isinstance(bound, str) and isinstance(value, float)
        ]
        return min(left, default=None)


# --- what a condition accepts ---------------------------------------------------------------------


def _accepts(condition: Condition, finding: Finding | None) -> bool:
    known = finding is not None and not finding.is_empty
    if condition.operator == "absent":
        return not known
    if condition.operator == "empty":
        return finding is not None and finding.is_empty
    if finding is None or not known:
        return False
    return _COMPARE[condition.operator](finding.value, condition.values)


def _is(value: Value, wanted: Sequence[Plain]) -> bool:
    # True == 1 in Python; a yes-or-no fact must not match a number.
    return any(
        value == want and isinstance(value, bool) is isinstance(want, bool) for want in wanted
    )


def _starts(value: Value, prefixes: Sequence[Plain]) -> bool:
    return isinstance(value, str) and value.startswith(tuple(map(str, prefixes)))


def _between(value: Value, bounds: Sequence[Plain]) -> bool:
    low, high = bounds
    return isinstance(value, str) and str(low) <= value <= str(high)


def _number(value: Value, bound: Plain, compare: Callable[[float, float], bool]) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return not isinstance(bound, str) and compare(value, bound)


_COMPARE: Final[Mapping[str, Callable[[Value, Sequence[Plain]], bool]]] = {
    "is": _is,
    "in": _is,
    "not in": lambda value, wanted: isinstance(value, str) and value not in wanted,
    "starts with": _starts,
    "from": _between,
    "<": lambda value, bounds: _number(value, bounds[0], lambda a, b: a < b),
    ">=": lambda value, bounds: _number(value, bounds[0], lambda a, b: a >= b),
}

# --- parsing --------------------------------------------------------------------------------------

_CONDITION: Final = re.compile(
    r"(?P<fact>[a-z_.]+) (?:is (?P<state>empty|absent)"
    r"|from (?P<low>\S+) to (?P<high>\S+)"
    r"|(?P<operator>is|in|not in|starts with|<|>=) (?P<values>\S.*))"
)
_OPERATORS: Final[Mapping[FactKind, frozenset[str]]] = {
    FactKind.TEXT: frozenset({"is", "in", "not in", "starts with", "from"}),
    FactKind.CHOICE: frozenset({"is", "in", "not in"}),
    FactKind.NUMBER: frozenset({"is", "<", ">="}),
    FactKind.YES_NO: frozenset({"is"}),
    FactKind.MOMENT: frozenset(),
}


def parse_rule(line: str, facts: Mapping[str, Fact] = FACTS) -> Rule:
    """Read one line such as `report.present is false and message.age < 72`.

    Raises:
        RuleError: the line does not fit the syntax, names a fact that no look-up gives, or
            compares a fact in a way that its kind does not allow.
    """
    parts = " ".join(line.split()).split(" and ")
    return Rule(tuple(_condition(part, facts) for part in parts))


def _condition(text: str, facts: Mapping[str, Fact]) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise RuleError("no-condition", text=text)
    fact = facts.get(match["fact"])
    if fact is None:
        raise RuleError("unknown-fact", fact=match["fact"])
    if match["state"] == "empty":
        return Condition(fact.name, "empty")
    if match["state"] == "absent":
        return Condition(fact.name, "absent")
    operator: str = match["operator"] or "from"
    if operator not in _OPERATORS[fact.kind]:
        raise RuleError("operator", fact=fact.name, operator=operator)
    words = [match["low"], match["high"]] if operator == "from" else _words(match["values"])
    if operator in {"is", "<", ">="} and len(words) != 1:
        raise RuleError("one-value", operator=operator, text=text)
    if operator == "from" and words[0] > words[1]:
        raise RuleError("order", low=words[0], high=words[1])
    values = tuple(_value(fact, word) for word in words)
    if fact.kind is FactKind.CHOICE and operator == "not in":
        # What a look-up says that is none of the choices is not understood, and decides nothing.
        others = tuple(choice for choice in fact.choices if choice not in values)
        return Condition(fact.name, "in", others)
    return Condition(fact.name, cast(Operator, operator), values)


def _words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise RuleError("comma", text=text)
    if any(" " in word for word in words):
        raise RuleError("no-condition", text=text)
    return words


def _value(fact: Fact, word: str) -> Plain:
    if fact.kind is FactKind.YES_NO:
        return _yes_no(fact, word)
    if fact.kind is FactKind.NUMBER:
        return _plain_number(fact, word)
    if fact.kind is FactKind.CHOICE and word not in fact.choices:
        allowed = ", ".join(fact.choices)
        raise RuleError("choice", fact=fact.name, value=word, allowed=allowed)
    return word


def _yes_no(fact: Fact, word: str) -> bool:
    if word not in {"true", "false"}:
        raise RuleError("yes-no", fact=fact.name, value=word)
    return word == "true"


def _plain_number(fact: Fact, word: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", word):
        raise RuleError("number", fact=fact.name, value=word)
    return float(word) if "." in word else int(word)


# --- overlap --------------------------------------------------------------------------------------


def can_both_hold(one: Rule, other: Rule, facts: Mapping[str, Fact] = FACTS) -> bool:
    """Whether some evidence satisfies both rules.

    Exact for the operators there are: each fact is independent of the others, and a finite set of
    candidate values per fact (`_candidates`) meets every non-empty intersection of conditions.
    """
    by_fact: dict[str, list[Condition]] = {}
    for condition in (*one.conditions, *other.conditions):
        by_fact.setdefault(condition.fact, []).append(condition)
    return all(_satisfiable(facts[name], conditions) for name, conditions in by_fact.items())


def _satisfiable(fact: Fact, conditions: Sequence[Condition]) -> bool:
    unknown_or_found: list[Finding | None] = [None, Finding(fact.name, EMPTY, "")]
    unknown_or_found += [Finding(fact.name, value, "") for value in _candidates(fact, conditions)]
    return any(
        all(_accepts(condition, candidate) for condition in conditions)
        for candidate in unknown_or_found
    )


def _candidates(fact: Fact, conditions: Sequence[Condition]) -> list[Value]:
    """Values of which one satisfies `conditions` if any value does."""
    if fact.kind is FactKind.YES_NO:
        return [True, False]
    if fact.kind is FactKind.CHOICE:
        return list(fact.choices)
    listed = [condition.values for condition in conditions if condition.operator in {"is", "in"}]
    if listed:
        shortest = min(listed, key=len)
        return list(shortest)
    if fact.kind is FactKind.NUMBER:
        bounds = sorted({float(v) for c in conditions for v in c.values if not isinstance(v, str)})
        between = [(low + high) / 2 for low, high in pairwise(bounds)]
        edges = [bounds[0] - 1, bounds[-1] + 1] if bounds else [0.0]
        return [*bounds, *between, *edges]
    excluded = {value for c in conditions if c.operator == "not in" for value in c.values}
    bounds_and_prefixes = {str(v) for c in conditions if c.operator != "not in" for v in c.values}
    # What prefixes and ranges have in common begins at one of their words, and the word with one
    # more NUL is the very next text: of so many in a row, one is not excluded.
    suffixes = ["\0" * count for count in range(len(excluded) + 1)]
    return [word + suffix for word in bounds_and_prefixes or {""} for suffix in suffixes]
