"""What we understood of a typed or pasted text, said before going on."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

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
from wizard.sms.codes import shape
from wizard.sms.personal import looks_personal
from wizard.walks.near_codes import near
from wizard.walks.sealed import Pasted, carry, conceal
from wizard.web.addresses import BY, MAX_WORDS, TEXT, jump, with_answers
from wizard.wording.cases import part
from wizard.wording.pasted import ERRORS, KINDS
from wizard.wording.providers import CAUSES, PROVIDERS

_LOOKED_UP: Final = frozenset(
    {TextKind.RESPONSE, TextKind.REPORT, TextKind.LOG, TextKind.MESSAGE_ID}
)
"""What is about one message, so that a case can look something up for it."""

_IN_AN_ADDRESS: Final = frozenset({TextKind.WORDS, TextKind.CODE})

_OURS: Final = frozenset({"", "huawei"})
"""Whose texts the guides are about. Any other is named, and gets none of their advice."""

_ANYTHING_NAMED: Final = re.compile(r"\S+@\S+|[0-9A-Fa-f-]{16,}|[+\d][\d\s().-]{5,}\d")


@dataclass(frozen=True, slots=True)
class WayOn:
    """A guide to go on with. `begins`: the node where it does, "" at the guide's start."""

    title: str
    url: str
    begins: str


@dataclass(frozen=True, slots=True)
class NearCode:
    """A listed code that may have been meant, and its page."""

    code: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Understood:
    """The page after the box.

    `entries` are the catalogue's rows for the most telling code, `others` for the rest; `unknown`
    has the codes that no guide lists; `near` are those that may have been meant instead;
    `nothing_found` says that nothing was read and no words were found.
    `provider` names another provider whose text it is, and `foreign` has its codes and what they
    mean, "" where that is not known; then there is nothing else. `carried` is what a case begins
    with, "" where it could not look anything up; `again` are the words to put into the box once
    more, "" where something else was told than words.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]
    accepted_at: datetime | None
    entries: tuple[CodeEntry, ...]
    others: tuple[CodeEntry, ...]
    unknown: tuple[tuple[str, str], ...]
    near: tuple[NearCode, ...]
    matches: tuple[Match, ...]
    ways_on: tuple[WayOn, ...]
    provider: str
    foreign: tuple[tuple[str, str], ...]
    truncated: bool
    is_number: bool
    carried: str
    again: str

    @property
    def nothing_found(self) -> bool:
        return not (self.entries or self.unknown or self.near or self.matches or self.carried)

    @property
    def primary(self) -> str:
        """What the one button of the page leads on to."""
        order = {
            "case": self.carried,
            "near": self.near,
            "entry": self.entries,
            "unknown": self.unknown,
            "match": self.matches,
        }
        return next((name for name, there in order.items() if there), "way")


def read_text(text: str) -> Pasted:
    """Read what was typed or pasted: by the one function, with the live catalogue."""
    reading = read(text, known=catalogue.is_known)
    plain = unicodedata.normalize("NFKC", text[: MAX_WORDS * 4])
    words = _ANYTHING_NAMED.sub(" ", plain) if looks_personal(plain) else plain
    return Pasted(reading, " ".join(words.split())[:MAX_WORDS])


def address_of(text: str, pasted: Pasted) -> str:
    """Where what was understood stands, so that it can be opened again; "" if it cannot.

    A line of words or a code stands there as it was typed. Whatever may be personal, and whatever
    was pasted, is encrypted.
    """
    home = reverse("wizard:home")
    line = text.strip()
    is_plain = pasted.reading.kind in _IN_AN_ADDRESS and len(line) <= MAX_WORDS
    if is_plain and "\n" not in line and not looks_personal(line):
        return with_answers(home, {"q": line})
    sealed = conceal(pasted)
    return with_answers(home, {"read": sealed}) if sealed else ""


def unlisted(pasted: Pasted) -> list[str]:
    """The codes that no guide lists, for the authors; but for slips of who typed them."""
    listed = _listed(pasted.reading)
    slip = any(_near(pasted, listed))
    return [] if slip else [code for code, found in listed.items() if not found]


def _listed(reading: Reading) -> dict[str, list[CodeEntry]]:
    """What the catalogue has of each code; a code of another provider is none of ours."""
    ours = (seen for seen in reading.codes if {reading.provider, seen.provider} <= _OURS)
    return {seen.code: _own(catalogue.find(seen.code)) for seen in ours}


def understood(pasted: Pasted, now: datetime) -> Understood:
    """Find where that leads which was read of a text. Nothing is stored of it."""
    reading = pasted.reading
    is_ours = reading.provider in _OURS
    listed = _listed(reading)
    meant = tuple(_near(pasted, listed))
    entries = [] if meant else _entries(reading, listed)
    telling = [entry for entry in entries if entry.asked == entries[0].asked]
    accepted = reading.evidence.get("message.accepted_at")
    value = accepted.value if accepted else None
    unknown = [code for code, known in listed.items() if not known and not meant]
    searched = is_ours and not meant and reading.kind is TextKind.WORDS
    return Understood(
        heading=_heading(reading, meant, pasted.words),
        rows=tuple(_rows(reading)),
        accepted_at=value if isinstance(value, datetime) else None,
        entries=tuple(telling),
        others=tuple(entry for entry in entries if entry not in telling),
        unknown=tuple((code, catalogue.code_url(code)) for code in unknown),
        near=meant,
        matches=tuple(_matches(pasted.words)) if searched else (),
        ways_on=tuple(_ways_on(reading.evidence, now)) if is_ours else (),
        provider=_foreign_provider(reading),
        foreign=tuple(_foreign(reading)),
        truncated=reading.truncated,
        is_number=reading.kind is TextKind.NUMBER,
        carried=carry(reading) if is_ours and reading.kind in _LOOKED_UP else "",
        again=pasted.words if meant or searched else "",
    )


def _own(found: list[CodeEntry]) -> list[CodeEntry]:
    """Without the families that a code happens to begin like, where it is listed itself."""
    return [entry for entry in found if not entry.by_family] or found


def _heading(reading: Reading, meant: tuple[NearCode, ...], words: str) -> str:
    provider = _foreign_provider(reading)
    if provider:
        return _("This is a text of %(provider)s") % {"provider": provider}
    if meant:
        return _("Did you mean %(code)s?") % {"code": meant[0].code}
    if reading.codes:
        named = {"code": reading.codes[0].code, "number": reading.recipient}
        if reading.recipient:
            return _("Code %(code)s for %(number)s") % named
        return _("Code %(code)s") % named
    error = reading.evidence.get("api.error")
    if error is not None and error.value in ERRORS:
        return str(ERRORS[str(error.value)])
    if reading.kind in KINDS:
        return _("This looks like %(kind)s") % {"kind": KINDS[reading.kind]}
    return _("What we found for “%(words)s”") % {"words": words}


def _foreign_provider(reading: Reading) -> str:
    """What another provider is called whose text it is, "" for ours."""
    if reading.provider == "" or reading.provider in _OURS:
        return ""
    return str(PROVIDERS[reading.provider])


def _foreign(reading: Reading) -> Iterator[tuple[str, str]]:
    """The codes of other providers, and what they mean whoever's they are."""
    for seen in reading.codes:
        if not {reading.provider, seen.provider} <= _OURS:
            yield seen.code, str(CAUSES[seen.cause]) if seen.cause else ""


def _rows(reading: Reading) -> list[tuple[str, str]]:
    number = reading.recipient
    if number and reading.recipients > 1:
        words = {"number": number, "count": reading.recipients - 1}
        number = _("%(number)s and %(count)s more") % words
    rows = [(part("recipient"), number), (part("message_id"), reading.message_id)]
    return [(name, value) for name, value in rows if value]


def _near(pasted: Pasted, listed: Mapping[str, list[CodeEntry]]) -> Iterator[NearCode]:
    """What may have been meant by a code that is mistyped; nothing where a code was read well."""
    reading = pasted.reading
    # A code that does not stand there was put right by the reading: whoever typed it is asked.
    there = ((code, found) for code, found in listed.items() if code in pasted.words.upper())
    well = (found and (shape(code) or _is_listed(found)) for code, found in there)
    if reading.kind not in _IN_AN_ADDRESS or reading.provider not in _OURS or any(well):
        return
    tokens = re.findall(r"[A-Za-z0-9:_.-]+", pasted.words)
    typed = [pasted.words, *(one for one in tokens[:20] if re.search(r"\d", one))]
    meant = next(filter(None, map(near, typed)), ())
    for code in meant:
        for entry in _own(catalogue.find(code))[:1]:
            yield NearCode(code, entry.row.meaning, entry.url)


def _is_listed(found: list[CodeEntry]) -> bool:
    return not any(entry.by_family for entry in found)


def _matches(words: str) -> Iterator[Match]:
    """What was found, by addresses that hold the words: Back leads to the results."""
    by = f"&{urlencode({BY: words})}" if words and not looks_personal(words) else ""
    for match in search(words):
        yield replace(match, url=match.url + by) if "?" in match.url else match


def _entries(reading: Reading, listed: Mapping[str, list[CodeEntry]]) -> list[CodeEntry]:
    """The catalogue's rows for what was read, each from the list where it was read."""
    found: dict[tuple[str, str], CodeEntry] = {}
    for seen in reading.codes:
        entries = listed.get(seen.code, [])
        fitting = [entry for entry in entries if entry.row.namespace == seen.namespace]
        for entry in fitting or entries:
            found.setdefault((entry.row.namespace, entry.asked), entry)
    return list(found.values())


def _ways_on(evidence: Evidence, now: datetime) -> list[WayOn]:
    """The guides, the one that fits the text best first."""
    walks = [(one, walk(one, {}, evidence, now)) for one in live.guides.values()]
    walks.sort(key=lambda pair: fit_of(pair[1]), reverse=True)
    ways = [_way_on(*pair) for pair in walks]
    return [way for way in ways if way.begins] or ways


def _way_on(snapshot: Snapshot, walked: Walk) -> WayOn:
    """The guide from where the text leads: nobody has answered the questions before it."""
    base = reverse("wizard:walk", args=[snapshot.slug])
    if walked.node is None or walked.place == snapshot.start:
        return WayOn(snapshot.title, base, "")
    return WayOn(snapshot.title, jump(base, walked.place, TEXT), walked.node.title)
