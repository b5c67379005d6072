"""Where a webhook may go: to an address that somebody has typed in, and to nowhere else.

Whoever may edit a queue must not be able to make this server talk to its neighbours. So the name is
looked up once, every address that it has is checked, and the connection goes to an address that was
checked, not to the name again, which by then could have another one.
"""

from __future__ import annotations

import re
import socket
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wizard.net.deadline import Deadline

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


# --- the address ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
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
    target_of(url)


def target_of(url: str) -> Target:
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
    return Target(parts.scheme, host, port, quote(parts.path or "/", safe=_SAFE) + query)


def addresses_of(target: Target, deadline: Deadline) -> list[Address]:
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


def _look_up(target: Target, found: Future[list[Address]]) -> None:
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


def seconds_left(deadline: Deadline) -> float:
    """Seconds that are left. None would be no time-out of a socket but another mode of it."""
    left = deadline.left()
    if not left:
        raise TimeoutError
    return left
