"""Deliveries: what a hand-over sends, by mail and by webhook. Nothing is lost, little comes twice.

The promise is "at least once". A delivery is a row that is made in the transaction of the
hand-over. After that it is sent, and sent again until it is accepted or given up. If a process ends
between sending and writing that down, the same is sent a second time: with the same ID (a webhook's
`X-SMSDoctor-Delivery`, a mail's Message-ID), by which receivers can tell.
"""

import json
import logging
import smtplib
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wizard import background
from wizard.models import Case, Delivery, Queue
from wizard.outbox import webhooks
from wizard.outbox.targets import NotSent

logger = logging.getLogger("wizard.deliveries")

PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 2 * 60, 10 * 60, 60 * 60, 6 * 60 * 60)
)
"""Before the second attempt, the third, and so on. After one attempt more it is given up."""

LEASE: Final = timedelta(minutes=5)
"""So long a delivery belongs to the process that claimed it: longer than any attempt may take."""

_Kind = Delivery.Kind
_State = Delivery.State
_Clock = Callable[[], datetime]


# --- making them ----------------------------------------------------------------------------------


def enqueue(
    case: Case,
    queue: Queue,
    *,
    subject: str,
    text: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> list[Delivery]:
    """Keep what is to be sent to a queue: a mail, a webhook, both, or nothing if it has neither.

    Call it inside the transaction of the hand-over: then both are kept, or neither is. Nothing is
    sent here.

    Args:
        subject: of the mail; becomes one line, at most 200 characters of it.
        text: of the mail.
        payload: of the webhook, as JSON.
    """
    wanted = {_Kind.MAIL: queue.email, _Kind.WEBHOOK: queue.webhook_url}
    rows = [
        Delivery(
            case=case,
            kind=kind,
            to=to,
            subject=" ".join(subject.split())[:200],
            text=text,
            payload=dict(payload),
            made_at=now,
            next_at=now,
        )
        for kind, to in wanted.items()
        if to
    ]
    return Delivery.objects.bulk_create(rows)


def retry(deliveries: QuerySet[Delivery], now: datetime) -> int:
    """Send these at once, with all attempts before them again: what waits and what was given up.

    What is being sent at this moment is left alone, and so is what was sent.

    Returns:
        How many will be tried.
    """
    being_sent = Q(state=_State.WAITING, attempts__gt=0, error="")
    found = deliveries.exclude(state=_State.SENT).exclude(being_sent)
    return found.update(state=_State.WAITING, attempts=0, next_at=now)


# --- sending them ---------------------------------------------------------------------------------


def deliver_due(now: datetime) -> int:
    """Send what is due, each at least once; any number of processes may do so at the same time.

    Each delivery is claimed before it is sent, so that one process alone sends it. A process that
    dies meanwhile leaves it due again after `LEASE`. What fails waits for its next attempt, or is
    given up, with a line in the log. Where something has just failed nothing more is sent until the
    next time, so that one receiver in trouble does not keep all others waiting.

    If nothing is due, that costs one query.

    Args:
        now: what was due by then is sent. Time goes on from there while it is.

    Returns:
        How many were sent.

    Raises:
        django.db.Error: the rest waits for the next time.
        RuntimeError: called inside a transaction, which sending could hold open for minutes.
    """
    clock = _clock(now)
    in_trouble: set[str] = set()
    sent = 0
    while (delivery := _claimed(now, clock, in_trouble)) is not None:
        try:
            _send(delivery, clock())
        except NotSent as failure:
            if not failure.permanent:
                in_trouble.add(delivery.to)
            _keep_failure(delivery, failure, clock())
        else:
            _keep_success(delivery, clock())
            sent += 1
    return sent


def _clock(now: datetime) -> _Clock:
    """The time as it goes on from now: a lease must not begin in the past."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _claimed(now: datetime, clock: _Clock, in_trouble: Collection[str]) -> Delivery | None:
    """The next delivery that is due, taken by this process; None if there is none."""
    due = Delivery.objects.due(now).exclude(to__in=in_trouble)
    while (delivery := due.first()) is not None:
        if _claim(delivery, clock()):
            return delivery
    return None


def _claim(delivery: Delivery, at: datetime) -> bool:
    """Take a delivery if it still is as it was read; False if another process was quicker."""
    unchanged = Delivery.objects.filter(
        pk=delivery.pk,
        state=_State.WAITING,
        attempts=delivery.attempts,
        next_at=delivery.next_at,
    )
    attempts = delivery.attempts + 1
    with transaction.atomic(durable=True):
        # Without an error it is seen to be under way (`retry`).
        taken = unchanged.update(attempts=attempts, next_at=at + LEASE, error="")
    delivery.attempts = attempts
    return bool(taken)


def _keep_success(delivery: Delivery, at: datetime) -> None:
    # Whoever has it by now: it was sent.
    rows = Delivery.objects.filter(pk=delivery.pk)
    rows.update(state=_State.SENT, sent_at=at, error="")
    logger.info("delivery %s sent: %s, attempt %d", delivery.pk, delivery.kind, delivery.attempts)


def _keep_failure(delivery: Delivery, failure: NotSent, at: datetime) -> None:
    # Only if it still is ours: another process may have sent it after our lease was over.
    ours = Delivery.objects.filter(pk=delivery.pk, state=_State.WAITING, attempts=delivery.attempts)
    told = (delivery.pk, delivery.kind, delivery.attempts, failure.reason)
    error = failure.reason[:200]
    if failure.permanent or delivery.attempts > len(PAUSES):
        ours.update(state=_State.FAILED, error=error)
        logger.error("delivery %s given up: %s, attempt %d: %s", *told)
        return
    ours.update(next_at=at + PAUSES[delivery.attempts - 1], error=error)
    logger.warning("delivery %s failed, it will be tried again: %s, attempt %d: %s", *told)


# --- one of them ----------------------------------------------------------------------------------


def _send(delivery: Delivery, at: datetime) -> None:
    """One attempt.

    Raises:
        NotSent: whatever went wrong.
    """
    if delivery.attempts > len(PAUSES) + 1:
        raise NotSent(_("the site ended in the middle of it too often"), permanent=True)
    try:
        _SENDERS[_Kind(delivery.kind)](delivery, at)
    except NotSent:
        raise
    except Exception as error:
        # One that cannot be sent must not keep the others waiting.
        logger.exception("delivery %s ended in an error of our own", delivery.pk)
        reason = _("an error of our own: %(kind)s") % {"kind": type(error).__name__}
        raise NotSent(reason) from error


def _send_webhook(delivery: Delivery, at: datetime) -> None:
    # The same bytes at every attempt: a database may give the names in another order.
    body = json.dumps(delivery.payload, sort_keys=True, separators=(",", ":")).encode()
    headers = webhooks.signed(body, delivery=delivery.pk, at=at)
    webhooks.post(delivery.to, body, headers, seconds=settings.WEBHOOK_SECONDS)


def _send_mail(delivery: Delivery, at: datetime) -> None:
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{delivery.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",  # nobody's absence is to be answered to
    }
    mail = EmailMessage(delivery.subject, delivery.text, to=[delivery.to], headers=headers)
    with _told_as_not_sent():
        mail.send()


@contextmanager
def _told_as_not_sent() -> Iterator[None]:
    """What may go wrong with a mail, in our words: those of the server may quote the address."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        reason = _("the mail server refuses the recipient (%(code)s)") % {"code": max(codes)}
        raise NotSent(reason, permanent=min(codes) >= 500) from None
    except smtplib.SMTPResponseException as error:
        reason = _("the mail server answered %(code)s") % {"code": error.smtp_code}
        raise NotSent(reason) from None
    except (smtplib.SMTPException, OSError) as error:
        words = {"kind": type(error).__name__}
        raise NotSent(_("no mail server, or none that could be used (%(kind)s)") % words) from None
    except (BadHeaderError, UnicodeError):
        raise NotSent(_("the mail cannot be written to this address"), permanent=True) from None


_SENDERS: Final[Mapping[_Kind, Callable[[Delivery, datetime], None]]] = {
    _Kind.MAIL: _send_mail,
    _Kind.WEBHOOK: _send_webhook,
}


# --- the thread -----------------------------------------------------------------------------------


def begin() -> None:
    """Let a thread of this process send what is due, every DELIVERY_POLL_SECONDS; with 0 none does.

    A server's process calls it as it starts, after its fork. Calling it again changes nothing.
    """
    background.repeat("deliveries", _look, seconds=settings.DELIVERY_POLL_SECONDS)


@background.unfailing("deliveries")
def _look() -> None:
    deliver_due(timezone.now())
