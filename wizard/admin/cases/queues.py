"""Queues, which take over cases, and what is sent to them: read here, and tried again."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wizard.admin.editing.bases import Authored
from wizard.admin.generic import ModelAdmin, ModelForm, Text
from wizard.admin.readonly import ReadOnly
from wizard.models import Delivery, Queue
from wizard.outbox import deliveries, targets

_SENT: Final = _(
    "When an agent hands a case over to this queue, its mailbox gets the hand-over card: what is "
    "known and what is not, what was tried before, what agents wrote in notes, and the address of "
    "the case at the desk. The webhook gets the same as signed JSON; README.md says how a receiver "
    "checks the signature. A queue with neither is a list at the desk."
)
_NO_SECRET: Final = _("WEBHOOK_SECRET is not set on this site: until it is, no webhook is sent.")
_NO_MAIL: Final = _("EMAIL_URL is not set on this site: until it is, mails are only printed.")


class QueueForm(ModelForm[Queue]):
    def clean_webhook_url(self) -> str:
        url: str = self.cleaned_data["webhook_url"]
        try:
            if url:
                targets.check(url)
        except targets.NotSent as error:
            raise forms.ValidationError(capfirst(error.reason)) from error
        return url


@admin.register(Queue)
class QueueAdmin(Authored[Queue], ModelAdmin[Queue]):
    form = QueueForm
    list_display = ("name", "email", "host")
    search_fields = ("name", "email")

    def get_fieldsets(self, request: HttpRequest, obj: Queue | None = None) -> list[Any]:
        description = " ".join(map(str, [_SENT, *_lacking()]))
        fields = ("name", "email", "webhook_url")
        return [(None, {"fields": fields, "description": description})]

    @admin.display(description=_("webhook"), empty_value="")
    def host(self, obj: Queue) -> str:
        return _host(obj.webhook_url)


def _lacking() -> Sequence[Text]:
    """What this site needs before it can send everything."""
    printed = settings.EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend"
    return [_NO_SECRET] * (not settings.WEBHOOK_SECRET) + [_NO_MAIL] * printed


def _host(url: str) -> str:
    """Where a webhook goes, as short as a list needs it."""
    return urlsplit(url).netloc


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly[Delivery], ModelAdmin[Delivery]):
    list_display = (
        "case", "kind", "where", "state", "attempts", "made_at", "next_try", "sent_at", "error",
    )  # fmt: skip
    list_filter = ("state", "kind", "made_at")
    search_fields = ("=case__reference", "=to")
    search_help_text = _("A whole reference such as SMS-7F3K2Q, or a whole address")
    show_full_result_count = False
    date_hierarchy = "made_at"
    actions = ("try_again",)
    fields = (
        "id",
        "case",
        "kind",
        "to",
        "state",
        "attempts",
        "error",
        "made_at",
        "next_try",
        "sent_at",
        "subject",
        "text",
        "payload",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found = super().get_queryset(request).select_related("case")
        return found.defer(*(f"case__{name}" for name in ("pasted", "reports", "lookups")))

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("wizard.change_delivery")

    @admin.display(description=_("to"), ordering="to")
    def where(self, obj: Delivery) -> str:
        return _host(obj.to) if obj.kind == Delivery.Kind.WEBHOOK else obj.to

    @admin.display(description=_("next attempt"), ordering="next_at")
    def next_try(self, obj: Delivery) -> Any:
        return obj.next_at if obj.state == Delivery.State.WAITING else None

    @admin.action(description=_("Try again now"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = deliveries.retry(queryset, timezone.now())
        said = ngettext(
            "%d delivery will be tried again. What was sent, or is on its way, is left alone.",
            "%d deliveries will be tried again. What was sent, or is on its way, is left alone.",
            count,
        )
        self.message_user(request, said % count, messages.SUCCESS if count else messages.WARNING)
