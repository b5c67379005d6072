"""The audit log: every change of guides, codes and roles, with the values before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import AuditedT, Lookups, ModelAdmin, ModelAdminMixin
from wizard.admin.links import log_url
from wizard.admin.readonly import ReadOnly
from wizard.authoring import differences
from wizard.authoring.differences import Piece
from wizard.models import Guide
from wizard.models.fields import field_of, primary_key
from wizard.wording.cases import yes_no

# How auditlog writes that there was nothing.
_NOTHING: Final = "None"

_FIELDS_IN_LIST: Final = 4

_MAY_READ: Final = "auditlog.view_logentry"

_SIGNS: Final = {
    LogEntry.Action.CREATE: "added",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "removed",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A field that was changed. `pieces`: its text, where that is a long one."""

    name: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the audit log in words. `sign`: added, changed or removed."""

    entry: LogEntry
    sign: str
    who: str
    kind: str
    values: tuple[Value, ...]


def told(entry: LogEntry) -> Told:
    """Say what was changed, without a query."""
    return Told(entry, _sign(entry), _who(entry), _kind(entry), _values_of(entry))


def _sign(entry: LogEntry) -> str:
    return _SIGNS.get(entry.action, "changed")


def _who(entry: LogEntry) -> str:
    return str(entry.actor) if entry.actor else _("a command, or somebody who is gone")


def _kind(entry: LogEntry) -> str:
    model = entry.content_type.model_class()
    return capfirst(str(model._meta.verbose_name if model else entry.content_type.model))


def _values_of(entry: LogEntry) -> tuple[Value, ...]:
    return tuple(_values(entry.content_type.model_class(), entry))


def _values(model: type[Model] | None, entry: LogEntry) -> Iterator[Value]:
    for name, change in (entry.changes or {}).items():
        label = _label(model, name)
        if label is None:
            continue
        if isinstance(change, dict):
            objects = ", ".join(change["objects"])
            is_added = change["operation"] == "add"
            yield Value(label, "" if is_added else objects, objects if is_added else "")
            continue
        before, after = (_shown(model, name, value) for value in change)
        if before == after:
            continue
        long = any(len(text) > 60 or "\n" in text for text in (before, after))
        pieces = differences.marked(before, after) if long and before and after else ()
        yield Value(label, before, after, pieces)


def _label(model: type[Model] | None, name: str) -> str | None:
    """What authors call a field; None for one that tells them nothing."""
    if model is None:
        return name
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if not isinstance(field, Field) or field.primary_key:
        return None
    return capfirst(str(field.verbose_name))


def _shown(model: type[Model] | None, name: str, value: str) -> str:
    """A value as the form shows it; "" for none."""
    if value in (_NOTHING, ""):
        return ""
    if value in ("True", "False"):
        return yes_no(value == "True")
    try:
        choices = dict(field_of(model, name).flatchoices) if model else {}
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))


class Logged(ModelAdminMixin[AuditedT]):
    """Mixed into the admin of what belongs to a guide: its history is the audit log."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not request.user.has_perm(_MAY_READ):
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(log_url(*row.audited_as()))


# Those that stand in the log alone.
_RELATED: Final = tuple(
    (name, admin.RelatedOnlyFieldListFilter) for name in ("content_type", "actor")
)


class EntriesOfGuide(admin.SimpleListFilter):
    title = gettext_lazy("guide")
    parameter_name = "guide"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [(str(pk), title) for pk, title in Guide.objects.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        guide = primary_key(self.value() or "")
        return queryset if guide is None else queryset.filter(additional_data__guide=guide)


class OfNode(admin.SimpleListFilter):
    """One node with its answers or steps: there is nothing to choose, links lead here."""

    title = gettext_lazy("question, outcome or code")
    parameter_name = "node"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        node = request.GET.get(self.parameter_name)
        return [(node, node)] if node else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(additional_data__node=self.value()) if self.value() else queryset


admin.site.unregister(LogEntry)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly[LogEntry], ModelAdmin[LogEntry]):
    list_display = ("timestamp", "who", "what", "changes_in_short")
    list_display_links = ("timestamp",)
    list_filter = (EntriesOfGuide, OfNode, "action", "timestamp", *_RELATED)
    list_select_related = ("content_type", "actor")
    search_fields = ("object_repr", "changes", "actor__username")
    date_hierarchy = "timestamp"
    show_full_result_count = False
    list_per_page = 50
    fields = ("timestamp", "who", "what", "all_changes")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("who"), ordering="actor__username")
    def who(self, obj: LogEntry) -> str:
        return _who(obj)

    @admin.display(description=gettext_lazy("what"))
    def what(self, obj: LogEntry) -> Any:
        name = f"{_kind(obj)}: {obj.object_repr}"
        sign = render_to_string("admin/wizard/editing/_sign.html", {"kind": _sign(obj)})
        url = _url(obj)
        if not url:
            return format_html("{} {}", sign, name)
        return format_html('{} <a href="{}">{}</a>', sign, url, name)

    @admin.display(description=gettext_lazy("changes"))
    def changes_in_short(self, obj: LogEntry) -> str:
        values = _values_of(obj)
        context = {
            "values": values[:_FIELDS_IN_LIST],
            "more": max(len(values) - _FIELDS_IN_LIST, 0),
        }
        return render_to_string("admin/auditlog/logentry/_values.html", context)

    @admin.display(description=gettext_lazy("changes"))
    def all_changes(self, obj: LogEntry) -> str:
        context = {"values": _values_of(obj), "more": 0}
        return render_to_string("admin/auditlog/logentry/_values.html", context)


def _url(entry: LogEntry) -> str:
    """The form of what was changed, "" where there is none (any more)."""
    if entry.action == LogEntry.Action.DELETE or entry.object_id is None:
        return ""
    name = f"{entry.content_type.app_label}_{entry.content_type.model}"
    try:
        return reverse(f"admin:{name}_change", args=[entry.object_id])
    except NoReverseMatch:
        return ""
