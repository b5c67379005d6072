"""Webhooks: one signed POST, bounded in time and size, to an address that was checked.

TLS and the Host header go by the name, the connection by the address (`targets.py`). No redirect is
followed, and no proxy or password of the environment is used.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from types import UnionType
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Its types do not have what the module is for.
from requests.certs import where as authorities_of_requests  # type: ignore[attr-defined]
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from wizard.net.deadline import Deadline
from wizard.outbox.targets import NotSent, Target, addresses_of, seconds_left, target_of

MAX_ANSWER: Final = 8 * 1024
"""Bytes of an answer that are read, its head included. What counts is the status alone."""


def signed(body: bytes, *, delivery: UUID, at: datetime) -> dict[str, str]:
    """The headers of a webhook, by which its receiver knows who sent the body, and when.

    `X-SMSDoctor-Signature` is `v1=` and the HMAC-SHA256 of `<timestamp>.<body>` under
    WEBHOOK_SECRET, in hexadecimal digits; `X-SMSDoctor-Timestamp` the time in Unix seconds.

    Args:
        delivery: goes along as `X-SMSDoctor-Delivery`, the same at every attempt, so that a
            receiver can ignore what it has already got.

    Raises:
        NotSent: there is no secret to sign with.
    """
    if not settings.WEBHOOK_SECRET:
        raise NotSent(_("WEBHOOK_SECRET is not set, so nothing can be signed"), permanent=True)
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "SMS-Doctor",
        "X-SMSDoctor-Delivery": str(delivery),
        "X-SMSDoctor-Timestamp": timestamp,
        "X-SMSDoctor-Signature": signature(settings.WEBHOOK_SECRET, timestamp, body),
    }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-SMSDoctor-Signature`."""
    message = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> int:
    """POST a body once. Whether it was accepted is told by the status of the answer alone.

    Args:
        seconds: for all of it, from the look-up of the name to the answer.

    Returns:
        The HTTP status, 200 to 299.

    Raises:
        NotSent: the address is not one that may be asked, or nobody there accepted the body.
    """
    target = target_of(url)
    deadline = Deadline(seconds)
    # The time-outs of a socket count from one packet to the next: what is slow might never end.
    cutter = threading.Timer(seconds, deadline.cut)
    cutter.daemon = True
    cutter.start()
    try:
        status = _exchange(target, body, headers, deadline)
    except (OSError, HTTPException, HTTPError, ValueError) as error:
        raise _failure(error, deadline) from None  # what it came from may quote the address
    finally:
        cutter.cancel()
        deadline.hold(None)
    _refuse_unless_success(status)
    return status


def _exchange(target: Target, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> int:
    sent = {**headers, "Host": target.authority, "Connection": "close"}
    with closing(_connected(target, deadline)) as connection:
        connection.timeout = seconds_left(deadline)
        deadline.hold(connection.sock)
        connection.request("POST", target.path, body, sent, preload_content=False)
        with closing(connection.getresponse()) as answer:
            if not deadline.left():  # what was cut may look like a short head
                raise TimeoutError
            with suppress(OSError, HTTPException, HTTPError):
                # Only so that the receiver is not cut off while it is still writing.
                answer.read(MAX_ANSWER, decode_content=False)
            return answer.status


_PASSING: Final = frozenset({408, 425, 429})

_GONE_ELSEWHERE: Final = frozenset({301, 308})


def _refuse_unless_success(status: int) -> None:
    if 200 <= status < 300:
        return
    refused = 400 <= status < 500 and status not in _PASSING
    reason = _("the receiver answered HTTP %(status)d") % {"status": status}
    raise NotSent(reason, permanent=refused or status in _GONE_ELSEWHERE)


_FAILURES: Final[tuple[tuple[type[BaseException] | UnionType, Promise], ...]] = (
    (socket.gaierror, gettext_lazy("the name of the host has no address")),
    (ssl.SSLError, gettext_lazy("no trust in the certificate of the host, or no TLS at all")),
    (NewConnectionError, gettext_lazy("no connection, or one that was cut off")),
    (TimeoutError | ConnectTimeoutError, gettext_lazy("no answer in time")),
    (ConnectionError, gettext_lazy("no connection, or one that was cut off")),
    (HTTPException, gettext_lazy("the answer is not HTTP")),
)
"""The first that fits counts."""


def _failure(error: BaseException, deadline: Deadline) -> NotSent:
    if not deadline.left():
        return NotSent(_("no answer in time"))
    for kind, reason in _FAILURES:
        if isinstance(error, kind):
            return NotSent(reason)
    return NotSent(_("no connection, or one that was cut off"))


def _connected(target: Target, deadline: Deadline) -> HTTPConnection:
    """A connection to one of the checked addresses, with TLS if the scheme says so.

    Each address gets its share of the time, so that a dead one leaves some for the next.
    """
    failure: Exception = ConnectionError()
    addresses = addresses_of(target, deadline)
    for place, address in enumerate(addresses):
        connection = _to(str(address), target)
        connection.timeout = seconds_left(deadline) / (len(addresses) - place)
        try:
            connection.connect()
        except (NewConnectionError, ConnectTimeoutError) as error:
            failure = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise failure


def _to(address: str, target: Target) -> HTTPConnection:
    if target.scheme == "http":
        return _Plain(address, target.port)
    # The system's authorities, to which an organisation may have added its own, and those that come
    # with requests, for a machine that has none.
    trust = ssl.create_default_context()
    trust.load_verify_locations(authorities_of_requests())
    return _Secured(address, target.port, ssl_context=trust, server_hostname=target.host)


class _Beginning(io.RawIOBase):
    """The first bytes of a stream; after them it seems to be at its end."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream
        self.seconds_left = MAX_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override] # what io passes
        count = self._stream.readinto(buffer[: self.seconds_left])
        self.seconds_left -= count or 0
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer that has no more than `MAX_ANSWER` bytes, its head included."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fp = io.BufferedReader(_Beginning(self.fp.detach()))


class _Plain(HTTPConnection):
    response_class = _Answer


class _Secured(HTTPSConnection):
    response_class = _Answer
