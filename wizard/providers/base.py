"""What a reader gets and what it says: values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from functools import lru_cache
from typing import Final, Literal, get_args

from wizard.engine.evidence import Finding, Value
from wizard.engine.lists import Namespace
from wizard.providers.causes import Cause

MAX_CODES: Final = 20

SOURCE: Final = "pasted text"

Provider = Literal[
    "huawei", "koomessage", "twilio", "alibaba", "tencent", "aws", "vonage", "smpp", "cmpp"
]
PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)
"""`smpp` and `cmpp` are protocols: of such a text nobody can say whose it is."""

Whose = Provider | Literal[""]
"""A provider, or "": the text does not say. Then it may be Huawei's, and its evidence counts."""

Record = Mapping[str, str | None]
"""Fields by their names as they were written. None: the field is there, empty."""


class TextKind(StrEnum):
    """What the text as a whole is; WORDS and NOTHING mean that nothing was understood."""

    CODE = auto()
    RESPONSE = auto()
    REPORT = auto()
    REQUEST = auto()
    ROW = auto()
    LOG = auto()
    MESSAGE_ID = auto()
    NUMBER = auto()
    WORDS = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code and where it stood: the same code can mean two things in two places.

    `provider` is whose code it is, "" if that may be several; `cause` what it means there, where
    that is known without a guide.
    """

    namespace: Namespace
    code: str
    field: Literal["code", "status", "report", "text"]
    provider: Whose = ""
    cause: Cause | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text that was made plain, and its records in their order.

    `typed` is the text with its letters as they were, "" where these are the same: whether the
    first letter of `ＡE200030` belongs to the code cannot be seen in `AE200030` any more.
    """

    plain: str
    records: Sequence[Record]
    typed: str = ""

    @property
    def small(self) -> str:
        """In small letters: to look whether a word is there at all is many times as quick as a
        pattern, and most texts have none.
        """
        return small(self.plain)


@lru_cache(maxsize=1)
def small(text: str) -> str:
    """`text` in small letters, kept while one text is read."""
    return text.lower()


Known = Callable[[Namespace, str], bool]
"""Whether the catalogue has this code (namespace, code), exactly or by family."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader read. `number` is the recipient's as it stood there, `numbers` are all.

    Numbers go no further than to who asked for the reading: that one masks them.
    """

    provider: Whose
    kind: TextKind
    codes: tuple[SeenCode, ...] = ()
    number: str = ""
    numbers: Sequence[str] = ()
    message_id: str = ""
    evidence: Mapping[str, Finding] = field(default_factory=dict)


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
