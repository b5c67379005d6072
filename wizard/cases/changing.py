"""The one way in which a case changes: locked, with its events, once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction

from wizard.cases.standing import standing
from wizard.models import Case, CaseEvent

logger = logging.getLogger("wizard.cases")

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
        settle(case, now)
        if case.has_news or before != _kept(case):
            case.version += 1
            case.changed_at = now
            case.save(update_fields=[*_KEPT, "place", "version", "changed_at"])


def _kept(case: Case) -> list[object]:
    return [getattr(case, name) for name in _KEPT]


def settle(case: Case, now: datetime) -> None:
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
