"""Cases: walks that are kept, with what was looked up for them. Their events are never changed."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.engine.snapshot import KEY_LENGTH
from wizard.models.publication import Publication

# Read over the phone: no I and 1, no O and 0, no U and V.
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


def new_token() -> str:
    """The secret part of a case's address: whoever has it may read and answer the case."""
    return secrets.token_urlsafe(24)


_LINK: Final = "link-"


def new_link_token() -> str:
    """The secret part of an address that an agent gives away; it shows which kind it is."""
    return _LINK + secrets.token_urlsafe(24)


_LENGTH: Final = 6
_TYPED: Final = re.compile(
    rf"\s*(?:SMS)?[-\s]?([{_LETTERS}]{{{_LENGTH}}})\s*", re.IGNORECASE
)  # fmt: skip


def new_reference() -> str:
    """The short name of a case, such as SMS-7F3K2Q. It opens nothing."""
    return "SMS-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def typed_reference(text: str) -> str:
    """The reference that a text is, however it was typed; "" for any other text."""
    match = _TYPED.fullmatch(text[:40])
    return f"SMS-{match[1].upper()}" if match else ""


class CaseQuerySet(models.QuerySet["Case"]):
    def untouched_since(self, moment: datetime) -> Self:
        """Cases that nobody has changed since then."""
        return self.filter(changed_at__lt=moment)

    def reached_by(self, token: str, now: datetime) -> Self:
        """The case that an address leads to: by its own token, or by a link that is still good."""
        if not token.startswith(_LINK):
            return self.filter(token=token)
        return self.filter(
            links__token=token, links__revoked_at__isnull=True, links__expires_at__gt=now
        )

    def versions_by_token(self, tokens: Collection[str], now: datetime) -> dict[str, int]:
        """The versions of the cases that these addresses lead to, as `reached_by` has it."""
        links = [token for token in tokens if token.startswith(_LINK)]
        own = [token for token in tokens if not token.startswith(_LINK)]
        found: dict[str, int] = {}
        if own:
            found |= dict(self.filter(token__in=own).values_list("token", "version"))
        if links:
            good = self.filter(
                links__token__in=links, links__revoked_at__isnull=True, links__expires_at__gt=now
            )
            found |= dict(good.values_list("links__token", "version"))
        return found

    def of(self, agent: Any) -> Self:
        """What an agent works on."""
        return self.filter(agent=agent, state=Case.State.OPEN)

    def open(self) -> Self:
        return self.filter(state=Case.State.OPEN)

    def handed_over(self) -> Self:
        return self.filter(state=Case.State.HANDED_OVER)

    def of_message(self, message_id: str) -> Self:
        """The cases about one message; nobody's ID is ""."""
        return self.filter(message_id=message_id).exclude(message_id="")

    def of_recipient(self, number_hash: str) -> Self:
        """The cases about one recipient, by `recipient_hash`; nobody's hash is ""."""
        return self.filter(recipient_hash=number_hash).exclude(recipient_hash="")

    def counts(self, agent: Any) -> dict[str, int]:
        """How many there are of each list of the desk; one query, which reads indexes only."""
        mine = self.of(agent).order_by().annotate(of=Value("mine"))
        by_state = self.order_by().annotate(of=F("state"))
        counts = [found.values("of").annotate(number=Count("pk")) for found in (mine, by_state)]
        found = dict(counts[0].union(counts[1], all=True).values_list("of", "number"))
        return {
            "mine": found.pop("mine", 0),
            "open": found.get(Case.State.OPEN, 0),
            "handed_over": found.get(Case.State.HANDED_OVER, 0),
            "recent": sum(found.values()),
        }


class Case(models.Model):
    """One stored walk: who asked about what, what we found, what they answered.

    `answers` maps question keys to answer keys, as in an address. `pasted` holds the findings of
    what was typed or pasted (never the text itself), `reports` those of the status reports, and
    `lookups` one entry for each call of the platform (`wizard/cases/looked_up.py` describes it).

    `start` is the node where an agent has let the walk begin, "" for the guide's start; `tried` has
    the steps that were done before, as "outcome/number". `place` and `state` follow from the rest:
    they are kept for the lists, as of the last change.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")
        HANDED_OVER = "handed-over", _("Handed over")

    token = models.CharField(_("token"), max_length=43, unique=True, default=new_token)
    reference = models.CharField(_("reference"), max_length=10, unique=True, default=new_reference)
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="+", verbose_name=_("publication")
    )
    message_id = models.CharField(_("message ID"), max_length=50, blank=True)
    recipient_masked = models.CharField(_("recipient"), max_length=32, blank=True)
    subject = models.JSONField(_("what is looked up"), default=dict, blank=True)
    sample = models.CharField(_("sample"), max_length=60, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    pasted = models.JSONField(_("findings of the pasted text"), default=list, blank=True)
    reports = models.JSONField(_("findings of the status reports"), default=list, blank=True)
    lookups = models.JSONField(_("look-ups"), default=dict, blank=True)
    start = models.CharField(_("begins at"), max_length=KEY_LENGTH, blank=True)
    tried = models.JSONField(_("tried before"), default=list, blank=True)
    recipient_hash = models.CharField(_("keyed hash of the recipient"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    place = models.CharField(_("where it stands"), max_length=KEY_LENGTH, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
    )
    queue = models.ForeignKey(
        "wizard.Queue",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("queue"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = CaseQuerySet.as_manager()

    has_news = False
    """An event was added to this instance since it was read."""

    class Meta:
        ordering = ("-opened_at", "-pk")
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(
                fields=["message_id"], name="case_message", condition=~models.Q(message_id="")
            ),
            models.Index(
                fields=["recipient_hash"],
                name="case_recipient",
                condition=~models.Q(recipient_hash=""),
            ),
            # The lists of the desk, in their order: a page far down is found within the index.
            models.Index(fields=["-changed_at", "-id"], name="case_recent"),
            models.Index(fields=["state", "-changed_at", "-id"], name="case_state_recent"),
            models.Index(fields=["agent", "state", "-changed_at", "-id"], name="case_agent_recent"),
            models.Index(fields=["queue", "state", "-changed_at", "-id"], name="case_queue_recent"),
        ]
        permissions = [("use_desk", _("Can work at the agent desk"))]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("wizard:case", args=[self.token])


class CaseEvent(models.Model):
    """One thing that happened to a case. Events are added, never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ANSWERED = "answered", _("Answered")
        OVERRULED = "overruled", _("Overruled")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LOOKED_UP = "looked-up", _("Looked up")
        FEEDBACK = "feedback", _("Feedback")
        NOTED = "noted", _("Note")
        CLAIMED = "claimed", _("Claimed")
        HANDED_OVER = "handed-over", _("Handed over")
        JUMPED = "jumped", _("Jumped")
        TRIED = "tried", _("Tried before")
        SHARED = "shared", _("Link made")
        REVOKED = "revoked", _("Link revoked")
        FLAGGED = "flagged", _("Flagged as wrong")

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="events", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    key = models.CharField(_("key"), max_length=KEY_LENGTH, blank=True)
    value = models.CharField(_("value"), max_length=150, blank=True)
    by = models.CharField(
        _("by"),
        max_length=150,
        blank=True,
        help_text=_("Name of the agent. Blank: the customer, or for a look-up the site."),
    )
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key} {self.value}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an event is never changed")
        super().save(*args, **kwargs)


class CaseLink(models.Model):
    """An address that an agent gives to a customer: it opens one case until it ends or is revoked.

    The case's own token stays with whoever opened the case.
    """

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="links", verbose_name=_("case")
    )
    token = models.CharField(_("token"), max_length=43, unique=True, default=new_link_token)
    made_by = models.CharField(_("made by"), max_length=150)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_at:%Y-%m-%d %H:%M}"


class Viewer(models.Model):
    """An agent who has a case on screen; `at` is when the screen last said so."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="viewers", verbose_name=_("case")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("agent"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("viewer")
        verbose_name_plural = _("viewers")
        constraints = [models.UniqueConstraint(fields=["case", "agent"], name="viewer_once")]

    def __str__(self) -> str:
        return f"{self.agent} {self.at}"
