"""The walk: where answers and evidence lead. The one place that decides what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from wizard.engine.evidence import FACTS, Evidence, Finding, with_clock
from wizard.engine.rules import Rule
from wizard.engine.snapshot import Answer, Code, Node, Outcome, Question, Snapshot

ASK: Final = "?"
"""Given in place of an answer: ask this question, whatever the evidence says (an overrule)."""

Origin = Literal["person", "evidence", "time"]
Feedback = Literal["yes", "no", "cannot"]
"""What a person says at an outcome: it is fixed; it still fails; a step cannot be done."""

FEEDBACK: Final[Mapping[str, Feedback]] = {"yes": "yes", "no": "no", "cannot": "cannot"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that has its answer. `because` holds the findings that decided it, if any did.

    `until` is the moment (aware) at which the clock undoes an answer that it gave: under 72 hours
    old is true for 72 hours only.
    """

    question: Question
    value: str
    answer: Answer | None
    code: Code | None
    to: str
    origin: Origin
    because: tuple[Finding, ...] = ()
    until: datetime | None = None

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def title(self) -> str:
        return self.question.title

    @property
    def by_person(self) -> bool:
        return self.origin == "person"


@dataclass(frozen=True, slots=True)
class Tried:
    """An outcome that the person has tried and said what came of it."""

    outcome: Outcome
    feedback: Feedback

    @property
    def key(self) -> str:
        return self.outcome.key

    @property
    def title(self) -> str:
        return self.outcome.title

    @property
    def value(self) -> str:
        return self.feedback

    @property
    def to(self) -> str:
        return self.outcome.otherwise

    @property
    def origin(self) -> Origin:
        # No evidence says whether something has helped.
        return "person"

    @property
    def by_person(self) -> bool:
        return True


Passed = Answered | Tried
"""One step of a trail: what was given at a node, by whom or by what, and where it led."""


@dataclass(frozen=True, slots=True)
class AtQuestion:
    """The walk waits for an answer. `found`: what evidence says of it all the same."""

    question: Question
    found: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        return self.question.key


@dataclass(frozen=True, slots=True)
class AtOutcome:
    """The walk has arrived at a cause and its fix, and waits for feedback."""

    outcome: Outcome

    @property
    def key(self) -> str:
        return self.outcome.key


@dataclass(frozen=True, slots=True)
class AtEnd:
    """The walk is over: solved, or handed over to support (`feedback` says why)."""

    outcome: Outcome
    feedback: Feedback

    @property
    def key(self) -> str:
        return self.outcome.key

    @property
    def solved(self) -> bool:
        return self.feedback == "yes"


@dataclass(frozen=True, slots=True)
class Lost:
    """A draft leads nowhere from here: `key` is missing from it, or has been passed before."""

    key: str


Position = AtQuestion | AtOutcome | AtEnd | Lost
Reason = Literal["no such question", "no such answer"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something given that this snapshot does not have (an old link, a mistyped address)."""

    key: str
    value: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Walk:
    """A trail and where it ends. `kept` are the valid answers that lie beside the trail."""

    trail: tuple[Passed, ...]
    at: Position
    kept: Mapping[str, str]
    rejected: tuple[Rejected, ...]

    @property
    def answers(self) -> dict[str, str]:
        """What the person has given on the trail, in its order, then what lies beside it."""
        given = {step.key: step.value for step in self.trail if step.by_person}
        return {**given, **self.kept}

    @property
    def answered(self) -> tuple[Answered, ...]:
        return tuple(step for step in self.trail if isinstance(step, Answered))

    @property
    def tried(self) -> tuple[Tried, ...]:
        return tuple(step for step in self.trail if isinstance(step, Tried))

    # --- where it rests, and why ---

    @property
    def place(self) -> str:
        """The key of the node where it rests; of a lost walk, the key that leads nowhere."""
        return self.at.key

    @property
    def node(self) -> Node | None:
        """The question or the outcome where it rests, None if it is lost."""
        return self.question or self.outcome

    @property
    def question(self) -> Question | None:
        """The question that waits for an answer."""
        return self.at.question if isinstance(self.at, AtQuestion) else None

    @property
    def outcome(self) -> Outcome | None:
        """The outcome where it has arrived, whatever came of it."""
        return self.at.outcome if isinstance(self.at, AtOutcome | AtEnd) else None

    @property
    def waits(self) -> bool:
        """A person has something to say: an answer to the question, or what came of the outcome."""
        return isinstance(self.at, AtQuestion | AtOutcome)

    @property
    def feedback(self) -> Feedback | None:
        """With what word it came to its end; None for a walk that is not over."""
        return self.at.feedback if isinstance(self.at, AtEnd) else None

    @property
    def ended(self) -> bool:
        return isinstance(self.at, AtEnd)

    @property
    def solved(self) -> bool:
        return isinstance(self.at, AtEnd) and self.at.solved


def walk(
    snapshot: Snapshot,
    answers: Mapping[str, str],
    evidence: Evidence,
    now: datetime,
    start: str = "",
) -> Walk:
    """Follow a guide from its start as far as answers and evidence lead.

    Total on any answers, deterministic, and no longer than the guide has nodes. A person's valid
    answer wins; else the one answer whose rule holds is taken; else the question is asked.

    Args:
        answers: question key -> answer key (or a code, or `ASK`); outcome key -> yes, no, cannot.
        evidence: findings by fact (`with_clock` is applied here).
        now: the moment of asking, aware.
        start: key of the node to begin at instead, as `Snapshot.start_at` has it: "", or what the
            guide lacks, for its own start.
    """
    return follow(snapshot, answers, with_clock(evidence, now), now, start)


def follow(
    snapshot: Snapshot,
    answers: Mapping[str, str],
    evidence: Evidence,
    now: datetime,
    start: str = "",
) -> Walk:
    """`walk` by evidence that knows the clock already. It is asked fact by fact, never listed."""
    trail: list[Passed] = []
    passed: set[str] = set()
    key = snapshot.start_at(start)
    at: Position | None = None
    while at is None:
        if key in passed:
            at = Lost(key)
            break
        passed.add(key)
        step, at = _advance(snapshot, key, answers, evidence, now)
        if step is not None:
            trail.append(step)
            key = step.to
    kept, rejected = _sort_out(snapshot, answers, trail)
    return Walk(tuple(trail), at, kept, rejected)


def _advance(
    snapshot: Snapshot, key: str, answers: Mapping[str, str], evidence: Evidence, now: datetime
) -> tuple[Passed | None, Position | None]:
    """One step from a node: what was decided there, and where the walk rests if it rests."""
    given = answers.get(key, "")
    question = snapshot.questions.get(key)
    if question is not None:
        step = _by_person(snapshot, question, given)
        found = _by_evidence(snapshot, question, evidence, now) if step is None else None
        if step is None and given != ASK:
            step = found
        if step is not None:
            return step, None
        return None, AtQuestion(question, found.because if found is not None else ())
    outcome = snapshot.outcomes.get(key)
    if outcome is None:
        return None, Lost(key)
    feedback = FEEDBACK.get(given)
    if feedback is None:
        return None, AtOutcome(outcome)
    going_on = feedback == "no" and outcome.otherwise
    return Tried(outcome, feedback), None if going_on else AtEnd(outcome, feedback)


def _by_person(snapshot: Snapshot, question: Question, given: str) -> Answered | None:
    if not given or given == ASK:
        return None
    answer = question.answer(given)
    if answer is not None:
        return Answered(question, answer.key, answer, None, answer.to, "person")
    row = _row(snapshot, question, given)
    if row is None:
        return None
    return Answered(question, given.strip().upper(), None, row, row.to, "person")


def _by_evidence(
    snapshot: Snapshot, question: Question, evidence: Evidence, now: datetime
) -> Answered | None:
    """The step that evidence decides, or None where it decides nothing or more than one thing."""
    if question.kind == "code":
        return _code_by_evidence(snapshot, question, evidence)
    matches = [
        (answer, rule)
        for answer in question.answers
        for rule in answer.rules
        if rule.holds(evidence)
    ]
    if len({answer.key for answer, _ in matches}) != 1:
        return None
    because = next(filter(None, (rule.findings(evidence) for _, rule in matches)), ())
    if not because:
        # Rules that only say what is absent hold for whoever knows nothing: those are asked.
        return None
    answer, _ = matches[0]
    timed = any(FACTS[finding.fact].by_clock for finding in because)
    origin: Origin = "time" if timed else "evidence"
    until = _until([rule for _, rule in matches], evidence, now)
    return Answered(question, answer.key, answer, None, answer.to, origin, because, until)


def _until(rules: list[Rule], evidence: Evidence, now: datetime) -> datetime | None:
    """When the last of the rules that hold stops holding by itself."""
    left = [rule.hours_left(evidence) for rule in rules]
    hours = [one for one in left if one is not None]
    if len(hours) < len(left):
        return None
    try:
        return now + timedelta(hours=max(hours))
    except OverflowError:  # a rule for a hundred thousand years never ends
        return None


def _code_by_evidence(
    snapshot: Snapshot, question: Question, evidence: Evidence
) -> Answered | None:
    finding = evidence.get(question.fact)
    if finding is None or not isinstance(finding.value, str):
        return None
    row = _row(snapshot, question, finding.value)
    if row is None:
        return None
    code = finding.value.strip().upper()
    return Answered(question, code, None, row, row.to, "evidence", (finding,))


def _row(snapshot: Snapshot, question: Question, code: str) -> Code | None:
    """The catalogue's row for a code at this question.

    In the question's own namespace only, for a code of the other one would lead back to where the
    walk has been; and not the row that led here (E000510 says: look at the status per number).
    """
    if question.kind != "code":
        return None
    row = snapshot.catalogue.find(code, question.catalogue)
    return None if row is not None and row.to == question.key else row


def _sort_out(
    snapshot: Snapshot, answers: Mapping[str, str], trail: list[Passed]
) -> tuple[dict[str, str], tuple[Rejected, ...]]:
    """Divide what was given beside the trail into what is kept for later and what is refused."""
    used = {step.key for step in trail if step.by_person}
    kept: dict[str, str] = {}
    rejected: list[Rejected] = []
    for key in sorted(answers.keys() - used):
        reason = _refusal(snapshot, key, answers[key])
        if reason is None:
            kept[key] = answers[key]
        else:
            rejected.append(Rejected(key, answers[key], reason))
    return kept, tuple(rejected)


def _refusal(snapshot: Snapshot, key: str, value: str) -> Reason | None:
    question = snapshot.questions.get(key)
    if question is not None:
        known = value == ASK or _by_person(snapshot, question, value) is not None
    elif key in snapshot.outcomes:
        known = value in FEEDBACK
    else:
        return "no such question"
    return None if known else "no such answer"
