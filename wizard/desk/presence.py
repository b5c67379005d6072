"""Who else looks at a case, and whether a screen is behind."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core import signing
from django.utils import timezone

from wizard.cases.watching import Watching
from wizard.models import Case, Viewer

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


_Screen = tuple[int, int]
"""The keys of the case and of the agent who has it on screen."""


def watch(screens: Collection[_Screen], now: datetime) -> Mapping[_Screen, str]:
    """`seen` as of now, by one query; and every now and then, that these agents still look."""
    cases = {case for case, _agent in screens}
    rows = Viewer.objects.filter(case__in=cases).order_by("agent_id")
    viewers: dict[int, list[tuple[int, int, datetime]]] = {}
    versions: dict[int, int] = {}
    columns = ("pk", "case", "agent", "at", "case__version")
    for key, case, agent, at, version in rows.values_list(*columns):
        viewers.setdefault(case, []).append((key, agent, at))
        versions[case] = version
    _say_so(screens, viewers, now)
    return {
        (case, own): seen(
            versions[case],
            [agent for _key, agent, at in viewers[case] if agent != own and now - at < _HERE],
        )
        for case, own in screens
        if case in versions
    }


def _say_so(
    screens: Collection[_Screen],
    viewers: Mapping[int, Sequence[tuple[int, int, datetime]]],
    now: datetime,
) -> None:
    """Keep that these agents still look, where it was kept some time ago."""
    wanted = set(screens)
    late = [
        key
        for case, looks in viewers.items()
        for key, agent, at in looks
        if (case, agent) in wanted and now - at > _SAYS_SO_EVERY
    ]
    if late:
        Viewer.objects.filter(pk__in=late).update(at=now)


screens: Final = Watching(lambda open_now: watch(open_now, timezone.now()))
"""The screens of agents; what they show is a version, and who else is here."""
