"""What texts are made of: characters that none may hold, and one writing of the breaks of lines."""

import re
from typing import Final

CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control characters, as a class of a pattern has them: all but the tab and the line feed."""

SURROGATES: Final = r"\ud800-\udfff"
"""Halves of characters. Neither UTF-8 nor PostgreSQL takes them."""

NO_CHARACTERS: Final = rf"\ufffe\uffff{SURROGATES}"
"""What is no character at all: YAML reads none of these."""

CONTROL: Final = re.compile(rf"[{CONTROLS}{NO_CHARACTERS}]")
"""What no author means, and what the database or a file could not keep (PostgreSQL: no NUL)."""


def plain(text: str) -> str:
    """A text as it counts, with nothing blank around it.

    A browser sends its lines with a carriage return, a file does not.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


INVISIBLE: Final = re.compile(rf"(?!\r\n){CONTROL.pattern}")
"""What no text of a document may hold, but for the CR LF of browsers."""
