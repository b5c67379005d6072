"""Whether a push comes from who holds a key (`docs/facts/protocols.md`, "Verifying a push")."""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import Final

from wizard.net.signing import (
    ALGORITHM,
    DATE_FORMAT,
    DATE_HEADER,
    canonical_query,
    canonical_request,
    digest,
    signature_of,
)


class Reason(StrEnum):
    """Why a push was not believed. For the log: the answer does not tell."""

    NO_AUTHORIZATION = "it is not signed"
    ODD_AUTHORIZATION = "its authorization is not of the documented form"
    NOT_SIGNED = "its host or its date is not signed"
    TWICE = "a header is signed twice"
    MISSING = "a signed header is missing"
    BODY = "its body is not covered"
    LENGTH = "its body does not have the length that is given"
    DATE = "its date cannot be read"
    CLOCK = "its date is too far from now"
    UNKNOWN_KEY = "its key is not one of PUSH_KEYS"
    SIGNATURE = "its signature is wrong"


class NotVerified(Exception):
    """A push that may come from anybody."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SignedPush:
    """A request as it was sent: `headers` by lower-case name, `body` before anything read it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


_AUTHORIZATION: Final = re.compile(
    # With or without a space after the comma: the vendor's sample has none, its SDKs write one.
    rf"{ALGORITHM}\s+Access=(?P<access>[^,\s]+),\s?"
    r"SignedHeaders=(?P<names>[a-z0-9_-]+(?:;[a-z0-9_-]+)*),\s?Signature=(?P<signature>[0-9a-f]{64})"
)
_DATE: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_MUST_BE_SIGNED: Final = frozenset({DATE_HEADER, "host"})
_BODY_HEADER: Final = "x-sdk-content-sha256"
_CONNECTIONS: Final = ("close", "keep-alive", "Keep-Alive")
_NOBODYS_SECRET: Final = "0" * 40


def verify(
    push: SignedPush,
    *,
    keys: Mapping[str, str],
    now: datetime,
    clock_seconds: int,
    behind_proxy: bool = False,
) -> None:
    """Return if one of the keys signed this push, all of it, just now.

    Args:
        keys: secrets by access key; two pairs are live while keys are changed.
        now: aware.
        clock_seconds: how far the push's own date may be from `now`, either way, inclusive.
        behind_proxy: X-Original-Connection comes from our own proxy.

    Raises:
        NotVerified: with the reason.
    """
    given = _AUTHORIZATION.fullmatch(_authorization(push))
    if given is None:
        raise NotVerified(Reason.ODD_AUTHORIZATION)
    names = given["names"].split(";")
    _check_names(push, names)
    _check_body(push, names)
    _check_clock(push.headers[DATE_HEADER].strip(), now, timedelta(seconds=clock_seconds))
    # With an unknown key the same work is done, so that the time taken does not tell which exist.
    secret = keys.get(given["access"], _NOBODYS_SECRET)
    date = push.headers[DATE_HEADER].strip()
    # Not `any` over a generator: it would stop at the first match.
    matches = [
        hmac.compare_digest(signature_of(text, date, secret), given["signature"])
        for text in _canonical_requests(push, names, behind_proxy)
    ]
    if given["access"] not in keys:
        raise NotVerified(Reason.UNKNOWN_KEY)
    if not any(matches):
        raise NotVerified(Reason.SIGNATURE)


def _authorization(push: SignedPush) -> str:
    authorization = push.headers.get("authorization", "").strip()
    if not authorization:
        raise NotVerified(Reason.NO_AUTHORIZATION)
    return authorization


def _check_names(push: SignedPush, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise NotVerified(Reason.TWICE)
    if not _MUST_BE_SIGNED.issubset(names):
        raise NotVerified(Reason.NOT_SIGNED)
    # Proxies may drop Connection: it is tried out below.
    if not set(names) - {"connection"} <= push.headers.keys():
        raise NotVerified(Reason.MISSING)


def _check_body(push: SignedPush, names: list[str]) -> None:
    """A hash that is given is used in place of the body's own, so it must be that, and signed."""
    given = push.headers.get(_BODY_HEADER)
    if given is not None and (_BODY_HEADER not in names or given.strip() != digest(push.body)):
        raise NotVerified(Reason.BODY)
    if push.headers.get("content-length", str(len(push.body))).strip() != str(len(push.body)):
        raise NotVerified(Reason.LENGTH)


def _check_clock(date: str, now: datetime, allowed: timedelta) -> None:
    if not _DATE.fullmatch(date):
        raise NotVerified(Reason.DATE)
    try:
        moment = datetime.strptime(date, DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise NotVerified(Reason.DATE) from None
    if abs(now - moment) > allowed:
        raise NotVerified(Reason.CLOCK)


def _canonical_requests(push: SignedPush, names: list[str], behind_proxy: bool) -> Iterator[str]:
    """What may have been signed. Trying is safe: each text is as hard to sign as the next one."""
    queries = dict.fromkeys(canonical_query(push.query, sort_encoded=way) for way in (False, True))
    connections = _connections(push, behind_proxy) if "connection" in names else [""]
    for query, connection in product(queries, connections):
        headers = {**push.headers, "connection": connection}
        yield canonical_request(push.method, push.path, query, headers, names, digest(push.body))


def _connections(push: SignedPush, behind_proxy: bool) -> list[str]:
    """A proxy writes its own Connection over it (`docs/facts/protocols.md`, "Signed pushes")."""
    original = push.headers.get("x-original-connection") if behind_proxy else None
    came = (original, push.headers.get("connection"), *_CONNECTIONS)
    return list(dict.fromkeys(value for value in came if value is not None))
