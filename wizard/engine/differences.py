"""Differences: what one version of a guide has that another has not, as values without words.

Two documents are compared part by part. A question, an outcome, an answer or a code is the same one
where its key is; a remediation step has no key and is recognised by what it says. The differences
are complete: from them and the first document the second can be made again (its absent parts
spelled out as their defaults).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from itertools import islice
from typing import Any, Final, Literal

from wizard.engine.snapshot import ENGLISH, Answer, Cause, Code, Outcome, Question, Step

Kind = Literal["added", "removed", "changed"]
Place = Literal[
    "guide", "question", "answer", "outcome", "step", "code", "cause", "library", "language",
    "translation",
]  # fmt: skip
Row = Mapping[str, Any]

# A step whose every second word has stayed is the same step.
_ALIKE: Final = 0.5
# Steps that are looked at for one that is alike; an outcome has a handful.
_NEAR: Final = 50


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a node that has another value. Lists are tuples; absent parts their defaults."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the guide, one node, one code, one answer or one step.

    Attributes:
        key: as in the document; of a code its list and itself (`status:E200030`), as the checks
            name it; of a translation the text; "" for the guide and for steps.
        was: its number among its like before, from 1; 0 if it was not there.
        now: its number after; 0 if it is no longer there.
        moved: it stands elsewhere among those that have stayed.
        before: its row in the first document, {} if there is none.
        after: its row in the second.
        fields: of something added or removed, all that differ from their defaults.
        parts: answers of a question, steps of an outcome, translations into a language.
    """

    place: Place
    key: str
    kind: Kind
    was: int
    now: int
    moved: bool
    before: Row
    after: Row
    fields: tuple[Field, ...]
    parts: tuple[Change, ...] = ()


def compare(before: Row, after: Row) -> tuple[Change, ...]:
    """What has changed from one document to another: guide, questions, outcomes, codes.

    Each in the order of the second document; what was removed comes last. Nothing is returned if,
    and only if, the two make the same guide.

    Args:
        before: a document whose form `compile_document` accepts, as for `after`.
    """
    head = _change("guide", _Pair("", before["guide"], after["guide"], 1, 1))
    return (
        *([head] if head else []),
        *_changes("question", _rows(before, "questions"), _rows(after, "questions"), _by_key),
        *_changes("outcome", _rows(before, "outcomes"), _rows(after, "outcomes"), _by_key),
        *_changes("code", _rows(before, "codes"), _rows(after, "codes"), _by_code),
        *_changes("cause", _rows(before, "causes"), _rows(after, "causes"), _by_cause),
        *_changes("library", _library(before), _library(after), _by_place),
        *_changes("language", _languages(before), _languages(after), _by_key),
    )


def _languages(document: Row) -> list[Row]:
    """The translations of a document, a row for each language."""
    languages = document.get("translations") or {}
    return [{"key": name, "translations": rows} for name, rows in sorted(languages.items()) if rows]


def _library(document: Row) -> list[Row]:
    """The library that a document holds, as one row: its rows are nobody's to edit."""
    return [document["library"]] if document.get("library") else []


# --- which rows are the same one ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row before and after, with its numbers; one of them is {} and 0 where it is not there."""

    key: str
    before: Row
    after: Row
    was: int
    now: int


_Pairing = Callable[[Sequence[Row], Sequence[Row]], Iterator[_Pair]]


def _by_key(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    return _by(lambda row: str(row["key"]), before, after)


def _by_text(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    """Translations: their order is that of the texts, and says nothing."""
    for pair in _by(lambda row: str(row["text"]), before, after):
        yield _Pair(pair.key, pair.before, pair.after, int(bool(pair.was)), int(bool(pair.now)))


def _by_cause(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    return _by(lambda row: str(row["cause"]), before, after)


def _by_place(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    """A document has one library, whatever it is called."""
    return _by(lambda row: "", before, after)


def _by_code(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    for pair in _by(lambda row: _code_key(row).upper(), before, after):
        row = pair.after or pair.before
        yield _Pair(_code_key(row), pair.before, pair.after, pair.was, pair.now)


def _code_key(row: Row) -> str:
    return f"{row.get('namespace', _FIELDS['code']['namespace'])}:{row['code']}"


def _by(key: Callable[[Row], str], before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    gone = {key(row): (row, number) for number, row in enumerate(before, start=1)}
    for number, row in enumerate(after, start=1):
        known, was = gone.pop(key(row), ({}, 0))
        yield _Pair(key(row), known, row, was, number)
    for name, (row, was) in gone.items():
        yield _Pair(name, row, {}, was, 0)


def _by_words(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Pair]:
    """Steps: first those that are equal, then those that are alike, then those in one place."""
    left = dict(enumerate(before, start=1))
    found: dict[int, int] = {}
    for same in (_equal, _alike):
        for now, row in enumerate(after, start=1):
            near = () if now in found else islice(left.items(), _NEAR)
            was = next((was for was, other in near if same(other, row)), 0)
            if was:
                found[now] = was
                del left[was]
    for now, row in enumerate(after, start=1):
        was = found.get(now) or (now if now in left else 0)
        left.pop(was, None)
        yield _Pair("", before[was - 1] if was else {}, row, was, now)
    for was, row in left.items():
        yield _Pair("", row, {}, was, 0)


def _equal(one: Row, other: Row) -> bool:
    return not any(_differing("step", one, other))


def _alike(one: Row, other: Row) -> bool:
    here, there = _words(one), _words(other)
    return bool(here) and len(here & there) >= _ALIKE * max(len(here), len(there))


def _words(step: Row) -> set[str]:
    return set(re.findall(r"\w+", step.get("text", "").lower()))


# --- what differs between them --------------------------------------------------------------------


def _defaults(made: type[Question | Answer | Outcome | Step | Code | Cause], *apart: str) -> Row:
    """The fields of a value with what they are where a document says nothing of them."""
    named = [field for field in fields(made) if field.name not in ("key", *apart)]
    return {field.name: "" if field.default is MISSING else field.default for field in named}


_FIELDS: Final[Mapping[Place, Row]] = {
    "guide": dict.fromkeys(("slug", "title", "summary", "start", "library"), "")
    | {"language": ENGLISH},
    "question": _defaults(Question, "answers"),
    "answer": _defaults(Answer, "bad_rules"),
    "outcome": _defaults(Outcome, "steps"),
    "step": _defaults(Step),
    "code": _defaults(Code),
    "cause": _defaults(Cause),
    "library": dict.fromkeys(("name", "checked_on"), "") | {"rows": ()},
    "language": {},
    "translation": {"translation": ""},
}

_PARTS: Final[Mapping[Place, tuple[str, Place, _Pairing]]] = {
    "question": ("answers", "answer", _by_key),
    "outcome": ("steps", "step", _by_words),
    "language": ("translations", "translation", _by_text),
}


def _changes(
    place: Place, before: Sequence[Row], after: Sequence[Row], pairing: _Pairing
) -> Iterator[Change]:
    pairs = list(pairing(before, after))
    moved = _moved(pair.was for pair in pairs if pair.was and pair.now)
    for pair in pairs:
        change = _change(place, pair, moved=bool(pair.now) and pair.was in moved)
        if change:
            yield change


def _change(place: Place, pair: _Pair, *, moved: bool = False) -> Change | None:
    """What became of one row, None if nothing did."""
    differing = tuple(_differing(place, pair.before, pair.after))
    parts: tuple[Change, ...] = ()
    if place in _PARTS:
        name, part, pairing = _PARTS[place]
        parts = tuple(_changes(part, _rows(pair.before, name), _rows(pair.after, name), pairing))
    kind: Kind = "changed" if pair.was and pair.now else "added" if pair.now else "removed"
    if kind == "changed" and not (differing or parts or moved):
        return None
    return Change(
        place, pair.key, kind, pair.was, pair.now, moved, pair.before, pair.after, differing, parts
    )


def _differing(place: Place, before: Row, after: Row) -> Iterator[Field]:
    for name, default in _FIELDS[place].items():
        was, now = _value(before, name, default), _value(after, name, default)
        if was != now:
            yield Field(name, was, now)


def _value(row: Row, name: str, default: Any) -> Any:
    value = row.get(name, default)
    return tuple(value) if isinstance(value, list) else value


def _rows(row: Row, name: str) -> Sequence[Row]:
    return row.get(name) or ()


def _moved(numbers: Iterable[int]) -> set[int]:
    """The fewest of these numbers without which the others rise: who was moved, who has stayed."""
    given = list(numbers)
    # The longest rising row, by patience: the last number of each length, and who stood before it.
    lasts: list[int] = []
    previous: dict[int, int] = {}
    for number in given:
        length = bisect_left(lasts, number)
        previous[number] = lasts[length - 1] if length else 0
        lasts[length : length + 1] = [number]
    stayed: set[int] = set()
    number = lasts[-1] if lasts else 0
    while number:
        stayed.add(number)
        number = previous[number]
    return set(given) - stayed
