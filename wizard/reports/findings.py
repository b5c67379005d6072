"""Evidence of a case: from the pasted text, from stored status reports, from look-ups."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from wizard.engine.evidence import EMPTY, Evidence, Finding, Value
from wizard.models import StatusReport
from wizard.pasted.fields import region_of
from wizard.sms.delivery import PASSING, Report, Standing, verdict

REPORTS: Final = "status reports"
"""The source of what the stored status reports say."""

_MAX_REPORTS: Final = 200
_QUIET: Final = timedelta(hours=24)


def of_reports(message_id: str, now: datetime) -> list[Finding]:
    """What the status reports say about a message; nothing where they cannot say anything.

    That no report is stored says something only where reports do come in: without any in the last
    day (`REPORTS_ALWAYS_PUSHED` off), the missing one is *unknown*, not *not there*.
    """
    if not message_id:
        return []
    rows = list(StatusReport.objects.of_message(message_id)[:_MAX_REPORTS])
    if rows:
        return _of_rows(rows)
    if settings.REPORTS_ALWAYS_PUSHED or StatusReport.objects.received_since(now - _QUIET).exists():
        return [Finding("report.present", False, REPORTS, now)]
    return []


def _of_rows(rows: Sequence[StatusReport]) -> list[Finding]:
    standing, place = verdict([_report(row) for row in rows])
    row = rows[place]
    values: dict[str, Value | None] = {
        "report.present": True,
        # While parts are missing, the message is neither delivered nor failed.
        "report.status": None if standing is Standing.PARTIAL else row.status.upper(),
        "report.source": row.source or None,
        "message.region": region_of(row.recipient_masked) or None,
    }
    at = row.received_at
    return [
        Finding(fact, value, REPORTS, at) for fact, value in values.items() if value is not None
    ]


def _report(row: StatusReport) -> Report:
    at = row.update_time
    updated_at = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if at else None
    return Report(row.status.upper(), row.source, row.sequence, row.total, updated_at)


def of_recent_failures(now: datetime) -> Finding:
    """How many reports of the last hour say that an SMS failed for good."""
    recent = StatusReport.objects.received_since(now - timedelta(hours=1))
    failed = recent.exclude(status__in=["DELIVRD", *PASSING]).count()
    return Finding("messages.failed_last_hour", failed, REPORTS, now)


def merge(
    pasted: Iterable[Finding], reports: Iterable[Finding], looked_up: Iterable[Finding]
) -> Evidence:
    """One finding for each fact.

    What is stored or looked up is nearer to the platform than a pasted text, so it wins; but that
    no report is stored does not undo a report that somebody holds in their hands.
    """
    found = {finding.fact: finding for finding in pasted}
    stored = {finding.fact: finding for finding in reports}
    present = stored.get("report.present")
    if present is not None and present.value is True:
        found = {fact: f for fact, f in found.items() if not fact.startswith("report.")}
    elif present is not None and "report.present" in found:
        stored = {}
    return {**found, **stored, **{finding.fact: finding for finding in looked_up}}


# --- as JSON --------------------------------------------------------------------------------------


def to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a case keeps them."""
    return [
        {
            "fact": finding.fact,
            **_value_to_json(finding.value),
            "source": finding.source,
            "at": finding.observed_at.isoformat() if finding.observed_at else None,
        }
        for finding in findings
    ]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings that `to_json` wrote."""
    return [
        Finding(row["fact"], _value_from_json(row), row["source"], _moment(row["at"]))
        for row in rows
    ]


def _value_to_json(value: Value) -> dict[str, Any]:
    if value is EMPTY:
        return {"empty": True}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"value": value}


def _value_from_json(row: Mapping[str, Any]) -> Value:
    if row.get("empty"):
        return EMPTY
    moment = _moment(row.get("moment"))
    return moment if moment is not None else row["value"]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
