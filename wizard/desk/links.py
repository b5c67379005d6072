"""Links that let a customer look on: made, shown, revoked."""

from datetime import datetime, timedelta

from django.conf import settings

from wizard.cases import changing
from wizard.models import Case, CaseEvent, CaseLink


def share(token: str, *, by: str, now: datetime) -> CaseLink:
    """Make an address that opens the case for a customer, for LINK_HOURS."""
    with changing.changing(token, now) as case:
        link = CaseLink.objects.create(
            case=case,
            made_by=by,
            made_at=now,
            expires_at=now + timedelta(hours=settings.LINK_HOURS),
        )
        changing.note(case, CaseEvent.Kind.SHARED, now, by=by)
    return link


def revoke(token: str, *, by: str, now: datetime) -> Case:
    """Close all addresses of the case that agents have given away."""
    with changing.changing(token, now) as case:
        if case.links.filter(revoked_at__isnull=True).update(revoked_at=now):
            changing.note(case, CaseEvent.Kind.REVOKED, now, by=by)
    return case


def current_link(case: Case, now: datetime) -> CaseLink | None:
    """The last address that was given away and is still good."""
    return case.links.filter(revoked_at__isnull=True, expires_at__gt=now).first()
