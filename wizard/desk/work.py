"""What an agent does at a case: take, note, try, jump, flag."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User

from wizard.cases import changing, standing
from wizard.cases.answering import NotAnAnswer
from wizard.engine.walk import ASK
from wizard.models import Case, CaseEvent

NOTE_LENGTH: Final = 10_000
"""Characters of a note, at most."""


# --- notes, and who works on it -------------------------------------------------------------------


def add_note(token: str, *, text: str, by: str, now: datetime) -> Case:
    """Add a note. Notes are never changed; "" is none.

    Raises:
        Case.DoesNotExist: there is no such case; so do all verbs here.
    """
    with changing.changing(token, now) as case:
        if words := clean(text):
            changing.note(case, CaseEvent.Kind.NOTED, now, by=by, text=words)
    return case


def clean(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\0", "").strip()[:NOTE_LENGTH]


def claim(token: str, *, agent: User, now: datetime) -> Case:
    """Take a case on: nobody is locked out by it. What was handed over is open again."""
    with changing.changing(token, now) as case:
        if case.agent_id == agent.pk and case.state != Case.State.HANDED_OVER:
            return case
        case.agent, case.queue = agent, None
        if case.state == Case.State.HANDED_OVER:
            case.state = Case.State.OPEN
        changing.note(case, CaseEvent.Kind.CLAIMED, now, by=agent.get_username())
    return case


# --- another way through the guide ----------------------------------------------------------------


def jump(token: str, *, key: str, by: str, now: datetime) -> Case:
    """Ask this question now.

    A question on the way is opened again, and what was answered before it stays. To any other the
    walk jumps: it begins there. "" takes the jump back.

    Raises:
        NotAnAnswer: the case's guide has no such question.
    """
    with changing.changing(token, now) as case:
        stands = standing.standing(case, now)
        if key and key not in stands.snapshot.questions:
            raise NotAnAnswer(key)
        if key in {step.key for step in stands.walk.answered}:
            case.answers = {**case.answers, key: ASK}
        elif key != stands.place:
            case.start = key if key != stands.snapshot.start else ""
            # Evidence would answer it at once, and the agent wants to see it.
            case.answers = {**case.answers, key: ASK} if key else case.answers
        else:
            return case
        changing.note(case, CaseEvent.Kind.JUMPED, now, key=key, by=by)
    return case


def back(token: str, *, by: str, now: datetime) -> Case:
    """Undo the last thing that was answered, opened again or jumped to."""
    with changing.changing(token, now) as case:
        stands = standing.standing(case, now)
        given, place = dict(case.answers), stands.place
        key = place if given.get(place) == ASK else last_given(stands)
        if not key and not case.start:
            return case
        given.pop(key, None)
        case.answers = given
        if case.start in (place, key) or not key:
            case.start = ""
        changing.note(case, CaseEvent.Kind.WITHDRAWN, now, key=key, by=by)
    return case


def mark_tried(
    token: str, *, steps: Collection[str], outcomes: Sequence[str], by: str, now: datetime
) -> Case:
    """Keep what the customer has tried before: several steps, and several remedies, at once.

    An outcome whose remedy was tried in vain is passed, as after "no, still nothing".

    Args:
        steps: as "outcome/number"; what is no step of the guide is left out.
        outcomes: their keys.
    """
    with changing.changing(token, now) as case:
        snapshot = standing.standing(case, now).snapshot
        known = {step for step in steps if snapshot.step_named(step) is not None}
        for step in sorted(known - set(case.tried)):
            changing.note(
                case, CaseEvent.Kind.TRIED, now, key=step.split("/")[0], value=step, by=by
            )
        case.tried = sorted(known.union(case.tried))
        for key in outcomes:
            if key in snapshot.outcomes and case.answers.get(key) != "no":
                case.answers = {**case.answers, key: "no"}
                changing.note(case, CaseEvent.Kind.FEEDBACK, now, key=key, value="no", by=by)
    return case


def remedies_ahead(stands: standing.Standing) -> list[str]:
    """The outcomes that would come up one after the other while nothing helps, this one first."""
    answers: dict[str, str] = dict(stands.case.answers)
    found: list[str] = []
    walk = stands.walk
    while walk.outcome is not None and walk.waits and walk.place not in found:
        found.append(walk.place)
        answers[walk.place] = "no"
        walk = stands.walk_with(answers)
    return found


def last_given(stands: standing.Standing) -> str:
    """The key of the last answer on the way that a person gave, "" if there is none."""
    given = [*stands.walk.answers][: len(stands.walk.answers) - len(stands.walk.kept)]
    return given[-1] if given else ""
