"""CMPP's reader: the result of a submit or a connect, as libraries log it."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.causes import by_code
from wizard.providers.signs import mentions, seen

NAMES: Final[frozenset[str]] = frozenset()

_SIGN: Final = re.compile(
    r"(?:Cmpp|CMPP_?|Sgip|SGIP_?|Smgp|SMGP_?)(?:30)?(?:Submit|SUBMIT|Connect|CONNECT|Deliver|DELIVER)"
    r"[A-Za-z_]{0,30}"
)
_RESULT: Final = re.compile(
    r"(?<![A-Za-z])(?:result|status)[\"']?\s?[:=]\s?[\"']?([0-9]{1,3})(?![0-9A-Za-z:.-])",
    re.IGNORECASE,
)

_SUBMIT: Final = by_code(
    {
        "format-or-parameter": "1 2 3 4 6",
        "volume-limit": "8",
        "sender-unusable": "10 11",
        "number-invalid": "13",
    }
)
"""Results of a submit, of which gateways have more of their own."""

_CONNECT: Final = by_code({"format-or-parameter": "1 4", "credentials": "2 3"})


def read(text: PlainText) -> Said | None:
    """The name of one of the protocol's messages beside a result that is not 0."""
    if not mentions(text.small, ("cmpp", "sgip", "smgp")):
        return None
    message = _SIGN.search(text.plain)
    result = _RESULT.search(text.plain)
    if not message or not result or not result[1].strip("0"):
        return None
    causes = _CONNECT if "connect" in message[0].lower() else _SUBMIT
    return Said("cmpp", TextKind.RESPONSE, seen("cmpp", "api", result[1].lstrip("0"), causes))
