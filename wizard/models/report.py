"""Status reports: what the platform pushed, as it came. Rows are added, never changed."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatusReportQuerySet(models.QuerySet["StatusReport"]):
    def of_message(self, message_id: str) -> Self:
        """The reports of one message, in the order of their coming."""
        return self.filter(message_id=message_id).order_by("pk")

    def of_recipient(self, number_hash: str) -> Self:
        """The reports on one recipient (`wizard.sms.recipients.recipient_hash`), newest first.

        Nobody's hash is "": it finds nothing, although most reports name no recipient.
        """
        # The second condition says nothing new, but SQLite uses the index only where it stands.
        return self.filter(recipient_hash=number_hash).exclude(recipient_hash="")

    def received_since(self, moment: datetime) -> Self:
        """What has come at `moment` (aware) or later."""
        return self.filter(received_at__gte=moment)

    def older_than(self, moment: datetime) -> Self:
        """What had come before `moment` (aware)."""
        return self.filter(received_at__lt=moment)


class StatusReport(models.Model):
    """A report on a part of a message to a number (`docs/facts/protocols.md`, "Single reports").

    A report that comes again is the same row: message ID, part, status and the vendor's time
    identify it. The recipient's number is not here, only its keyed hash and a masked form.
    """

    message_id = models.CharField(_("message ID"), max_length=50)
    sequence = models.PositiveSmallIntegerField(_("part"), default=1)
    total = models.PositiveSmallIntegerField(_("parts"), default=1)
    status = models.CharField(_("status"), max_length=64)
    status_text = models.CharField(_("status in words"), max_length=500, blank=True)
    source = models.CharField(_("who made it"), max_length=1, blank=True)
    org_code = models.CharField(_("code of the network element"), max_length=64, blank=True)
    update_time = models.CharField(
        _("time of the platform"),
        max_length=20,
        blank=True,
        help_text=_("UTC, as it came. Blank where the platform made the report up itself."),
    )
    extend = models.CharField(_("own value"), max_length=128, blank=True)
    recipient_hash = models.CharField(_("keyed hash of the recipient"), max_length=64, blank=True)
    recipient_masked = models.CharField(_("recipient"), max_length=32, blank=True)
    more = models.JSONField(_("other fields"), default=dict, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "sequence", "status", "update_time"],
                name="status_report_once",
            )
        ]
        indexes = [
            models.Index(fields=["received_at"], name="status_report_received"),
            models.Index(
                fields=["recipient_hash", "received_at"],
                name="status_report_recipient",
                condition=~models.Q(recipient_hash=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.status}"
