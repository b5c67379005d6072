"""The draft as a document, and a document as the draft."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, Prefetch

from wizard import audit
from wizard.engine.languages import read_in
from wizard.engine.snapshot import ENGLISH, FORMAT, Snapshot, compile_document
from wizard.models import (
    Answer,
    Code,
    Guide,
    Outcome,
    Question,
    RemediationStep,
    Translation,
)
from wizard.models.fields import LinesField, lines
from wizard.models.translation import digest_of_text, translations_of

# The fields of each model that stand in a document under their own names, in that order.
GUIDE: Final = ("slug", "title", "summary")
QUESTION: Final = ("key", "kind", "text", "why", "help", "agent_note", "covers")
CODE_QUESTION: Final = ("catalogue", "fact")
ANSWER: Final = ("key", "label", "hint", "unsure")
OUTCOME: Final = (
    "key", "title", "happened", "certainty", "certainty_note", "stopped_at", "next_actor",
)  # fmt: skip
OUTCOME_END: Final = (
    "no_steps", "come_back", "come_back_minutes", "still_failing",
)  # fmt: skip
OUTCOME_HAND_OVER: Final = (
    "hand_over", "hand_over_when", "attach", "agent_note", "reply", "covers", "sources",
)  # fmt: skip
STEP: Final = ("audience", "text", "see", "time", "link")
CODE: Final = (
    "code", "namespace", "source", "region", "meaning", "causes", "steps", "next_actor", "note",
    "checked_on",
)  # fmt: skip


# --- out ------------------------------------------------------------------------------------------


def document_of(guide: Guide, *, with_waiting: bool = False) -> dict[str, Any]:
    """The draft of a guide as a document, in seven queries whatever its size.

    Args:
        with_waiting: with the translations, too, of texts that the guide has no longer. They wait
            for the day that the text comes back, and to load a document without them forgets them.
    """
    answers = Answer.objects.select_related("to_question", "to_outcome")
    questions = guide.questions.prefetch_related(Prefetch("answers", answers))
    outcomes = guide.outcomes.select_related("otherwise_question", "otherwise_outcome")
    codes = guide.codes.select_related("to_question", "to_outcome")
    start = {"start": guide.start.key} if guide.start else {}
    # The default is left out, as everywhere.
    language = {} if guide.language == ENGLISH else {"language": guide.language}
    document = {
        "format": FORMAT,
        "guide": _parts(guide, GUIDE) | language | start,
        "questions": [_question(question) for question in questions],
        "outcomes": [_outcome(outcome) for outcome in outcomes.prefetch_related("steps")],
        "codes": [_code(code) for code in codes],
    }
    languages = guide.translations.all().by_language()
    translations = _rows_of(languages) if with_waiting else _translations(languages, document)
    return document | ({"translations": translations} if translations else {})


def snapshot_of(guide: Guide, language: str = "") -> Snapshot:
    """The draft as the engine sees it, as its authors wrote it or in a language."""
    snapshot = compile_document(document_of(guide))
    return read_in(snapshot, language) if language else snapshot


def _question(question: Question) -> dict[str, Any]:
    is_code = question.kind == Question.QuestionKind.CODE
    answers = [
        _parts(answer, ANSWER) | _to(answer.to_question, answer.to_outcome) | _rules(answer)
        for answer in question.answers.all()
    ]
    code = _parts(question, CODE_QUESTION) if is_code else {}
    return _parts(question, QUESTION) | code | _some("answers", answers)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    steps = [_parts(step, STEP) for step in outcome.steps.all()]
    otherwise = _to(outcome.otherwise_question, outcome.otherwise_outcome, "otherwise")
    return (
        _parts(outcome, OUTCOME)
        | _some("steps", steps)
        | _parts(outcome, OUTCOME_END)
        | otherwise
        | _parts(outcome, OUTCOME_HAND_OVER)
    )


def _code(code: Code) -> dict[str, Any]:
    return _parts(code, CODE) | _to(code.to_question, code.to_outcome) | _parts(code, ("sources",))


def _to(question: Question | None, outcome: Outcome | None, name: str = "to") -> dict[str, str]:
    node = question or outcome
    return {name: node.key} if node else {}


def _rules(answer: Answer) -> dict[str, list[str]]:
    return _some("rules", lines(answer.rules))


def _some(name: str, rows: list[Any]) -> dict[str, list[Any]]:
    return {name: rows} if rows else {}


def _parts(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The named fields that hold something, as JSON knows them."""
    values = {name: _value(row, name) for name in names}
    return {name: value for name, value in values.items() if value}


def _value(row: Model, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(row._meta.get_field(name), LinesField):
        return lines(value)
    if isinstance(value, str):
        return _plain(value)
    return value if isinstance(value, bool | int) or value is None else value.isoformat()


def _plain(text: str) -> str:
    """A text as it counts. A browser sends its lines with a carriage return, a file does not."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


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


# --- in -------------------------------------------------------------------------------------------


@transaction.atomic
def load(document: Mapping[str, Any]) -> Guide:
    """Make the draft of a guide what the document says, all of it or nothing.

    A guide that is new stands last on the home page. Rows keep their identity where their keys
    stay; what the document lacks is deleted. Target keys that exist nowhere are dropped: the
    checks will say that something leads nowhere.

    Raises:
        DocumentError: the form of the document is wrong.
    """
    compile_document(document)
    head = document["guide"]
    Guide.objects.get_or_create(slug=head["slug"], defaults={"order": Guide.objects.next_order})
    guide = Guide.objects.select_for_update().get(slug=head["slug"])
    _assign(guide, head, (*GUIDE, "language"))
    questions = _load_nodes(Question, guide, document.get("questions") or [], _QUESTION_FIELDS)
    outcomes = _load_nodes(Outcome, guide, document.get("outcomes") or [], _OUTCOME_FIELDS)
    guide.start = questions.get(head.get("start", ""))
    guide.save()
    _load_answers(document.get("questions") or [], questions, outcomes)
    _load_otherwise(document.get("outcomes") or [], questions, outcomes)
    _load_steps(document.get("outcomes") or [], outcomes)
    _load_codes(guide, document.get("codes") or [], questions, outcomes)
    _load_translations(guide, document.get("translations") or {})
    return guide


# What the order of answers and steps can count.
_LARGEST_ORDER: Final = 32_767
_QUESTION_FIELDS: Final = QUESTION + CODE_QUESTION
_OUTCOME_FIELDS: Final = OUTCOME + OUTCOME_END + OUTCOME_HAND_OVER


def _assign(row: Model, parts: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Set the named fields to the document's parts, or to their defaults."""
    for name in names:
        field = row._meta.get_field(name)
        value = parts.get(name, field.get_default())
        if isinstance(value, list | tuple):
            value = "\n".join(value)
        # As the draft gives it out, or it would seem changed when that is loaded again.
        setattr(row, name, _plain(value) if isinstance(value, str) else value)


def _load_nodes(model, guide, rows, names):
    existing = {node.key: node for node in model.objects.filter(guide=guide)}
    for row in rows:
        node = existing.get(row["key"]) or model(guide=guide)
        _assign(node, row, names)
        existing[row["key"]] = node
    wanted = {row["key"] for row in rows}
    model.objects.filter(guide=guide).exclude(key__in=wanted).delete()
    kept = {row["key"]: existing[row["key"]] for row in rows}
    _number(list(kept.values()))
    audit.save_all(model, kept.values(), ("order", *names))
    return kept


def _number(rows):
    """Give rows that stand in their order numbers to match.

    Numbers that match already stay: they would be changes to rows that nobody has touched.
    """
    last = -1
    for row in rows:
        if row.pk is None or row.order <= last:
            row.order = max(last, 0) // 10 * 10 + 10
        last = row.order
    if last > _LARGEST_ORDER:
        for number, row in enumerate(rows, start=1):
            row.order = number * 10


def _load_answers(rows, questions, outcomes):
    existing = {
        (answer.question_id, answer.key): answer
        for answer in Answer.objects.filter(question__in=questions.values())
    }
    kept = []
    for row in rows:
        question = questions[row["key"]]
        own = []
        for part in row.get("answers") or []:
            answer = existing.pop((question.pk, part["key"]), None) or Answer(question=question)
            _assign(answer, part, (*ANSWER, "rules"))
            _aim(answer, part.get("to", ""), questions, outcomes)
            own.append(answer)
        _number(own)
        kept += own
    Answer.objects.filter(pk__in=[answer.pk for answer in existing.values()]).delete()
    audit.save_all(Answer, kept, ("order", *ANSWER, "rules", "to_question", "to_outcome"))


def _aim(row, key, questions, outcomes):
    row.to_question = questions.get(key)
    row.to_outcome = outcomes.get(key)


def _load_otherwise(rows, questions, outcomes):
    for row in rows:
        outcome = outcomes[row["key"]]
        outcome.otherwise_question = questions.get(row.get("otherwise", ""))
        outcome.otherwise_outcome = outcomes.get(row.get("otherwise", ""))
    audit.save_all(Outcome, outcomes.values(), ("otherwise_question", "otherwise_outcome"))


def _load_steps(rows, outcomes):
    """Steps have no keys: the one at the same place is the same step, saying something else."""
    existing: dict[int, list[RemediationStep]] = {}
    for step in RemediationStep.objects.filter(outcome__in=outcomes.values()):
        existing.setdefault(step.outcome_id, []).append(step)
    kept, left = [], []
    for row in rows:
        outcome = outcomes[row["key"]]
        there = existing.get(outcome.pk, [])
        parts = row.get("steps") or []
        own = there[: len(parts)]
        own += [RemediationStep(outcome=outcome) for _part in parts[len(there) :]]
        for step, part in zip(own, parts, strict=True):
            _assign(step, part, STEP)
        _number(own)
        kept += own
        left += there[len(parts) :]
    audit.delete_all(RemediationStep.objects.filter(pk__in=[step.pk for step in left]))
    audit.save_all(RemediationStep, kept, ("order", *STEP))


def _load_codes(guide, rows, questions, outcomes):
    existing = {(code.namespace, code.code.upper()): code for code in guide.codes.all()}
    kept = []
    for row in rows:
        identity = (row.get("namespace", "status"), row["code"].upper())
        code = existing.pop(identity, None) or Code(guide=guide)
        _assign(code, row, (*CODE, "sources"))
        _aim(code, row.get("to", ""), questions, outcomes)
        kept.append(code)
    Code.objects.filter(pk__in=[code.pk for code in existing.values()]).delete()
    audit.save_all(Code, kept, (*CODE, "sources", "to_question", "to_outcome"))


def _load_translations(guide, languages):
    existing = {(row.language, row.digest): row for row in guide.translations.all()}
    kept = []
    for language, pairs in languages.items():
        # As the draft gives its texts out: without the line break that ends a block of YAML.
        wanted = {_plain(pair["text"]): _plain(pair["translation"]) for pair in pairs}
        for made in translations_of(guide, language, wanted):
            row = existing.pop((language, digest_of_text(made.text)), made)
            row.translation = made.translation
            kept.append(row)
    left = [row.pk for row in existing.values()]
    audit.delete_all(Translation.objects.filter(pk__in=left))
    audit.save_all(Translation, kept, ("translation",))
