"""Cases: walks that are kept, with what was looked up for them. Their events are never changed."""

import secrets
from datetime import datetime
from typing import Any, Final, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.publication import Publication

# Read over the phone: no I and 1, no O and 0, no U and V.
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


def new_token() -> str:
    """The secret part of a case's address: whoever has it may read and answer the case."""
    return secrets.token_urlsafe(24)


def new_reference() -> str:
    """The short name of a case, such as SMS-7F3K2Q. It opens nothing."""
    return "SMS-" + "".join(secrets.choice(_LETTERS) for _ in range(6))


class CaseQuerySet(models.QuerySet):
    def untouched_since(self, moment: datetime) -> Self:
        """Cases that nobody has changed since then."""
        return self.filter(changed_at__lt=moment)


class Case(models.Model):
    """One stored walk: who asked about what, what we found, what they answered.

    `answers` maps question keys to answer keys, as in an address. `pasted` holds the findings of
    what was typed or pasted (never the text itself), `reports` those of the status reports, and
    `lookups` one entry for each call of the platform (`wizard/cases.py` describes it).
    """

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
    version = models.PositiveIntegerField(_("version"), default=1)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["changed_at"], name="case_changed"),
            models.Index(
                fields=["message_id"], name="case_message", condition=~models.Q(message_id="")
            ),
        ]

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

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="events", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(_("key"), max_length=60, blank=True)
    value = models.CharField(_("value"), max_length=80, blank=True)
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
