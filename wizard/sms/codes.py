"""The shapes of codes."""

from __future__ import annotations

import re
from typing import Final, Literal

Shape = Literal["api", "status", "carrier", ""]

_SHAPES: Final[tuple[tuple[re.Pattern[str], Shape], ...]] = (
    (re.compile(r"000000|[Ee][013-9][0-9]{5}"), "api"),
    (re.compile(r"[Ee]2[0-9]{5}"), "status"),
    (re.compile(r"[Ss][Cc]:[0-9]{1,6}"), "status"),
    (re.compile(r"[A-Za-z]{1,8}[0-9]{0,2}(?:ERR|err)?:-?[0-9]{1,6}"), "carrier"),
    (re.compile(r"[A-Z]{4,8}"), "status"),
    (re.compile(r"-?[0-9]{1,4}"), "carrier"),
)

PLAIN_CODE: Final = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9:_.+/-]{0,63}")


def shape(code: str) -> Shape:
    """Where a code of this form comes from, whether anybody knows it or not.

    Plain words count in capitals only; the other forms as people type them.
    """
    return next((origin for pattern, origin in _SHAPES if pattern.fullmatch(code)), "")
