"""What of a guide is searched: the texts of each node, and what leads to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from wizard.engine.snapshot import Outcome, Question, Snapshot

WEIGHTS: Final[Mapping[str, float]] = {
    "title": 3.0,
    "synonyms": 8.0,
    "leading": 1.5,
    "body": 0.7,
    "aside": 0.15,
    "codes": 0.2,
}
"""The fields that are searched, and how much a word in each counts.

`leading` are the answers that lead to a node, `aside` is help and steps, `codes` is what the codes
mean that lead to it. Only differences between them matter.
"""

JOINED: Final = frozenset({"title", "synonyms"})
"""Fields in which words that stand together count together, too."""


@dataclass(frozen=True, slots=True)
class SearchedNode:
    """A question or an outcome of a guide, with its texts by the field that they belong to."""

    guide: str
    key: str
    fields: Mapping[str, Sequence[str]]


def searched(guides: Iterable[Snapshot]) -> list[SearchedNode]:
    """All nodes that answers lead to."""
    return [node for snapshot in guides for node in _nodes(snapshot)]


def passages(node: Question | Outcome) -> list[str]:
    """What may be shown of a node beside its title, in the order of its page."""
    if isinstance(node, Question):
        return _filled(node.why, node.help, *(answer.label for answer in node.answers))
    steps = (step.text for step in node.steps)
    return _filled(node.happened, *steps, node.still_failing, node.certainty_note)


def _nodes(snapshot: Snapshot) -> Iterator[SearchedNode]:
    leading = _leading(snapshot)
    meanings = _meanings(snapshot)
    nodes: Iterable[Question | Outcome] = chain(
        snapshot.questions.values(), snapshot.outcomes.values()
    )
    for node in nodes:
        if node.key in snapshot.reachable:
            own = _question(node) if isinstance(node, Question) else _outcome(node)
            around = {
                "leading": leading.get(node.key, ()),
                "codes": list(meanings.get(node.key, ())),
            }
            yield SearchedNode(snapshot.slug, node.key, own | around)


def _question(node: Question) -> dict[str, Sequence[str]]:
    labels = [text for answer in node.answers for text in (answer.label, answer.hint)]
    return {
        "title": [node.text],
        "synonyms": node.synonyms,
        "body": _filled(node.why, *labels),
        "aside": _filled(node.help),
    }


def _outcome(node: Outcome) -> dict[str, Sequence[str]]:
    steps = [text for step in node.steps for text in (step.text, step.see)]
    ends = (node.still_failing, node.come_back, node.hand_over_when, node.no_steps)
    return {
        "title": [node.title],
        "synonyms": node.synonyms,
        "body": _filled(node.happened, node.certainty_note),
        "aside": _filled(*steps, *ends),
    }


def _leading(snapshot: Snapshot) -> dict[str, list[str]]:
    """The words of the answers by the node that they lead to."""
    found: dict[str, list[str]] = {}
    for question in snapshot.questions.values():
        for answer in question.answers:
            found.setdefault(answer.to, []).extend(_filled(answer.label, answer.hint))
    return found


def _meanings(snapshot: Snapshot) -> dict[str, dict[str, None]]:
    """What the codes mean by the node that they lead to, each text once."""
    found: dict[str, dict[str, None]] = {}
    for row in snapshot.catalogue.codes:
        found.setdefault(row.to, {}).update(dict.fromkeys(_filled(row.meaning, *row.causes)))
    return found


def _filled(*texts: str) -> list[str]:
    return [text for text in texts if text]
