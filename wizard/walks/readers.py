"""Who reads a page of the walk, where they have said so: to them an outcome says "you"."""

from typing import Final

from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Walk

READERS: Final = ("recipient", "developer", "admin")
"""Audiences of steps that a reader may belong to. An answer whose key is one of them says: that am
I. It is a rule over keys, so it holds for every guide whose author names an answer so."""


def reader_of(snapshot: Snapshot, walk: Walk, start: str = "") -> str:
    """The audience that the reader belongs to, "" where nobody has said so.

    Either they have chosen it, or the walk began at a node (`start`) that is reached by nobody who
    has not chosen it.
    """
    for step in walk.answered:
        if step.by_person and step.value in READERS and step.answer is not None:
            return step.value
    if start not in snapshot.reachable:
        return ""
    return next((one for one in READERS if start not in _reached_without(snapshot, one)), "")


def entry_for(snapshot: Snapshot, reader: str) -> dict[str, str]:
    """The answer at the start of a guide by which a reader says who they are; {} without one."""
    question = snapshot.questions.get(snapshot.start)
    known = question is not None and question.answer(reader) is not None
    return {snapshot.start: reader} if known else {}


def _reached_without(snapshot: Snapshot, reader: str) -> set[str]:
    """The nodes that are reached without the answers that name a reader."""
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
    theirs = {one.to for one in answers if one.key == reader}
    return snapshot.targets(key) - (theirs - {one.to for one in answers if one.key != reader})
