"""Handing a case over, to an agent or a queue."""

from datetime import datetime

from django.contrib.auth.models import User

from wizard.cases import changing, standing
from wizard.desk.work import clean
from wizard.models import Case, CaseEvent, Queue
from wizard.outbox import deliveries
from wizard.transcripts import card as transcripts_card
from wizard.transcripts.facts import page_of


def hand_to_agent(token: str, *, to: User, text: str, by: User, now: datetime) -> Case:
    """Give a case to another agent, with a word about it."""
    with changing.changing(token, now) as case:
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
    with changing.changing(token, now) as case:
        case.agent, case.queue = None, to
        if case.state != Case.State.SOLVED:
            case.state = Case.State.HANDED_OVER
        _note_hand_over(case, to.name, text, by, now)
        stands = standing.standing(case, now)
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
    words = clean(text)
    kind = CaseEvent.Kind.HANDED_OVER
    changing.note(case, kind, now, value=to, by=by.get_username(), text=words)
