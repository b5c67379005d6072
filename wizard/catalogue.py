"""The catalogue that visitors read: the codes of all live guides, and where their ways start.

Several guides may list the same code. A code has one page and one way all the same: those of the
guide that fits the code best, as it would fit a pasted text with that code in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wizard.addresses import with_answers
from wizard.engine.fitting import Fit, fit
from wizard.engine.snapshot import Code, Namespace, Snapshot
from wizard.live import live
from wizard.pages import ACTORS
from wizard.reading import read

NAMESPACES: Final[tuple[Namespace, ...]] = ("api", "status")


@dataclass(frozen=True, slots=True)
class Entry:
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
    def url(self) -> str:
        return code_url(self.row.prefix)


def code_url(code: str) -> str:
    """The permanent page of a code or family."""
    return reverse("wizard:code", args=[code])


def find(code: str) -> list[Entry]:
    """What the live guides know about a code: at most one entry for each namespace."""
    asked = code.strip().upper().removesuffix("*")
    return [
        _best(asked, listing) for namespace in NAMESPACES if (listing := _listing(asked, namespace))
    ]


def is_known(namespace: Namespace, code: str) -> bool:
    """Whether a live guide lists this code or its family."""
    return any(snapshot.catalogue.find(code, namespace) for snapshot in live.guides.values())


def entries() -> list[Entry]:
    """The whole catalogue, each code once, by namespace and code."""
    listings: dict[tuple[Namespace, str], list[_Listed]] = {}
    for snapshot in live.guides.values():
        for row in snapshot.catalogue.codes:
            listings.setdefault((row.namespace, row.code.upper()), []).append((snapshot, row))
    found = [_best(code.removesuffix("*"), rows) for (_namespace, code), rows in listings.items()]
    return sorted(found, key=lambda entry: (entry.row.namespace, entry.row.code))


def search(words: str, among: Iterable[Entry]) -> list[Entry]:
    """The entries that hold every one of the words; those whose code begins with it first."""
    wanted = words.upper().split()
    found = [entry for entry in among if all(word in _text(entry) for word in wanted)]
    return sorted(found, key=lambda entry: not entry.row.code.upper().startswith(words.upper()))


def _text(entry: Entry) -> str:
    row = entry.row
    return " ".join((row.code, row.meaning, *row.causes, entry.leads_to)).upper()


_Listed = tuple[Snapshot, Code]


def _listing(asked: str, namespace: Namespace) -> list[_Listed]:
    """The guides that list a code or its family, in the order of the home page."""
    return [
        (snapshot, row)
        for snapshot in live.guides.values()
        if (row := snapshot.catalogue.find(asked, namespace))
    ]


def _best(asked: str, listing: Sequence[_Listed]) -> Entry:
    """The entry of the guide that fits the code best; the others are named beside it."""
    (snapshot, row), *others = _by_rank(asked, listing) if len(listing) > 1 else listing
    return Entry(
        row=row,
        asked=asked,
        leads_to=snapshot.title_of(row.to),
        start_url=start_url(snapshot, row, asked),
        next_actor=str(ACTORS.get(row.next_actor, _("Customer service"))),
        also=tuple((other.title, start_url(other, code, asked)) for other, code in others),
    )


def _by_rank(asked: str, listing: Sequence[_Listed]) -> list[_Listed]:
    """First who lists the code itself and not its family, then who fits better, or is nearer."""
    told, now = read(asked, known=is_known).evidence, timezone.now()

    def rank(listed: _Listed) -> tuple[bool, Fit, int]:
        snapshot, row = listed
        return not row.is_family, fit(snapshot, told, now), -len(_way_to(snapshot, row))

    return sorted(listing, key=rank, reverse=True)


def start_url(snapshot: Snapshot, row: Code, asked: str) -> str:
    """The walk with this code given: the shortest way to a question that asks for it."""
    way = {key: given or asked for key, given in _way_to(snapshot, row).items()}
    return with_answers(reverse("wizard:walk", args=[snapshot.slug]), way)


def _way_to(snapshot: Snapshot, row: Code) -> dict[str, str]:
    """The answers that lead to a question for this code, and "" for the code itself there."""
    ways = [
        {**way, question.key: ""}
        for question in snapshot.questions.values()
        if question.kind == "code" and row in snapshot.codes_of(question)
        if (way := snapshot.way_to(question.key)) is not None
    ]
    return min(ways, key=len, default={})
