"""The differences between two versions of a guide in the words of its authors."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.engine.differences import Change, Field, Kind, Place, compare
from wizard.models import (
    Answer,
    Cause,
    Code,
    Guide,
    Outcome,
    Question,
    RemediationStep,
    Translation,
)
from wizard.models.fields import field_of
from wizard.wording.authoring import NOWHERE
from wizard.wording.cases import yes_no
from wizard.wording.codes import CAUSES, LIBRARIES
from wizard.wording.languages import language_name

Document = Mapping[str, Any]

# Longer texts are shown as one, with marks where their words differ.
_SHORT: Final = 60
# Longer ones are not compared word by word: it takes the square of their length.
_MOST_WORDS: Final = 1000
# A word or a sign with the space behind it. Chinese has no spaces: each character is a word.
_WORD: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]\s*|[^\W\u2e80-\u9fff\uf900-\ufaff]+\s*|\W")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text that were added, were removed, or have stayed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that has changed. `pieces`: the text it is about, where that is a long one."""

    kind: Kind
    sentence: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeChanges:
    """All that has changed at the guide itself, a question, an outcome or a code.

    `key` is the node's, or `status:E200030` for a code; `title` what authors know it by.
    """

    place: Place
    key: str
    kind: Kind
    title: str
    lines: tuple[ChangeLine, ...]


def describe(changes: Iterable[Change], before: Document, after: Document) -> list[NodeChanges]:
    """Say in words what `wizard.engine.differences.compare` has found between two documents.

    Args:
        changes: all that were found between the two, or some of them (a page).
    """
    old, new = _titles(before), _titles(after)
    return [
        NodeChanges(
            place=change.place,
            key=change.key,
            kind=change.kind,
            title=_title(change),
            lines=tuple(_lines(change, old, new)),
        )
        for change in changes
    ]


def between(before: Document, after: Document) -> list[NodeChanges]:
    """All differences between two documents in words; none if they make the same guide."""
    return describe(compare(before, after), before, after)


def count(changes: Sequence[Change]) -> str:
    """How many nodes and codes were added, changed and removed; "" if none were."""
    kinds = [change.kind for change in changes]
    return _(", ").join(
        str(words) % {"n": kinds.count(kind)} for kind, words in _COUNTS.items() if kind in kinds
    )


_COUNTS: Final[Mapping[Kind, Promise]] = {
    "added": gettext_lazy("%(n)s added"),
    "changed": gettext_lazy("%(n)s changed"),
    "removed": gettext_lazy("%(n)s removed"),
}


# --- names ----------------------------------------------------------------------------------------

_Titles = Mapping[str, str]

_MODELS: Final[Mapping[Place, type[Model]]] = {
    "guide": Guide,
    "question": Question,
    "answer": Answer,
    "outcome": Outcome,
    "step": RemediationStep,
    "code": Code,
    "cause": Cause,
    "translation": Translation,
}

# Where the name in the form is no word for what has changed.
_PARTS: Final[Mapping[tuple[Place, str], Promise]] = {
    ("question", "text"): gettext_lazy("text"),
    ("answer", "label"): gettext_lazy("text"),
    ("step", "text"): gettext_lazy("text"),
}


def _titles(document: Document) -> _Titles:
    """What authors know each question and outcome by."""
    rows = [*(document.get("questions") or ()), *(document.get("outcomes") or ())]
    return {row["key"]: _named(row) for row in rows}


def _named(row: Document) -> str:
    """What a row says first of itself."""
    names = ("text", "title", "label", "code", "key")
    return next((str(row[name]) for name in names if row.get(name)), "")


def _title(change: Change) -> str:
    row = change.after or change.before
    if change.place == "language":
        return language_name(change.key)
    if change.place == "library":
        return str(LIBRARIES.get(row["name"], row["name"]))
    if change.place == "cause":
        return str(CAUSES.get(change.key, change.key))
    if change.place != "code":
        return _named(row)
    namespace = _shown("code", "namespace", change.key.partition(":")[0])
    return _("%(code)s (%(list)s)") % {"code": row["code"], "list": namespace}


def _quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def _target(key: str, titles: _Titles) -> str:
    return _quoted(titles.get(key, key)) if key else str(NOWHERE)


def part_name(place: Place, name: str) -> str:
    """What authors call a part of a document: its name in the form."""
    if (place, name) in _PARTS:
        return str(_PARTS[place, name])
    try:
        return str(field_of(_MODELS[place], name).verbose_name)
    except FieldDoesNotExist:
        return name


def _shown(place: Place, name: str, value: Any) -> str:
    """A value as the form shows it, "" for one that says nothing."""
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return yes_no(value) if value else ""
    if not value:
        return ""
    try:
        choices = dict(field_of(_MODELS[place], name).flatchoices)
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))


# --- sentences ------------------------------------------------------------------------------------

_TARGETS: Final[Mapping[tuple[Place, str], Promise]] = {
    ("guide", "start"): gettext_lazy("The guide now starts at %(after)s (before: %(before)s)"),
    ("answer", "to"): gettext_lazy("%(subject)s now goes to %(after)s (before: %(before)s)"),
    ("outcome", "otherwise"): gettext_lazy(
        "“Still failing” now goes to %(after)s (before: %(before)s)"
    ),
    ("code", "to"): gettext_lazy("The code now leads to %(after)s (before: %(before)s)"),
    ("cause", "to"): gettext_lazy("The cause now leads to %(after)s (before: %(before)s)"),
}

_SUBJECTS: Final[Mapping[Place, Promise]] = {
    "answer": gettext_lazy("Answer %(number)s of %(of)s"),
    "step": gettext_lazy("Step %(number)s of %(of)s"),
}

_ANSWERS: Final[Mapping[Kind, Promise]] = {
    "added": gettext_lazy("%(subject)s added: %(label)s, goes to %(target)s"),
    "removed": gettext_lazy("%(subject)s removed: %(label)s, went to %(target)s"),
}

_HAPPENED: Final[Mapping[Kind, Promise]] = {
    "added": gettext_lazy("%(part)s added"),
    "removed": gettext_lazy("%(part)s removed"),
    "changed": gettext_lazy("%(part)s changed"),
}


def _lines(change: Change, old: _Titles, new: _Titles) -> Iterator[ChangeLine]:
    if change.moved:
        words = _("Stands elsewhere in the lists of authors; visitors see no difference")
        yield ChangeLine("changed", words)
    if change.place == "library":
        yield _library_line(change)
        return
    for field in change.fields:
        yield _field(change, field, "", old, new)
    for part in change.parts:
        yield from _part_lines(part, _title(change), old, new)


def _library_line(change: Change) -> ChangeLine:
    """How many rows of a library are new, gone or changed; they are too many to be shown."""
    before, after = (
        {row[0]: row for row in document.get("rows", ())}
        for document in (change.before, change.after)
    )
    words = {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "changed": sum(before[code] != after[code] for code in before.keys() & after.keys()),
    }
    said = _("Codes added: %(added)s, removed: %(removed)s, changed: %(changed)s")
    return ChangeLine(change.kind, said % words)


def _part_lines(part: Change, title: str, old: _Titles, new: _Titles) -> Iterator[ChangeLine]:
    """What became of an answer or a step of a node."""
    number = part.now or part.was
    subject = str(_SUBJECTS.get(part.place, "")) % {"number": number, "of": _quoted(title)}
    if part.place == "translation":
        yield _translation(part)
        return
    if part.moved:
        words = {"subject": subject, "was": part.was}
        yield ChangeLine("changed", _("%(subject)s has moved: it was number %(was)s") % words)
    if part.kind == "changed":
        said: tuple[str, ...] = ()
    elif part.place == "answer":
        said = ("label", "to")
        yield _whole_answer(part, subject, old, new)
    else:
        said = ("text",)
        text = part.after.get("text", ""), part.before.get("text", "")
        happened = str(_HAPPENED[part.kind]) % {"part": subject}
        yield _said(part.kind, happened, text[1], text[0])
    for field in part.fields:
        if field.name not in said:
            yield _field(part, field, subject, old, new)


def _translation(part: Change) -> ChangeLine:
    """What became of the translation of a text."""
    before, after = (row.get("translation", "") for row in (part.before, part.after))
    return _said(part.kind, _quoted(_in_short(part.key)), before, after)


def _in_short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT]}…"


def _whole_answer(part: Change, subject: str, old: _Titles, new: _Titles) -> ChangeLine:
    row, titles = (part.after, new) if part.now else (part.before, old)
    words = {
        "subject": subject,
        "label": _quoted(_named(row)),
        "target": _target(row.get("to", ""), titles),
    }
    return ChangeLine(part.kind, str(_ANSWERS[part.kind]) % words)


def _field(change: Change, field: Field, subject: str, old: _Titles, new: _Titles) -> ChangeLine:
    if (change.place, field.name) in _TARGETS:
        words = {
            "subject": subject,
            "before": _target(field.before, old),
            "after": _target(field.after, new),
        }
        sentence = str(_TARGETS[change.place, field.name]) % words
        return ChangeLine(change.kind, sentence)
    # What is new or gone has no default of its own to be compared with.
    before = _shown(change.place, field.name, field.before) if change.was else ""
    after = _shown(change.place, field.name, field.after) if change.now else ""
    kind: Kind = "changed" if before and after else "added" if after else "removed"
    part = part_name(change.place, field.name)
    part = _in_part(subject, part) if subject else capfirst(part)
    # Lists are compared line by line, texts word by word.
    split = _in_lines if isinstance(field.after, tuple) else _in_words
    return _said(kind, str(_HAPPENED[kind]) % {"part": part}, before, after, split)


def _in_lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.splitlines()]


def _in_words(text: str) -> list[str]:
    return _WORD.findall(text)


def _in_part(subject: str, part: str) -> str:
    return _("%(subject)s: %(part)s") % {"subject": subject, "part": part}


_Split = Callable[[str], list[str]]


def _said(kind: Kind, what: str, before: str, after: str, split: _Split = _in_words) -> ChangeLine:
    """A line with a text before and after: in the sentence if it is short, else in pieces."""
    texts = [text for text in (before, after) if text]
    if any(len(text) > _SHORT or "\n" in text for text in texts):
        return ChangeLine(kind, _("%(what)s:") % {"what": what}, marked(before, after, split))
    if len(texts) == 2:
        words = {"what": what, "before": _quoted(before), "after": _quoted(after)}
        return ChangeLine(kind, _("%(what)s: %(before)s → %(after)s") % words)
    if not texts:
        return ChangeLine(kind, what)
    return ChangeLine(kind, _("%(what)s: %(text)s") % {"what": what, "text": _quoted(texts[0])})


def marked(before: str, after: str, split: _Split = _in_words) -> tuple[Piece, ...]:
    """Both texts as one, in pieces: what has stayed, what was removed, what was added."""
    old, new = split(before), split(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = [before], [after]
    # A word is the same one whatever space follows, unless nothing but space has changed.
    bare = [word.strip() for word in old], [word.strip() for word in new]
    words = (old, new) if bare[0] == bare[1] else bare
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[j1:j2])))
            continue
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        pieces += [Piece("removed", removed)] if removed else []
        pieces += [Piece("added", added)] if added else []
    return tuple(pieces)
