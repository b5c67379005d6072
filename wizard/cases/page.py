"""What the page of a case shows: the walk, and what is known already with source and time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from wizard.cases.standing import Standing
from wizard.engine.evidence import Finding, with_clock
from wizard.engine.walk import ASK, Answered
from wizard.models import Case
from wizard.walks.page import WalkPage, walk_page
from wizard.wording import evidence
from wizard.wording.evidence import ShownOrigin
from wizard.wording.guide import answer_words
from wizard.wording.lookups import CALLS, failure


@dataclass(frozen=True, slots=True)
class Known:
    """One finding in words. `at` is when its source was read, None for a text without a time."""

    fact: str
    value: str | datetime
    source: str
    at: datetime | None
    age: str
    recent: bool

    @property
    def is_moment(self) -> bool:
        return isinstance(self.value, datetime)


@dataclass(frozen=True, slots=True)
class Settled:
    """A question that evidence has answered (or would, if it were not `overruled`)."""

    key: str
    question: str
    answer: str
    overruled: bool


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Findings, and the questions that they answer. `origin`: record, pasted or time."""

    origin: ShownOrigin
    findings: tuple[Known, ...]
    settled: tuple[Settled, ...]

    @property
    def for_customer(self) -> str:
        """The words of `origin` for whoever has pasted the text themselves."""
        return str(evidence.ORIGINS_FOR_CUSTOMERS[self.origin])

    @property
    def for_agent(self) -> str:
        """The words of `origin` for whoever looks at what a customer has pasted."""
        return str(evidence.ORIGINS_FOR_AGENTS[self.origin])


@dataclass(frozen=True, slots=True)
class CaseAddresses:
    """The addresses by which somebody goes in and out of a case.

    `changes` is asked every other second for what somebody else has done, "" where nobody else is
    there; `lookups` now and then for what has come in.
    """

    url: str
    answers: str
    lookups: str
    changes: str = ""


def customer_door(case: Case, token: str) -> CaseAddresses:
    """The door of whoever holds this token: the case's own, or a link's.

    Somebody else is there if an agent gave the link, or works on the case.
    """
    shared = token != case.token or case.agent_id is not None
    return CaseAddresses(
        url=reverse("wizard:case", args=[token]),
        answers=reverse("wizard:case_answers", args=[token]),
        lookups=reverse("wizard:case_lookups", args=[token]),
        changes=reverse("wizard:case_changes", args=[token]) if shared else "",
    )


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of a case.

    `failed` says in words which look-ups failed and why; `checks_again` is the number of seconds
    after which the page looks for news, 0 for never.
    """

    walk: WalkPage
    reference: str
    door: CaseAddresses
    known: tuple[KnownRow, ...]
    also_known: tuple[Known, ...]
    running: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    sample: bool
    version: int
    place: str
    checks_again: int

    @property
    def settled_count(self) -> int:
        """How many questions are answered by what is known."""
        return sum(not one.overruled for row in self.known for one in row.settled)


def case_page(
    standing: Standing,
    door: CaseAddresses,
    *,
    error: str = "",
    typed: str = "",
    typed_url: str = "",
    near: tuple[str, ...] = (),
    addressed: bool = False,
) -> CasePage:
    """The page of a case as it stands. The arguments are those of `walk_page`."""
    case, now = standing.case, standing.now
    settled = list(_settled(standing))
    used = {finding.fact for step, _ in settled for finding in step.because}
    return CasePage(
        walk=walk_page(
            standing.snapshot,
            standing.walk,
            base=door.url,
            home=reverse("wizard:home"),
            now=now,
            error=error,
            typed=typed,
            typed_url=typed_url,
            near=near,
            addressed=addressed,
            post_url=door.answers,
        ),
        reference=case.reference,
        door=door,
        known=tuple(_rows(settled, now)),
        also_known=tuple(
            _known(finding, now)
            for fact, finding in with_clock(standing.evidence, now).items()
            if fact not in used
        ),
        running=tuple(str(CALLS[name]) for name in standing.running),
        failed=tuple(_failures(standing)),
        sample=bool(case.sample),
        version=case.version,
        place=standing.place,
        checks_again=_checks_again(standing),
    )


def _checks_again(standing: Standing) -> int:
    """Soon while look-ups run, now and then while a status report may still come."""
    if standing.running:
        return 1
    report = standing.evidence.get("report.present")
    waiting = standing.walk.waits and report is not None and report.value is False
    return settings.CASE_POLL_SECONDS if waiting else 0


def _settled(standing: Standing) -> Iterator[tuple[Answered, bool]]:
    """The steps that evidence decided, and those that it would decide if it were not overruled.

    What would have been taken without the person's word is found by walking without it.
    """
    answers = standing.case.answers
    for step in standing.walk.answered:
        if not step.by_person:
            yield step, False
        elif step.key in answers:
            yield from _overruled(step.key, standing)
    if standing.walk.question is not None and answers.get(standing.place) == ASK:
        yield from _overruled(standing.place, standing)


def _overruled(key: str, standing: Standing) -> Iterator[tuple[Answered, bool]]:
    for step in standing.without(key).answered:
        if step.key == key and not step.by_person:
            yield step, True


def _rows(steps: Iterable[tuple[Answered, bool]], now: datetime) -> Iterator[KnownRow]:
    """Steps that the same findings decided, one after the other, share a row."""
    for because, group in groupby(steps, key=lambda step: step[0].because):
        settled = list(group)
        yield KnownRow(
            origin=evidence.shown_origin(settled[0][0]),
            findings=tuple(_known(finding, now) for finding in because),
            settled=tuple(
                Settled(step.key, step.title, answer_words(step), overruled)
                for step, overruled in settled
            ),
        )


def _known(finding: Finding, now: datetime) -> Known:
    at = finding.observed_at
    hours = max((now - at).total_seconds(), 0) / 3600 if at else 0.0
    return Known(
        fact=str(evidence.FACTS[finding.fact]),
        value=evidence.value(finding),
        source=str(evidence.SOURCES.get(finding.source, finding.source)),
        at=at,
        age=evidence.ago(hours) if at else "",
        recent=hours < 12,
    )


def _failures(standing: Standing) -> Iterator[tuple[str, str]]:
    for name, entry in standing.case.lookups.items():
        if entry["state"] == "failed":
            yield str(CALLS[name]), failure(entry["reason"], entry.get("seconds"))
