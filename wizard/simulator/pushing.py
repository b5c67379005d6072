"""Status reports on their way to a customer (`docs/facts/protocols.md`, "Status reports")."""

import heapq
import json
import logging
import math
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import requests

from wizard.net import signing
from wizard.simulator.accounts import SimulatedAccount
from wizard.simulator.exchange import JSON, LABEL, masked, on_this_machine
from wizard.simulator.reports import SimulatedMessage, reports_of

FORM: Final = "application/x-www-form-urlencoded"
BATCH_SIZE: Final = 50
AGGREGATION: Final = 0.25
"""Seconds: batch reports that fall due within the same quarter second travel together."""

_TIMEOUT: Final = 5.0
_WORKERS: Final = 4
_log = logging.getLogger("simulator.push")


@dataclass(frozen=True, slots=True)
class OutgoingPush:
    """One POST to the customer's site."""

    url: str
    content_type: str
    body: bytes
    account: SimulatedAccount


def single_push(url: str, account: SimulatedAccount, report: dict[str, str]) -> OutgoingPush:
    """A report in the single form, as statusCallback gets it."""
    return OutgoingPush(url, FORM, urlencode(report).encode(), account)


def batch_pushes(
    url: str, account: SimulatedAccount, reports: Sequence[dict[str, str]]
) -> Iterator[OutgoingPush]:
    """Reports in the batch form, at most 50 in each push."""
    for start in range(0, len(reports), BATCH_SIZE):
        value = {"statusReportList": reports[start : start + BATCH_SIZE]}
        yield OutgoingPush(url, JSON, json.dumps(value, separators=(",", ":")).encode(), account)


def send(push: OutgoingPush, *, sign: bool = False) -> int:
    """Push once, as the vendor does: nothing is documented about a second try.

    Args:
        sign: also where the account does not sign its pushes by itself.

    Returns:
        The HTTP status of the customer's site; 0 where it did not answer.
    """
    if not on_this_machine(push.url):
        _log.warning("not pushed: the address is not on this machine")
        return 0
    headers = _headers(push)
    if sign or push.account.signs_pushes:
        headers = _signed(push, headers)
    # No proxy of the environment comes between two processes of one machine.
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.post(
                push.url,
                data=push.body,
                headers={**headers, **LABEL, "Ompsid": uuid.uuid4().hex},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            _log.warning("not pushed: %s", type(error).__name__)
            return 0
    path = masked(push.url.partition("?")[0])
    _log.info("pushed %d bytes to %s -> %d", len(push.body), path, response.status_code)
    return response.status_code


def _headers(push: OutgoingPush) -> dict[str, str]:
    return {
        "Connection": "close",
        "Content-Length": str(len(push.body)),
        "Content-Type": push.content_type,
    }


def _signed(push: OutgoingPush, headers: dict[str, str]) -> dict[str, str]:
    """With the signature as pushes carry it: no blank after the commas (3.2)."""
    signed = signing.sign(
        "POST",
        push.url,
        headers,
        push.body,
        access_key=push.account.push_key,
        secret_key=push.account.push_secret,
        moment=datetime.now(UTC),
    )
    return {**signed, "Authorization": signed["Authorization"].replace(", ", ",")}


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    """A report that waits for its moment, on the monotonic clock; `number` keeps the order."""

    at: float
    number: int
    url: str = field(compare=False)
    account: SimulatedAccount = field(compare=False)
    report: dict[str, str] = field(compare=False)
    batch: bool = field(compare=False)


class Pusher:
    """Pushes reports when they fall due, from a thread of its own; slow sites hold up nothing.

    Args:
        delay: seconds from the acceptance of a message to its first report.
        batch_address: where reports go that have no statusCallback; empty: nowhere.
        sign: sign all pushes, not only those of accounts that sign by themselves.
    """

    def __init__(self, *, delay: float = 1.0, batch_address: str = "", sign: bool = False) -> None:
        self._delay = delay
        self._batch_address = batch_address
        self._sign = sign
        self._waiting: list[_Due] = []
        self._planned = 0
        self._stopping = False
        self._changed = threading.Condition()
        self._workers = ThreadPoolExecutor(_WORKERS, "push")
        self._thread = threading.Thread(target=self._run, name="pusher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Forget what has not been pushed."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout=1)
        self._workers.shutdown(wait=False, cancel_futures=True)

    def plan(self, messages: Iterable[SimulatedMessage]) -> None:
        """Let the messages' reports come, each at its time, by the route of 2.1."""
        now = time.monotonic()
        with self._changed:
            for message in messages:
                self._plan(message, now)
            self._changed.notify()

    def _plan(self, message: SimulatedMessage, now: float) -> None:
        url = message.callback or self._batch_address
        if not url:
            return
        for seconds, report in reports_of(message, self._delay):
            self._planned += 1
            at = now + seconds
            if not message.callback:
                at = math.ceil(at / AGGREGATION) * AGGREGATION
            due = _Due(at, self._planned, url, message.account, report, not message.callback)
            heapq.heappush(self._waiting, due)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                due = self._due()
                if not due:
                    self._changed.wait(self._seconds_to_wait())
            for push in _pushes(due):
                self._workers.submit(self._send, push)

    def _due(self) -> list[_Due]:
        now = time.monotonic()
        due = []
        while self._waiting and self._waiting[0].at <= now:
            due.append(heapq.heappop(self._waiting))
        return due

    def _seconds_to_wait(self) -> float | None:
        return max(0.0, self._waiting[0].at - time.monotonic()) if self._waiting else None

    def _send(self, push: OutgoingPush) -> None:
        try:
            send(push, sign=self._sign)
        except Exception as error:
            _log.error("not pushed: %r", error)  # the pool would keep it to itself


def _pushes(due: Iterable[_Due]) -> Iterator[OutgoingPush]:
    """What falls due together: batch reports by address and account, the others one by one."""
    together: dict[tuple[str, str], list[_Due]] = defaultdict(list)
    for one in due:
        if one.batch:
            together[one.url, one.account.name].append(one)
        else:
            yield single_push(one.url, one.account, one.report)
    for (url, _), group in together.items():
        yield from batch_pushes(url, group[0].account, [one.report for one in group])
