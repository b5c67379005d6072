"""Searches that found nothing: what people call things that the guides call otherwise."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wizard.admin.generic import ModelAdmin
from wizard.models import UnansweredSearch


@admin.register(UnansweredSearch)
class UnansweredSearchAdmin(ModelAdmin[UnansweredSearch]):
    list_display = ("words", "times", "last_seen", "settled")
    list_filter = ("settled", "last_seen")
    search_fields = ("words",)
    fields = ("words", "times", "first_seen", "last_seen", "settled")
    readonly_fields = ("words", "times", "first_seen", "last_seen")
    actions = ("mark_settled",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Mark as settled"), permissions=["change"])
    def mark_settled(self, request: HttpRequest, queryset: QuerySet[UnansweredSearch]) -> None:
        count = queryset.update(settled=True)
        message = ngettext("%d search is settled.", "%d searches are settled.", count) % count
        self.message_user(request, message, messages.SUCCESS)
