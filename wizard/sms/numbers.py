"""Phone numbers: found, masked, and where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal
from urllib.parse import unquote

from wizard.engine.lists import Region

_NUMBER: Final = re.compile(r"[+(0-9][0-9 ().+-]*")


def normalised(number: str) -> str:
    """The digits of a number, calling code first; "" for what is not a whole number.

    One that is not of the Chinese mainland and has no calling code stays as it is.
    """
    text = number.strip()
    if not _NUMBER.fullmatch(text):  # a masked number too: it could be anybody's
        return ""
    return "".join(parts_of(text))


# No calling code begins with another one, and all that are not listed here have three digits.
_SHORT_CALLING_CODES: Final = frozenset(
    (
        "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
        "60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
    ).split()
)

_MASKED: Final = re.compile(r"(?:\+[0-9]{1,3} )?[0-9]{0,3}\*{4}[0-9]{0,4}")

_MAINLAND: Final = re.compile(r"(?:86)?(1[0-9]{10})")

# From so many digits on: how many stay at the start and at the end.
_VISIBLE: Final = ((10, 3, 4), (7, 0, 3), (3, 0, 2), (0, 0, 0))


def mask(number: str) -> str:
    """A number that its owner recognises and nobody else can call: "+86 138****5678".

    What is masked already stays as it is.
    """
    if _MASKED.fullmatch(number):
        return number
    country, national = parts_of(number)
    if not country and not national:
        return ""
    start, end = next((s, e) for length, s, e in _VISIBLE if len(national) >= length)
    prefix = f"+{country} " if country else ""
    return f"{prefix}{national[:start]}****{national[len(national) - end :]}"


def parts_of(number: str) -> tuple[str, str]:
    """Country calling code and the rest, in digits; "" for a code that the number does not say.

    A number of the Chinese mainland may come without +86, as the platform allows
    (`docs/facts/protocols.md`, "Send request").
    """
    digits = re.sub(r"[^0-9]", "", number)
    international = number.lstrip(" (").startswith("+")
    if not international and re.match("00[1-9]", digits):
        international, digits = True, digits[2:]
    if not international:
        mainland = _MAINLAND.fullmatch(digits)
        return ("86", mainland[1]) if mainland else ("", digits)
    width = next((n for n in (1, 2) if digits[:n] in _SHORT_CALLING_CODES), 3)
    return digits[:width], digits[width:]


def region_of(number: str) -> Region | Literal[""]:
    """Where a number belongs, masked or not; "" where it does not say."""
    country, _ = parts_of(number)
    if not country:
        return ""
    return "mainland" if country == "86" else "international"


def distinct(numbers: Iterable[str]) -> int:
    return len({parts_of(number) for number in numbers})


_PHONE: Final = re.compile(
    r"(?<![A-Za-z0-9_+.])(?:\+|00)[1-9][0-9]{6,14}(?![A-Za-z0-9_*])"
    r"|(?<![A-Za-z0-9_+.])\+[0-9]{1,3}[ .-]?\(?[0-9]{1,5}\)?[ .-]?[0-9]{2,5}[ .-]?[0-9]{2,5}"
    r"(?:[ .-][0-9]{2})?(?:[ .-][0-9]{2})?(?![A-Za-z0-9_*:])"
    r"|(?<![A-Za-z0-9_+.-])(?:86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![A-Za-z0-9_*-])"
)

_WHOLE_NUMBER: Final = re.compile(r"\+?[0-9 ()-]{7,25}")

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def phones_in(text: str) -> list[str]:
    whole = _WHOLE_NUMBER.fullmatch(text) and not _DATE.match(text)
    numbers = [text] if whole else _PHONE.findall(unquote(text))
    return [number for number in numbers if 7 <= sum(map(str.isdigit, number)) <= 15]
