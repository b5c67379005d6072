"""Webhooks: one signed POST to an address that somebody has typed in, and to nowhere else.

Whoever may edit a queue must not be able to make this server talk to its neighbours. So the name is
looked up once, every address that it has is checked, and the connection goes to an address that was
checked, not to the name again, which by then could have another one. TLS and the Host header still
go by the name. No redirect is followed, and no proxy or password of the environment is used.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import UnionType
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Its types do not have what the module is for.
from requests.certs import where as authorities_of_requests  # type: ignore[attr-defined]
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from wizard.lookups.http import Deadline

MAX_ANSWER: Final = 8 * 1024
"""Bytes of an answer that are read, its head included. What counts is the status alone."""

Address = IPv4Address | IPv6Address


class NotSent(Exception):
    """Something was not sent, or not accepted.

    Attributes:
        reason: for the admin and the log, in the language of the site. Never the address or a part
            of the answer: either may hold what is nobody's business.
        permanent: trying again gives the same until somebody changes something.
    """

    def __init__(self, reason: str | Promise, *, permanent: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)
        self.permanent = permanent


# --- the signature --------------------------------------------------------------------------------


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


# --- the POST -------------------------------------------------------------------------------------


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> int:
    """POST a body once. Whether it was accepted is told by the status of the answer alone.

    Args:
        seconds: for all of it, from the look-up of the name to the answer.

    Returns:
        The HTTP status, 200 to 299.

    Raises:
        NotSent: the address is not one that may be asked, or nobody there accepted the body.
    """
    target = _target(url)
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


def _exchange(target: _Target, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> int:
    sent = {**headers, "Host": target.authority, "Connection": "close"}
    with closing(_connected(target, deadline)) as connection:
        connection.timeout = _left(deadline)
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


# --- the address ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a webhook goes to. `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS: Final = {"http": 80, "https": 443}
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f\\]")
_HOST: Final = re.compile(r"[a-z0-9._:-]+")
# What may stand in a path as it is; a percent sign too, for it is there on purpose.
_SAFE: Final = "/%:@!$&'()*+,;=?~"


def check(url: str) -> None:
    """Look at a webhook's address as it is entered. Where its host is, only sending it shows.

    Raises:
        NotSent: it can never be sent to.
    """
    _target(url)


def _target(url: str) -> _Target:
    try:
        # `urlsplit` would drop some of what is unfit, and so read another address than is written.
        parts = urlsplit("" if _UNFIT.search(url) else url)
        host = (parts.hostname or "").encode("idna").decode()
        port = _PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise NotSent(_("the address cannot be read"), permanent=True) from None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        raise NotSent(_("the address does not begin with https:// and a host"), permanent=True)
    if "@" in parts.netloc:
        raise NotSent(_("the address has a name or a password in it"), permanent=True)
    if port not in _PORTS.values() and port < 1024:
        raise NotSent(_("the port is neither 80, 443 nor 1024 or more"), permanent=True)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return _Target(parts.scheme, host, port, quote(parts.path or "/", safe=_SAFE) + query)


def _addresses(target: _Target, deadline: Deadline) -> list[Address]:
    """The addresses of the host, looked up once and all of them checked."""
    found: Future[list[Address]] = Future()
    # In a thread, for nothing can cut the system short while it looks for a name.
    looking = threading.Thread(target=_look_up, args=(target, found), daemon=True)
    looking.start()
    addresses = found.result(timeout=deadline.left())
    if not all(is_public(one) or _is_allowed(one) for one in addresses):
        reason = _("the host is not on the public Internet, nor in WEBHOOK_ALLOWED_NETWORKS")
        raise NotSent(reason, permanent=True)
    if target.scheme == "http" and not all(map(_is_allowed, addresses)):
        reason = _("only https:// is sent to outside of WEBHOOK_ALLOWED_NETWORKS")
        raise NotSent(reason, permanent=True)
    return addresses


def _look_up(target: _Target, found: Future[list[Address]]) -> None:
    try:
        rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        found.set_result(list(dict.fromkeys(ip_address(row[4][0]) for row in rows)))
    except Exception as error:
        found.set_exception(error)


# Not for everybody, although `is_global` of some or all Pythons says so.
_SPECIAL: Final = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments; a cloud has its metadata there
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # a cloud's own agent, at a public address
            "2002::/16",  # 6to4: any IPv4 address inside
            "3fff::/20",  # documentation
            "fec0::/10",  # site-local
        ),
    )
)
_NAT64: Final = ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, and of one host."""
    inner = _unwrapped(address)
    return (
        inner.is_global
        and not (inner.is_multicast or inner.is_reserved or inner.is_unspecified)
        and not any(inner in network for network in _SPECIAL)
    )


def _is_allowed(address: Address) -> bool:
    inner = _unwrapped(address)
    return any(inner in network for network in settings.WEBHOOK_ALLOWED_NETWORKS)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that is reached through one of IPv6, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


# --- the connection -------------------------------------------------------------------------------


def _connected(target: _Target, deadline: Deadline) -> HTTPConnection:
    """A connection to one of the checked addresses, with TLS if the scheme says so.

    Each address gets its share of the time, so that a dead one leaves some for the next.
    """
    failure: Exception = ConnectionError()
    addresses = _addresses(target, deadline)
    for place, address in enumerate(addresses):
        connection = _to(str(address), target)
        connection.timeout = _left(deadline) / (len(addresses) - place)
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


def _to(address: str, target: _Target) -> HTTPConnection:
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
        self._left = MAX_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override] # what io passes
        count = self._stream.readinto(buffer[: self._left])
        self._left -= count or 0
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


def _left(deadline: Deadline) -> float:
    """Seconds that are left. None would be no time-out of a socket but another mode of it."""
    left = deadline.left()
    if not left:
        raise TimeoutError
    return left
