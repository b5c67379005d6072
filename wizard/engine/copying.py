"""Copying: a whole guide as a new one, or a branch of a guide as new nodes, here or elsewhere.

A branch is a node with what follows it. Everything here is a function from documents
(`docs/guide-file.md`) to a document: nothing that stood in the receiving guide is changed but the
one place where the copy is hung. A copy has a life of its own; nothing ties it to its original.

Texts are copied as they are. “(copy)” in a question would be read by visitors, would lose the
translations, which hold on to the text, and would silence the check that asks authors to tell two
questions apart (`same-text`). Authors tell copies by their keys: `phone-off-2`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal

from wizard.engine import languages
from wizard.engine.document import digest_of, title_in_document
from wizard.engine.lists import Namespace
from wizard.engine.snapshot import ENGLISH, KEY_LENGTH, Catalogue, Code

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Follow = Literal["own", "all", "none"]
"""What of the nodes that follow is copied as well: what only this branch leads to; all; nothing."""

_NODES: Final = ("questions", "outcomes")


class NotThere(LookupError):
    """A node, or the place to hang the copy at, is not in the draft, or no longer fit for it."""


# --- where a copy is hung -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtAnswer:
    """At an answer that leads nowhere yet."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class AtNewAnswer:
    """At an answer that the question gets for it."""

    question: str
    label: str


@dataclass(frozen=True, slots=True)
class AtStart:
    """As the first question of a guide that has none."""


Hook = AtAnswer | AtNewAnswer | AtStart


# --- what is made ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copied:
    """A node, by its key in the guide it comes from, and its copy."""

    place: Literal["question", "outcome"]
    old: str
    new: str
    title: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way from a copy to a node that is not copied. `answer`: "" for “still failing”."""

    key: str
    answer: str
    to: str
    title: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code by its list and name. `family`: what it has been read as in the receiving guide."""

    namespace: Namespace
    code: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A copy before it is made.

    `document` is the receiving guide with the copy in it. `nodes` begins with the root of the
    branch. `ways_out` lead to the nodes they led to before, or, in another guide, nowhere.
    `codes` come along; `clashes` do not, because the receiving guide has rows of its own for them;
    `askers` are questions which that guide has already that ask for codes of the same lists.
    `translations` counts what comes along by language, `unread` the texts that are written in
    another language than the receiving guide. `digest` identifies all that is new.
    """

    document: Document
    nodes: tuple[Copied, ...]
    ways_out: tuple[WayOut, ...]
    codes: tuple[CodeRow, ...]
    clashes: tuple[CodeRow, ...]
    askers: tuple[str, ...]
    translations: Mapping[str, int]
    unread: int
    digest: str

    @property
    def root(self) -> Copied:
        return self.nodes[0]


def copy_guide(document: Document, *, slug: str, title: str) -> Document:
    """The same guide under another address and title. Keys stay: no two guides share them."""
    return {**document, "guide": {**document["guide"], "slug": slug, "title": title}}


def copy_branch(document: Document, root: str, *, follow: Follow, hook: Hook | None = None) -> Plan:
    """Copy a node, and of what follows it what is wanted, within its guide.

    A catalogue leads each of its codes to one node, so codes go on leading to the originals: a
    copied question for a code asks for the same list, and what codes alone lead to is not copied.

    Raises:
        NotThere: the node, or the place to hang it at, is not there.
    """
    nodes = _nodes(document)
    keys = _branch_within(document, _known(root, nodes), follow)
    names = _names(keys, nodes.keys())
    copies = {key: _copy(nodes[key], names, keep=True) for key in keys}
    return _plan(document, document, _Parts(names, copies, [], [], {}), hook)


def bring_in(
    document: Document,
    source: Document,
    root: str,
    *,
    follow: Follow = "all",
    hook: Hook | None = None,
) -> Plan:
    """Copy a node of another guide, with all that follows it or (`none`) without.

    Keys that are free stay as they are. The codes of a question for a code come along; where the
    receiving guide has a code already, its own row stays, and what only the other row led to is
    left behind. Texts come in the language of the receiving guide where they have a translation.

    Raises:
        NotThere: the node, or the place to hang it at, is not there.
    """
    nodes = _nodes(source)
    own = {_identity(row) for row in _rows(document, "codes")}
    listed = _with_targets(source)
    offered = [row for row in listed if _identity(row) not in own]
    keys = [_known(root, nodes)]
    asked: set[str] = set()
    if follow != "none":
        keys = _reached([root], lambda key: _leads(nodes[key], nodes, offered))
        asked = {_list_of(nodes[key]) for key in keys} - {""}
    names = _names(keys, _nodes(document).keys())
    words = _Words(document, source)
    copies = {key: _copy(words.node(nodes[key]), names, keep=False) for key in keys}
    wanted = [row for row in listed if _identity(row)[0] in asked]
    codes = [words.row(row, languages.CODE) for row in wanted if _identity(row) not in own]
    parts = _Parts(
        names=names,
        copies=copies,
        codes=[_aimed(row, "to", names, keep=False) for row in codes],
        clashes=[row for row in wanted if _identity(row) in own],
        translations=words.translations,
        unread=words.unread,
    )
    return _plan(document, source, parts, hook)


def _with_targets(source: Document) -> list[Row]:
    """The codes of a guide, each with a target of its own: another guide leads causes elsewhere."""
    led = {row["cause"]: row.get("to", "") for row in _rows(source, "causes")}
    return [
        row
        if row.get("to") or not led.get(row.get("cause", ""))
        else {**row, "to": led[row["cause"]]}
        for row in _rows(source, "codes")
    ]


def open_answers(document: Document) -> Iterator[tuple[Row, Row]]:
    """The answers that lead nowhere, each with its question."""
    nodes = _nodes(document)
    for question in _rows(document, "questions"):
        for answer in question.get("answers") or []:
            if answer.get("to", "") not in nodes:
                yield question, answer


# --- which nodes ----------------------------------------------------------------------------------


def _nodes(document: Document) -> dict[str, Row]:
    return {row["key"]: row for name in _NODES for row in _rows(document, name)}


def _known(key: str, nodes: Mapping[str, Row]) -> str:
    if key not in nodes:
        raise NotThere(key)
    return key


def _ways(row: Row) -> Iterator[tuple[str, str]]:
    """What can be given at a node, codes apart ("" for “still failing”), and where it leads."""
    for answer in row.get("answers") or []:
        yield answer["key"], answer.get("to", "")
    if row.get("otherwise"):
        yield "", row["otherwise"]


def _leads(row: Row, nodes: Mapping[str, Row], codes: Iterable[Row] = ()) -> list[str]:
    """The nodes that a node leads to, by these codes as well if it asks for one."""
    asked = _list_of(row)
    targets = [target for _, target in _ways(row)]
    if asked:
        targets += [
            code.get("to", "") for code in codes if code.get("namespace", "status") == asked
        ]
    return [target for target in targets if target in nodes]


def _list_of(row: Row) -> str:
    """The list of codes that a node asks for, "" if it asks for none."""
    return str(row.get("catalogue", "status")) if row.get("kind") == "code" else ""


def _reached(roots: Iterable[str], leads: Callable[[str], Iterable[str]]) -> list[str]:
    """What can be reached, these included, the nearest first."""
    found = dict.fromkeys(roots)
    queue = list(found)
    for key in queue:
        ahead = [target for target in dict.fromkeys(leads(key)) if target not in found]
        found |= dict.fromkeys(ahead)
        queue += ahead
    return queue


def _branch_within(document: Document, root: str, follow: Follow) -> list[str]:
    if follow == "none":
        return [root]
    nodes = _nodes(document)
    leads = {key: _leads(row, nodes) for key, row in nodes.items()}
    following = _reached([root], leads.__getitem__)
    if follow == "all":
        return following
    inside = set(following)
    entered = {str(document["guide"].get("start", ""))}
    entered |= {row.get("to", "") for name in ("codes", "causes") for row in _rows(document, name)}
    entered |= {target for key in nodes.keys() - inside for target in leads[key]}
    shared = set(_reached((entered & inside) - {root}, leads.__getitem__)) - {root}
    return [key for key in following if key not in shared]


# --- new keys -------------------------------------------------------------------------------------


def _names(keys: Iterable[str], taken: Set[str]) -> dict[str, str]:
    """A key for each copy: its own where that is free, else with a number behind it."""
    keys = list(keys)
    used = {*taken, *keys}
    names: dict[str, str] = {}
    for key in keys:
        names[key] = numbered(key, used) if key in taken else key
        used.add(names[key])
    return names


def numbered(key: str, used: Set[str]) -> str:
    """The key with the lowest number behind it that is free."""
    numbers = (f"-{number}" for number in count(2))
    keys = (key[: KEY_LENGTH - len(end)].rstrip("-") + end for end in numbers)
    return next(one for one in keys if one not in used)


def _key_for(label: str, used: Set[str]) -> str:
    """A key in the letters of a label, as far as it has any."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", ""))
    key = re.sub(r"^[^a-z]+", "", words)[:KEY_LENGTH].rstrip("-") or "answer"
    return numbered(key, used) if key in used else key


# --- copies ---------------------------------------------------------------------------------------


def _copy(row: Row, names: Mapping[str, str], *, keep: bool) -> Row:
    """A node under its new name, leading to copies; out of the branch only if `keep` is set."""
    copy = _aimed({**row, "key": names[row["key"]]}, "otherwise", names, keep=keep)
    if not row.get("answers"):
        return copy
    return {
        **copy,
        "answers": [_aimed(answer, "to", names, keep=keep) for answer in row["answers"]],
    }


def _aimed(row: Row, name: str, names: Mapping[str, str], *, keep: bool) -> Row:
    target = row.get(name, "")
    if target in names:
        return {**row, name: names[target]}
    # In another guide the same key is another node.
    return row if keep else {part: value for part, value in row.items() if part != name}


class _Words:
    """The texts that go from one guide into another, and what they are in other languages."""

    def __init__(self, document: Document, source: Document) -> None:
        self._language = _language(document)
        self._written_in = _language(source)
        self._there = _pairs(source)
        self._here = _pairs(document)
        self._read: dict[str, str] = {}

    def node(self, row: Row) -> Row:
        if "answers" in row:
            row = {**row, "answers": [self.row(part, languages.ANSWER) for part in row["answers"]]}
        if "steps" in row:
            row = {**row, "steps": [self.row(part, languages.STEP) for part in row["steps"]]}
        return self.row(row, (*languages.QUESTION, *languages.OUTCOME))

    def row(self, row: Row, names: Iterable[str]) -> Row:
        return {**row, **{name: self._value(row[name]) for name in names if name in row}}

    def _value(self, value: Any) -> Any:
        return (
            [self._text(line) for line in value] if isinstance(value, list) else self._text(value)
        )

    def _text(self, text: str) -> str:
        known = {} if self._language == self._written_in else self._there.get(self._language, {})
        self._read[text] = known.get(text, text)
        return self._read[text]

    @property
    def unread(self) -> int:
        """How many texts are not in the language of the receiving guide."""
        if self._language == self._written_in:
            return 0
        known = self._there.get(self._language, {})
        return sum(text not in known for text in self._read if text)

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """What comes along by language; where the receiving guide has a translation, that stays."""
        found: dict[str, dict[str, str]] = {}
        for language in sorted({*self._there, self._written_in} - {self._language}):
            for text, read in self._read.items():
                translation = self._in(language, text)
                if translation and read not in self._here.get(language, {}):
                    found.setdefault(language, {}).setdefault(read, translation)
        return found

    def _in(self, language: str, text: str) -> str:
        if language == self._written_in:
            return "" if self._read[text] == text else text
        return self._there.get(language, {}).get(text, "")


def _language(document: Document) -> str:
    return str(document["guide"].get("language", ENGLISH))


def _pairs(document: Document) -> dict[str, dict[str, str]]:
    return {
        language: {row["text"]: row["translation"] for row in rows}
        for language, rows in (document.get("translations") or {}).items()
    }


# --- the plan -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a copy is made of. `names` has the new key of each node by its old one, root first."""

    names: Mapping[str, str]
    copies: Mapping[str, Row]
    codes: list[Row]
    clashes: list[Row]
    translations: Mapping[str, Mapping[str, str]]
    unread: int = 0


def _plan(document: Document, source: Document, parts: _Parts, hook: Hook | None) -> Plan:
    questions = {row["key"] for row in _rows(source, "questions")}
    nodes = _nodes(source)
    made = {
        "questions": [row for old, row in parts.copies.items() if old in questions],
        "outcomes": [row for old, row in parts.copies.items() if old not in questions],
        "codes": parts.codes,
    }
    root = next(iter(parts.names))
    hung, place = _hung(document, hook, parts.names[root], is_question=root in questions)
    return Plan(
        document=_joined(hung, made, parts.translations),
        nodes=tuple(
            Copied(
                "question" if old in questions else "outcome",
                old,
                new,
                title_in_document(nodes[old]),
            )
            for old, new in parts.names.items()
        ),
        ways_out=tuple(_ways_out(nodes, parts.names)),
        codes=tuple(_with_families(document, parts.codes)),
        clashes=tuple(CodeRow(*_identity(row)) for row in parts.clashes),
        askers=tuple(_askers(document, parts.codes)),
        translations={language: len(pairs) for language, pairs in parts.translations.items()},
        unread=parts.unread,
        digest=digest_of({**made, "translations": parts.translations, "hung": place}),
    )


def _joined(
    document: Document,
    made: Mapping[str, list[Row]],
    translations: Mapping[str, Mapping[str, str]],
) -> Document:
    joined = {**document, **{name: [*_rows(document, name), *made[name]] for name in made}}
    if not translations:
        return joined
    before = document.get("translations") or {}
    added = {
        language: [{"text": text, "translation": pairs[text]} for text in pairs]
        for language, pairs in translations.items()
    }
    every = {
        language: [*before.get(language, []), *added.get(language, [])]
        for language in (*before, *(added.keys() - before.keys()))
    }
    return {**joined, "translations": every}


def _rows(document: Document, name: str) -> list[Row]:
    return list(document.get(name) or [])


def _ways_out(nodes: Mapping[str, Row], names: Mapping[str, str]) -> Iterator[WayOut]:
    for old, new in names.items():
        for answer, target in _ways(nodes[old]):
            if target in nodes and target not in names:
                yield WayOut(new, answer, target, title_in_document(nodes[target]))


def _identity(row: Row) -> tuple[Namespace, str]:
    return row.get("namespace", "status"), row["code"].upper()


def _with_families(document: Document, codes: list[Row]) -> Iterator[CodeRow]:
    listed = _rows(document, "codes") if codes else []
    catalogue = Catalogue(Code(row["code"], row.get("namespace", "status")) for row in listed)
    for row in codes:
        namespace = row.get("namespace", "status")
        family = catalogue.find(row["code"].removesuffix("*"), namespace)
        yield CodeRow(namespace, row["code"], family.code if family else "")


def _askers(document: Document, codes: list[Row]) -> Iterator[str]:
    brought = {row.get("namespace", "status") for row in codes}
    for row in _rows(document, "questions"):
        if _list_of(row) in brought:
            yield row["key"]


def _hung(
    document: Document, hook: Hook | None, key: str, *, is_question: bool
) -> tuple[Document, list[str]]:
    """The guide with a node hung in it, and the place in short."""
    match hook:
        case None:
            return document, []
        case AtStart():
            if not is_question or document["guide"].get("start"):
                raise NotThere("start")
            return {**document, "guide": {**document["guide"], "start": key}}, ["start"]
        case AtAnswer(question, answer):
            if (question, answer) not in {(q["key"], a["key"]) for q, a in open_answers(document)}:
                raise NotThere(question)
            return _with_answer(document, question, {"key": answer, "to": key})
        case AtNewAnswer(question, label):
            _known(question, {row["key"]: row for row in _rows(document, "questions")})
            return _with_answer(document, question, {"label": label, "to": key})


def _with_answer(
    document: Document, question: str, answer: dict[str, str]
) -> tuple[Document, list[str]]:
    """The guide where an answer is changed, or added if it has no key yet."""
    rows = _rows(document, "questions")
    place = next(place for place, row in enumerate(rows) if row["key"] == question)
    answers = list(rows[place].get("answers") or [])
    keys = [row["key"] for row in answers]
    if "key" in answer:
        at = keys.index(answer["key"])
        answers[at] = {**answers[at], **answer}
    else:
        answers.append({"key": _key_for(answer["label"], set(keys)), **answer})
    rows[place] = {**rows[place], "answers": answers}
    return {**document, "questions": rows}, [question, *answer.values()]
