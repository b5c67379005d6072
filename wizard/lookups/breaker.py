"""The circuit breaker: a platform that fails again and again is left alone for a while.

Shared by all processes through the cache. Five failures within a minute open it: for 30 seconds no
call is made. Then one call tries; it closes the breaker, or opens it for another 30 seconds.
"""

from __future__ import annotations

from typing import Final

from wizard.lookups.base import LookupFailed, Reason
from wizard.lookups.shared import Shared, key_of

FAILURES: Final = 5
WINDOW_SECONDS: Final = 60
PAUSE_SECONDS: Final = 30
TRIAL_SECONDS: Final = 15
"""A trial that was not ended after these (its process is gone) is forgotten."""

_REMEMBERED_SECONDS: Final = 600
"""So long after the last failure a breaker still lets only one call try."""

COUNTED: Final[frozenset[Reason]] = frozenset(
    {"timeout", "connection", "unknown-host", "tls", "server", "busy"}
)
"""Failures of the platform as a whole. The others tell of one request: the platform is there."""


class Breaker:
    """The breaker of one host of one account, for one call."""

    def __init__(
        self,
        shared: Shared,
        account: str,
        host: str,
        *,
        pause: int = PAUSE_SECONDS,
    ) -> None:
        self._shared = shared
        self._pause = pause
        self._count, self._open, self._tripped, self._trial = (
            key_of("breaker", account, host, what) for what in ("count", "open", "tripped", "trial")
        )
        self._tries = False

    def refuse_if_open(self) -> None:
        """Let a call through, or not.

        Raises:
            LookupFailed: "paused".
        """
        if not self._shared.get(self._tripped):
            return
        paused = self._shared.get(self._open)
        self._tries = not paused and self._shared.add(self._trial, True, TRIAL_SECONDS)
        if not self._tries:
            raise LookupFailed("paused", "failed too often just before")

    def ended(self, failure: LookupFailed | None) -> None:
        """Say how the call ended that was let through."""
        if failure is None or failure.reason not in COUNTED:
            if self._tries:
                self._shared.delete(self._tripped, self._count, self._trial)
            return
        if self._tries or self._shared.count(self._count, WINDOW_SECONDS) >= FAILURES:
            self._trip()

    def _trip(self) -> None:
        # First what pauses: in between, nobody may take this for the time to try.
        self._shared.set(self._open, True, self._pause)
        self._shared.set(self._tripped, True, _REMEMBERED_SECONDS)
        self._shared.delete(self._count, self._trial)
