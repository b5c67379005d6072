"""What a document must hold to before it becomes a draft."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import DateField, Model

from wizard.authoring import files
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.snapshot import Snapshot
from wizard.models import Answer, Cause, Code, Guide, Outcome, Question, RemediationStep

# What the order of answers and steps can count, and what a statement can name.
_MAX_PARTS: Final = 3_000

_MAX_ROWS: Final = 20_000

Document = Mapping[str, Any]


def read(text: str) -> tuple[dict[str, Any], Snapshot]:
    """The document in the text of a guide file, fit to be loaded, and what it was compiled to.

    Raises:
        DocumentError: it is none, or holds what the database could not.
    """
    document = files.parse(text)
    return document, refuse_unfit(document)


def refuse_unfit(document: Document) -> Snapshot:
    """Refuse a document whose form is wrong, or whose texts are longer than their fields.

    Returns:
        What it was compiled to in order to read its form.

    Raises:
        DocumentError: naming every part at fault.
    """
    snapshot = compile_document(document)
    rows = list(_rows(document))
    if len(rows) > _MAX_ROWS:
        raise DocumentError(f"the file has more than {_MAX_ROWS} questions, answers, ... in all")
    found = [fault for row in rows for fault in _faults(*row)]
    if found:
        raise DocumentError("; ".join(found))
    return snapshot


def _rows(document: Document) -> Iterator[tuple[str, type[Model], Document]]:
    yield "guide", Guide, document["guide"]
    for row in document.get("questions") or []:
        yield f"question {row['key']}", Question, row
        for answer in row.get("answers") or []:
            yield f"question {row['key']}, answer {answer['key']}", Answer, answer
    for row in document.get("outcomes") or []:
        yield f"outcome {row['key']}", Outcome, row
        for number, step in enumerate(row.get("steps") or [], start=1):
            yield f"outcome {row['key']}, step {number}", RemediationStep, step
    for row in document.get("codes") or []:
        yield f"code {row['code']}", Code, row
    for row in document.get("causes") or []:
        yield f"cause {row['cause']}", Cause, row


def _faults(where: str, model: type[Model], row: Document) -> Iterator[str]:
    for field in model._meta.fields:
        value = row.get(field.name)
        if isinstance(field, DateField) and not _is_date_text(value):
            yield f"{where}: {field.name} must be a date"
        if field.max_length and isinstance(value, str) and len(value) > field.max_length:
            yield f"{where}: {field.name} is longer than {field.max_length} characters"
    for name in ("answers", "steps"):
        if len(row.get(name) or []) > _MAX_PARTS:
            yield f"{where}: more than {_MAX_PARTS} {name}"


def _is_date_text(value: Any) -> bool:
    """Whether this is no date at all or the text of one, which `compile_document` has read."""
    return value is None or (isinstance(value, str) and value != "")
