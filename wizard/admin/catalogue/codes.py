"""The catalogue, and the codes that visitors asked for in vain."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wizard.admin.catalogue.tables import CodeTables
from wizard.admin.checks.lists import Problems
from wizard.admin.checks.panel import CheckedNode
from wizard.admin.editing.bases import GuidePart
from wizard.admin.generic import Lookups, ModelAdmin, ModelForm
from wizard.admin.links import NO_TARGET, list_url, preview_url
from wizard.admin.lists import OfGuide
from wizard.models import Code, UnknownCode
from wizard.wording.authoring import CUSTOMER_TEXT, EVIDENCE, LOGIC

_STALE: Final = timedelta(days=180)


class LeadsNowhere(admin.SimpleListFilter):
    title = _("leads to")
    parameter_name = "leads"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("nowhere", _("Nowhere"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # A cause leads its codes, or is itself what the checks find.
        return queryset.filter(NO_TARGET, cause="") if self.value() == "nowhere" else queryset


class Checked(admin.SimpleListFilter):
    title = _("checked on")
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("long-ago", _("More than 180 days ago")), ("never", _("Never"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "long-ago":
            return queryset.filter(checked_on__lt=timezone.localdate() - _STALE)
        return queryset.filter(checked_on=None) if self.value() == "never" else queryset


@admin.register(Code)
class CodeAdmin(CodeTables, CheckedNode[Code], GuidePart[Code]):  # type: ignore[misc] # see there
    list_display = (
        "code", "meaning", "leads_to", "cause", "namespace", "source", "found", "checked_on",
    )  # fmt: skip
    list_filter = (
        ("guide", OfGuide), Problems, "namespace", "cause", "carrier", "confidence", "source",
        "next_actor", "region", LeadsNowhere, Checked,
    )  # fmt: skip
    list_select_related = ("to_question", "to_outcome")
    actions = ("mark_checked", *CodeTables.actions)
    search_fields = ("code", "meaning", "causes", "steps", "note", "others")
    autocomplete_fields = ("to_question", "to_outcome")
    fieldsets = (
        (None, {"fields": ("guide", ("code", "namespace"), ("source", "region"))}),
        (
            CUSTOMER_TEXT,
            {"fields": ("meaning", "others", "causes", "steps", ("next_actor", "retry"), "note")},
        ),
        (LOGIC, {"fields": ("cause", ("to_question", "to_outcome"))}),
        (EVIDENCE, {"fields": (("carrier", "confidence"), "checked_on", "sources")}),
    )

    @admin.display(description=_("leads to"))
    def leads_to(self, obj: Code) -> Any:
        return obj.to_question or obj.to_outcome or obj.get_cause_display()

    def view_on_site(self, obj: Code) -> str | None:
        node = obj.to_question or obj.to_outcome
        return preview_url(obj.guide_id, node.key) if node else None

    def save_model(
        self, request: HttpRequest, obj: Code, form: ModelForm[Code], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            UnknownCode.objects.settle([obj.code])

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra_context = extra_context or {}
        if request.user.has_perm("wizard.view_unknowncode"):
            extra_context["unknown"] = UnknownCode.objects.waiting().count()
            extra_context["unknown_url"] = list_url(UnknownCode, settled__exact=0)
        return super().changelist_view(request, extra_context)

    @admin.action(description=_("Mark as checked today"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, queryset: QuerySet[Code]) -> None:
        codes = list(queryset)
        today = timezone.localdate()
        queryset.update(checked_on=today)
        for code in codes:
            self.log_change(request, code, gettext("Compared with its source."))
        count = len(codes)
        message = ngettext("%d code is checked.", "%d codes are checked.", count) % count
        self.message_user(request, message, messages.SUCCESS)


@admin.register(UnknownCode)
class UnknownCodeAdmin(ModelAdmin[UnknownCode]):
    list_display = ("code", "times", "last_seen", "settled")
    list_filter = ("settled", "last_seen")
    search_fields = ("code",)
    fields = ("code", "times", "first_seen", "last_seen", "settled")
    readonly_fields = ("code", "times", "first_seen", "last_seen", "to_catalogue")
    actions = ("mark_settled",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_display + self._adding(request)

    def get_fields(self, request: HttpRequest, obj: UnknownCode | None = None) -> tuple[str, ...]:
        return self.fields + self._adding(request)

    def _adding(self, request: HttpRequest) -> tuple[str, ...]:
        return ("to_catalogue",) if request.user.has_perm("wizard.add_code") else ()

    @admin.display(description=_("catalogue"))
    def to_catalogue(self, obj: UnknownCode) -> str:
        url = f"{reverse('admin:wizard_code_add')}?{urlencode({'code': obj.code})}"
        return format_html('<a class="button" href="{}">{}</a>', url, _("Add to the catalogue"))

    @admin.action(description=_("Mark as settled"), permissions=["change"])
    def mark_settled(self, request: HttpRequest, queryset: QuerySet[UnknownCode]) -> None:
        count = queryset.update(settled=True)
        message = ngettext("%d code is settled.", "%d codes are settled.", count) % count
        self.message_user(request, message, messages.SUCCESS)
