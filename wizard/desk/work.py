"""The agent desk: what agents do with a case beyond answering it. Each verb is one transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User

from wizard.cases import looked_up
from wizard.cases.looked_up import NotAnAnswer
from wizard.engine.walk import ASK
from wizard.models import Case, CaseEvent, CaseLink, Queue, Viewer
from wizard.outbox import deliveries
from wizard.transcripts import card as transcripts_card
from wizard.transcripts.writing import page_of

PERMISSION: Final = "wizard.use_desk"

NOTE_LENGTH: Final = 10_000
"""Characters of a note, at most."""

_HERE: Final = timedelta(seconds=45)
"""An agent whose screen has said nothing for so long is not looking any more."""

_SAYS_SO_EVERY: Final = timedelta(seconds=20)


# --- notes, and who works on it -------------------------------------------------------------------


def add_note(token: str, *, text: str, by: str, now: datetime) -> Case:
    """Add a note. Notes are never changed; "" is none.

    Raises:
        Case.DoesNotExist: there is no such case; so do all verbs here.
    """
    with looked_up.changing(token, now) as case:
        if words := _clean(text):
            looked_up.note(case, CaseEvent.Kind.NOTED, now, by=by, text=words)
    return case


def _clean(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\0", "").strip()[:NOTE_LENGTH]


def claim(token: str, *, agent: User, now: datetime) -> Case:
    """Take a case on: nobody is locked out by it. What was handed over is open again."""
    with looked_up.changing(token, now) as case:
        if case.agent_id == agent.pk and case.state != Case.State.HANDED_OVER:
            return case
        case.agent, case.queue = agent, None
        if case.state == Case.State.HANDED_OVER:
            case.state = Case.State.OPEN
        looked_up.note(case, CaseEvent.Kind.CLAIMED, now, by=agent.get_username())
    return case


def hand_to_agent(token: str, *, to: User, text: str, by: User, now: datetime) -> Case:
    """Give a case to another agent, with a word about it."""
    with looked_up.changing(token, now) as case:
        case.agent, case.queue = to, None
        if case.state == Case.State.HANDED_OVER:
            case.state = Case.State.OPEN
        _note_hand_over(case, to.get_username(), text, by, now)
    return case


def hand_to_queue(token: str, *, to: Queue, text: str, by: User, url: str, now: datetime) -> Case:
    """Give a case to a queue. Its card is sent to the queue's mailbox and webhook.

    What is sent is stored with the hand-over itself: both are there, or neither is.

    Args:
        url: the absolute address of the case at the desk, for whoever reads the card.
    """
    with looked_up.changing(token, now) as case:
        case.agent, case.queue = None, to
        if case.state != Case.State.SOLVED:
            case.state = Case.State.HANDED_OVER
        _note_hand_over(case, to.name, text, by, now)
        stands = looked_up.standing(case, now)
        card = transcripts_card.card(stands, page_of(stands), list(case.events.all()))
        deliveries.enqueue(
            case,
            to,
            subject=f"{card.reference}: {card.title}",
            text=f"{card.text}\n\n{url}\n",
            payload={**card.payload(), "url": url},
            now=now,
        )
    return case


def _note_hand_over(case: Case, to: str, text: str, by: User, now: datetime) -> None:
    words = _clean(text)
    kind = CaseEvent.Kind.HANDED_OVER
    looked_up.note(case, kind, now, value=to, by=by.get_username(), text=words)


# --- another way through the guide ----------------------------------------------------------------


def jump(token: str, *, key: str, by: str, now: datetime) -> Case:
    """Ask this question now.

    A question on the way is opened again, and what was answered before it stays. To any other the
    walk jumps: it begins there. "" takes the jump back.

    Raises:
        NotAnAnswer: the case's guide has no such question.
    """
    with looked_up.changing(token, now) as case:
        stands = looked_up.standing(case, now)
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
        looked_up.note(case, CaseEvent.Kind.JUMPED, now, key=key, by=by)
    return case


def back(token: str, *, by: str, now: datetime) -> Case:
    """Undo the last thing that was answered, opened again or jumped to."""
    with looked_up.changing(token, now) as case:
        stands = looked_up.standing(case, now)
        given, place = dict(case.answers), stands.place
        key = place if given.get(place) == ASK else last_given(stands)
        if not key and not case.start:
            return case
        given.pop(key, None)
        case.answers = given
        if case.start in (place, key) or not key:
            case.start = ""
        looked_up.note(case, CaseEvent.Kind.WITHDRAWN, now, key=key, by=by)
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
    with looked_up.changing(token, now) as case:
        snapshot = looked_up.standing(case, now).snapshot
        known = {step for step in steps if snapshot.step_named(step) is not None}
        for step in sorted(known - set(case.tried)):
            looked_up.note(
                case, CaseEvent.Kind.TRIED, now, key=step.split("/")[0], value=step, by=by
            )
        case.tried = sorted(known.union(case.tried))
        for key in outcomes:
            if key in snapshot.outcomes and case.answers.get(key) != "no":
                case.answers = {**case.answers, key: "no"}
                looked_up.note(case, CaseEvent.Kind.FEEDBACK, now, key=key, value="no", by=by)
    return case


def remedies_ahead(stands: looked_up.Standing) -> list[str]:
    """The outcomes that would come up one after the other while nothing helps, this one first."""
    answers: dict[str, str] = dict(stands.case.answers)
    found: list[str] = []
    walk = stands.walk
    while walk.outcome is not None and walk.waits and walk.place not in found:
        found.append(walk.place)
        answers[walk.place] = "no"
        walk = stands.walk_with(answers)
    return found


def last_given(stands: looked_up.Standing) -> str:
    """The key of the last answer on the way that a person gave, "" if there is none."""
    given = [*stands.walk.answers][: len(stands.walk.answers) - len(stands.walk.kept)]
    return given[-1] if given else ""


# --- the link for a customer ----------------------------------------------------------------------


def share(token: str, *, by: str, now: datetime) -> CaseLink:
    """Make an address that opens the case for a customer, for LINK_HOURS."""
    with looked_up.changing(token, now) as case:
        link = CaseLink.objects.create(
            case=case,
            made_by=by,
            made_at=now,
            expires_at=now + timedelta(hours=settings.LINK_HOURS),
        )
        looked_up.note(case, CaseEvent.Kind.SHARED, now, by=by)
    return link


def revoke(token: str, *, by: str, now: datetime) -> Case:
    """Close all addresses of the case that agents have given away."""
    with looked_up.changing(token, now) as case:
        if case.links.filter(revoked_at__isnull=True).update(revoked_at=now):
            looked_up.note(case, CaseEvent.Kind.REVOKED, now, by=by)
    return case


def current_link(case: Case, now: datetime) -> CaseLink | None:
    """The last address that was given away and is still good."""
    return case.links.filter(revoked_at__isnull=True, expires_at__gt=now).first()


# --- who is looking -------------------------------------------------------------------------------


def looks(case: Case, agent: User, now: datetime) -> None:
    """Keep that an agent has the case on screen. One statement, safe for two windows at once."""
    Viewer.objects.bulk_create(
        [Viewer(case=case, agent=agent, at=now)],
        update_conflicts=True,
        unique_fields=["case", "agent"],
        update_fields=["at"],
    )


def others(case: Case, agent: User, now: datetime) -> list[tuple[int, str]]:
    """Who else is looking at the case now: keys and user names."""
    rows = case.viewers.filter(at__gt=now - _HERE).exclude(agent=agent).order_by("agent_id")
    return list(rows.values_list("agent_id", "agent__username"))


def seen(version: int, others: Sequence[int]) -> str:
    """What a screen shows, in one word: if it is another one now, there is news."""
    return "-".join(map(str, [version, *others]))


def watch(case_pk: int, agent_pk: int, now: datetime) -> str:
    """`seen` as of now, by one query; and every now and then, that this agent is still looking."""
    rows = list(
        Viewer.objects.filter(case=case_pk)
        .order_by("agent_id")
        .values_list("agent_id", "at", "case__version")
    )
    own = next((at for agent, at, _ in rows if agent == agent_pk), None)
    if own is not None and now - own > _SAYS_SO_EVERY:
        Viewer.objects.filter(case=case_pk, agent=agent_pk).update(at=now)
    here = [agent for agent, at, _ in rows if agent != agent_pk and now - at < _HERE]
    return seen(rows[0][2], here) if rows else ""
