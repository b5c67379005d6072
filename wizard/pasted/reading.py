"""What was read of a text: values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Final, Literal

from wizard.engine.evidence import Finding, Value
from wizard.engine.lists import Namespace

MAX_CODES: Final = 20

SOURCE: Final = "pasted text"


class TextKind(StrEnum):
    """What the text as a whole is; WORDS and NOTHING mean that nothing was understood."""

    CODE = auto()
    RESPONSE = auto()
    REPORT = auto()
    LOG = auto()
    MESSAGE_ID = auto()
    NUMBER = auto()
    WORDS = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code and where it stood: the same code can mean two things in two places."""

    namespace: Namespace
    code: str
    field: Literal["code", "status", "report", "text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. `recipient` is masked; the codes start with the most telling one.

    `template_id` and `channel_number` (the `from` of a request or answer) say what to look up.
    """

    kind: TextKind
    codes: tuple[SeenCode, ...] = ()
    recipient: str = ""
    recipients: int = 0
    message_id: str = ""
    template_id: str = ""
    channel_number: str = ""
    evidence: Mapping[str, Finding] = field(default_factory=dict)
    truncated: bool = False


Known = Callable[[Namespace, str], bool]
"""Whether the catalogue has this code (namespace, code), exactly or by family."""


def evidence_of(
    values: Mapping[str, Value | None], observed_at: datetime | None = None
) -> dict[str, Finding]:
    """Findings for what is known; None and "" mean that the text does not say."""
    return {
        fact: Finding(fact, value, SOURCE, observed_at)
        for fact, value in values.items()
        if value is not None and value != ""
    }


def codes_of(seen: Iterable[SeenCode]) -> tuple[SeenCode, ...]:
    """Without blanks and repetitions: a code that stands in two fields is one code."""
    first: dict[tuple[str, str], SeenCode] = {}
    for code in seen:
        if code.code:
            first.setdefault((code.namespace, code.code), code)
    return tuple(first.values())[:MAX_CODES]
