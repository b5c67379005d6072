"""Answers in web addresses: read from a query string that anybody may have written, and back.

A walk may also begin in the middle: whoever comes from a search or a code has answered nothing.
Where it begins then stands in the address beside the answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus, unquote_plus

CONTINUE: Final = "_continue"
"""Parameter that a form adds: the question that was on screen. Keys begin with a letter, so no
question can be called that."""

CHANGE: Final = "_change"
"""Parameter of a link "Change": the question that is asked again, with its answer chosen."""

AT: Final = "at"
"""Parameter of a jump: the node where the walk begins. In a guide that has a node of this name it
is an answer as any other."""

CAME: Final = "_from"
"""Parameter of a jump: the code that led there, or `TEXT`; without it a search did."""

BY: Final = "_by"
"""Parameter of a jump: the words that were searched for, so that Back leads to the results."""

TEXT: Final = "text"

MAX_QUERY: Final = 8_000
MAX_ANSWERS: Final = 100
MAX_WORDS: Final = 200
_MAX_WORD: Final = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a walk begins if not at its guide's start, and what led there; all "" if it does."""

    at: str = ""
    came: str = ""
    words: str = ""

    @property
    def pairs(self) -> dict[str, str]:
        """The parameters that keep it in an address or a form."""
        if not self.at:
            return {}
        named = {AT: self.at, CAME: self.came, BY: self.words}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Given:
    """What an address says. `overflow`: it held more than anybody answers; the rest was left."""

    answers: Mapping[str, str]
    continued: str = ""
    overflow: bool = False
    changing: str = ""
    entry: Entry = field(default_factory=Entry)


def read_query(raw: str) -> Given:
    """Read the query string of a walk. Never raises; of a repeated key the last value counts."""
    pairs = raw[:MAX_QUERY].split("&", MAX_ANSWERS)
    overflow = len(raw) > MAX_QUERY or len(pairs) > MAX_ANSWERS
    answers: dict[str, str] = {}
    for pair in pairs[:MAX_ANSWERS]:
        key, _, value = pair.partition("=")
        answers[_word(key)] = _word(value, MAX_WORDS if key == BY else _MAX_WORD)
    continued, changing = answers.pop(CONTINUE, ""), answers.pop(CHANGE, "")
    entry = Entry(answers.pop(AT, ""), answers.pop(CAME, ""), answers.pop(BY, ""))
    answers.pop("", None)
    return Given(answers, continued, overflow, changing, entry)


def _word(text: str, length: int = _MAX_WORD) -> str:
    # A character takes up to four bytes, and each of them three letters.
    return unquote_plus(text[: length * 12], errors="replace")[:length]


def with_answers(base: str, answers: Mapping[str, str]) -> str:
    """The address of a walk: `base` and the answers, readable."""
    pairs = [f"{quote_plus(key)}={quote_plus(value, safe=':')}" for key, value in answers.items()]
    return f"{base}?{'&'.join(pairs)}" if pairs else base


def jump(base: str, at: str, came: str = "", words: str = "") -> str:
    """The address of a walk that begins at a node.

    Args:
        base: the address of the walk without answers.
        at: key of the node.
        came: the code that leads there, `TEXT` for a pasted text, "" for a search.
        words: what was searched for.
    """
    return with_answers(base, Entry(at, came, words).pairs)
