"""SDK-HMAC-SHA256, as the vendor signs requests (`docs/facts/protocols.md`, "SDK-HMAC-SHA256").

One HMAC over a canonical form of the request; no key is derived. `wizard/lookups/huawei` signs
what it asks with it, and `wizard/reports/receiving.py` checks what is pushed to us.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, unquote, urlsplit

ALGORITHM: Final = "SDK-HMAC-SHA256"
DATE_HEADER: Final = "x-sdk-date"
DATE_FORMAT: Final = "%Y%m%dT%H%M%SZ"


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    access_key: str,
    secret_key: str,
    moment: datetime,
) -> dict[str, str]:
    """The headers of a signed request: those given, the date, and the authorization.

    Args:
        url: absolute; its host is signed as it stands there, without the port of its scheme.
        headers: all of them are signed.
        moment: aware; the vendor refuses what is 15 minutes off.
    """
    parts = urlsplit(url)
    date = moment.astimezone(UTC).strftime(DATE_FORMAT)
    signed = {**headers, "Host": _host(parts.scheme, parts.netloc), "X-Sdk-Date": date}
    named = {name.lower(): value for name, value in signed.items()}
    canonical = canonical_request(
        method, parts.path, canonical_query(parts.query), named, sorted(named), digest(body)
    )
    signature = signature_of(canonical, date, secret_key)
    authorization = (
        f"{ALGORITHM} Access={access_key}, SignedHeaders={';'.join(sorted(named))}, "
        f"Signature={signature}"
    )
    return {**signed, "Authorization": authorization}


def signature_of(canonical: str, date: str, secret_key: str) -> str:
    """The signature of a canonical request, as 64 hexadecimal digits."""
    text = f"{ALGORITHM}\n{date}\n{digest(canonical.encode())}"
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def canonical_request(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    signed: Iterable[str],
    body_digest: str,
) -> str:
    """The text that is signed. `headers` by lower-case name; `signed` names those that count."""
    names = list(signed)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    return "\n".join(
        [method.upper(), canonical_path(path), query, lines, ";".join(names), body_digest]
    )


def canonical_path(path: str) -> str:
    """Each part encoded anew, and a slash at the end, which the request itself need not have."""
    encoded = "/".join(_encoded(unquote(part)) for part in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def canonical_query(query: str, *, sort_encoded: bool = False) -> str:
    """The parameters in order.

    The vendor's signers disagree on what is sorted: the decoded pairs (Python), or the encoded
    ones (Java, `sort_encoded`). They differ for a few characters only.
    """
    pairs = [_pair(part) for part in query.split("&") if part]
    encoded = [(_encoded(name), _encoded(value)) for name, value in sorted(pairs)]
    return "&".join(f"{n}={v}" for n, v in (sorted(encoded) if sort_encoded else encoded))


def digest(body: bytes) -> str:
    """SHA-256 of a body as hexadecimal digits; an empty body has one too."""
    return hashlib.sha256(body).hexdigest()


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote(name.replace("+", " ")), unquote(value.replace("+", " "))


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _host(scheme: str, netloc: str) -> str:
    usual = {"https": ":443", "http": ":80"}[scheme]
    return re.sub(rf"{usual}$", "", netloc)
