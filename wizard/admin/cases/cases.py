"""Cases and status reports: to be read. `manage.py purge` deletes them when their time is over."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wizard.admin.generic import ModelAdmin, TabularInline
from wizard.admin.readonly import ReadOnly
from wizard.models import Case, CaseEvent, StatusReport


class EventInline(ReadOnly[CaseEvent], TabularInline[CaseEvent, Case]):
    model = CaseEvent
    fields = ("at", "kind", "key", "value", "by", "text")
    extra = 0


@admin.register(Case)
class CaseAdmin(ReadOnly[Case], ModelAdmin[Case]):
    list_display = (
        "reference",
        "recipient_masked",
        "publication",
        "state",
        "agent",
        "opened_at",
        "changed_at",
    )
    list_select_related = ("publication", "agent")
    list_filter = ("state", "opened_at", ("sample", admin.EmptyFieldListFilter))
    search_fields = ("=reference", "=message_id")
    search_help_text = _("A whole reference such as SMS-7F3K2Q, or a whole message ID")
    show_full_result_count = False
    date_hierarchy = "opened_at"
    # Not the token: whoever has it can answer in the case.
    fields = (
        "reference",
        "publication",
        "message_id",
        "recipient_masked",
        "sample",
        "answers",
        "pasted",
        "reports",
        "lookups",
        "tried",
        "state",
        "place",
        "agent",
        "queue",
        "opened_at",
        "changed_at",
    )
    view_on_site = False
    inlines = (EventInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).defer("publication__snapshot")


@admin.register(StatusReport)
class StatusReportAdmin(ReadOnly[StatusReport], ModelAdmin[StatusReport]):
    list_display = ("message_id", "status", "part", "source", "recipient_masked", "received_at")
    list_filter = ("source", "received_at")
    search_fields = ("=message_id", "=status")
    search_help_text = _("A whole message ID, or a whole status")
    show_full_result_count = False
    exclude = ("recipient_hash",)

    @admin.display(description=_("part"))
    def part(self, obj: StatusReport) -> str:
        return f"{obj.sequence}/{obj.total}"
