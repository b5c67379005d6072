"""Snapshot: one version of a guide as immutable values, made from its document.

The document is the JSON form that `docs/guide-file.md` describes. A snapshot is tolerant of what a
draft may lack (targets, texts): `checks` judges that. It is strict about form: a document
whose parts have the wrong shape raises `DocumentError` naming the part.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, cast

from wizard.engine.lists import NAMESPACES, QUESTION_KINDS, Namespace, QuestionKind
from wizard.engine.rules import Rule, RuleError, parse_rule
from wizard.engine.texts import CONTROL

FORMAT: Final = 1
KEY_LENGTH: Final = 60
KEY: Final = re.compile(rf"[a-z][a-z0-9-]{{0,{KEY_LENGTH - 1}}}")
CODE_LENGTH: Final = 32
CODE: Final = re.compile(rf"[A-Za-z0-9_.:-]{{1,{CODE_LENGTH}}}\*?")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")
ENGLISH: Final = "en"


class DocumentError(ValueError):
    """The document has not the form of a guide. The message names the part at fault."""


@dataclass(frozen=True, slots=True)
class BadRule:
    """A rule line that could not be read; it never holds."""

    line: str
    problem: RuleError


@dataclass(frozen=True, slots=True)
class Answer:
    """One way on from a question. `to` is the key of a question or outcome, "" in a draft."""

    key: str
    label: str = ""
    hint: str = ""
    unsure: bool = False
    to: str = ""
    rules: tuple[Rule, ...] = ()
    bad_rules: tuple[BadRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. A `code` question is answered by a code of the catalogue, or by an answer."""

    key: str
    kind: QuestionKind = "choice"
    text: str = ""
    why: str = ""
    help: str = ""
    agent_note: str = ""
    catalogue: Namespace = "status"
    fact: str = ""
    covers: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def title(self) -> str:
        """What it goes by where questions and outcomes stand side by side."""
        return self.text

    def answer(self, key: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.key == key), None)


@dataclass(frozen=True, slots=True)
class Step:
    """One remediation step: one action of one person."""

    audience: str = ""
    text: str = ""
    see: str = ""
    time: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a walk arrives: what happened, and what to do about it."""

    key: str
    title: str = ""
    happened: str = ""
    certainty: str = "possible"
    certainty_note: str = ""
    stopped_at: str = ""
    next_actor: str = "nobody"
    steps: tuple[Step, ...] = ()
    no_steps: str = ""
    come_back: str = ""
    come_back_minutes: int = 0
    still_failing: str = ""
    otherwise: str = ""
    hand_over: str = "if-failing"
    hand_over_when: str = ""
    attach: tuple[str, ...] = ()
    agent_note: str = ""
    reply: str = ""
    covers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def named_steps(self) -> dict[str, Step]:
        """The steps by the name under which a case keeps that one was done: "outcome/number"."""
        return {f"{self.key}/{number}": step for number, step in enumerate(self.steps, start=1)}


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the catalogue. A `code` that ends in `*` is a family: its prefix, then the star."""

    code: str
    namespace: Namespace = "status"
    source: str = "platform"
    region: str = "all"
    meaning: str = ""
    causes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    next_actor: str = "support"
    note: str = ""
    checked_on: date | None = None
    to: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_family(self) -> bool:
        return self.code.endswith("*")

    @property
    def prefix(self) -> str:
        return self.code.removesuffix("*")


Node = Question | Outcome


class Catalogue:
    """The codes of one snapshot, found exactly or by the longest family prefix, in any case."""

    # A family is asked for by what may stand after its prefix; nothing else gets into an address.
    _TAIL: Final = re.compile(r"[A-Z0-9_.:-]{0,24}")

    def __init__(self, codes: Iterable[Code]) -> None:
        self.codes = tuple(codes)
        self._of = {
            namespace: tuple(row for row in self.codes if row.namespace == namespace)
            for namespace in NAMESPACES
        }
        self._exact = {(c.namespace, c.code.upper()): c for c in self.codes if not c.is_family}
        self._families = {(c.namespace, c.prefix.upper()): c for c in self.codes if c.is_family}
        self._longest = max((len(prefix) for _, prefix in self._families), default=0)

    def of(self, namespace: Namespace) -> tuple[Code, ...]:
        """The rows of one namespace."""
        return self._of[namespace]

    def find(self, code: str, namespace: Namespace) -> Code | None:
        """The row of this very code, else of its family (`MK:*` is itself one), else None."""
        wanted = code.strip().upper()
        if wanted.endswith("*"):
            wanted = wanted.removesuffix("*")
            if (namespace, wanted) in self._families:
                return self._families[namespace, wanted]
        return self._exact.get((namespace, wanted)) or self._family(wanted, namespace)

    def _family(self, wanted: str, namespace: Namespace) -> Code | None:
        for length in range(min(len(wanted), self._longest), 0, -1):
            row = self._families.get((namespace, wanted[:length]))
            if row is not None and self._TAIL.fullmatch(wanted, length):
                return row
        return None


@dataclass(frozen=True)
class Snapshot:
    """One version of a guide. `digest` identifies its content (SHA-256 of the canonical JSON).

    `language` is what its texts are written in; `translations` has, for each other language, a
    translation for each text. `wizard.engine.languages` reads it in one of them.
    """

    slug: str
    title: str
    summary: str
    start: str
    questions: Mapping[str, Question]
    outcomes: Mapping[str, Outcome]
    catalogue: Catalogue
    digest: str
    language: str = ENGLISH
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def node(self, key: str) -> Node | None:
        return self.questions.get(key) or self.outcomes.get(key)

    def title_of(self, key: str) -> str:
        """What a node asks or says; "" for one that the guide lacks, or that has no words yet."""
        node = self.node(key)
        return node.title if node is not None else ""

    def start_at(self, key: str) -> str:
        """The node to begin at where `key` is wished: itself if the guide has it, else its start.

        A case keeps the node where it begins, and another version of the guide may lack it.
        """
        return key if self.node(key) is not None else self.start

    def step_named(self, name: str) -> Step | None:
        """The remediation step of "outcome/number"; None where the guide has no such step."""
        outcome = self.outcomes.get(name.partition("/")[0])
        return outcome.named_steps.get(name) if outcome is not None else None

    def way_to(self, key: str) -> dict[str, str] | None:
        """The answers that lead to a node by the fewest steps, None where none lead there."""
        if key not in self._reached:
            return None
        way: list[tuple[str, str]] = []
        while key != self.start:
            key, given = self._reached[key]
            way.append((key, given))
        return dict(reversed(way))

    @cached_property
    def _reached(self) -> Mapping[str, tuple[str, str]]:
        """For each node that can be reached, the node before it and what is given there.

        One breadth-first pass, made when first asked for: linear in the guide, for a list of codes
        is gone through at the first question that asks for it, and leads no further from others.
        """
        reached: dict[str, tuple[str, str]] = {}
        if self.node(self.start) is not None:
            reached[self.start] = ("", "")
        queue = list(reached)
        listed: set[Namespace | None] = set()
        for key in queue:
            asked = self._list_asked_for(key)
            exits = self._answer_exits(key) if asked in listed else self.exits(key)
            listed.add(asked)
            for given, target in exits:
                if target not in reached and self.node(target) is not None:
                    reached[target] = (key, given)
                    queue.append(target)
        return reached

    def way_to_code(self, row: Code) -> dict[str, str]:
        """The answers to the nearest question that this row answers, and there "" for the code.

        Empty where none that can be reached asks for it.
        """
        asking = (one for one in self._asking[row.namespace] if one[0] != row.to)
        question, way = next(asking, ("", {}))
        return {**way, question: ""} if question else {}

    @cached_property
    def _asking(self) -> Mapping[Namespace, Sequence[tuple[str, Mapping[str, str]]]]:
        """For each list of codes the questions that ask for it with the ways there, nearest first.

        Worked out once: thousands of rows of a list have the same few ways.
        """
        asking: dict[Namespace, list[tuple[str, Mapping[str, str]]]] = {}
        for name in NAMESPACES:
            ways = ((key, self.way_to(key)) for key in self.questions)
            found = [
                (key, way)
                for key, way in ways
                if way is not None and self._list_asked_for(key) == name
            ]
            asking[name] = sorted(found, key=lambda one: len(one[1]))
        return asking

    @property
    def reachable(self) -> Set[str]:
        """Keys of the nodes that some answers lead to."""
        return self._reached.keys()

    def exits(self, key: str) -> list[tuple[str, str]]:
        """What can be given at a node, and where each leads: (answer, target) pairs."""
        question = self.questions.get(key)
        rows = self.codes_of(question) if question is not None else ()
        return self._answer_exits(key) + [(self._given_for(row), row.to) for row in rows]

    def targets(self, key: str) -> set[str]:
        """Keys that the exits of a node lead to; quick where a list of codes is long."""
        targets = {target for _, target in self._answer_exits(key)}
        asked = self._list_asked_for(key)
        return targets | self._code_targets[asked] - {key} if asked else targets

    def facts_from(self, key: str) -> set[str]:
        """The facts that could answer this question or one that may follow it."""
        queue, seen = [key], {key}
        for node in queue:
            ahead = self.targets(node) - seen
            queue += ahead
            seen |= ahead
        asked = [self.questions[node] for node in queue if node in self.questions]
        facts = {question.fact for question in asked if question.kind == "code"} - {""}
        rules = (rule for question in asked for answer in question.answers for rule in answer.rules)
        return facts | {condition.fact for rule in rules for condition in rule.conditions}

    def _list_asked_for(self, key: str) -> Namespace | None:
        question = self.questions.get(key)
        if question is None or question.kind != "code":
            return None
        return question.catalogue

    @cached_property
    def _code_targets(self) -> Mapping[Namespace, frozenset[str]]:
        return {name: frozenset(row.to for row in self.catalogue.of(name)) for name in NAMESPACES}

    def _given_for(self, row: Code) -> str:
        """What leads to this row: a family by its prefix, unless that is a code of its own."""
        found = self.catalogue.find(row.prefix, row.namespace)
        return row.prefix if found is row else row.code

    def _answer_exits(self, key: str) -> list[tuple[str, str]]:
        """What can be given at a node, codes apart, and where each leads."""
        question = self.questions.get(key)
        if question is not None:
            return [(answer.key, answer.to) for answer in question.answers]
        outcome = self.outcomes.get(key)
        return [("no", outcome.otherwise)] if outcome is not None and outcome.otherwise else []

    def codes_of(self, question: Question) -> tuple[Code, ...]:
        """The rows that answer a question: of its list of codes, and leading on from it."""
        if question.kind != "code":
            return ()
        rows = self.catalogue.of(question.catalogue)
        return tuple(row for row in rows if row.to != question.key)


# --- from and to the document ---------------------------------------------------------------------


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
    _refuse_unknown(guide, {"slug", "title", "summary", "start", "language"}, "guide")
    questions = [_question(row) for row in _rows(head, "questions", "document")]
    outcomes = [_outcome(row) for row in _rows(head, "outcomes", "document")]
    codes = [_code(row) for row in _rows(head, "codes", "document")]
    keys = [question.key for question in questions] + [outcome.key for outcome in outcomes]
    _refuse_repeated(keys, "key")
    _refuse_repeated([f"{row.code.upper()} ({row.namespace})" for row in codes], "code")
    return Snapshot(
        slug=_key(guide.get("slug", ""), "guide: slug"),
        title=_text(guide, "title", "guide"),
        summary=_text(guide, "summary", "guide"),
        start=_text(guide, "start", "guide"),
        questions=MappingProxyType({question.key: question for question in questions}),
        outcomes=MappingProxyType({outcome.key: outcome for outcome in outcomes}),
        catalogue=Catalogue(codes),
        digest=digest_of(document),
        language=_language(guide.get("language", ENGLISH), "guide: language"),
        translations=_translations(head),
    )


_PARTS_OF_A_DOCUMENT: Final = {
    "format", "guide", "questions", "outcomes", "codes", "translations",
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


# --- reading parts --------------------------------------------------------------------------------


def _parts(
    row: Mapping[str, Any],
    made: type[Question | Answer | Outcome | Step | Code],
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
