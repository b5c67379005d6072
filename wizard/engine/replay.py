"""Replay: the same case through a publication and through a draft, and how the two ways compare."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from wizard.engine.evidence import Evidence, Value, with_clock
from wizard.engine.rules import Condition
from wizard.engine.snapshot import Answer, Snapshot
from wizard.engine.walk import ASK, AtQuestion, Rejected, Walk, walk


class Result(StrEnum):
    """What a draft does to a case.

    SAME: it rests at the same question or outcome, and the person is asked as much on the way.
    SHORTER, LONGER: it rests there too, but the person is asked less, or more.
    ELSEWHERE: it arrives at another outcome, or the draft leads nowhere.
    NOT_YET: one of the two walks waits at a question where the other does not, so that nobody
    knows yet whether their ends are the same.
    """

    SAME = "same"
    SHORTER = "shorter"
    LONGER = "longer"
    ELSEWHERE = "elsewhere"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a case gives to a walk.

    Attributes:
        now: the moment (aware) that the clock is put back to: the case's last change, so that no
            fact of the clock has changed since then.
        start: key of the node to begin at, "" for the guide's own start.
    """

    answers: Mapping[str, str]
    evidence: Evidence
    now: datetime
    start: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk rests. A question and an outcome of the same key are two places."""

    kind: Literal["question", "outcome", "lost"]
    key: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case in both versions. `gone`: what the person gave and the draft no longer has."""

    result: Result
    before: Walk
    after: Walk
    gone: tuple[Rejected, ...]


def replay(case: Recorded, publication: Snapshot, draft: Snapshot) -> Replayed:
    """Walk a case through its publication and through a draft.

    An answer that the person gave only because they were asked does not count in a draft whose
    evidence answers that question: nobody would have been asked. Where evidence had answered in the
    publication too, the person has overruled it, and does so in the draft.
    """
    before = _walk(publication, case, case.answers)
    after = _walk(draft, case, case.answers)
    refused = {one.key for one in before.rejected}
    gone = tuple(one for one in after.rejected if one.key not in refused)
    unasked = {key for key in case.answers if _is_asked_no_more(key, case, publication, draft)}
    if unasked:
        given = {key: value for key, value in case.answers.items() if key not in unasked}
        after = _walk(draft, case, given)
    return Replayed(_compare(before, after), before, after, gone)


def rewalk(case: Recorded, snapshot: Snapshot) -> Walk:
    """The walk of a case in a version of its guide, as it stood when it was changed last."""
    return _walk(snapshot, case, case.answers)


def place_of(walk: Walk) -> Place:
    """The node where a walk rests."""
    if walk.node is None:
        return Place("lost", walk.place)
    return Place("question" if walk.question is not None else "outcome", walk.place)


def asked(walk: Walk) -> int:
    """How many questions a person was asked: those they answered, and the one that waits."""
    return sum(step.by_person for step in walk.answered) + (walk.question is not None)


def _compare(before: Walk, after: Walk) -> Result:
    was, is_now = place_of(before), place_of(after)
    if was == is_now:
        more = asked(after) - asked(before)
        return Result.SAME if not more else Result.LONGER if more > 0 else Result.SHORTER
    waits = "question" in (was.kind, is_now.kind)
    return Result.NOT_YET if waits and is_now.kind != "lost" else Result.ELSEWHERE


def _walk(snapshot: Snapshot, case: Recorded, answers: Mapping[str, str]) -> Walk:
    return walk(snapshot, answers, case.evidence, case.now, case.start)


def _is_asked_no_more(key: str, case: Recorded, publication: Snapshot, draft: Snapshot) -> bool:
    return _decides(draft, key, case) and not _decides(publication, key, case)


def _decides(snapshot: Snapshot, key: str, case: Recorded) -> bool:
    """Whether evidence alone answers a question."""
    if key not in snapshot.questions:
        return False
    at = walk(snapshot, {key: ASK}, case.evidence, case.now, key).at
    return isinstance(at, AtQuestion) and bool(at.found)


# --- many cases -----------------------------------------------------------------------------------

_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft does to a case, and between which two places."""

    result: Result
    before: Place
    after: Place


class Replayer:
    """One publication against one draft, for many cases: those that are alike are walked once.

    Two cases are alike when the same was answered from the same start, and no rule of either
    version can tell their evidence apart: who said something, and when, is not looked at by any,
    and of a number only how it compares with the numbers that the rules name.
    """

    def __init__(self, publication: Snapshot, draft: Snapshot) -> None:
        self._versions = publication, draft
        self._bounds: dict[str, list[float]] = {}
        for version in self._versions:
            for name, bounds in _looked_at(version).items():
                self._bounds[name] = sorted({*self._bounds.get(name, ()), *bounds})
        self._known: dict[Hashable, Verdict] = {}

    def verdict(self, case: Recorded) -> Verdict:
        """As `replay` would find it."""
        alike = self._alike(case)
        known = self._known.get(alike)
        if known is not None:
            return known
        found = replay(case, *self._versions)
        verdict = Verdict(found.result, place_of(found.before), place_of(found.after))
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[alike] = verdict
        return verdict

    def _alike(self, case: Recorded) -> Hashable:
        evidence = with_clock(case.evidence, case.now)
        shape = tuple(
            _shape(evidence[name].value, bounds) if name in evidence else None
            for name, bounds in self._bounds.items()
        )
        return case.start, frozenset(case.answers.items()), shape


def _shape(value: Value, bounds: list[float]) -> Hashable:
    """All that a rule or a list of codes can see of a value."""
    if isinstance(value, datetime):
        # Rules see whether there is a moment, not which one.
        return "moment"
    # What is no number (NaN) has no place between them.
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        return bisect_left(bounds, value), bisect_right(bounds, value)
    # True == 1, but not to a rule.
    return type(value), value


def _looked_at(snapshot: Snapshot) -> dict[str, set[float]]:
    """The facts that decide anything in a version, each with the numbers it is compared with."""
    bounds: dict[str, set[float]] = {}
    for question in snapshot.questions.values():
        if question.kind == "code":
            bounds.setdefault(question.fact, set())
        for answer in question.answers:
            for condition in _conditions(answer):
                numbers = (value for value in condition.values if not isinstance(value, str))
                bounds.setdefault(condition.fact, set()).update(numbers)
    return bounds


def _conditions(answer: Answer) -> list[Condition]:
    return [condition for rule in answer.rules for condition in rule.conditions]
