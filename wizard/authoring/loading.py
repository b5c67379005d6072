"""A document becomes the draft: its rows are written, changed and taken away."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model

from wizard.authoring import audit
from wizard.authoring.drafts import (
    ANSWER,
    CAUSE,
    CODE,
    CODE_QUESTION,
    GUIDE,
    OUTCOME,
    OUTCOME_END,
    OUTCOME_HAND_OVER,
    QUESTION,
    STEP,
)
from wizard.engine.document import compile_document, digest_of
from wizard.engine.snapshot import Snapshot
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
from wizard.models.fields import field_of
from wizard.models.translation import digest_of_text, translations_of


@transaction.atomic
def load(document: Mapping[str, Any], known: Snapshot | None = None) -> Guide:
    """Make the draft of a guide what the document says, all of it or nothing.

    A guide that is new stands last on the home page. Rows keep their identity where their keys
    stay; what the document lacks is deleted. Target keys that exist nowhere are dropped: the
    checks will say that something leads nowhere.

    Args:
        known: what a document was compiled to. Where it is this very document, its form is right
            and need not be read again.

    Raises:
        DocumentError: the form of the document is wrong.
    """
    if known is None or known.digest != digest_of(document):
        compile_document(document)
    head = document["guide"]
    # The order is asked for only where the guide is new.
    Guide.objects.get_or_create(slug=head["slug"], defaults={"order": Guide.objects.next_order})  # type: ignore[misc]
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
    _load_causes(guide, document.get("causes") or [], questions, outcomes)
    _load_translations(guide, document.get("translations") or {})
    return guide


# What the order of answers and steps can count.
_LARGEST_ORDER: Final = 32_767

_Node = TypeVar("_Node", Question, Outcome)

_Parts = Sequence[Mapping[str, Any]]

_Questions = Mapping[str, Question]

_Outcomes = Mapping[str, Outcome]

_QUESTION_FIELDS: Final = QUESTION + CODE_QUESTION

_OUTCOME_FIELDS: Final = OUTCOME + OUTCOME_END + OUTCOME_HAND_OVER


def _assign(row: Model, parts: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Set the named fields to the document's parts, or to their defaults."""
    for name in names:
        field = field_of(row, name)
        value = parts.get(name, field.get_default())
        if isinstance(value, list | tuple):
            value = "\n".join(value)
        # As the draft gives it out, or it would seem changed when that is loaded again.
        setattr(row, name, plain(value) if isinstance(value, str) else value)


def _load_nodes(
    model: type[_Node], guide: Guide, rows: _Parts, names: tuple[str, ...]
) -> dict[str, _Node]:
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


def _number(rows: Sequence[Question | Outcome | Answer | RemediationStep]) -> None:
    """Give rows that stand in their order numbers to match.

    Numbers that match already stay: they would be changes to rows that nobody has touched.
    """
    last = -1
    for row in rows:
        if not row.pk or row.order <= last:
            row.order = max(last, 0) // 10 * 10 + 10
        last = row.order
    if last > _LARGEST_ORDER:
        for number, row in enumerate(rows, start=1):
            row.order = number * 10


def _load_answers(rows: _Parts, questions: _Questions, outcomes: _Outcomes) -> None:
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


def _aim(row: Answer | Code | Cause, key: str, questions: _Questions, outcomes: _Outcomes) -> None:
    row.to_question = questions.get(key)
    row.to_outcome = outcomes.get(key)


def _load_otherwise(rows: _Parts, questions: _Questions, outcomes: _Outcomes) -> None:
    for row in rows:
        outcome = outcomes[row["key"]]
        outcome.otherwise_question = questions.get(row.get("otherwise", ""))
        outcome.otherwise_outcome = outcomes.get(row.get("otherwise", ""))
    audit.save_all(Outcome, outcomes.values(), ("otherwise_question", "otherwise_outcome"))


def _load_steps(rows: _Parts, outcomes: _Outcomes) -> None:
    """Steps have no keys: the one at the same place is the same step, saying something else."""
    existing: dict[int, list[RemediationStep]] = {}
    for step in RemediationStep.objects.filter(outcome__in=outcomes.values()):
        existing.setdefault(step.outcome_id, []).append(step)
    kept: list[RemediationStep] = []
    left: list[RemediationStep] = []
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


def _load_codes(guide: Guide, rows: _Parts, questions: _Questions, outcomes: _Outcomes) -> None:
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


def _load_causes(guide: Guide, rows: _Parts, questions: _Questions, outcomes: _Outcomes) -> None:
    existing = {cause.cause: cause for cause in guide.causes.all()}
    kept = []
    for row in rows:
        cause = existing.pop(row["cause"], None) or Cause(guide=guide)
        _assign(cause, row, CAUSE)
        _aim(cause, row.get("to", ""), questions, outcomes)
        kept.append(cause)
    Cause.objects.filter(pk__in=[cause.pk for cause in existing.values()]).delete()
    audit.save_all(Cause, kept, (*CAUSE, "to_question", "to_outcome"))


def _load_translations(guide: Guide, languages: Mapping[str, _Parts]) -> None:
    existing = {(row.language, row.digest): row for row in guide.translations.all()}
    kept = []
    for language, pairs in languages.items():
        # As the draft gives its texts out: without the line break that ends a block of YAML.
        wanted = {plain(pair["text"]): plain(pair["translation"]) for pair in pairs}
        for made in translations_of(guide, language, wanted):
            row = existing.pop((language, digest_of_text(made.text)), made)
            row.translation = made.translation
            kept.append(row)
    left = [row.pk for row in existing.values()]
    audit.delete_all(Translation.objects.filter(pk__in=left))
    audit.save_all(Translation, kept, ("translation",))
