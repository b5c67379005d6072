"""What the look-ups of a case have brought, kept with it.

`Case.lookups` has one entry for each call of the platform: `state` is `running`, `done` or
`failed`; `since` when it began; `findings` what it said; `reason` why it failed, `seconds` after
how long (`wizard/lookups/base.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from wizard.cases.changing import changing, note
from wizard.cases.standing import Standing, standing
from wizard.engine.evidence import Finding, from_json, to_json
from wizard.lookups.base import CallName, CallResult
from wizard.models import Case, CaseEvent
from wizard.reports.findings import of_reports

# A process that ended in the middle of a look-up leaves it running: after this it has failed.
_LOST_AFTER: Final = timedelta(seconds=15)


def fresh(case: Case, now: datetime) -> Standing:
    """Where a case stands, with reports that have come in since, and no look-up that is lost."""
    return standing(read_reports(give_up_lost(case, now=now), now=now), now)


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


def looked_up(token: str, calls: Sequence[CallResult], *, now: datetime) -> Case:
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


def _entry(call: CallResult) -> dict[str, Any]:
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
