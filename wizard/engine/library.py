"""The library: what the lists of carriers say of their codes, thousands of rows beside a guide's.

A library is written once and used by any guide that names it. Its rows say why a code is given,
not what to do: that is said once for each cause, by the guide. A publication holds the rows that
it was made with, so that it reads the same years later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Final

from wizard.engine.lists import CODE_REGIONS, CODE_SOURCES

COLUMNS: Final = (
    "code", "cause", "carriers", "who", "retry", "confidence", "meaning", "zh-hans", "others",
    "spellings", "sources",
)  # fmt: skip
"""The cells of a row, each a text; several values of a cell stand between bars."""

BETWEEN: Final = " | "

_MADE_BY: Final[Mapping[str, str]] = {"huawei": "platform", "supplier": "supplier"}
_EVERYWHERE: Final = frozenset(
    {"smpp", "gsm-map", "gsm-tp-fcs", "gsm-tp-status", "gsm-rp-cause", "http-gateway"}
)


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """What the lists say of one code, or of a family (`CA:*`).

    `label` is what Chinese lists call it, a few characters. `others` are the meanings that other
    lists give: a cause and a sentence each. `spellings` are the same code as others write it.
    """

    code: str
    cause: str
    carriers: tuple[str, ...]
    who: str
    retry: str
    confidence: str
    meaning: str
    label: str
    others: tuple[tuple[str, str], ...]
    spellings: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_family(self) -> bool:
        return self.code.endswith("*")

    @property
    def carrier(self) -> str:
        """Whose meaning it is that stands first."""
        return self.carriers[0] if self.carriers else ""

    @property
    def source(self) -> str:
        """Who makes it, as `lists.CODE_SOURCES` has it."""
        return _MADE_BY.get(self.carrier, CODE_SOURCES[2])

    @property
    def region(self) -> str:
        return CODE_REGIONS[0] if self.carrier in _EVERYWHERE else CODE_REGIONS[1]

    def meaning_in(self, language: str) -> str:
        """The sentence in English; in Chinese the label; else "", and the cause has to do."""
        if language.startswith("zh"):
            return self.label
        return self.meaning if language == "en" else ""

    def others_in(self, language: str) -> tuple[str, ...]:
        """The other meanings; the names of their causes where the sentences cannot be read."""
        told = (meaning if language == "en" else cause for cause, meaning in self.others)
        return tuple(dict.fromkeys(told))


@dataclass(frozen=True, eq=False)
class Library:
    """Rows by their code. `name` is what a guide names it by; `checked_on` an ISO date."""

    name: str
    checked_on: str
    rows: Sequence[LibraryRow]

    @cached_property
    def _exact(self) -> Mapping[str, LibraryRow]:
        """The rows by their code in capitals, then by spellings that are nobody else's."""
        plain = [row for row in self.rows if not row.is_family]
        own = {row.code.upper(): row for row in plain}
        spelt: dict[str, LibraryRow | None] = {}
        for row in plain:
            bare = row.code.replace(":", "", 1) if row.code[:1].isalpha() else row.code
            for spelling in {one.upper() for one in (*row.spellings, bare)} - own.keys():
                spelt[spelling] = row if spelt.get(spelling, row) is row else None
        return own | {spelling: row for spelling, row in spelt.items() if row is not None}

    @cached_property
    def families(self) -> Mapping[str, LibraryRow]:
        """The families by their prefix in capitals."""
        return {row.code.removesuffix("*").upper(): row for row in self.rows if row.is_family}

    def find(self, code: str) -> LibraryRow | None:
        """The row of this very code, in capitals; None where only its family is listed."""
        return self._exact.get(code)

    @cached_property
    def causes(self) -> Mapping[str, LibraryRow]:
        """The causes that its rows give, each with a row that gives it, in their order."""
        first: dict[str, LibraryRow] = {}
        for row in self.rows:
            if row.cause not in first and not row.is_family:
                first[row.cause] = row
        return first


def library_of(name: str, checked_on: str, cells: Iterable[Sequence[str]]) -> Library:
    """A library of rows that have a text for each of `COLUMNS`."""
    return Library(name, checked_on, tuple(map(_row, cells)))


def _row(cells: Sequence[str]) -> LibraryRow:
    code, cause, carriers, who, retry, confidence, meaning, label, others, spelt, sources = cells
    return LibraryRow(
        code=code,
        cause=intern(cause),
        carriers=tuple(map(intern, _several(carriers))),
        who=intern(who),
        retry=intern(retry),
        confidence=intern(confidence),
        meaning=intern(meaning),
        label=intern(label),
        others=tuple(_others(others)),
        spellings=tuple(_several(spelt)),
        sources=tuple(map(intern, _several(sources))),
    )


def _several(cell: str) -> list[str]:
    return cell.split(BETWEEN) if cell else []


def _others(cell: str) -> Iterator[tuple[str, str]]:
    for one in _several(cell):
        cause, _sign, meaning = one.partition(" = ")
        yield intern(cause), intern(meaning)
