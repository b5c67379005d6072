"""Evidence of a case: from the pasted text, from stored status reports, from look-ups."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from wizard.engine.evidence import Finding, Value
from wizard.models import StatusReport
from wizard.sms.delivery import PASSING, DeliveryState, Report, delivery_of
from wizard.sms.numbers import region_of

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
    standing, place = delivery_of([_report(row) for row in rows])
    row = rows[place]
    values: dict[str, Value | None] = {
        "report.present": True,
        # While parts are missing, the message is neither delivered nor failed.
        "report.status": None if standing is DeliveryState.PARTIAL else row.status.upper(),
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
