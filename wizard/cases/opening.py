"""Opening a case from a pasted text, and deleting old ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from wizard.cases.changing import note, settle
from wizard.engine.evidence import Evidence, merge, to_json
from wizard.engine.fitting import fit
from wizard.models import Case, CaseEvent, StatusReport
from wizard.pasted.reading import Reading
from wizard.published.live import live
from wizard.reports.findings import of_reports


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
    settle(case, now)
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


def purge(*, now: datetime) -> int:
    """Delete cases that nobody has touched for CASE_RETENTION_DAYS, with their events."""
    old = Case.objects.untouched_since(now - timedelta(days=settings.CASE_RETENTION_DAYS))
    _, deleted = old.delete()
    return deleted.get("wizard.Case", 0)
