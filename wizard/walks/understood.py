"""What we understood of a pasted text, said before going on. The text itself goes no further."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from wizard.engine.evidence import Evidence
from wizard.engine.fitting import fit_of
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Walk, walk
from wizard.pasted.reader import read
from wizard.pasted.reading import Reading, TextKind
from wizard.published import catalogue
from wizard.published.catalogue import CodeEntry
from wizard.published.live import live
from wizard.published.search import Match, search
from wizard.walks.sealed import carry
from wizard.web.addresses import with_answers
from wizard.wording.cases import part
from wizard.wording.pasted import ERRORS, KINDS

_LOOKED_UP: Final = frozenset(
    {TextKind.RESPONSE, TextKind.REPORT, TextKind.LOG, TextKind.MESSAGE_ID}
)
"""What is about one message, so that a case can look something up for it."""


@dataclass(frozen=True, slots=True)
class WayOn:
    """A guide to go on with, and how many of its questions the text has answered."""

    title: str
    url: str
    answered: int


@dataclass(frozen=True, slots=True)
class Understood:
    """The page after the box.

    `entries` are the catalogue's rows for the most telling code, `others` for the rest; `unknown`
    has the codes that no guide lists, which the authors are to be told about; `nothing` says that
    the box was empty. `carried` is what a case begins with, "" where it could not look anything up.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]
    accepted_at: datetime | None
    entries: tuple[CodeEntry, ...]
    others: tuple[CodeEntry, ...]
    unknown: tuple[tuple[str, str], ...]
    matches: tuple[Match, ...]
    ways_on: tuple[WayOn, ...]
    truncated: bool
    nothing: bool
    carried: str

    @property
    def nothing_found(self) -> bool:
        """Whether words lead nowhere and nothing was read in them."""
        return not (self.rows or self.entries or self.unknown or self.matches or self.carried)


def understand(text: str, now: datetime) -> Understood:
    """Read what was typed or pasted, and find where it leads. Nothing is stored of it."""
    reading = read(text, known=lambda namespace, code: catalogue.is_known(namespace, code))
    listed = {seen.code: catalogue.find(seen.code) for seen in reading.codes}
    entries = _entries(reading, listed)
    telling = [entry for entry in entries if entry.asked == entries[0].asked]
    accepted = reading.evidence.get("message.accepted_at")
    value = accepted.value if accepted else None
    return Understood(
        heading=_heading(reading),
        rows=tuple(_rows(reading)),
        accepted_at=value if isinstance(value, datetime) else None,
        entries=tuple(telling),
        others=tuple(entry for entry in entries if entry not in telling),
        unknown=tuple(
            (code, catalogue.code_url(code)) for code, known in listed.items() if not known
        ),
        matches=search(text) if reading.kind is TextKind.WORDS else (),
        ways_on=tuple(_ways_on(reading.evidence, now)),
        truncated=reading.truncated,
        nothing=reading.kind is TextKind.NOTHING,
        carried=carry(reading) if reading.kind in _LOOKED_UP else "",
    )


def _heading(reading: Reading) -> str:
    if reading.codes:
        words = {"code": reading.codes[0].code, "number": reading.recipient}
        if reading.recipient:
            return _("Code %(code)s for %(number)s") % words
        return _("Code %(code)s") % words
    error = reading.evidence.get("api.error")
    if error is not None and error.value in ERRORS:
        return str(ERRORS[str(error.value)])
    if reading.kind in KINDS:
        return _("This looks like %(kind)s") % {"kind": KINDS[reading.kind]}
    return _("We found no code in that")


def _rows(reading: Reading) -> list[tuple[str, str]]:
    number = reading.recipient
    if number and reading.recipients > 1:
        words = {"number": number, "count": reading.recipients - 1}
        number = _("%(number)s and %(count)s more") % words
    rows = [
        (_("What it is"), str(KINDS.get(reading.kind, ""))),
        (part("recipient"), number),
        (part("message_id"), reading.message_id),
    ]
    return [(name, value) for name, value in rows if value]


def _entries(reading: Reading, listed: Mapping[str, list[CodeEntry]]) -> list[CodeEntry]:
    """The catalogue's rows for what was read, each from the list where it was read."""
    found: dict[tuple[str, str], CodeEntry] = {}
    for seen in reading.codes:
        entries = listed[seen.code]
        fitting = [entry for entry in entries if entry.row.namespace == seen.namespace]
        for entry in fitting or entries:
            found.setdefault((entry.row.namespace, entry.asked), entry)
    return list(found.values())


def _ways_on(evidence: Evidence, now: datetime) -> list[WayOn]:
    """The guides, the one that fits the text best first."""
    walks = [(one, walk(one, {}, evidence, now)) for one in live.guides.values()]
    walks.sort(key=lambda pair: fit_of(pair[1]), reverse=True)
    return [_way_on(*pair) for pair in walks]


def _way_on(snapshot: Snapshot, walked: Walk) -> WayOn:
    """The walk as far as the text answers it. Its address holds the answers, never the text."""
    answers = {step.key: step.value for step in walked.answered}
    base = reverse("wizard:walk", args=[snapshot.slug])
    return WayOn(snapshot.title, with_answers(base, answers), len(answers))
