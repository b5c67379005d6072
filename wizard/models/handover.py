"""Where cases are handed over to, and what is sent there: an outbox that loses nothing."""

import uuid
from datetime import datetime
from typing import Self

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.models.case import Case


class Queue(models.Model):
    """A place that takes over cases: a team, with its mailbox and its ticket system if any."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Gets the hand-over card of each case.")
    )
    webhook_url = models.CharField(
        _("webhook"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("https://... of a ticket system. It gets the hand-over card as signed JSON."),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("queue")
        verbose_name_plural = _("queues")

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> Self:
        """What waits to be sent and may be tried now, the longest waiting first."""
        return self.filter(state=Delivery.State.WAITING, next_at__lte=now).order_by("next_at", "pk")


class Delivery(models.Model):
    """One thing to send because a case was handed over. Made with the hand-over, or not at all."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    to = models.CharField(_("to"), max_length=500)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("why it failed"), max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["next_at"], name="delivery_due", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"
