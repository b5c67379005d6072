"""The draft as a document, and a document as the draft."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db.models import Model

from wizard.authoring import libraries
from wizard.engine.document import FORMAT, compile_document
from wizard.engine.languages import read_in
from wizard.engine.snapshot import ENGLISH, Snapshot
from wizard.engine.texts import plain
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
from wizard.models.fields import LinesField, lines
from wizard.models.translation import by_language

# The fields of each model that stand in a document under their own names, in that order.
GUIDE: Final = ("slug", "title", "summary", "library")

QUESTION: Final = ("key", "kind", "text", "why", "help", "agent_note", "synonyms", "covers")

CODE_QUESTION: Final = ("catalogue", "fact")

ANSWER: Final = ("key", "label", "hint", "unsure")

OUTCOME: Final = (
    "key", "title", "happened", "certainty", "certainty_note", "stopped_at", "next_actor",
)  # fmt: skip

OUTCOME_END: Final = (
    "no_steps", "come_back", "come_back_minutes", "still_failing",
)  # fmt: skip

OUTCOME_HAND_OVER: Final = (
    "hand_over", "hand_over_when", "attach", "agent_note", "reply", "synonyms",
    "covers", "sources",
)  # fmt: skip

STEP: Final = ("audience", "text", "see", "time", "link")

CODE: Final = (
    "code", "namespace", "source", "region", "meaning", "causes", "steps", "next_actor", "note",
    "checked_on", "cause", "carrier", "retry", "confidence", "others",
)  # fmt: skip

CAUSE: Final = ("cause", "steps")


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows of a guide. `answers` and `steps`: by the primary key of what they belong to."""

    guide: Guide
    questions: list[Question]
    answers: Mapping[int, list[Answer]]
    outcomes: list[Outcome]
    steps: Mapping[int, list[RemediationStep]]
    codes: list[Code]
    causes: list[Cause]
    translations: Mapping[str, Mapping[str, str]]

    def document(self, *, with_waiting: bool = False) -> dict[str, Any]:
        """The draft as a document, without a query.

        Args:
            with_waiting: with the translations, too, of texts that the guide has no longer. They
                wait for the day that the text comes back, and to load a document without them
                forgets them.
        """
        guide = self.guide
        keys = _Keys(
            {question.pk: question.key for question in self.questions},
            {outcome.pk: outcome.key for outcome in self.outcomes},
        )
        # The default is left out, as everywhere.
        language = {} if guide.language == ENGLISH else {"language": guide.language}
        document = {
            "format": FORMAT,
            "guide": _parts(guide, GUIDE) | language | keys.to("start", guide.start_id, None),
            "questions": [
                _question(question, self.answers.get(question.pk, []), keys)
                for question in self.questions
            ],
            "outcomes": [
                _outcome(outcome, self.steps.get(outcome.pk, []), keys) for outcome in self.outcomes
            ],
            "codes": [_code(code, keys) for code in self.codes],
            **_some("causes", [_cause(cause, keys) for cause in self.causes]),
        }
        found = self.translations
        translations = _rows_of(found) if with_waiting else _translations(found, document)
        library = libraries.shipped(guide.library)
        return (
            document
            | ({"library": library} if library else {})
            | ({"translations": translations} if translations else {})
        )


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of the nodes of a guide, by their primary keys."""

    questions: Mapping[int, str]
    outcomes: Mapping[int, str]

    def to(self, name: str, question: int | None, outcome: int | None) -> dict[str, str]:
        key = self.questions.get(question or 0) or self.outcomes.get(outcome or 0)
        return {name: key} if key else {}


def drafts_of(guides: Sequence[Guide]) -> dict[int, Draft]:
    """The drafts of guides by their primary keys, in seven queries however many and large."""
    here = {"guide__in": guides}
    questions = Question.objects.filter(**here).order_by("order", "pk")
    answers = Answer.objects.filter(question__guide__in=guides).order_by("order", "pk")
    outcomes = Outcome.objects.filter(**here).order_by("order", "pk")
    steps = RemediationStep.objects.filter(outcome__guide__in=guides).order_by("order", "pk")
    codes = Code.objects.filter(**here)
    causes = Cause.objects.filter(**here)
    translations = Translation.objects.filter(**here).order_by("pk")
    parts = (questions, outcomes, codes, causes, translations)
    of_guide = [_by(rows, "guide_id") for rows in parts]
    answers_of, steps_of = _by(answers, "question_id"), _by(steps, "outcome_id")
    drafts = {}
    for guide in guides:
        asked, ends, listed, led, translated = (rows.get(guide.pk, []) for rows in of_guide)
        languages = by_language(translated)
        drafts[guide.pk] = Draft(guide, asked, answers_of, ends, steps_of, listed, led, languages)
    return drafts


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def draft_of(guide: Guide) -> Draft:
    return drafts_of([guide])[guide.pk]


def document_of(guide: Guide, *, with_waiting: bool = False) -> dict[str, Any]:
    """The draft of a guide as a document, in seven queries whatever its size; see `Draft`."""
    return draft_of(guide).document(with_waiting=with_waiting)


def snapshot_of(guide: Guide, language: str = "") -> Snapshot:
    """The draft as the engine sees it, as its authors wrote it or in a language."""
    snapshot = compile_document(document_of(guide))
    return read_in(snapshot, language) if language else snapshot


def _question(question: Question, answers: list[Answer], keys: _Keys) -> dict[str, Any]:
    is_code = question.kind == "code"
    rows = [
        _parts(answer, ANSWER)
        | keys.to("to", answer.to_question_id, answer.to_outcome_id)
        | _rules(answer)
        for answer in answers
    ]
    code = _parts(question, CODE_QUESTION) if is_code else {}
    return _parts(question, QUESTION) | code | _some("answers", rows)


def _outcome(outcome: Outcome, steps: list[RemediationStep], keys: _Keys) -> dict[str, Any]:
    return (
        _parts(outcome, OUTCOME)
        | _some("steps", [_parts(step, STEP) for step in steps])
        | _parts(outcome, OUTCOME_END)
        | keys.to("otherwise", outcome.otherwise_question_id, outcome.otherwise_outcome_id)
        | _parts(outcome, OUTCOME_HAND_OVER)
    )


def _code(code: Code, keys: _Keys) -> dict[str, Any]:
    target = keys.to("to", code.to_question_id, code.to_outcome_id)
    return _parts(code, CODE) | target | _parts(code, ("sources",))


def _cause(cause: Cause, keys: _Keys) -> dict[str, Any]:
    return _parts(cause, CAUSE) | keys.to("to", cause.to_question_id, cause.to_outcome_id)


def _rules(answer: Answer) -> dict[str, list[str]]:
    return _some("rules", lines(answer.rules))


def _some(name: str, rows: list[Any]) -> dict[str, list[Any]]:
    return {name: rows} if rows else {}


def _parts(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The named fields that hold something, as JSON knows them."""
    of_lines = _line_fields(type(row))
    values = {name: _value(getattr(row, name), name in of_lines) for name in names}
    return {name: value for name, value in values.items() if value}


@cache
def _line_fields(model: type[Model]) -> frozenset[str]:
    return frozenset(field.name for field in model._meta.fields if isinstance(field, LinesField))


def _value(value: Any, is_lines: bool) -> Any:
    if not value:
        return value
    if is_lines:
        return lines(value)
    if isinstance(value, str):
        return plain(value)
    return value if isinstance(value, bool | int) else value.isoformat()


def _translations(
    languages: Mapping[str, Mapping[str, str]], document: Mapping[str, Any]
) -> dict[str, list[dict[str, str]]]:
    """The translations of the texts that the document has, in its order."""
    strings = dict.fromkeys(_strings(document))
    found = {
        language: [{"text": text, "translation": pairs[text]} for text in strings if text in pairs]
        for language, pairs in sorted(languages.items())
    }
    return {language: rows for language, rows in found.items() if rows}


def _rows_of(languages: Mapping[str, Mapping[str, str]]) -> dict[str, list[dict[str, str]]]:
    return {
        language: [{"text": text, "translation": pairs[text]} for text in pairs]
        for language, pairs in languages.items()
    }


def _strings(value: Any) -> Iterator[str]:
    """All that stands in a document; what is no text for people has no translation."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
