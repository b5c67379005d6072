"""X-WSSE, the sending API's first way to authenticate (`docs/facts/protocols.md`, "X-WSSE")."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from wizard.simulator.codes import Refused

WINDOW: Final = timedelta(hours=24)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ATTRIBUTE: Final = re.compile(r'(\w+)="([^"]*)"')

# In the order of checking: what must be there, and the code when it is not.
_AUTHORIZATION: Final = (("realm", "E000002"), ("profile", "E000003"), ("type", "E000007"))
_RIGHT_VALUES: Final = (
    ("realm", "SDP", "E000004"),
    ("profile", "UsernameToken", "E000005"),
    ("type", "Appkey", "E000006"),
)
_TOKEN: Final = (
    ("Username", "E000021"),
    ("Nonce", "E000022"),
    ("Created", "E000023"),
    ("PasswordDigest", "E000024"),
)


def app_key_of(headers: Mapping[str, str], secrets: Mapping[str, str], now: datetime) -> str:
    """The app_key that sent these headers.

    Args:
        headers: by lower-case name.
        secrets: the app_secret of every app_key.

    Raises:
        Refused: with the vendor's code for the first thing that is wrong.
    """
    _check_authorization(headers.get("authorization", ""))
    token = _token(headers.get("x-wsse", ""))
    app_key, nonce, created = token["Username"], token["Nonce"], token["Created"]
    if app_key not in secrets:
        raise Refused("E000102")
    if not re.fullmatch(r"[A-Za-z0-9]{1,128}", nonce):
        raise Refused("E000101", "Nonce must be 1 to 128 letters or digits.")
    if abs(now - _moment(created)) > WINDOW:
        raise Refused("E000110")
    if not _is_digest(token["PasswordDigest"], nonce, created, secrets[app_key]):
        raise Refused("E000105")
    return app_key


def digests(nonce: str, created: str, secret: str) -> tuple[str, str]:
    """The PasswordDigest in the form that clients send, and in the form that the text describes.

    The vendor's sample encodes the hash's hexadecimal digits (88 characters), its text the hash
    itself (44). Both are accepted here; which the vendor takes beside the first is unknown.
    """
    made = hashlib.sha256(f"{nonce}{created}{secret}".encode())
    return (
        base64.b64encode(made.hexdigest().encode()).decode(),
        base64.b64encode(made.digest()).decode(),
    )


def _check_authorization(text: str) -> None:
    if not re.match(r"WSSE\b", text):
        raise Refused("E000008")
    found = dict(_ATTRIBUTE.findall(text))
    for name, code in _AUTHORIZATION:
        if name not in found:
            raise Refused(code)
    for name, value, code in _RIGHT_VALUES:
        if found[name] != value:
            raise Refused(code)


def _token(text: str) -> dict[str, str]:
    if not text:
        raise Refused("E000020")
    if not re.match(r"UsernameToken\b", text):
        raise Refused("E000026")
    found = dict(_ATTRIBUTE.findall(text))
    for name, code in _TOKEN:
        if not found.get(name):
            raise Refused(code)
    return found


def _moment(created: str) -> datetime:
    try:
        if not _TIME.fullmatch(created):
            raise ValueError(created)
        return datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("E000025") from None


def _is_digest(given: str, nonce: str, created: str, secret: str) -> bool:
    return any(
        hmac.compare_digest(given.encode(), right.encode())
        for right in digests(nonce, created, secret)
    )
