"""The one place that speaks HTTP to a platform: bounded in time and size, never led elsewhere.

The time-outs of a socket count from one packet to the next, so a slow answer could go on for ever.
A `Deadline` therefore holds the socket in use, and whoever waits for the answer can cut it.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse, HTTPResponse

from wizard.lookups.base import LookupFailed, Reason
from wizard.net.deadline import Deadline

MAX_BODY: Final = 1024 * 1024
"""Bytes of an answer, unpacked."""

CONNECT_SECONDS: Final = 1.0

CONNECTIONS: Final = 32
"""Connections to one host at the same time; they are kept for the next call."""

_CHUNK: Final = 64 * 1024

_PAUSE: Final = 0.1
"""Seconds before the second attempt; there is none where less time is left than twice that."""


@dataclass(frozen=True, slots=True)
class Request:
    """One signed request. Query, headers and body stay out of the representation."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


def ask(request: Request, deadline: Deadline) -> Any:
    """The JSON document that the platform answers; numbers with a point are `Decimal`.

    A lost connection and HTTP 5xx are tried once more. All of our requests only read.

    Raises:
        LookupFailed: there is no such document in time.
    """
    try:
        return _attempt(request, deadline)
    except _Passing:
        if deadline.left() < 2 * _PAUSE:
            raise
    time.sleep(_PAUSE)
    return _attempt(request, deadline)


class _Passing(LookupFailed):
    """A failure that may be over a moment later."""


def _attempt(request: Request, deadline: Deadline) -> Any:
    left = deadline.left()
    if not left:
        raise LookupFailed("timeout", "no time left")
    prepared = requests.Request(
        request.method, request.url, headers=dict(request.headers), data=request.body
    ).prepare()
    _here.deadline = deadline
    try:
        # The adapter, not a session: no proxy, netrc or cookie interferes, and no redirect is read.
        response = _adapter.send(
            prepared, stream=True, timeout=(min(CONNECT_SECONDS, left), left), verify=True
        )
        try:
            _refuse_unless_success(response.raw)
            body = _body(response.raw, deadline)
        except BaseException:
            response.close()
            raise
    except (requests.RequestException, exceptions.HTTPError, OSError, ValueError) as error:
        failure = _failure(error, deadline)
    else:
        return _document(body)
    finally:
        deadline.hold(None)
        _here.deadline = None
    raise failure  # outside of the handler: what it came from quotes the whole address


def _body(raw: BaseHTTPResponse, deadline: Deadline) -> bytes:
    """The whole body, unpacked."""
    chunks, size = [], 0
    # `read1` returns with every packet, `read` would wait for a whole chunk of them.
    while chunk := raw.read1(_CHUNK, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            raise LookupFailed("too-large", f"more than {MAX_BODY} bytes")
        if not deadline.left():
            break
    if not deadline.left():  # what was cut may look like a short answer
        raise LookupFailed("timeout", "no whole answer in time")
    raw.release_conn()
    return b"".join(chunks)


def _refuse_unless_success(raw: BaseHTTPResponse) -> None:
    if 200 <= raw.status < 300:
        return
    if 300 <= raw.status < 400:
        raise LookupFailed("redirect", f"HTTP {raw.status}", permanent=True)
    detail = f"HTTP {raw.status}{_vendor_code(raw)}"
    if raw.status == 429:
        raise LookupFailed("busy", detail)
    if raw.status >= 500:
        raise _Passing("server", detail)
    raise LookupFailed("refused", detail, permanent=True)


def _vendor_code(raw: BaseHTTPResponse) -> str:
    """The code at the start of an error's body such as " MSGSMS.0003", "" if there is none.

    The words of the error are left out: they may repeat what was sent.
    """
    start = b""
    with suppress(exceptions.HTTPError, OSError, ValueError):
        start = raw.read1(_CHUNK, decode_content=True)
    found = re.search(rb'"error_code"\s{0,9}:\s{0,9}"([A-Za-z]{1,20}\.\d{1,10})"', start)
    return f" {found[1].decode()}" if found else ""


def _document(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        pass
    raise LookupFailed("unreadable", "not JSON")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


_FAILURES: Final[tuple[tuple[type[BaseException], Reason, str, type[LookupFailed]], ...]] = (
    (exceptions.NameResolutionError, "unknown-host", "the name has no address", LookupFailed),
    (exceptions.NewConnectionError, "connection", "no connection", _Passing),
    (exceptions.ConnectTimeoutError, "timeout", "while connecting", _Passing),
    (exceptions.ReadTimeoutError, "timeout", "no answer", LookupFailed),
    (exceptions.SSLError, "tls", "no trust in the certificate or no TLS at all", LookupFailed),
    (ssl.SSLError, "tls", "no trust in the certificate or no TLS at all", LookupFailed),
    (exceptions.DecodeError, "unreadable", "badly packed", LookupFailed),
    (exceptions.LocationValueError, "unknown-host", "the address has no host", LookupFailed),
    (requests.exceptions.InvalidURL, "unknown-host", "the address has no host", LookupFailed),
    (UnicodeError, "unknown-host", "the name cannot be one", LookupFailed),
    (TimeoutError, "timeout", "no answer", LookupFailed),
)
"""The first that fits counts."""


def _failure(error: BaseException, deadline: Deadline) -> LookupFailed:
    if not deadline.left():
        return LookupFailed("timeout", "no whole answer in time")
    error = _root(error)
    for kind, reason, detail, failed in _FAILURES:
        if isinstance(error, kind):
            return failed(reason, detail)
    return _Passing("connection", "cut off")


def _root(error: BaseException) -> BaseException:
    """What an exception of requests wraps."""
    for _ in range(5):
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error


# --- connections whose socket a deadline holds ----------------------------------------------------


_here = threading.local()
"""`deadline` of the attempt which this thread makes."""


def _hold(used: socket.socket | None) -> None:
    deadline: Deadline | None = getattr(_here, "deadline", None)
    if deadline is not None:
        deadline.hold(used)


class _Plain(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        _hold(self.sock)
        return super().getresponse()


class _Secure(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        _hold(self.sock)
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _pooled() -> HTTPAdapter:
    adapter = HTTPAdapter(pool_maxsize=CONNECTIONS)
    adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return adapter


_adapter: Final = _pooled()
