"""Cases: what may be done with a stored walk. Each verb is one transaction, safe for two at once.

`Case.lookups` has one entry for each call of the platform: `state` is `running`, `done` or
`failed`; `since` when it began; `findings` what it said; `reason` why it failed, `seconds` after
how long (`wizard/lookups/base.py`).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from wizard import evidence
from wizard.engine.evidence import Evidence, Finding
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import ASK, AtQuestion, Lost, Walk, walk
from wizard.live import live
from wizard.lookups.base import Call, CallName
from wizard.models import Case, CaseEvent
from wizard.reading import Reading

logger = logging.getLogger(__name__)


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

    @property
    def place(self) -> str:
        """The key of the node where the walk rests."""
        return place_of(self.walk)

    @property
    def running(self) -> list[str]:
        """Look-ups that have not come back."""
        return [name for name, entry in self.case.lookups.items() if entry["state"] == "running"]


def place_of(walk: Walk) -> str:
    """The key of the node where a walk rests."""
    at = walk.at
    if isinstance(at, AtQuestion):
        return at.question.key
    return at.key if isinstance(at, Lost) else at.outcome.key


# --- reading --------------------------------------------------------------------------------------

# A process that ended in the middle of a look-up leaves it running: after this it has failed.
_LOST_AFTER: Final = timedelta(seconds=15)


def standing(case: Case, now: datetime) -> Standing:
    """Where a case stands. One query at most: its publication, if this process has not met it."""
    snapshot = live.pinned(case.publication_id)
    found = _evidence(case)
    return Standing(case, snapshot, found, walk(snapshot, case.answers, found, now), now)


def _evidence(case: Case) -> Evidence:
    looked_up = [
        finding
        for entry in case.lookups.values()
        for finding in evidence.from_json(entry.get("findings", []))
    ]
    return evidence.merge(
        evidence.from_json(case.pasted), evidence.from_json(case.reports), looked_up
    )


# --- opening --------------------------------------------------------------------------------------


def open_case(reading: Reading, *, now: datetime, sample: str = "") -> Case:
    """Keep what was understood of a text, and read the status reports of its message.

    The text itself is not kept. The case goes by the guide that what is known leads furthest into.

    Raises:
        LookupError: no guide is published.
    """
    reports = evidence.of_reports(reading.message_id, now)
    found = evidence.merge(reading.evidence.values(), reports, [])
    case = Case(
        publication_id=_best_guide(found, now),
        message_id=reading.message_id,
        recipient_masked=reading.recipient[:32],
        subject=_subject(reading),
        sample=sample,
        pasted=evidence.to_json(reading.evidence.values()),
        reports=evidence.to_json(reports),
        opened_at=now,
        changed_at=now,
    )
    with transaction.atomic():
        _insert(case)
        _note(case, CaseEvent.Kind.OPENED, now, value=str(reading.kind))
    return case


def _best_guide(found: Evidence, now: datetime) -> int:
    ways = [
        (len(walk(snapshot, {}, found, now).answered), publication)
        for publication, snapshot in live.publications.items()
    ]
    if not ways:
        raise LookupError("no guide is published")
    return max(ways, key=lambda way: way[0])[1]


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


def give(token: str, *, key: str, value: str, now: datetime) -> Case:
    """Answer a question, or say at an outcome whether it helped; it replaces what was given before.

    Raises:
        Case.DoesNotExist: there is no such case.
        NotAnAnswer: the case's guide has no such question, or the question no such answer.
    """
    with _changing(token, now) as case:
        snapshot = live.pinned(case.publication_id)
        if walk(snapshot, {key: value}, {}, now).rejected or not value:
            raise NotAnAnswer(key)
        case.answers = {**case.answers, key: value}
        kind = _kind_of(snapshot, key, value)
        _note(case, kind, now, key=key, value="" if value == ASK else value)
    return case


def overrule(token: str, *, key: str, now: datetime) -> Case:
    """Ask a question that evidence has answered; the rest of the case stays as it is.

    Raises:
        Case.DoesNotExist, NotAnAnswer: as `give`.
    """
    return give(token, key=key, value=ASK, now=now)


def withdraw(token: str, *, key: str, now: datetime) -> Case:
    """Take back what a person gave: the question is asked again, or evidence answers it again.

    Raises:
        Case.DoesNotExist: there is no such case.
    """
    with _changing(token, now) as case:
        given = dict(case.answers)
        if given.pop(key, None) is not None:
            case.answers = given
            _note(case, CaseEvent.Kind.WITHDRAWN, now, key=key)
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
    found = evidence.of_reports(case.message_id, now)
    if _said(found) == _said(evidence.from_json(case.reports)) or not found:
        return case
    with _changing(case.token, now) as fresh:
        fresh.reports = evidence.to_json(found)
        _note(fresh, CaseEvent.Kind.LOOKED_UP, now, key="reports")
    return fresh


def _said(findings: Iterable[Finding]) -> dict[str, object]:
    return {finding.fact: finding.value for finding in findings}


def begin_lookups(token: str, names: Iterable[CallName], *, now: datetime) -> Case:
    """Mark look-ups as running."""
    with _changing(token, now) as case:
        running = {"state": "running", "since": now.isoformat()}
        case.lookups = {**case.lookups, **dict.fromkeys(names, running)}
    return case


def looked_up(token: str, calls: Sequence[Call], *, now: datetime) -> Case:
    """Keep what look-ups said, or why they failed."""
    with _changing(token, now) as case:
        case.lookups = {**case.lookups, **{call.name: _entry(call) for call in calls}}
        for call in calls:
            state = case.lookups[call.name]["state"]
            _note(case, CaseEvent.Kind.LOOKED_UP, now, key=call.name, value=state)
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
    with _changing(case.token, now) as fresh:
        still = {name: entry for name, entry in lost.items() if _is_running(fresh, name)}
        fresh.lookups = {**fresh.lookups, **still}
    return fresh


def _is_running(case: Case, name: str) -> bool:
    return case.lookups.get(name, {}).get("state") == "running"


def _since(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["since"])


def _entry(call: Call) -> dict[str, Any]:
    findings = evidence.to_json(call.findings)
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


@contextmanager
def _changing(token: str, now: datetime) -> Iterator[Case]:
    """One case, locked, changed and saved with a new version. Two at once follow one another."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(token=token)
        before = (case.answers, case.reports, case.lookups)
        yield case
        if before != (case.answers, case.reports, case.lookups):
            case.version += 1
            case.changed_at = now
            case.save(update_fields=["answers", "reports", "lookups", "version", "changed_at"])


def _note(
    case: Case, kind: CaseEvent.Kind, now: datetime, *, key: str = "", value: str = ""
) -> None:
    CaseEvent.objects.create(case=case, kind=kind, key=key, value=value, at=now)
