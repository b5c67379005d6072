"""Status reports: what the platform pushed, as it came. Rows are added, never changed."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final, Self

from django.db import connections, models, transaction
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

    def insert_new(self, reports: Sequence["StatusReport"]) -> None:
        """Insert those that are not there yet; committed on return, all of them or none.

        One statement of our own: for each value of each row `bulk_create` asks what it is, and that
        took longer than the database. Alone it is a transaction, without one to begin and to end.
        """
        if not reports:
            return
        table = connections[self.db].ops.quote_name(self.model._meta.db_table)
        row = f"({', '.join(['%s'] * len(_INSERTED))})"
        rows = ", ".join([row] * len(reports))
        # Names of our own table; what was sent goes beside it.
        sql = f"INSERT INTO {table} ({_COLUMNS}) VALUES {rows} ON CONFLICT DO NOTHING"  # noqa: S608
        self._commit(sql, [value for report in reports for value in self._row(report)])

    def _row(self, report: "StatusReport") -> list[Any]:
        values = [getattr(report, name) for name in _INSERTED]
        for place, prepare in _PREPARED:
            values[place] = prepare(values[place], connections[self.db], prepared=False)
        return values

    def _commit(self, sql: str, values: Sequence[Any]) -> None:
        connection = connections[self.db]
        # Django refuses here what is inside of another transaction: it would not be committed.
        whole = transaction.atomic(self.db, durable=True, savepoint=False)
        with whole if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute(sql, values)


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


_FIELDS: Final = [one for one in StatusReport._meta.concrete_fields if not one.primary_key]
_INSERTED: Final = [one.attname for one in _FIELDS]
_COLUMNS: Final = ", ".join(str(one.column) for one in _FIELDS)
# The others are what they are to the database.
_PREPARED: Final = [
    (place, one.get_db_prep_value)
    for place, one in enumerate(_FIELDS)
    if isinstance(one, models.JSONField | models.DateTimeField)
]
