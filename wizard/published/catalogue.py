"""The catalogue that visitors read: the codes of all live guides, and where their ways start.

Several guides may list the same code. A code has one page and one way all the same: those of the
guide that fits the code best, as it would fit a pasted text with that code in it.

Beside the guides' own rows stand those of their library, thousands that are found one by one, and
listed carrier by carrier.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from django.urls import reverse
from django.utils import timezone

from wizard.engine.fitting import Fit, fit
from wizard.engine.lists import CARRIERS, CAUSES, NAMESPACES, Namespace
from wizard.engine.snapshot import Code, Snapshot
from wizard.engine.walk import walk
from wizard.pasted.reader import read
from wizard.published.live import EDITIONS, Edition, live
from wizard.web.addresses import jump
from wizard.wording import codes, guide
from wizard.wording.guide import ACTORS


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A row of the catalogue as a visitor meets it. `asked` is the code as they gave it.

    `also` are the other guides that list it: their titles, and the code's way through them.
    """

    row: Code
    asked: str
    leads_to: str
    start_url: str
    next_actor: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def by_family(self) -> bool:
        """Whether the code itself is not listed, only the family it belongs to."""
        return self.row.is_family and self.asked != self.row.prefix.upper()

    @property
    def meaning(self) -> str:
        """What the code means, as sure as that is; where sources differ, what most say."""
        row = self.row
        said = codes.meaning_of(row.meaning, row.cause, row.confidence)
        return codes.most_often(said) if row.others else said

    @property
    def others(self) -> list[str]:
        """What other lists use it for."""
        return codes.others_of(self.row.others)

    @property
    def cause(self) -> str:
        return str(codes.CAUSES.get(self.row.cause, ""))

    @property
    def carrier(self) -> str:
        """In whose list it stands; "" where nobody has said."""
        return str(codes.CARRIERS.get(self.row.carrier, ""))

    @property
    def retry(self) -> str:
        return str(codes.RETRIES.get(self.row.retry, ""))

    @property
    def confidence(self) -> str:
        return str(codes.CONFIDENCES.get(self.row.confidence, ""))

    @property
    def where(self) -> str:
        return str(guide.NAMESPACES[self.row.namespace])

    @property
    def made_by(self) -> str:
        return str(guide.CODE_MAKERS.get(self.row.source, ""))

    @property
    def region(self) -> str:
        """Where it appears; "" if that is everywhere."""
        region = self.row.region
        return "" if region == "all" else str(guide.CODE_REGIONS.get(region, ""))

    @property
    def url(self) -> str:
        return code_url(self.row.prefix)


def code_url(code: str) -> str:
    """The permanent page of a code or family."""
    return reverse("wizard:code", args=[code])


def find(code: str) -> list[CodeEntry]:
    """What the live guides know about a code: at most one entry for each namespace."""
    asked, index = code.strip().upper().removesuffix("*"), _index(live.edition)
    return [entry for namespace in NAMESPACES if (entry := index.find(asked, namespace))]


def is_known(namespace: Namespace, code: str) -> bool:
    """Whether this counts as a code wherever it stands, in the midst of a text too.

    What a live guide lists itself does, or its family. The library has bare numbers and plain
    words as well, so that of its rows only those of a form count that nothing else has.
    """
    for snapshot in live.guides.values():
        row = snapshot.catalogue.find(code, namespace)
        if row and (snapshot.catalogue.is_own(row) or _UNMISTAKABLE.fullmatch(code.upper())):
            return True
    return False


_UNMISTAKABLE: Final = re.compile(
    r"(?!ERR:|MS:)[A-Z]{2,4}[0-9]{0,2}:-?[0-9]{3,6}"
    r"|(?:CMPP|CMPP20|CMPP30|SGIP|SMGP|SPMS)ERR:-?[0-9]{1,6}|SGIP:-?[0-9]{1,6}"
    r"|(?:UNDELIV|EXPIRED|REJECTD)S[0-9]{3}S"
)


def entries(edition: Edition) -> Sequence[CodeEntry]:
    """The guides' own rows, each code once, by namespace and code."""
    return _index(edition).entries


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """A code of the library as a line of a list."""

    code: str
    meaning: str
    carrier: str
    cause: str

    @property
    def page(self) -> str:
        """The end of its address, as `code_url` has it: none of these signs needs another form."""
        return self.code.removesuffix("*")


def library(edition: Edition) -> Mapping[str, Mapping[str, Sequence[LibraryLine]]]:
    """The codes that no guide lists itself: by carrier, then by cause, each in its closed list."""
    return _index(edition).library


def search(words: str, edition: Edition) -> list[CodeEntry]:
    """The entries that hold every one of the words; those whose code begins with it first."""
    index, wanted = _index(edition), words.upper().split()
    found = [
        entry
        for entry, text in zip(index.entries, index.texts, strict=True)
        if all(word in text for word in wanted)
    ]
    return sorted(found, key=lambda entry: not entry.row.code.upper().startswith(words.upper()))


def search_library(words: str, edition: Edition) -> list[LibraryLine]:
    """The codes of the library that hold every one of the words, in the same order."""
    index, wanted = _index(edition), words.upper().split()
    found = [
        line
        for line, text in zip(index.lines, index.line_texts, strict=True)
        if all(word in text for word in wanted)
    ]
    return sorted(found, key=lambda line: not line.code.upper().startswith(words.upper()))


_Listed = tuple[Snapshot, Code]


class _Index:
    """The catalogue of an edition: each part is made when it is first asked for, and then kept."""

    def __init__(self, edition: Edition) -> None:
        self._guides = edition.guides
        self._found: dict[tuple[Namespace, str], CodeEntry] = {}

    def find(self, asked: str, namespace: Namespace) -> CodeEntry | None:
        """The entry of a code or family, by its name in upper case without a star."""
        known = self._found.get((namespace, asked))
        if known is not None:
            return known
        listing = self._listing(asked, namespace)
        if not listing:
            return None
        entry = self._best(asked, listing)
        own = any(snapshot.catalogue.is_own(row) for snapshot, row in listing)
        if own and not entry.by_family:
            # There are no more of these than rows; of a family's codes there is no end, and those
            # of a library are many and seldom asked for.
            self._found[namespace, asked] = entry
        return entry

    @cached_property
    def entries(self) -> Sequence[CodeEntry]:
        """Each code once, by namespace and code."""
        listings: dict[tuple[Namespace, str], list[_Listed]] = {}
        for snapshot in self._guides:
            for row in snapshot.catalogue.codes:
                listings.setdefault((row.namespace, row.code.upper()), []).append((snapshot, row))
        found = [
            self._best(code.removesuffix("*"), rows) for (_name, code), rows in listings.items()
        ]
        return tuple(sorted(found, key=lambda entry: (entry.row.namespace, entry.row.code)))

    @cached_property
    def texts(self) -> Sequence[str]:
        """What is searched of each of the entries."""
        return tuple(map(_text, self.entries))

    @cached_property
    def lines(self) -> Sequence[LibraryLine]:
        """The codes of all libraries that no guide lists itself, each once, in their order."""
        own = {entry.row.code.upper() for entry in self.entries if entry.row.namespace == "status"}
        found: dict[str, LibraryLine] = {}
        for snapshot in self._guides:
            for row in snapshot.catalogue.of_library():
                if row.code.upper() not in own and row.code not in found:
                    meaning = row.meaning or str(codes.CAUSES[row.cause])
                    found[row.code] = LibraryLine(row.code, meaning, row.carrier, row.cause)
        return tuple(found.values())

    @cached_property
    def line_texts(self) -> Sequence[str]:
        """What is searched of each of these lines."""
        named = {cause: str(words) for cause, words in codes.CAUSES.items()}
        lists = {carrier: str(words) for carrier, words in codes.CARRIERS.items()}
        return tuple(
            f"{line.code} {line.meaning} {named[line.cause]} {lists[line.carrier]}".upper()
            for line in self.lines
        )

    @cached_property
    def library(self) -> Mapping[str, Mapping[str, Sequence[LibraryLine]]]:
        grouped: dict[str, dict[str, list[LibraryLine]]] = {}
        for line in self.lines:
            grouped.setdefault(line.carrier, {}).setdefault(line.cause, []).append(line)
        return {
            carrier: {
                cause: grouped[carrier][cause] for cause in CAUSES if cause in grouped[carrier]
            }
            for carrier in CARRIERS
            if carrier in grouped
        }

    def _listing(self, asked: str, namespace: Namespace) -> list[_Listed]:
        """The guides that list a code or its family, in the order of the home page."""
        return [
            (snapshot, row)
            for snapshot in self._guides
            if (row := snapshot.catalogue.find(asked, namespace))
        ]

    def _best(self, asked: str, listing: Sequence[_Listed]) -> CodeEntry:
        """The entry of the guide that fits the code best; the others are named beside it."""
        (snapshot, row), *others = self._by_rank(asked, listing) if len(listing) > 1 else listing
        return CodeEntry(
            row=row,
            asked=asked,
            leads_to=snapshot.title_of(row.to),
            start_url=start_url(snapshot, row, asked),
            next_actor=str(ACTORS.get(row.next_actor, ACTORS["support"])),
            also=tuple((other.title, start_url(other, code, asked)) for other, code in others),
        )

    def _by_rank(self, asked: str, listing: Sequence[_Listed]) -> list[_Listed]:
        """First who lists the code itself and not its family, then who fits better, or is nearer.

        A code alone tells nothing of a time, so that what ranks first today does so tomorrow.
        """
        told, now = read(asked, known=self._is_known).evidence, timezone.now()

        def rank(listed: _Listed) -> tuple[bool, Fit, int]:
            snapshot, row = listed
            return not row.is_family, fit(snapshot, told, now), -len(snapshot.way_to_code(row))

        return sorted(listing, key=rank, reverse=True)

    def _is_known(self, namespace: Namespace, code: str) -> bool:
        return bool(self._listing(code, namespace))


_index = lru_cache(maxsize=EDITIONS)(_Index)


def _text(entry: CodeEntry) -> str:
    row = entry.row
    words = (row.code, row.meaning, *row.causes, *row.others, entry.cause, entry.leads_to)
    return " ".join(words).upper()


def start_url(snapshot: Snapshot, row: Code, asked: str) -> str:
    """The walk from where this code leads: nobody has answered the questions before it."""
    return jump(reverse("wizard:walk", args=[snapshot.slug]), _start(snapshot, row, asked), asked)


def _start(snapshot: Snapshot, row: Code, asked: str) -> str:
    """The node where a text with this code in it leads; where it leads nowhere, the row's own.

    A code that a family stands for begins at the family's node: there is no end of such codes.
    """
    if row.is_family:
        return row.to
    told = read(asked, known=is_known).evidence
    walked = walk(snapshot, {}, told, timezone.now())
    return walked.place if walked.answered else row.to
