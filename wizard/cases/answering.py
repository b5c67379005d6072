"""Giving an answer in a case, and taking one back."""

from datetime import datetime

from wizard.cases.changing import changing, note
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import ASK, walk
from wizard.models import Case, CaseEvent
from wizard.published.live import live


class NotAnAnswer(ValueError):
    """What was given is no answer to that question in this case's guide."""


def give(token: str, *, key: str, value: str, now: datetime, by: str = "") -> Case:
    """Answer a question, or say at an outcome whether it helped; it replaces what was given before.

    `ASK` overrules what evidence has answered, and the rest of the case stays as it is. The same
    once more, by a second click, is no second event. `by` is the user name of an agent,
    "" for the customer; so it is in all that follows.

    Raises:
        Case.DoesNotExist: there is no such case.
        NotAnAnswer: the case's guide has no such question, or the question no such answer.
    """
    with changing(token, now) as case:
        snapshot = live.pinned(case.publication_id)
        if walk(snapshot, {key: value}, {}, now).rejected or not value:
            raise NotAnAnswer(key)
        if case.answers.get(key) == value:
            return case
        case.answers = {**case.answers, key: value}
        kind = _kind_of(snapshot, key, value)
        note(case, kind, now, key=key, value="" if value == ASK else value, by=by)
    return case


def withdraw(token: str, *, key: str, now: datetime, by: str = "") -> Case:
    """Take back what a person gave: the question is asked again, or evidence answers it again.

    Raises:
        Case.DoesNotExist: there is no such case.
    """
    with changing(token, now) as case:
        given = dict(case.answers)
        if given.pop(key, None) is not None:
            case.answers = given
            note(case, CaseEvent.Kind.WITHDRAWN, now, key=key, by=by)
    return case


def _kind_of(snapshot: Snapshot, key: str, value: str) -> CaseEvent.Kind:
    if key in snapshot.outcomes:
        return CaseEvent.Kind.FEEDBACK
    return CaseEvent.Kind.OVERRULED if value == ASK else CaseEvent.Kind.ANSWERED
