"""A document, the JSON form that `docs/guide-file.md` describes, becomes a snapshot.

It is strict about form: a document whose parts have the wrong shape raises `DocumentError` naming
the part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast
from weakref import WeakValueDictionary

from wizard.engine.library import COLUMNS, Library, library_of
from wizard.engine.lists import NAMESPACES, QUESTION_KINDS
from wizard.engine.rules import Rule, RuleError, parse_rule
from wizard.engine.snapshot import (
    CODE,
    CODE_LENGTH,
    ENGLISH,
    KEY,
    LANGUAGE,
    Answer,
    BadRule,
    Catalogue,
    Cause,
    Code,
    Outcome,
    Question,
    Snapshot,
    Step,
)
from wizard.engine.texts import CONTROL

FORMAT: Final = 1


class DocumentError(ValueError):
    """The document has not the form of a guide. The message names the part at fault."""


def title_in_document(row: Mapping[str, Any]) -> str:
    """What a question or an outcome of a document goes by: its words, its key if it has none."""
    return str(row.get("text") or row.get("title") or row["key"])


def compile_document(document: Mapping[str, Any]) -> Snapshot:
    """Make a snapshot of a document.

    Raises:
        DocumentError: the document's form is wrong (type, unknown part, bad or repeated key).
    """
    head = _mapping(document, "document")
    _refuse_unknown(head, _PARTS_OF_A_DOCUMENT, "document")
    form = head.get("format")
    if form != FORMAT or not isinstance(form, int) or isinstance(form, bool):
        raise DocumentError(f"format: expected {FORMAT}, found {_shown(form)}")
    guide = _mapping(head.get("guide"), "guide")
    _refuse_unknown(guide, {"slug", "title", "summary", "start", "language", "library"}, "guide")
    _text(guide, "library", "guide")
    questions = [_question(row) for row in _rows(head, "questions", "document")]
    outcomes = [_outcome(row) for row in _rows(head, "outcomes", "document")]
    codes = [_code(row) for row in _rows(head, "codes", "document")]
    causes = [_cause(row) for row in _rows(head, "causes", "document")]
    keys = [question.key for question in questions] + [outcome.key for outcome in outcomes]
    _refuse_repeated(keys, "key")
    _refuse_repeated([f"{row.code.upper()} ({row.namespace})" for row in codes], "code")
    _refuse_repeated([row.cause for row in causes], "cause")
    led = MappingProxyType({row.cause: row for row in causes})
    language = _language(guide.get("language", ENGLISH), "guide: language")
    return Snapshot(
        slug=_key(guide.get("slug", ""), "guide: slug"),
        title=_text(guide, "title", "guide"),
        summary=_text(guide, "summary", "guide"),
        start=_text(guide, "start", "guide"),
        questions=MappingProxyType({question.key: question for question in questions}),
        outcomes=MappingProxyType({outcome.key: outcome for outcome in outcomes}),
        catalogue=Catalogue(codes, _library(head.get("library")), led, language),
        digest=digest_of(document),
        language=language,
        translations=_translations(head),
        causes=led,
    )


_PARTS_OF_A_DOCUMENT: Final = {
    "format", "guide", "questions", "outcomes", "codes", "causes", "library", "translations",
}  # fmt: skip


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a document, as 64 hexadecimal digits."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _question(row: Mapping[str, Any]) -> Question:
    where = f"question {_shown(row.get('key'))}"
    answers = [_answer(answer, where) for answer in _rows(row, "answers", where)]
    _refuse_repeated([answer.key for answer in answers], f"{where}: answer")
    parts = _parts(row, Question, where, {"answers"})
    _one_of(parts, "kind", QUESTION_KINDS, where)
    _one_of(parts, "catalogue", NAMESPACES, where)
    return Question(**parts, answers=tuple(answers))


def _answer(row: Mapping[str, Any], where: str) -> Answer:
    where = f"{where}, answer {_shown(row.get('key'))}"
    parts = _parts(row, Answer, where, {"rules", "bad_rules"})
    rules: list[Rule] = []
    bad: list[BadRule] = []
    for line in _lines(row, "rules", where):
        try:
            rules.append(parse_rule(line))
        except RuleError as error:
            bad.append(BadRule(line, error))
    return Answer(**parts, rules=tuple(rules), bad_rules=tuple(bad))


def _outcome(row: Mapping[str, Any]) -> Outcome:
    where = f"outcome {_shown(row.get('key'))}"
    steps = tuple(
        Step(**_parts(step, Step, f"{where}, step {number}", set()))
        for number, step in enumerate(_rows(row, "steps", where), start=1)
    )
    return Outcome(**_parts(row, Outcome, where, {"steps"}), steps=steps)


def _code(row: Mapping[str, Any]) -> Code:
    where = f"code {_shown(row.get('code'))}"
    parts = _parts(row, Code, where, {"checked_on", "code"})
    _one_of(parts, "namespace", NAMESPACES, where)
    code = _text(row, "code", where)
    if not CODE.fullmatch(code):
        raise DocumentError(
            f"{where}: a code is letters, digits and : . _ -, at most {CODE_LENGTH}"
        )
    return Code(code=code, checked_on=_date(row.get("checked_on"), where), **parts)


def _cause(row: Mapping[str, Any]) -> Cause:
    where = f"cause {_shown(row.get('cause'))}"
    made = Cause(**_parts(row, Cause, where, set()))
    if not made.cause:
        raise DocumentError(f"{where}: the name of the cause is missing")
    return made


# One library serves many versions of many guides: each is kept once, as long as one has it.
_LIBRARIES: Final[WeakValueDictionary[str, Library]] = WeakValueDictionary()


def _library(part: object) -> Library | None:
    """The rows of a library; those that are in memory already are not read once more."""
    if part is None:
        return None
    held = _mapping(part, "library")
    digest = digest_of(held)
    known = _LIBRARIES.get(digest)
    if known is None:
        known = _LIBRARIES[digest] = _read_library(held)
    return known


def _read_library(part: Mapping[str, Any]) -> Library:
    _refuse_unknown(part, {"name", "checked_on", "columns", "rows"}, "library")
    if part.get("columns") != list(COLUMNS):
        raise DocumentError(f"library: columns are {', '.join(COLUMNS)}")
    day = _date(part.get("checked_on"), "library")
    if day is None:
        raise DocumentError("library: checked_on is missing")
    rows = part.get("rows")
    if not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise DocumentError("library: each row has a text for each column")
    codes = [row[0] for row in rows]
    faulty = next((code for code in codes if not CODE.fullmatch(code)), None)
    if faulty is not None:
        raise DocumentError(f"library: {_shown(faulty)} is no code")
    _refuse_repeated([code.upper() for code in codes], "library: code")
    return library_of(_text(part, "name", "library"), day.isoformat(), rows)


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == len(COLUMNS)
        and all(isinstance(cell, str) and not CONTROL.search(cell) for cell in row)
    )


def _translations(head: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    languages = _mapping(head.get("translations") or {}, "translations")
    return MappingProxyType(
        {
            _language(name, "translations"): _translation(_rows(languages, name, where), where)
            for name in languages
            for where in (f"translations: {_shown(name)}",)
        }
    )


def _translation(rows: Iterable[Mapping[str, Any]], where: str) -> Mapping[str, str]:
    """Texts of the guide with what they are in another language, both without blanks around them.

    The line break at the end of a block in a file says nothing, and a stored draft has none.
    """
    found: dict[str, str] = {}
    for row in rows:
        _refuse_unknown(row, {"text", "translation"}, where)
        text = _text(row, "text", where).strip()
        translation = _text(row, "translation", where).strip()
        if not text or not translation:
            raise DocumentError(f"{where}: each entry has a text and its translation")
        if text in found:
            raise DocumentError(f"{where}: {_shown(text)} stands twice")
        found[text] = translation
    return MappingProxyType(found)


def _language(value: object, where: str) -> str:
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        raise DocumentError(
            f"{where}: a language is named like en or zh-hans, found {_shown(value)}"
        )
    return value


def _parts(
    row: Mapping[str, Any],
    made: type[Question | Answer | Outcome | Step | Code | Cause],
    where: str,
    apart: set[str],
) -> dict[str, Any]:
    """The fields of `made` found in `row`, each read by its type; `apart` are read elsewhere."""
    named = {field.name: str(field.type) for field in fields(made)}
    if "key" in named and "key" not in row:
        raise DocumentError(f"{where}: the key is missing")
    _refuse_unknown(row, set(named) - {"bad_rules"}, where)
    return {
        name: _READ[kind](row, name, where)
        for name, kind in named.items()
        if name in row and name not in apart
    }


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise DocumentError(f"{where}: {name} must be text, found {_shown(value)}")
    if CONTROL.search(value):
        raise DocumentError(f"{where}: {name} holds a control character")
    return _key(value, where) if name == "key" else value


def _truth(row: Mapping[str, Any], name: str, where: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise DocumentError(f"{where}: {name} must be true or false, found {_shown(value)}")
    return value


def _whole(row: Mapping[str, Any], name: str, where: str) -> int:
    value = row.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise DocumentError(f"{where}: {name} must be a whole number, found {_shown(value)}")
    return value


def _lines(row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list | tuple):
        raise DocumentError(f"{where}: {name} must be a list of texts")
    lines = tuple(_text({name: line}, name, where) for line in value)
    if not all(line.strip() and line.splitlines() == [line] for line in lines):
        raise DocumentError(f"{where}: each entry of {name} is one line of text")
    return lines


_READ: Final = {
    "str": _text,
    "bool": _truth,
    "int": _whole,
    "tuple[str, ...]": _lines,
    "QuestionKind": _text,
    "Namespace": _text,
}


def _date(value: object, where: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise DocumentError(f"{where}: checked_on must be a date, found {_shown(value)}") from error


def _one_of(parts: Mapping[str, Any], name: str, allowed: Sequence[str], where: str) -> None:
    if name in parts and parts[name] not in allowed:
        raise DocumentError(f"{where}: {name} is one of {', '.join(allowed)}")


def _key(value: object, where: str) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise DocumentError(
            f"{where}: a key is lower-case words joined by hyphens, found {_shown(value)}"
        )
    return value


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise DocumentError(f"{where}: expected named parts, found {type(value).__name__}")
    return cast("Mapping[str, Any]", value)


def _rows(row: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise DocumentError(f"{where}: {name} must be a list")
    return [_mapping(entry, f"{where}: {name}") for entry in value]


def _refuse_unknown(row: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(_shown(name) for name in row if name not in known)
    if unknown:
        raise DocumentError(f"{where}: unknown part {', '.join(unknown)}")


def _shown(value: object) -> str:
    """A value as a message shows it: short, and fit for a page whatever somebody has uploaded."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else f"{value[:60]}…")
    if value is None or isinstance(value, bool | float):
        return repr(value)
    small = isinstance(value, int) and abs(value) < 10**12
    return repr(value) if small else f"a value of type {type(value).__name__}"


def _refuse_repeated(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DocumentError(f"{what} {name!r} stands twice")
        seen.add(name)
