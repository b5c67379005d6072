"""The catalogue that visitors read: the codes of all live guides, and where their ways start."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from wizard.addresses import with_answers
from wizard.engine.snapshot import Code, Namespace, Outcome, Question, Snapshot
from wizard.live import live
from wizard.pages import ACTORS

NAMESPACES: Final[tuple[Namespace, ...]] = ("api", "status")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the catalogue as a visitor meets it. `asked` is the code as they gave it."""

    row: Code
    asked: str
    leads_to: str
    start_url: str
    next_actor: str

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
    """What the live guides know about a code: at most one entry for each guide and namespace."""
    asked = code.strip().upper().removesuffix("*")
    return [
        _entry(snapshot, row, asked)
        for snapshot in live.guides.values()
        for namespace in NAMESPACES
        if (row := snapshot.catalogue.find(asked, namespace))
    ]


def is_known(namespace: Namespace, code: str) -> bool:
    """Whether a live guide lists this code or its family."""
    return any(snapshot.catalogue.find(code, namespace) for snapshot in live.guides.values())


def entries() -> list[Entry]:
    """The whole catalogue, by namespace and code."""
    found = [
        _entry(snapshot, row, row.prefix.upper())
        for snapshot in live.guides.values()
        for row in snapshot.catalogue.codes
    ]
    return sorted(found, key=lambda entry: (entry.row.namespace, entry.row.code))


def search(words: str, among: Iterable[Entry]) -> list[Entry]:
    """The entries that hold every one of the words; those whose code begins with it first."""
    wanted = words.upper().split()
    found = [entry for entry in among if all(word in _text(entry) for word in wanted)]
    return sorted(found, key=lambda entry: not entry.row.code.upper().startswith(words.upper()))


def _text(entry: Entry) -> str:
    row = entry.row
    return " ".join((row.code, row.meaning, *row.causes, entry.leads_to)).upper()


def _entry(snapshot: Snapshot, row: Code, asked: str) -> Entry:
    node = snapshot.node(row.to)
    return Entry(
        row=row,
        asked=asked,
        leads_to=_words(node),
        start_url=start_url(snapshot, row, asked),
        next_actor=str(ACTORS.get(row.next_actor, _("Customer service"))),
    )


def _words(node: Question | Outcome | None) -> str:
    if node is None:
        return ""
    return node.text if isinstance(node, Question) else node.title


def start_url(snapshot: Snapshot, row: Code, asked: str) -> str:
    """The walk with this code given: the shortest way to a question that asks for it."""
    base = reverse("wizard:walk", args=[snapshot.slug])
    ways = [
        {**way, question.key: asked}
        for question in snapshot.questions.values()
        if question.kind == "code" and row in snapshot.codes_of(question)
        if (way := snapshot.way_to(question.key)) is not None
    ]
    return with_answers(base, min(ways, key=len, default={}))
