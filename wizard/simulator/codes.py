"""The sending API's codes: how each one is worded, and the HTTP status it comes with.

The codes and what they stand for are the vendor's (`wizard/content`, the catalogue); the wording
is ours, and so is the HTTP status, which the vendor's pages do not give.
"""

from collections.abc import Mapping
from typing import Any, Final

ACCEPTED: Final = "000000"
PARTLY: Final = "E000510"

_WORDS: Final[Mapping[int, Mapping[str, str]]] = {
    200: {ACCEPTED: "Success", PARTLY: "At least one SMS was not accepted."},
    400: {
        "E000000": "System error.",
        "E000027": "Invalid request.",
        "E000040": "Content-Type is wrong for this API.",
        "E000503": "A parameter has the wrong format.",
    },
    401: {
        "E000001": "Authorization is missing.",
        "E000002": "realm is missing in Authorization.",
        "E000003": "profile is missing in Authorization.",
        "E000004": "realm in Authorization must be SDP.",
        "E000005": "profile in Authorization must be UsernameToken.",
        "E000006": "type in Authorization must be Appkey.",
        "E000007": "type is missing in Authorization.",
        "E000008": "WSSE is missing in Authorization.",
        "E000020": "X-WSSE is missing.",
        "E000021": "Username is missing in X-WSSE.",
        "E000022": "Nonce is missing in X-WSSE.",
        "E000023": "Created is missing in X-WSSE.",
        "E000024": "PasswordDigest is missing in X-WSSE.",
        "E000025": "Created in X-WSSE has the wrong format.",
        "E000026": "UsernameToken is missing in X-WSSE.",
        "E000041": "X-Sdk-Date is missing.",
        "E000042": "X-Sdk-Date has the wrong format.",
        "E000043": "Authorization has the wrong format.",
        "E000044": "X-Sdk-Date has expired.",
        "E000045": "Authorization was checked and is wrong.",
        "E000101": "Authentication failed.",
        "E000102": "The app_key is not valid.",
        "E000103": "The app_key cannot be used now.",
        "E000104": "The app_secret is not valid.",
        "E000105": "PasswordDigest is not valid.",
        "E000110": "Created is out of the allowed range.",
        "E000111": "Wrong user name or password.",
    },
    403: {
        "E000106": "The app_key may not call this API.",
        "E000109": "The user is not activated.",
        "E000112": "The user is frozen.",
        "E000620": "The address of the caller is not on the allow list.",
        "E000623": "The volume limit of the account is reached.",
        "E000630": "The volume limit of the country or region is reached.",
    },
}
_STATUS: Final = {code: status for status, words in _WORDS.items() for code in words}


class Refused(Exception):
    """A whole send request is refused with `code`. `detail` names the parameter at fault."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def http_status(code: str) -> int:
    return _STATUS[code]


def worded(code: str, detail: str = "") -> dict[str, Any]:
    """The `code` and `description` of an answer (`docs/facts/protocols.md`, "Send response")."""
    words = _WORDS[_STATUS[code]][code]
    return {"code": code, "description": f"{words} {detail}".strip()}
