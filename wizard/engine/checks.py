"""Checks: may this guide go live? Each finding names the node and the field at fault.

Linear in the size of the guide: every check is one pass over nodes, answers and codes. Two things
cost more, both small: answers of one question that have rules are compared pairwise, and a
question for a code leads to every node that its list of codes leads to.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Final, Literal

from wizard.engine.evidence import FACTS
from wizard.engine.languages import missing
from wizard.engine.lists import (
    ACTORS,
    AUDIENCES,
    CARRIERS,
    CAUSES,
    CERTAINTIES,
    CODE_REGIONS,
    CODE_SOURCES,
    CONFIDENCES,
    HAND_OVERS,
    RETRIES,
    STATIONS,
    Namespace,
)
from wizard.engine.rules import can_both_hold
from wizard.engine.snapshot import Answer, Cause, Code, Question, Snapshot, Step

Level = Literal["error", "warning"]
Place = Literal["guide", "question", "outcome", "code", "cause"]

PLACEHOLDERS: Final = ("reference", "message_id", "recipient", "code", "come_back", "link")
"""What a reply to a customer can be filled with, between braces (`wizard/transcripts/reply.py`)."""

PLACEHOLDER: Final = re.compile(rf"(?<!\{{)\{{({'|'.join(PLACEHOLDERS)})\}}(?!\}})")


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the checks.

    `name` says what is wrong and `params` with what; `wording/problems.py` makes the sentence.
    `place` and `key` name the node (for a code: `namespace:code`; for a cause its name), `field`
    its field, `part` the answer key or the number of the step within it ("" for the node itself).
    """

    level: Level
    name: str
    place: Place
    key: str
    field: str
    part: str = ""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


def check(snapshot: Snapshot, languages: Sequence[str] = ()) -> list[Problem]:
    """All findings, errors first, in the order of the guide.

    Args:
        languages: what the guide should be readable in.
    """
    found = [problem for one in _CHECKS for problem in one(snapshot)]
    found += [problem for one in languages for problem in _untranslated(snapshot, one)]
    return sorted(found, key=lambda problem: problem.level)


def errors(problems: list[Problem]) -> list[Problem]:
    """The findings that refuse a publication."""
    return [problem for problem in problems if problem.level == "error"]


# --- the graph ------------------------------------------------------------------------------------


def _start(snapshot: Snapshot) -> Iterator[Problem]:
    if not snapshot.start:
        yield Problem("error", "no-start", "guide", "", "start")
    elif snapshot.start not in snapshot.questions:
        yield Problem(
            "error", "broken-start", "guide", "", "start", params={"target": snapshot.start}
        )


def _targets(snapshot: Snapshot) -> Iterator[Problem]:
    for question in snapshot.questions.values():
        for answer in question.answers:
            name = _target_fault(snapshot, answer.to)
            if name:
                params = {"answer": answer.label or answer.key, "target": answer.to}
                yield Problem("error", name, "question", question.key, "to", answer.key, params)
    for outcome in snapshot.outcomes.values():
        if outcome.otherwise and snapshot.node(outcome.otherwise) is None:
            yield Problem(
                "error",
                "broken-otherwise",
                "outcome",
                outcome.key,
                "otherwise",
                params={"target": outcome.otherwise},
            )
    for row in snapshot.catalogue.codes:
        name = _target_fault(snapshot, row.to)
        if name and not (row.cause and row.to == snapshot.causes.get(row.cause, Cause()).to):
            yield _of_code(row, f"code-{name}", "to", target=row.to)
    yield from _causes(snapshot)


def _causes(snapshot: Snapshot) -> Iterator[Problem]:
    """Every cause leads somewhere that the guide names, or that one of its codes gives."""
    for row in snapshot.causes.values():
        name = _target_fault(snapshot, row.to)
        params = {"cause": row.cause, "target": row.to}
        if row.cause not in CAUSES:
            yield Problem("error", "cause-not-known", "cause", row.cause, "cause", params=params)
        elif name:
            yield Problem("error", f"cause-{name}", "cause", row.cause, "to", params=params)
    library = snapshot.catalogue.library
    used = dict.fromkeys(library.causes if library is not None else ())
    used |= dict.fromkeys(code.cause for code in snapshot.catalogue.codes if not code.to)
    for cause in used:
        if cause and cause not in snapshot.causes:
            params = {"cause": cause}
            yield Problem("error", "cause-not-led", "guide", "", "causes", params=params)


def _target_fault(snapshot: Snapshot, target: str) -> str:
    if not target:
        return "no-target"
    return "" if snapshot.node(target) is not None else "broken-target"


def _of_code(row: Code, name: str, at: str, **params: str) -> Problem:
    key = f"{row.namespace}:{row.code}"
    return Problem("error", name, "code", key, at, params={"code": row.code, **params})


def _unreachable(snapshot: Snapshot) -> Iterator[Problem]:
    reachable = snapshot.reachable
    for key in snapshot.questions:
        if key not in reachable:
            yield Problem("error", "unreachable-question", "question", key, "key")
    for key in snapshot.outcomes:
        if key not in reachable:
            yield Problem("error", "unreachable-outcome", "outcome", key, "key")


def _cycle(snapshot: Snapshot) -> Iterator[Problem]:
    graph = {key: snapshot.targets(key) for key in (*snapshot.questions, *snapshot.outcomes)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        place: Place = "question" if circle[0] in snapshot.questions else "outcome"
        params = {"circle": " → ".join(circle)}
        yield Problem("error", "cycle", place, circle[0], "key", params=params)


# --- questions ------------------------------------------------------------------------------------


def _answers(snapshot: Snapshot) -> Iterator[Problem]:
    for question in snapshot.questions.values():
        name = _answers_fault(question)
        if name:
            yield Problem("error", name, "question", question.key, "answers")


def _answers_fault(question: Question) -> str:
    unsure = sum(answer.unsure for answer in question.answers)
    if not question.answers:
        return "no-answers"
    if question.kind == "code" and unsure != 1:
        return "no-way-without-code"
    if question.kind == "choice" and len(question.answers) == 1:
        return "one-answer"
    return "many-unsure" if unsure > 1 else ""


def _question_texts(snapshot: Snapshot) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for question in snapshot.questions.values():
        if not question.text.strip():
            yield Problem("error", "question-without-text", "question", question.key, "text")
        elif first.setdefault(question.text, question.key) != question.key:
            params = {"other": first[question.text]}
            yield Problem("warning", "same-text", "question", question.key, "text", params=params)
        if not question.why.strip():
            yield Problem("warning", "question-without-why", "question", question.key, "why")
        for answer in question.answers:
            if not answer.label.strip():
                yield Problem(
                    "error", "answer-without-label", "question", question.key, "label", answer.key
                )


def _rules(snapshot: Snapshot) -> Iterator[Problem]:
    for question in snapshot.questions.values():
        if question.kind == "code" and question.fact and question.fact not in FACTS:
            params = {"fact": question.fact}
            yield Problem("error", "unknown-fact", "question", question.key, "fact", params=params)
        for answer in question.answers:
            for bad in answer.bad_rules:
                yield Problem(
                    "error",
                    f"rule-{bad.problem.name}",
                    "question",
                    question.key,
                    "rules",
                    answer.key,
                    {**bad.problem.params, "rule": bad.line},
                )
        ruled = [answer for answer in question.answers if answer.rules]
        for one, other in combinations(ruled, 2):
            if _overlap(one, other):
                params = {"one": one.label or one.key, "other": other.label or other.key}
                yield Problem(
                    "error", "overlap", "question", question.key, "rules", other.key, params
                )


def _overlap(one: Answer, other: Answer) -> bool:
    return any(can_both_hold(rule, against) for rule in one.rules for against in other.rules)


# --- outcomes -------------------------------------------------------------------------------------


def _dead_ends(snapshot: Snapshot) -> Iterator[Problem]:
    for outcome in snapshot.outcomes.values():
        helps = outcome.steps or outcome.otherwise or outcome.hand_over == "always"
        says_why = bool(outcome.no_steps.strip())
        if not helps and not says_why:
            yield Problem("error", "dead-end", "outcome", outcome.key, "steps")
        elif not outcome.steps and not says_why:
            yield Problem("warning", "nothing-to-do", "outcome", outcome.key, "steps")
        elif outcome.hand_over == "never" and not outcome.otherwise and not outcome.no_steps:
            yield Problem("warning", "no-way-on", "outcome", outcome.key, "hand_over")


def _outcome_texts(snapshot: Snapshot) -> Iterator[Problem]:
    for outcome in snapshot.outcomes.values():
        for name, level in _NEEDED_TEXTS.items():
            if not str(getattr(outcome, name)).strip():
                yield Problem(level, f"outcome-without-{name}", "outcome", outcome.key, name)
        for name, allowed in _CLOSED_FIELDS.items():
            if getattr(outcome, name) not in allowed:
                params = {"allowed": ", ".join(allowed)}
                yield Problem("error", "not-one-of", "outcome", outcome.key, name, params=params)
        for number, step in enumerate(outcome.steps, start=1):
            for name in _step_faults(step):
                yield Problem(
                    "error",
                    f"step-{name}",
                    "outcome",
                    outcome.key,
                    name,
                    str(number),
                    {"number": str(number)},
                )


_NEEDED_TEXTS: Final[Mapping[str, Level]] = {
    "title": "error",
    "happened": "error",
    "certainty_note": "warning",
    "come_back": "warning",
}
_CLOSED_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "certainty": CERTAINTIES,
    "stopped_at": ("", *STATIONS),
    "next_actor": ACTORS,
    "hand_over": HAND_OVERS,
}


def _step_faults(step: Step) -> Iterator[str]:
    if not step.text.strip():
        yield "text"
    if step.audience not in AUDIENCES:
        yield "audience"
    if step.link and not _is_safe_link(step.link):
        yield "link"


def _first_steps(snapshot: Snapshot) -> Iterator[Problem]:
    """A page says who acts next above its steps: whoever it names has to find their step first."""
    for outcome in snapshot.outcomes.values():
        first = outcome.steps[0].audience if outcome.steps else ""
        if first not in AUDIENCES or outcome.next_actor not in ACTORS:
            continue
        if first != outcome.next_actor:
            params = {"audience": first, "actor": outcome.next_actor}
            yield Problem(
                "warning",
                "first-step-audience",
                "outcome",
                outcome.key,
                "next_actor",
                params=params,
            )


def _replies(snapshot: Snapshot) -> Iterator[Problem]:
    for outcome in snapshot.outcomes.values():
        unknown = _BRACES.findall(PLACEHOLDER.sub("", outcome.reply))
        if unknown:
            params = {
                "placeholder": " ".join(unknown[0].split()),
                "allowed": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            }
            yield Problem(
                "error", "reply-placeholder", "outcome", outcome.key, "reply", params=params
            )


# A brace alone counts too: it is a placeholder that somebody mistyped.
_BRACES: Final = re.compile(r"\{+[^{}]{0,60}\}+|[{}]+")


# A browser reads a backslash as a slash and skips tabs, so "/\\host" and "/<tab>/host" are hosts.
_SAFE_LINK: Final = re.compile(r"https://[^\s\\]+|/(?!/)[^\s\\]*")


def _is_safe_link(link: str) -> bool:
    return _SAFE_LINK.fullmatch(link) is not None


# --- codes ----------------------------------------------------------------------------------------


def _codes(snapshot: Snapshot) -> Iterator[Problem]:
    for row in snapshot.catalogue.codes:
        if not row.meaning.strip():
            yield _of_code(row, "code-without-meaning", "meaning")
        for name, allowed in _CODE_FIELDS.items():
            if getattr(row, name) not in allowed:
                yield _of_code(row, "code-not-one-of", name, allowed=", ".join(allowed))


_CODE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": CODE_SOURCES,
    "region": CODE_REGIONS,
    "next_actor": ACTORS,
    "cause": ("", *CAUSES),
    "carrier": ("", *CARRIERS),
    "retry": ("", *RETRIES),
    "confidence": ("", *CONFIDENCES),
}


def _code_questions(snapshot: Snapshot) -> Iterator[Problem]:
    kinds: set[Namespace] = {row.namespace for row in snapshot.catalogue.codes}
    if snapshot.catalogue.library is not None:
        kinds.add("status")
    asked = {
        question.catalogue for question in snapshot.questions.values() if question.kind == "code"
    }
    for namespace in sorted(kinds - asked):
        params = {"namespace": namespace}
        yield Problem("error", "codes-not-asked", "guide", "", "codes", params=params)


# --- languages ------------------------------------------------------------------------------------


def _untranslated(snapshot: Snapshot, language: str) -> Iterator[Problem]:
    """One finding for each node that is not all translated; one for the guide if nothing is."""
    lacking = missing(snapshot, language)
    if lacking and not snapshot.translations.get(language):
        params = {"language": language}
        yield Problem("warning", "no-translation", "guide", "", "translations", params=params)
        return
    nodes: dict[tuple[Place, str], list[str]] = {}
    for text in lacking:
        nodes.setdefault((text.place, text.key), []).append(text.text)
    for (place, key), texts in nodes.items():
        params = {"language": language, "count": str(len(texts)), "text": _in_short(texts[0])}
        yield Problem("warning", "untranslated", place, key, "translations", params=params)


def _in_short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


# --- all ------------------------------------------------------------------------------------------

_CHECKS: Final[tuple[Callable[[Snapshot], Iterator[Problem]], ...]] = (
    _start,
    _targets,
    _unreachable,
    _cycle,
    _answers,
    _question_texts,
    _rules,
    _dead_ends,
    _outcome_texts,
    _first_steps,
    _replies,
    _codes,
    _code_questions,
)
