"""Texts in lines of a given width, for pictures: SVG does not wrap by itself.

Widths are counted in letters, as a terminal does: those of Chinese are as wide as two others, and a
line may end after each of them; what is set upon a letter, such as an accent, takes no room.
"""

from collections.abc import Iterator

from wcwidth import clip, iter_graphemes, width


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
    return f"{clip(text, 0, units - 1, control_codes='ignore').rstrip()}…"


def _pieces(text: str) -> Iterator[str]:
    """A text in what must not be divided: words with the space after them, wide letters alone."""
    word = ""
    for letter in iter_graphemes(" ".join(text.split())):
        if _units(letter) > 1:
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


def _units(text: str) -> int:
    return width(text, control_codes="ignore")
