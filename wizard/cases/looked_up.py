"""Cases: what may be done with a stored walk. Each verb is one transaction, safe for two at once.

`Case.lookups` has one entry for each call of the platform: `state` is `running`, `done` or
`failed`; `since` when it began; `findings` what it said; `reason` why it failed, `seconds` after
how long (`wizard/lookups/base.py`).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from wizard.engine.evidence import Evidence, Finding
from wizard.engine.fitting import fit
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import ASK, Walk, walk
from wizard.lookups.base import Call, CallName
from wizard.models import Case, CaseEvent, StatusReport
from wizard.pasted.fields import Reading
from wizard.published.live import live
from wizard.reports.findings import from_json, merge, of_reports, to_json

logger = logging.getLogger("wizard.cases")


class NotAnAnswer(ValueError):
    """What was given is no answer to that question in this case's guide."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands now: its guide, what is known, and where that leads."""

    case: Case
    snapshot: Snapshot
    evidence: Evidence
    walk: Walk
    now: datetime
    _without: dict[str, Walk] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def place(self) -> str:
        """The key of the node where the walk rests."""
        return self.walk.place

    def walk_with(self, answers: Mapping[str, str]) -> Walk:
        """The walk if these had been the answers."""
        return walk(self.snapshot, answers, self.evidence, self.now, self.case.start)

    def without(self, key: str) -> Walk:
        """The walk if nothing had been given at this node; walked once, whoever asks for it."""
        if key not in self._without:
            answers = self.case.answers
            others = {name: value for name, value in answers.items() if name != key}
            self._without[key] = self.walk_with(others)
        return self._without[key]

    @property
    def running(self) -> list[str]:
        """Look-ups that have not come back."""
        return [name for name, entry in self.case.lookups.items() if entry["state"] == "running"]


# --- reading --------------------------------------------------------------------------------------

# A process that ended in the middle of a look-up leaves it running: after this it has failed.
_LOST_AFTER: Final = timedelta(seconds=15)


def standing(case: Case, now: datetime) -> Standing:
    """Where a case stands. One query at most: its publication, if this process has not met it."""
    snapshot = live.pinned(case.publication_id)
    found = _evidence(case)
    return Standing(
        case, snapshot, found, walk(snapshot, case.answers, found, now, case.start), now
    )


def fresh(case: Case, now: datetime) -> Standing:
    """Where a case stands, with reports that have come in since, and no look-up that is lost."""
    return standing(read_reports(give_up_lost(case, now=now), now=now), now)


def _evidence(case: Case) -> Evidence:
    looked_up = [
        finding
        for entry in case.lookups.values()
        for finding in from_json(entry.get("findings", []))
    ]
    return merge(from_json(case.pasted), from_json(case.reports), looked_up)


# --- opening --------------------------------------------------------------------------------------


def open_case(
    reading: Reading,
    *,
    now: datetime,
    sample: str = "",
    recipient_hash: str = "",
    agent: User | None = None,
) -> Case:
    """Keep what was understood of a text, and read the status reports of its message.

    The text itself is not kept. The case goes by the guide that fits what is known best.

    Args:
        recipient_hash: of the number that was asked about, where that is known.
        agent: who opens the case at the desk, and works on it from then on; None for a customer.

    Raises:
        LookupError: no guide is published.
    """
    reports = of_reports(reading.message_id, now)
    found = merge(reading.evidence.values(), reports, [])
    case = Case(
        publication_id=_best_guide(found, now),
        message_id=reading.message_id,
        recipient_masked=reading.recipient[:32],
        recipient_hash=recipient_hash,
        agent=agent,
        subject=_subject(reading),
        sample=sample,
        pasted=to_json(reading.evidence.values()),
        reports=to_json(reports),
        opened_at=now,
        changed_at=now,
    )
    _name_recipient(case)
    _settle(case, now)
    with transaction.atomic():
        _insert(case)
        by = agent.get_username() if agent is not None else ""
        note(case, CaseEvent.Kind.OPENED, now, value=str(reading.kind), by=by)
    return case


def _name_recipient(case: Case) -> None:
    """The number that the message went to, as its first report has it."""
    if case.recipient_hash and case.recipient_masked:
        return
    report = StatusReport.objects.of_message(case.message_id).first() if case.message_id else None
    if report is not None:
        case.recipient_hash = case.recipient_hash or report.recipient_hash
        case.recipient_masked = case.recipient_masked or report.recipient_masked


def _best_guide(found: Evidence, now: datetime) -> int:
    """The publication of the guide that fits best, the first on the home page among equals."""
    fits = {
        publication: fit(snapshot, found, now)
        for publication, snapshot in live.publications.items()
    }
    if not fits:
        raise LookupError("no guide is published")
    return max(fits, key=lambda publication: fits[publication])


def _subject(reading: Reading) -> dict[str, str]:
    named = {"template_id": reading.template_id, "channel_number": reading.channel_number}
    return {name: value for name, value in named.items() if value}


def _insert(case: Case) -> None:
    """Save a new case; of 700 million references two may be the same once."""
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        fresh = Case()
        case.token, case.reference = fresh.token, fresh.reference
        case.save()


# --- answering ------------------------------------------------------------------------------------


def give(token: str, *, key: str, value: str, now: datetime, by: str = "") -> Case:
    """Answer a question, or say at an outcome whether it helped; it replaces what was given before.

    `ASK` overrules what evidence has answered, and the rest of the case stays as it is. The same
    once more, by a second click, is no second event. `by` is the user name of an agent,
    "" for the customer; so it is in all that follows.

    Raises:
        Case.DoesNotExist: there is no such case.
        NotAnAnswer: the case's guide has no such question, or the question no such answer.
    """
    with changing(token, now) as case:
        snapshot = live.pinned(case.publication_id)
        if walk(snapshot, {key: value}, {}, now).rejected or not value:
            raise NotAnAnswer(key)
        if case.answers.get(key) == value:
            return case
        case.answers = {**case.answers, key: value}
        kind = _kind_of(snapshot, key, value)
        note(case, kind, now, key=key, value="" if value == ASK else value, by=by)
    return case


def withdraw(token: str, *, key: str, now: datetime, by: str = "") -> Case:
    """Take back what a person gave: the question is asked again, or evidence answers it again.

    Raises:
        Case.DoesNotExist: there is no such case.
    """
    with changing(token, now) as case:
        given = dict(case.answers)
        if given.pop(key, None) is not None:
            case.answers = given
            note(case, CaseEvent.Kind.WITHDRAWN, now, key=key, by=by)
    return case


def _kind_of(snapshot: Snapshot, key: str, value: str) -> CaseEvent.Kind:
    if key in snapshot.outcomes:
        return CaseEvent.Kind.FEEDBACK
    return CaseEvent.Kind.OVERRULED if value == ASK else CaseEvent.Kind.ANSWERED


# --- looking up -----------------------------------------------------------------------------------


def read_reports(case: Case, *, now: datetime) -> Case:
    """Read the status reports of the case's message again, and keep what they say if it is new.

    Reports that have been purged since do not undo what they said.
    """
    found = of_reports(case.message_id, now)
    if _said(found) == _said(from_json(case.reports)) or not found:
        return case
    with changing(case.token, now) as fresh:
        fresh.reports = to_json(found)
        note(fresh, CaseEvent.Kind.LOOKED_UP, now, key="reports")
    return fresh


def _said(findings: Iterable[Finding]) -> dict[str, object]:
    return {finding.fact: finding.value for finding in findings}


def begin_lookups(token: str, names: Iterable[CallName], *, now: datetime) -> Case:
    """Mark look-ups as running."""
    with changing(token, now) as case:
        running = {"state": "running", "since": now.isoformat()}
        case.lookups = {**case.lookups, **dict.fromkeys(names, running)}
    return case


def looked_up(token: str, calls: Sequence[Call], *, now: datetime) -> Case:
    """Keep what look-ups said, or why they failed."""
    with changing(token, now) as case:
        case.lookups = {**case.lookups, **{call.name: _entry(call) for call in calls}}
        for call in calls:
            state = case.lookups[call.name]["state"]
            note(case, CaseEvent.Kind.LOOKED_UP, now, key=call.name, value=state)
    return case


def give_up_lost(case: Case, *, now: datetime) -> Case:
    """Call look-ups failed that nobody will finish any more."""
    lost = {
        name: {"state": "failed", "reason": "interrupted"}
        for name, entry in case.lookups.items()
        if entry["state"] == "running" and now - _since(entry) > _LOST_AFTER
    }
    if not lost:
        return case
    with changing(case.token, now) as fresh:
        still = {name: entry for name, entry in lost.items() if _is_running(fresh, name)}
        fresh.lookups = {**fresh.lookups, **still}
    return fresh


def _is_running(case: Case, name: str) -> bool:
    return bool(case.lookups.get(name, {}).get("state") == "running")


def _since(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["since"])


def _entry(call: Call) -> dict[str, Any]:
    findings = to_json(call.findings)
    if call.failure is None:
        return {"state": "done", "findings": findings}
    seconds = round(call.seconds, 1)
    return {
        "state": "failed",
        "reason": call.failure.reason,
        "seconds": seconds,
        # What is known without the platform, such as the mode from the site's own settings.
        "findings": findings,
    }


# --- forgetting -----------------------------------------------------------------------------------


def purge(*, now: datetime) -> int:
    """Delete cases that nobody has touched for CASE_RETENTION_DAYS, with their events."""
    old = Case.objects.untouched_since(now - timedelta(days=settings.CASE_RETENTION_DAYS))
    _, deleted = old.delete()
    return deleted.get("wizard.Case", 0)


# --- writing --------------------------------------------------------------------------------------

_KEPT: Final = ("answers", "reports", "lookups", "start", "tried", "agent_id", "queue_id", "state")
"""What a verb may change. A change of any of them is a new version, as a new event is."""


@contextmanager
def changing(token: str, now: datetime) -> Iterator[Case]:
    """One case, locked, changed and saved with a new version. Two at once follow one another.

    Raises:
        Case.DoesNotExist: there is no such case.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(token=token)
        before = _kept(case)
        yield case
        _settle(case, now)
        if case.has_news or before != _kept(case):
            case.version += 1
            case.changed_at = now
            case.save(update_fields=[*_KEPT, "place", "version", "changed_at"])


def _kept(case: Case) -> list[object]:
    return [getattr(case, name) for name in _KEPT]


def _settle(case: Case, now: datetime) -> None:
    """Bring what the lists show into line with where the walk rests."""
    stands = standing(case, now)
    case.place = stands.place
    if stands.walk.solved:
        case.state = Case.State.SOLVED
    elif case.state == Case.State.SOLVED:
        case.state = Case.State.OPEN


def note(
    case: Case,
    kind: CaseEvent.Kind,
    now: datetime,
    *,
    key: str = "",
    value: str = "",
    by: str = "",
    text: str = "",
) -> None:
    """Add to what happened to a case. Inside `changing` it makes a new version."""
    case.has_news = True
    CaseEvent.objects.create(
        case=case, kind=kind, key=key, value=value[:150], by=by, text=text, at=now
    )
