"""Words that no guide has, and what was probably meant."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST: Final = 5
_LONG: Final = 7
_LONGEST: Final = 32


def near_word(word: str, known: Sequence[str]) -> str:
    """The known word that is nearest to one in small letters; "" where none is near.

    One letter may be too many, too few, wrong or in the wrong place; in a long word two. The first
    letter is the one that nobody mistypes: without it half of all short words are near each other.
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return ""
    apart = 1 if len(word) < _LONG else 2
    alike = [one for one in known if one[0] == word[0]]
    found = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=apart)
    return found[0] if found is not None else ""
