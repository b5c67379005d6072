"""Answers in web addresses: read from a query string that anybody may have written, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus, unquote_plus

CONTINUE: Final = "_continue"
"""Parameter that a form adds: the question that was on screen. Keys begin with a letter, so no
question can be called that."""

AT: Final = "at"
"""Parameter that names the node to begin at, in the middle of a guide."""

MAX_QUERY: Final = 8_000
MAX_ANSWERS: Final = 100
_MAX_WORD: Final = 80


@dataclass(frozen=True, slots=True)
class Given:
    """What an address says. `overflow`: it held more than anybody answers; the rest was left."""

    answers: Mapping[str, str]
    continued: str = ""
    overflow: bool = False


def read_query(raw: str) -> Given:
    """Read the query string of a walk. Never raises; of a repeated key the last value counts."""
    pairs = raw[:MAX_QUERY].split("&", MAX_ANSWERS)
    overflow = len(raw) > MAX_QUERY or len(pairs) > MAX_ANSWERS
    answers: dict[str, str] = {}
    for pair in pairs[:MAX_ANSWERS]:
        key, _, value = pair.partition("=")
        answers[_word(key)] = _word(value)
    continued = answers.pop(CONTINUE, "")
    answers.pop("", None)
    return Given(answers, continued, overflow)


def _word(text: str) -> str:
    return unquote_plus(text[: _MAX_WORD * 3], errors="replace")[:_MAX_WORD]


def with_answers(base: str, answers: Mapping[str, str]) -> str:
    """The address of a walk: `base` and the answers, readable."""
    pairs = [f"{quote_plus(key)}={quote_plus(value, safe=':')}" for key, value in answers.items()]
    return f"{base}?{'&'.join(pairs)}" if pairs else base


def jump(base: str, at: str) -> str:
    """The address of a walk that begins at a node: nothing has been answered there."""
    return with_answers(base, {AT: at})
