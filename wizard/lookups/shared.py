"""What processes share about look-ups, in Django's cache or in any that looks like it.

A cache is a help, never a condition: where there is none, or where it is away, every look-up asks
for itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

logger = logging.getLogger("wizard.lookups")

AWAY_SECONDS: Final = 10.0
"""So long a cache that failed is left alone."""

_PREFIX: Final = "look-up"
_T = TypeVar("_T")


class Cache(Protocol):
    """The part of Django's cache that is used; seconds are whole, as Redis has it."""

    def get(self, key: str) -> Any: ...
    def add(self, key: str, value: Any, timeout: int) -> bool: ...
    def set(self, key: str, value: Any, timeout: int) -> None: ...
    def incr(self, key: str) -> int: ...
    def delete(self, key: str) -> Any: ...


def key_of(*parts: str) -> str:
    """A key that tells nothing of what it is made of, and that every cache takes."""
    return f"{_PREFIX}:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


class _Trouble:
    """Until when this process goes without the cache: one that hangs takes seconds to say so."""

    until = 0.0


class Shared:
    """A cache that never raises. Without one nothing is known, and everyone goes first."""

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache if time.monotonic() >= _Trouble.until else None

    def get(self, key: str) -> Any:
        return self._try(lambda cache: cache.get(key), None)

    def add(self, key: str, value: Any, seconds: int) -> bool:
        """Whether nothing was there before."""
        return self._try(lambda cache: cache.add(key, value, timeout=seconds), True)

    def set(self, key: str, value: Any, seconds: int) -> None:
        self._try(lambda cache: cache.set(key, value, timeout=seconds), None)

    def delete(self, *keys: str) -> None:
        self._try(lambda cache: [cache.delete(key) for key in keys], [])

    def count(self, key: str, seconds: int) -> int:
        """Count one more; the count starts anew some seconds after its first."""
        if self.add(key, 1, seconds):
            return 1
        return self._try(lambda cache: cache.incr(key), 1)

    def _try(self, wish: Callable[[Cache], _T], otherwise: _T) -> _T:
        if self._cache is None:
            return otherwise
        try:
            return wish(self._cache)
        except Exception as error:  # each cache has exceptions of its own
            # A count that ran out between two steps is no fault: `incr` says so with ValueError.
            if not isinstance(error, ValueError):
                self._cache = None
                _Trouble.until = time.monotonic() + AWAY_SECONDS
                logger.warning("look-ups go on without the cache: %s", type(error).__name__)
            return otherwise
