"""Who reads a page of the walk, where they have said so: to them an outcome says "you"."""

from typing import Final

from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Walk

READERS: Final = ("recipient", "developer", "admin")
"""Audiences of steps that a reader may belong to. An answer whose key is one of them says: that am
I. It is a rule over keys, so it holds for every guide whose author names an answer so."""


def reader_of(snapshot: Snapshot, walk: Walk, start: str = "") -> str:
    """The audience that the reader belongs to, "" where nobody has said so.

    Either they have chosen it, or they are at a node, or began at one (`start`), that is reached
    only by those who have chosen it and by those who did not know what else they were.
    """
    for step in walk.answered:
        if step.by_person and step.value in READERS and step.answer is not None:
            return step.value
    passed = {start, walk.place, *(step.key for step in walk.trail)} & snapshot.reachable
    named = (one for one in READERS if _is_named(snapshot, one))
    return next((one for one in named if passed - _reached_without(snapshot, one)), "")


def _is_named(snapshot: Snapshot, reader: str) -> bool:
    return any(question.answer(reader) is not None for question in snapshot.questions.values())


def entry_for(snapshot: Snapshot, reader: str) -> dict[str, str]:
    """The answer at the start of a guide by which a reader says who they are; {} without one."""
    question = snapshot.questions.get(snapshot.start)
    known = question is not None and question.answer(reader) is not None
    return {snapshot.start: reader} if known else {}


def _reached_without(snapshot: Snapshot, reader: str) -> set[str]:
    """The nodes that are reached by answers that neither name the reader nor are unsure."""
    queue = [snapshot.start]
    seen = set(queue)
    for key in queue:
        ahead = _targets(snapshot, key, reader) - seen
        queue += ahead
        seen |= ahead
    return seen


def _targets(snapshot: Snapshot, key: str, reader: str) -> set[str]:
    question = snapshot.questions.get(key)
    answers = question.answers if question is not None else ()
    others = {one.to for one in answers if one.key != reader and not one.unsure}
    return snapshot.targets(key) - ({one.to for one in answers} - others)
