"""Who signed a request, or what is wrong with it (`docs/facts/protocols.md`, "SDK-HMAC-SHA256").

The sending API takes an application's keys, the management and billing APIs the account's.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from typing import Final

from wizard.net import signing
from wizard.simulator.exchange import IncomingRequest

WINDOW: Final = timedelta(minutes=15)
_CONTENT_HASH: Final = "x-sdk-content-sha256"
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_HEADER: Final = re.compile(
    r"SDK-HMAC-SHA256\s+Access=([^,]+),\s?SignedHeaders=([^,]+),\s?Signature=([0-9A-Fa-f]+)"
)


class Flaw(StrEnum):
    """What is wrong with a signature, in the order of checking."""

    FORMAT = auto()
    NO_DATE = auto()
    DATE_FORMAT = auto()
    EXPIRED = auto()
    UNKNOWN_KEY = auto()
    SIGNATURE = auto()


class NotSigned(Exception):
    """The request carries no signature that holds."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def signer_of(
    request: IncomingRequest,
    secrets: Mapping[str, str],
    now: datetime,
    *,
    unsigned_body: bool = False,
) -> str:
    """The access key that signed the request.

    Args:
        secrets: the secret key of every access key.
        unsigned_body: whether UNSIGNED-PAYLOAD may stand for the body's hash. The vendor's SDK
            sends forms so (`docs/facts/protocols.md`, "AK/SK for sending").

    Raises:
        NotSigned: and why.
    """
    access, names, signature = _parts(request)
    _check_date(request.headers.get(signing.DATE_HEADER, ""), now)
    if access not in secrets:
        raise NotSigned(Flaw.UNKNOWN_KEY)
    right = _signatures(
        request, names, _body_digest(request, names, unsigned_body), secrets[access]
    )
    if not any(hmac.compare_digest(signature, one) for one in right):
        raise NotSigned(Flaw.SIGNATURE)
    return access


def _parts(request: IncomingRequest) -> tuple[str, list[str], str]:
    match = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if match is None:
        raise NotSigned(Flaw.FORMAT)
    names = match[2].split(";")
    if len(set(names)) != len(names) or "host" not in names:
        raise NotSigned(Flaw.FORMAT)
    if not request.headers.get(signing.DATE_HEADER):
        raise NotSigned(Flaw.NO_DATE)
    if signing.DATE_HEADER not in names or any(name not in request.headers for name in names):
        raise NotSigned(Flaw.FORMAT)
    return match[1], names, match[3].lower()


def _check_date(text: str, now: datetime) -> None:
    try:
        moment = datetime.strptime(text, signing.DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise NotSigned(Flaw.DATE_FORMAT) from None
    if abs(now - moment) > WINDOW:
        raise NotSigned(Flaw.EXPIRED)


def _body_digest(request: IncomingRequest, names: list[str], unsigned_body: bool) -> str:
    real = signing.digest(request.body)
    given = request.headers.get(_CONTENT_HASH, real)
    if given == real:
        return real
    if given == _UNSIGNED and unsigned_body and _CONTENT_HASH in names:
        return given
    raise NotSigned(Flaw.SIGNATURE)


def _signatures(
    request: IncomingRequest, names: list[str], body_digest: str, secret: str
) -> tuple[str, str]:
    """The right signatures. Two: the vendor's signers sort a query in two ways."""
    with_decoded, with_encoded = (
        signing.canonical_request(
            request.method,
            request.path,
            signing.canonical_query(request.query, sort_encoded=encoded),
            request.headers,
            names,
            body_digest,
        )
        for encoded in (False, True)
    )
    date = request.headers[signing.DATE_HEADER]
    return (
        signing.signature_of(with_decoded, date, secret),
        signing.signature_of(with_encoded, date, secret),
    )
