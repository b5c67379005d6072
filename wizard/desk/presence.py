"""Who else looks at a case, and whether a screen is behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core import signing

from wizard.models import Case, Viewer


def watch(case_pk: int, agent_pk: int, now: datetime) -> str:
    """`seen` as of now, by one query; and every now and then, that this agent is still looking."""
    rows = list(
        Viewer.objects.filter(case=case_pk)
        .order_by("agent_id")
        .values_list("agent_id", "at", "case__version")
    )
    own = next((at for agent, at, _ in rows if agent == agent_pk), None)
    if own is not None and now - own > _SAYS_SO_EVERY:
        Viewer.objects.filter(case=case_pk, agent=agent_pk).update(at=now)
    here = [agent for agent, at, _ in rows if agent != agent_pk and now - at < _HERE]
    return seen(rows[0][2], here) if rows else ""


_SALT: Final = "wizard.desk.watch"

_SHIFT: Final = 12 * 60 * 60


def watch_token(case_pk: int, agent_pk: int) -> str:
    """What lets a screen ask whether there is news, without a session to read each time.

    It tells nothing but that something has changed, and is good for one shift.
    """
    return signing.dumps([case_pk, agent_pk], salt=_SALT)


def watched(token: str) -> tuple[int, int] | None:
    """The keys of case and agent in `watch_token`; None if it was made up or is too old."""
    try:
        case_pk, agent_pk = signing.loads(token, salt=_SALT, max_age=_SHIFT)
    except signing.BadSignature:
        return None
    return case_pk, agent_pk


_HERE: Final = timedelta(seconds=45)
"""An agent whose screen has said nothing for so long is not looking any more."""

_SAYS_SO_EVERY: Final = timedelta(seconds=20)


def looks(case: Case, agent: User, now: datetime) -> None:
    """Keep that an agent has the case on screen. One statement, safe for two windows at once."""
    Viewer.objects.bulk_create(
        [Viewer(case=case, agent=agent, at=now)],
        update_conflicts=True,
        unique_fields=["case", "agent"],
        update_fields=["at"],
    )


def others(case: Case, agent: User, now: datetime) -> list[tuple[int, str]]:
    """Who else is looking at the case now: keys and user names."""
    rows = case.viewers.filter(at__gt=now - _HERE).exclude(agent=agent).order_by("agent_id")
    return list(rows.values_list("agent_id", "agent__username"))


def seen(version: int, others: Sequence[int]) -> str:
    """What a screen shows, in one word: if it is another one now, there is news."""
    return "-".join(map(str, [version, *others]))
