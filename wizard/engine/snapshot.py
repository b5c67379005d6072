"""Snapshot: one version of a guide as immutable values.

A snapshot is tolerant of what a draft may lack (targets, texts): `checks` judges that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from wizard.engine.library import Library, LibraryRow
from wizard.engine.lists import NAMESPACES, Namespace, QuestionKind
from wizard.engine.rules import Rule, RuleError

KEY_LENGTH: Final = 60

KEY: Final = re.compile(rf"[a-z][a-z0-9-]{{0,{KEY_LENGTH - 1}}}")

CODE_LENGTH: Final = 32

CODE: Final = re.compile(rf"[A-Za-z0-9_.:-]{{1,{CODE_LENGTH}}}\*?")

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")

ENGLISH: Final = "en"


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
    synonyms: tuple[str, ...] = ()
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
    synonyms: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def named_steps(self) -> dict[str, Step]:
        """The steps by the name under which a case keeps that one was done: "outcome/number"."""
        return {f"{self.key}/{number}": step for number, step in enumerate(self.steps, start=1)}


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the catalogue. A `code` that ends in `*` is a family: its prefix, then the star.

    `to` and `steps` are its own where it has some, else those of its cause in this guide. `others`
    are meanings that other lists give: a sentence, or the name of a cause.
    """

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
    cause: str = ""
    carrier: str = ""
    retry: str = ""
    confidence: str = ""
    others: tuple[str, ...] = ()

    @property
    def is_family(self) -> bool:
        return self.code.endswith("*")

    @property
    def prefix(self) -> str:
        return self.code.removesuffix("*")


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a guide leads all codes of one cause (`lists.CAUSES`), and what to do about them."""

    cause: str = ""
    to: str = ""
    steps: tuple[str, ...] = ()


Node = Question | Outcome


class Catalogue:
    """The codes of one snapshot, found exactly or by the longest family prefix, in any case.

    `codes` are the guide's own rows. Those of its `library` are found where it has none: its own
    exact row, the library's, then its own family, and the library's. A row of the code itself says
    more than one of a family, whoever wrote it; and what authors wrote goes before what ships.
    """

    # A family is asked for by what may stand after its prefix; nothing else gets into an address.
    _TAIL: Final = re.compile(r"[A-Z0-9_.:-]{0,24}")

    def __init__(
        self,
        codes: Iterable[Code],
        library: Library | None = None,
        causes: Mapping[str, Cause] | None = None,
        language: str = ENGLISH,
    ) -> None:
        self.library = library
        self.causes = causes or {}
        self._language = language
        self.codes = tuple(self._led(code) for code in codes)
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
            if self.library is not None and namespace == "status":
                return self._row(self.library.families.get(wanted))
        return (
            self._exact.get((namespace, wanted))
            or self._in_library(wanted, namespace)
            or self._family(wanted, namespace)
            or self._family_in_library(wanted, namespace)
        )

    def is_own(self, row: Code) -> bool:
        """Whether the guide lists this code itself; the other rows are the library's."""
        own = self._families if row.is_family else self._exact
        return (row.namespace, row.prefix.upper()) in own

    def of_library(self) -> Iterator[Code]:
        """The rows of the library that the guide has none of its own for, in their order."""
        for row in self.library.rows if self.library is not None else ():
            code = self._row(row)
            if code is not None and not self.is_own(code):
                yield code

    def ways(self, namespace: Namespace) -> Mapping[str, str]:
        """The nodes that rows of the library lead to, each with a code that leads there."""
        if self.library is None or namespace != "status":
            return {}
        rows = ((self._row(row), row.code) for row in self.library.causes.values())
        found = {code.to: name for code, name in rows if code is not None and code.to}
        return {to: code for to, code in found.items() if not self._exact.get(("status", code))}

    def _led(self, code: Code) -> Code:
        """A row of the guide with what its cause says, where it says nothing of its own."""
        cause = self.causes.get(code.cause)
        if cause is None or (code.to and code.steps):
            return code
        return replace(code, to=code.to or cause.to, steps=code.steps or cause.steps)

    def _in_library(self, wanted: str, namespace: Namespace) -> Code | None:
        if self.library is None or namespace != "status":
            return None
        return self._row(self.library.find(wanted))

    def _row(self, row: LibraryRow | None) -> Code | None:
        """A row of the library as one of this guide."""
        if row is None or self.library is None:
            return None
        led = self.causes.get(row.cause, _NOWHERE)
        return Code(
            code=row.code,
            source=row.source,
            region=row.region,
            meaning=row.meaning_in(self._language),
            steps=led.steps,
            next_actor=row.who,
            checked_on=date.fromisoformat(self.library.checked_on),
            to=led.to,
            sources=row.sources,
            cause=row.cause,
            carrier=row.carrier,
            retry=row.retry,
            confidence=row.confidence,
            others=row.others_in(self._language),
        )

    def _family_in_library(self, wanted: str, namespace: Namespace) -> Code | None:
        if self.library is None or namespace != "status":
            return None
        families = self.library.families
        for length in range(min(len(wanted), CODE_LENGTH), 0, -1):
            row = families.get(wanted[:length])
            if row is not None and self._TAIL.fullmatch(wanted, length):
                return self._row(row)
        return None

    def _family(self, wanted: str, namespace: Namespace) -> Code | None:
        for length in range(min(len(wanted), self._longest), 0, -1):
            row = self._families.get((namespace, wanted[:length]))
            if row is not None and self._TAIL.fullmatch(wanted, length):
                return row
        return None


_NOWHERE: Final = Cause()


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
    causes: Mapping[str, Cause] = field(default_factory=dict)

    def node(self, key: str) -> Node | None:
        return self.questions.get(key) or self.outcomes.get(key)

    def title_of(self, key: str) -> str:
        """What a node asks or says; "" for one that the guide lacks, or that has no words yet."""
        node = self.node(key)
        return node.title if node is not None else ""

    def to_of_cause(self, cause: str) -> str:
        """The node that a cause leads to here; "" where it leads nowhere."""
        led = self.causes.get(cause, _NOWHERE)
        return led.to if self.node(led.to) is not None else ""

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
        given = [(self._given_for(row), row.to) for row in rows]
        if question is not None and question.kind == "code":
            ways = self.catalogue.ways(question.catalogue)
            given += [(code, to) for to, code in ways.items() if to != key]
        return self._answer_exits(key) + given

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
        return {
            name: frozenset(row.to for row in self.catalogue.of(name))
            | self.catalogue.ways(name).keys()
            for name in NAMESPACES
        }

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
