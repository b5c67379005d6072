"""Texts in lines of a given width, for pictures: SVG does not wrap by itself.

Widths are counted in letters. Those of Chinese are as wide as two others, and a line may end after
each of them.
"""

import unicodedata
from collections.abc import Iterator


def wrap(text: str, units: int, most: int) -> list[str]:
    """A text in so many lines at most; what does not fit into the last one is cut off there."""
    lines: list[str] = []
    line = ""
    pieces = list(_pieces(text))
    for place, piece in enumerate(pieces):
        if line and _units(line + piece.rstrip()) > units:
            if len(lines) == most - 1:
                return [*lines, shorten("".join([line, *pieces[place:]]), units)]
            lines.append(shorten(line, units))
            line = ""
        line += piece
    return [*lines, shorten(line, units)]


def shorten(text: str, units: int) -> str:
    """A text as far as it fits into one line, with an ellipsis where it does not."""
    text = text.strip()
    if _units(text) <= units:
        return text
    return f"{text[: _fitting(text, units - 1)].rstrip()}…"


def _pieces(text: str) -> Iterator[str]:
    """A text in what must not be divided: words with the space after them, wide letters alone."""
    word = ""
    for letter in " ".join(text.split()):
        if _is_wide(letter):
            if word:
                yield word
            word = ""
            yield letter
        else:
            word += letter
            if letter == " ":
                yield word
                word = ""
    if word:
        yield word


def _fitting(text: str, units: int) -> int:
    """How many letters of a text fit, at least one."""
    width = 0
    for place, letter in enumerate(text):
        width += 2 if _is_wide(letter) else 1
        if width > units:
            return max(place, 1)
    return len(text)


def _units(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if _is_wide(letter) else 1 for letter in text)


def _is_wide(letter: str) -> bool:
    return not letter.isascii() and unicodedata.east_asian_width(letter) in "WF"
