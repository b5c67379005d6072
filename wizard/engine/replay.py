"""Replay: the same case through a publication and through a draft, and how the two ways compare."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from wizard.engine.evidence import FACTS, Evidence, Finding, Stored, Value, age_at, with_clock
from wizard.engine.rules import Condition
from wizard.engine.snapshot import Answer, Question, Snapshot
from wizard.engine.walk import ASK, AtQuestion, Rejected, Walk, follow, walk


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
    known = Recorded(case.answers, with_clock(case.evidence, case.now), case.now, case.start)
    return _replay(known, publication, draft)


def _replay(case: Recorded, publication: Snapshot, draft: Snapshot) -> Replayed:
    """`replay` of a case whose evidence knows the clock."""
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
    return walk(snapshot, case.answers, case.evidence, case.now, case.start)


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
    return follow(snapshot, answers, case.evidence, case.now, case.start)


def _is_asked_no_more(key: str, case: Recorded, publication: Snapshot, draft: Snapshot) -> bool:
    return _decides(draft, key, case) and not _decides(publication, key, case)


def _decides(snapshot: Snapshot, key: str, case: Recorded) -> bool:
    """Whether evidence alone answers a question."""
    if key not in snapshot.questions:
        return False
    at = follow(snapshot, {key: ASK}, case.evidence, case.now, key).at
    return isinstance(at, AtQuestion) and bool(at.found)


# --- many cases -----------------------------------------------------------------------------------

_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft does to a case, and between which two places."""

    result: Result
    before: Place
    after: Place


def routing(snapshot: Snapshot) -> Hashable:
    """All that decides where walks lead. Equal for two versions that differ in their words only."""
    questions = (_wordless(question) for question in snapshot.questions.values())
    outcomes = ((outcome.key, outcome.otherwise) for outcome in snapshot.outcomes.values())
    return snapshot.start, tuple(questions), tuple(outcomes), snapshot.catalogue.codes


def _wordless(question: Question) -> Question:
    answers = tuple(replace(answer, label="", hint="") for answer in question.answers)
    return replace(question, text="", why="", help="", agent_note="", answers=answers)


class Replayer:
    """One publication against one draft, for many cases: those that are alike are walked once.

    Two cases are alike when the same was answered from the same start, and what the two walks look
    at is the same: facts that they do not ask for may differ. Who said something, and when, is not
    looked at by any rule, and of a number only how it compares with the numbers that rules name.
    """

    def __init__(self, publication: Snapshot, draft: Snapshot) -> None:
        self._versions = publication, draft
        self._bounds: dict[str, list[float]] = {}
        for version in self._versions:
            for name, bounds in _looked_at(version).items():
                self._bounds[name] = sorted({*self._bounds.get(name, ()), *bounds})
        self._names = frozenset(self._bounds)
        self._known: dict[Hashable, Verdict | _Fork] = {}
        self._kept = 0

    def verdict(self, case: Recorded) -> Verdict:
        """As `replay` would find it."""
        names = self._names.intersection(case.evidence)
        given = case.start, frozenset(case.answers.items()), names
        known, fork, shape = self._known.get(given), None, None
        passed = []
        stored = case.evidence.value if isinstance(case.evidence, Stored) else None
        while isinstance(known, _Fork):
            fork = known
            passed.append(fork.fact)
            value = stored(fork.fact) if stored and not fork.by_clock else _value(case, fork.fact)
            shape = value if value.__class__ is str else _shape(value, fork.bounds)
            known = fork.ways.get(shape)
        if known is not None:
            return known
        asked = _Asked(case, passed)
        walked = _replay(Recorded(case.answers, asked, case.now, case.start), *self._versions)
        verdict = Verdict(walked.result, place_of(walked.before), place_of(walked.after))
        way = self._way(verdict, case, asked.facts)
        if fork is None:
            self._known[given] = way
        else:
            fork.ways[shape] = way
        self._kept += 1
        if self._kept >= _KEPT:
            self._known.clear()
            self._kept = 0
        return verdict

    def _way(self, verdict: Verdict, case: Recorded, facts: Iterable[str]) -> Verdict | _Fork:
        """The way of a case to its verdict, by the facts that its walks have asked for."""
        way: Verdict | _Fork = verdict
        # What is unknown to one case is so to all that begin on the same way: no fork for that.
        decisive = [fact for fact in facts if fact in case.evidence or fact in _BY_CLOCK]
        for fact in reversed(decisive):
            bounds = self._bounds.get(fact, [])
            shape = _shape(_value(case, fact), bounds)
            way = _Fork(fact, bounds, fact in _BY_CLOCK, {shape: way})
        return way


@dataclass(slots=True)
class _Fork:
    """Cases that are alike so far part here by one fact, each shape of it to a way of its own."""

    fact: str
    bounds: list[float]
    by_clock: bool
    ways: dict[Hashable, Verdict | _Fork]


class _Asked(Mapping[str, Finding]):
    """The evidence of a case as of its moment. `facts` are those that were asked for, in order."""

    def __init__(self, case: Recorded, passed: Iterable[str]) -> None:
        self._case = case
        self._passed = frozenset(passed)
        self.facts: dict[str, None] = {}

    def __getitem__(self, fact: str) -> Finding:
        if fact not in self._passed:
            self.facts[fact] = None
        found = _finding(self._case, fact)
        if found is None:
            raise KeyError(fact)
        return found

    def __iter__(self) -> Iterator[str]:
        return (fact for fact in FACTS if fact in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _finding(case: Recorded, fact: str) -> Finding | None:
    """What a case knows of a fact, at its moment."""
    age = age_at(case.evidence, case.now) if fact in _BY_CLOCK else None
    return case.evidence.get(fact) if age is None else age


def _value(case: Recorded, fact: str) -> Value | None:
    """The value of `_finding`, None where the fact is unknown."""
    finding = _finding(case, fact)
    return None if finding is None else finding.value


_BY_CLOCK: Final = frozenset(fact.name for fact in FACTS.values() if fact.by_clock)


def _shape(value: Value | None, bounds: list[float]) -> Hashable:
    """All that a rule or a list of codes can see of a value; a text is its own shape."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        # Rules see whether there is a moment, not which one.
        return datetime
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
