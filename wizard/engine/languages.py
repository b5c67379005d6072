"""A guide in another language: one tree, and for each of its texts a translation.

Translations hold on to the text itself, not to its place: a text that is moved, copied or used
again keeps its translation, and one that has been changed has none until somebody translates it
anew, so that nobody reads the old sentence. What has none is shown as it was written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from wizard.engine.snapshot import (
    Answer,
    Catalogue,
    Cause,
    Code,
    Outcome,
    Question,
    Snapshot,
    Step,
)

Place = Literal["guide", "question", "outcome", "code", "cause"]

QUESTION: Final = ("text", "why", "help", "agent_note", "synonyms")
ANSWER: Final = ("label", "hint")
OUTCOME: Final = (
    "title", "happened", "certainty_note", "no_steps", "come_back", "still_failing",
    "hand_over_when", "attach", "agent_note", "reply", "synonyms",
)  # fmt: skip
STEP: Final = ("text", "see", "time")
CODE: Final = ("meaning", "causes", "steps", "note", "others")
CAUSE: Final = ("steps",)
GUIDE: Final = ("title", "summary")
NOT_FOR_CUSTOMERS: Final = ("agent_note", "reply", "synonyms")

_FIELDS: Final[Mapping[type, tuple[str, ...]]] = {
    Question: QUESTION,
    Answer: ANSWER,
    Outcome: OUTCOME,
    Step: STEP,
    Code: CODE,
    Cause: CAUSE,
    Snapshot: GUIDE,
}

# No check has seen the link of a translation: what is not one is not taken.
_SECURE: Final = re.compile(r"https://[^\s\\]+")

_Row = TypeVar("_Row", Question, Answer, Outcome, Step, Code, Cause, Snapshot)


class Untranslated(str):
    """A text shown in the language it was written in, because it has no translation yet."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Untranslated:
        made = super().__new__(cls, text)
        made.language = language
        return made


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text of a guide and where it stands.

    `place` and `key` name the node (a code: `namespace:code`), `part` the answer key or the number
    of the step within it ("" for the node itself), `field` its field.
    """

    place: Place
    key: str
    part: str
    field: str
    text: str


# --- reading in another language ------------------------------------------------------------------


def read_in(snapshot: Snapshot, language: str) -> Snapshot:
    """The same version with its texts in a language; the same object where they are in it already.

    It has the same keys, rules and digest: a walk goes the same way in every language.
    """
    if language == snapshot.language:
        return snapshot
    reader = _Reader(snapshot.translations.get(language, {}), snapshot.language)
    head = reader.row(snapshot)
    causes = MappingProxyType({name: reader.row(one) for name, one in snapshot.causes.items()})
    return dataclasses.replace(
        head,
        questions=MappingProxyType(
            {key: reader.question(one) for key, one in snapshot.questions.items()}
        ),
        outcomes=MappingProxyType(
            {key: reader.outcome(one) for key, one in snapshot.outcomes.items()}
        ),
        catalogue=Catalogue(
            (reader.row(row) for row in snapshot.catalogue.codes),
            snapshot.catalogue.library,
            causes,
            language,
        ),
        causes=causes,
    )


class _Reader:
    """Puts translations in place of texts."""

    def __init__(self, translations: Mapping[str, str], written_in: str) -> None:
        self._translations = translations
        self._written_in = written_in

    def question(self, question: Question) -> Question:
        answers = tuple(self.row(answer) for answer in question.answers)
        return dataclasses.replace(self.row(question), answers=answers)

    def outcome(self, outcome: Outcome) -> Outcome:
        steps = tuple(self._step(step) for step in outcome.steps)
        return dataclasses.replace(self.row(outcome), steps=steps)

    def _step(self, step: Step) -> Step:
        """A step whose page has one in this language too leads there."""
        link = self._translations.get(step.link, "") if step.link else ""
        there = link if _SECURE.fullmatch(link) else step.link
        return dataclasses.replace(self.row(step), link=there)

    def row(self, row: _Row) -> _Row:
        changes: dict[str, Any] = {
            name: self._value(getattr(row, name)) for name in _FIELDS[type(row)]
        }
        return dataclasses.replace(row, **changes)

    def _value(self, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(value, tuple):
            return tuple(self._text(line) for line in value)
        return self._text(value)

    def _text(self, text: str) -> str:
        if not text:
            return text
        found = self._translations.get(text.strip())
        return Untranslated(text, self._written_in) if found is None else found


# --- what there is to translate -------------------------------------------------------------------


def texts(snapshot: Snapshot) -> Iterator[Text]:
    """All that people read of a guide, in its order, as it was written."""
    yield from _texts(snapshot, "guide", "")
    for question in snapshot.questions.values():
        yield from _texts(question, "question", question.key)
        for answer in question.answers:
            yield from _texts(answer, "question", question.key, answer.key)
    for outcome in snapshot.outcomes.values():
        yield from _texts(outcome, "outcome", outcome.key)
        for number, step in enumerate(outcome.steps, start=1):
            yield from _texts(step, "outcome", outcome.key, str(number))
    for row in snapshot.catalogue.codes:
        yield from _texts(row, "code", f"{row.namespace}:{row.code}")
    for cause in snapshot.causes.values():
        yield from _texts(cause, "cause", cause.cause)


def _texts(
    row: Question | Answer | Outcome | Step | Code | Cause | Snapshot,
    place: Place,
    key: str,
    part: str = "",
) -> Iterator[Text]:
    for name in _FIELDS[type(row)]:
        value = getattr(row, name)
        for text in value if isinstance(value, tuple) else (value,):
            if text:
                yield Text(place, key, part, name, text)


def missing(snapshot: Snapshot, language: str) -> list[Text]:
    """The texts that have no translation into a language; none if they are written in it."""
    if language == snapshot.language:
        return []
    translated = snapshot.translations.get(language, {})
    return [text for text in texts(snapshot) if text.text.strip() not in translated]


def untranslated(*rows: Question | Outcome | Code) -> bool:
    """Whether something that customers read of these is shown in the language it was written in."""
    return any(
        isinstance(text.text, Untranslated)
        for row in rows
        for text in _all(row)
        if text.field not in NOT_FOR_CUSTOMERS
    )


def _all(row: Question | Outcome | Code) -> Iterator[Text]:
    yield from _texts(row, "question", "")
    if isinstance(row, Code):
        return
    for part in row.answers if isinstance(row, Question) else row.steps:
        yield from _texts(part, "question", "")
