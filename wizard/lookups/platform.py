"""A look-up: several calls at the same time, and never longer than it may take.

Each call runs in a thread of its own. Who waits goes on when the time is over; the connection of a
call that is late is cut, so that its thread ends too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import Final, Literal
from urllib.parse import urlsplit

from django.core.cache import caches

from wizard.engine.evidence import Finding
from wizard.lookups import accounts
from wizard.lookups.base import ALL_CALLS, Account, CallName, CallResult, LookupFailed, Subject
from wizard.lookups.breaker import Breaker
from wizard.lookups.http import CONNECTIONS
from wizard.lookups.huawei import calls, meaning
from wizard.lookups.shared import Cache, Shared, key_of
from wizard.net.deadline import Deadline

logger = logging.getLogger("wizard.lookups")

CALLS_AT_ONCE: Final = CONNECTIONS
"""In this process. More of them wait for one to end, within their time."""

_POLL_SECONDS: Final = 0.05
_FAILURE_SECONDS: Final = 1
"""So long a failure is shared, so that those who waited for an answer do not all ask anew."""

_slots = threading.BoundedSemaphore(CALLS_AT_ONCE)

Clock = Callable[[], datetime]


def look_up(
    account: Account,
    subject: Subject,
    *,
    names: Collection[CallName] = ALL_CALLS,
    budget: float = 3.0,
    clock: Clock,
    cache: Cache | Literal["site"] | None = "site",
    cache_seconds: int | None = None,
) -> list[CallResult]:
    """Make the calls at the same time; one result for each of them, in the order of `ALL_CALLS`.

    Each call that fails leaves one line in the log.

    Args:
        budget: seconds that all of it may take.
        clock: gives the current time, aware.
        cache: where answers and failures are shared; None for nowhere.
        cache_seconds: how long an answer is shared, 0 for not at all. The setting, if None.
    """
    started = time.monotonic()
    deadline = Deadline(budget)
    shared = Shared(_site_cache() if cache == "site" else cache)
    seconds = accounts.cache_seconds() if cache_seconds is None else cache_seconds
    asking = [
        _Asking(name, account, calls.about(name, subject), clock, shared, seconds, ceil(budget))
        for name in ALL_CALLS
        if name in names
    ]
    running = [_begin(one, deadline.left()) for one in asking]
    wait([one.future for one in running], timeout=deadline.left())
    results = [_result(one, time.monotonic() - started) for one in running]
    for call in results:
        _log(call, account)
    return results


def _site_cache() -> Cache:
    """The object itself: through `cache`, each thread would open connections of its own."""
    site: Cache = caches["default"]
    return site


@dataclass(frozen=True, slots=True)
class _Asking:
    """One call that is to be made."""

    name: CallName
    account: Account
    subject: Subject
    clock: Clock
    shared: Shared
    cache_seconds: int
    lock_seconds: int

    @property
    def key(self) -> str:
        """What the answer depends on, as a key of the cache."""
        account, subject = self.account, self.subject
        return key_of(
            "answer 2",  # what is kept is pickled by the name of its class: a new name, a new key
            self.name,
            account.access_key,
            account.project_id,
            account.management_url,
            account.billing_url,
            account.package_service_type,
            account.mode,
            subject.app_key,
            subject.channel_number,
            subject.signature_id,
            subject.template_id,
        )


@dataclass(frozen=True, slots=True)
class _Running:
    """A call in its thread, and the means to end it."""

    asking: _Asking
    deadline: Deadline
    future: Future[CallResult] = field(default_factory=Future)


def _begin(asking: _Asking, seconds: float) -> _Running:
    """Start the thread of a call, as soon as one may be started.

    It is a daemon, unlike those of an executor: where the system still looks for the address of a
    host, nothing can cut it short, and the process must be able to end nevertheless.
    """
    running = _Running(asking, Deadline(seconds))
    if why := calls.why_not_asked(asking.name, asking.account):
        running.future.set_result(CallResult(asking.name, note=why))
        return running
    slots = _slots
    if not slots.acquire(timeout=seconds):
        running.future.set_result(_failed(asking, LookupFailed("timeout", "too many calls")))
        return running
    try:
        threading.Thread(
            target=_run, args=(running, slots), name="look-up call", daemon=True
        ).start()
    except RuntimeError:  # the system has no thread to give
        slots.release()
        running.future.set_result(_failed(asking, LookupFailed("timeout", "no thread for it")))
    return running


def _run(running: _Running, slots: threading.Semaphore) -> None:
    try:
        running.future.set_result(_answer(running.asking, running.deadline))
    finally:
        slots.release()


def _result(running: _Running, seconds: float) -> CallResult:
    """What the call said by now."""
    if running.future.done():
        return running.future.result()
    running.deadline.cut()
    return replace(
        _failed(running.asking, LookupFailed("timeout", "no whole answer in time")), seconds=seconds
    )


def _log(call: CallResult, account: Account) -> None:
    if call.failure is None:
        return
    logger.warning(
        "look-up %s at %s failed after %.2f s: %s",
        call.name,
        urlsplit(calls.host_of(call.name, account)).netloc,
        call.seconds,
        call.failure,
    )


# --- in the thread of a call ----------------------------------------------------------------------


def _answer(asking: _Asking, deadline: Deadline) -> CallResult:
    """An answer that is at hand, the one that another is asking for, or our own."""
    if not asking.cache_seconds:
        return _ask(asking, deadline)
    shared, lock = asking.shared, f"{asking.key}:lock"
    while deadline.left():
        known = shared.get(asking.key)
        if isinstance(known, CallResult):
            return known
        if shared.add(lock, True, asking.lock_seconds):
            return _ask_for_all(asking, deadline, lock)
        time.sleep(min(_POLL_SECONDS, deadline.left()))
    return _failed(asking, LookupFailed("timeout", "another one asks and has no answer yet"))


def _ask_for_all(asking: _Asking, deadline: Deadline, lock: str) -> CallResult:
    try:
        known = asking.shared.get(asking.key)  # it may have come just before the lock was ours
        if isinstance(known, CallResult):
            return known
        call = _ask(asking, deadline)
        seconds = asking.cache_seconds if call.failure is None else _FAILURE_SECONDS
        asking.shared.set(asking.key, call, seconds)
        return call
    finally:
        asking.shared.delete(lock)


def _ask(asking: _Asking, deadline: Deadline) -> CallResult:
    """Ask the platform, unless it failed too often just before."""
    started = time.monotonic()
    host = calls.host_of(asking.name, asking.account)
    breaker = Breaker(asking.shared, asking.account.access_key, host)
    try:
        breaker.refuse_if_open()
    except LookupFailed as failure:
        return _failed(asking, failure)
    call = _asked(asking, deadline)
    breaker.ended(call.failure)
    return replace(call, seconds=time.monotonic() - started)


def _asked(asking: _Asking, deadline: Deadline) -> CallResult:
    name, account, subject = asking.name, asking.account, asking.subject
    try:
        listing = calls.fetch(name, account, subject, deadline, asking.clock())
        at = asking.clock()
        found, note = meaning.findings(name, listing, account, subject, at)
    except LookupFailed as failure:
        return _failed(asking, failure.with_traceback(None))
    except Exception as error:
        # An error of ours must not take the other calls along. Its text may quote what was sent.
        return _failed(asking, LookupFailed("unreadable", f"unexpected {type(error).__name__}"))
    return CallResult(name, (*found, *_known(asking)), observed_at=at, note=note)


def _failed(asking: _Asking, failure: LookupFailed) -> CallResult:
    return CallResult(asking.name, _known(asking), failure)


def _known(asking: _Asking) -> tuple[Finding, ...]:
    """What the settings say goes with the balance, whether the platform answers or not."""
    if asking.name != "balance":
        return ()
    return meaning.of_settings(asking.account, asking.clock())
