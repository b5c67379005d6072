"""Codes that somebody may have meant: one slip away from what was typed, and known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from wizard.engine.lists import NAMESPACES
from wizard.providers.base import Known

_MAX_NEAR: Final = 3
_MAX_LENGTH: Final = 12

_LOOKS_LIKE: Final = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1"})

_TYPED: Final = re.compile(r"(?:E|EE)?[ .-]?([0-9OQIL|]{5,8})")

_WORDS: Final = ("DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD")


def near_codes(text: str, known: Known) -> tuple[str, ...]:
    """Of a single word that is no code, the known codes that it is nearest to."""
    word = text.strip(" .,;:!?\"'()").upper()
    if len(word) > _MAX_LENGTH:
        return ()
    found = [code for code in _numbered(word) if known("api", code)]
    found += [code for code in _with_colon(word) if known("status", code)]
    if not found and word.isascii() and word.isalpha() and len(word) >= 5:
        close = get_close_matches(word, _WORDS, n=1, cutoff=0.8)
        found = [code for code in close if any(known(space, code) for space in NAMESPACES)]
    return tuple(dict.fromkeys(found))[:_MAX_NEAR]


def _numbered(word: str) -> Iterator[str]:
    """Codes of the call: an O for a nought, a digit too few, too many, or the E left out."""
    match = _TYPED.fullmatch(word)
    if not match:
        return
    digits = match[1].translate(_LOOKS_LIKE)
    if len(digits) == 6:
        yield f"E{digits}"
    elif len(digits) == 5:
        # Most often one of two equal digits was left out.
        doubled = [digits[:at] + digits[at] + digits[at:] for at in range(5)]
        yield from (f"E{some}" for some in doubled)
        yield from (f"E{digits[:at]}{new}{digits[at:]}" for at in range(6) for new in "0123456789")
    elif len(digits) == 7:
        yield from (f"E{digits[:at]}{digits[at + 1 :]}" for at in range(7))


def _with_colon(word: str) -> Iterator[str]:
    """Carriers' codes with another sign than the colon, such as MK-0001 or MK 0001."""
    match = re.fullmatch(r"([A-Z]{2,8})[ ._;-]{0,2}([0-9O]{3,5})", word)
    if match:
        yield f"{match[1]}:{match[2].translate(_LOOKS_LIKE):0>4}"
