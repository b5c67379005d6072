"""The listed codes that somebody may have meant who typed one that is not listed."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from wizard.published import catalogue
from wizard.published.live import EDITIONS, Edition, live
from wizard.sms.codes import shape
from wizard.sms.personal import looks_personal

_SHOWN: Final = 3
_TYPED: Final = re.compile(r"[A-Z0-9:_.-]{4,24}")
_LONGEST: Final = 40
# What the eye does not tell apart, and what follows a zero on a keyboard.
_ALIKE: Final = str.maketrans("OILQ", "0110")


def near(typed: str) -> tuple[str, ...]:
    """The codes nearest to what was typed, the likeliest first; () if it is listed or no code.

    Where it has the form of a code, another digit is another code: then only digits that have
    changed places, or one too many or too few, count as a slip. Words are near by one letter.
    """
    if len(typed) > _LONGEST or looks_personal(typed):
        return ()
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    code = re.sub(r"\s", "", plain)
    is_word = not any(character.isdigit() for character in plain)
    if not _TYPED.fullmatch(code) or (is_word and code != plain):
        return ()
    codes = _codes(live.edition)
    if plain in codes:
        return ()
    return _nearest(code, codes, is_word=is_word)


@lru_cache(maxsize=EDITIONS)
def _codes(edition: Edition) -> dict[str, str]:
    """The codes of an edition, and what the eye makes of each."""
    rows = (entry.row for entry in catalogue.entries(edition))
    found = (row.code.upper() for row in rows if not row.is_family)
    return {code: code.translate(_ALIKE) for code in found}


def _nearest(code: str, codes: dict[str, str], *, is_word: bool) -> tuple[str, ...]:
    seen = code.translate(_ALIKE)
    furthest = 2 if len(code) > 6 and not is_word else 1
    found = process.extract(seen, codes, scorer=OSA.distance, score_cutoff=furthest, limit=50)
    slips = [(distance, one) for _, distance, one in found if _is_slip(code, one, distance)]
    best = min((distance for distance, _ in slips), default=0)
    nearest = [one for distance, one in slips if distance == best]
    return tuple(sorted(nearest, key=lambda one: (_once(one) != _once(code), one))[:_SHOWN])


def _is_slip(code: str, other: str, distance: float) -> bool:
    if distance == 0 or not shape(code) or len(code) != len(other):
        return True
    return (code.isalpha() and other.isalpha()) or sorted(code) == sorted(other)


def _once(code: str) -> str:
    """A code with each repeated character once: how many zeros it were is what is mistyped most."""
    return "".join(character for character, _ in groupby(code.translate(_ALIKE)))
