"""What open screens ask again and again: whether a case is still as they show it.

Each process remembers for WATCH_SECONDS what the cases on screens were like, and one look brings
all of them up to date. What is remembered only ever says that nothing is new: whoever shows
something else is looked for at once. So news is late by WATCH_SECONDS at most, with any number of
processes, and no cache has to be there for it.
"""

import threading
import time
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.conf import settings
from django.utils import timezone

from wizard.models import Case

_Key = TypeVar("_Key", bound=Hashable)

MOST: Final = 5_000
"""Screens that a process remembers; whoever else asks costs a query of their own."""

_LEFT_ALONE: Final = 5.0
"""Seconds after which a screen that has not asked again is closed."""


@dataclass(slots=True)
class _Seen:
    """What a screen would show now; `at` and `asked` on the monotonic clock."""

    shown: str
    at: float
    asked: float


class Watching(Generic[_Key]):
    """What screens show, by their keys. Safe for threads."""

    def __init__(self, look: Callable[[Collection[_Key]], Mapping[_Key, str]]) -> None:
        """`look` finds what screens would show now; it leaves out those that have nothing to."""
        self._look = look
        self._seen: dict[_Key, _Seen] = {}
        self._looking = threading.Lock()

    def still(self, key: _Key, shown: str) -> bool:
        """Whether a screen that shows this is up to date, or was WATCH_SECONDS ago.

        Queries: none, or one look for all screens that have asked lately; where there is news, or
        somebody asks for the first time, one look for this screen alone.
        """
        now = time.monotonic()
        seen = self._seen.get(key)
        if seen is not None:
            seen.asked = now
            if not _is_fresh(seen, now):
                self._refresh(key)
                seen = self._seen.get(key)
            if seen is not None and seen.shown == shown and _is_fresh(seen, now):
                return True
        found = self._look([key]).get(key)
        if found is None:
            self._seen.pop(key, None)
        elif key in self._seen or len(self._seen) < MOST:
            self._seen[key] = _Seen(found, now, now)
        return found == shown

    def _refresh(self, key: _Key) -> None:
        with self._looking:
            now = time.monotonic()
            seen = self._seen.get(key)
            if seen is None or _is_fresh(seen, now):  # whoever had the lock has looked
                return
            asked = {one: known.asked for one, known in self._seen.copy().items()}
            open_now = [one for one, at in asked.items() if now - at < _LEFT_ALONE]
            found = self._look(open_now) if settings.WATCH_SECONDS else {}
            self._seen = {one: _Seen(shown, now, asked[one]) for one, shown in found.items()}

    def forget(self) -> None:
        """Begin anew (tests)."""
        self._seen = {}


def _is_fresh(seen: _Seen, now: float) -> bool:
    return now - seen.at < settings.WATCH_SECONDS


def _versions(tokens: Collection[str]) -> Mapping[str, str]:
    """The versions of cases by the tokens that reach them; a query for each kind of them."""
    versions = Case.objects.versions_by_token(tokens, timezone.now())
    return {token: str(version) for token, version in versions.items()}


customers: Final = Watching(_versions)
"""The screens of customers, by the token in their address; what they show is a version."""
