"""Flags: what agents say is wrong, in a list of its own and at the question or outcome itself."""

from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.contrib import admin, messages
from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wizard.admin.editing.bases import NodeAdmin
from wizard.admin.generic import Lookups, ModelAdmin, NodeT
from wizard.admin.links import list_url, url_of
from wizard.admin.readonly import ReadOnly
from wizard.desk import flags
from wizard.models import Flag, Outcome, Question
from wizard.wording import evidence

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

_SHOWN: Final = 10
_BEGINNING: Final = 200

# Whoever sees the questions may see what is said of them.
_READING: Final = tuple(
    f"wizard.{action}_{model}" for action in ("view", "change") for model in ("question", "outcome")
)


class FlagState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("open", _("Open")), ("done", _("Done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "open":
            return queryset.filter(flags.OPEN)
        return queryset.exclude(flags.OPEN) if self.value() == "done" else queryset


def _key_of(model: type[Question | Outcome]) -> Subquery:
    """The primary key of the node that a flag names, None if it is no such node of the draft."""
    rows = model.objects.filter(guide=OuterRef("guide"), key=OuterRef("node")).order_by()
    return Subquery(rows.values("pk")[:1])


class _Nodes(TypedDict):
    question_pk: int | None
    outcome_pk: int | None


@admin.register(Flag)
class FlagAdmin(ReadOnly[Flag], ModelAdmin[Flag]):
    list_display = ("place", "what", "state", "by", "at", "number")
    list_display_links = ("what",)
    list_filter = (FlagState, "guide", "node")
    search_fields = ("node", "title", "text", "by")
    search_help_text = _("A key, words of the question or of what is wrong, or a user name")
    # Open flags come first, the newest of them at the top.
    ordering = (F("done_at").desc(nulls_first=True), "-at", "-pk")
    actions = ("mark_done", "open_again")
    fields = (
        "place",
        "text",
        "answers_given",
        "by",
        "at",
        "guide",
        "publication",
        "case",
        "state",
        "done_at",
        "done_by",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        found = super().get_queryset(request).select_related("guide", "publication", "case")
        return found.defer("publication__snapshot").annotate(
            question_pk=_key_of(Question), outcome_pk=_key_of(Outcome)
        )

    # --- who may ---

    def has_view_permission(self, request: HttpRequest, obj: Flag | None = None) -> bool:
        allowed = super().has_view_permission(request, obj)
        return allowed or any(map(request.user.has_perm, _READING))

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("wizard.change_question")

    # --- columns and fields ---

    @admin.display(description=_("question or outcome"), ordering="title")
    def place(self, obj: "WithAnnotations[Flag, _Nodes]") -> str:
        context = {"flag": obj, "url": _node_url(obj)}
        return render_to_string("admin/wizard/cases/_flag_place.html", context)

    @admin.display(description=_("what is wrong"))
    def what(self, obj: Flag) -> str:
        return Truncator(obj.text).chars(_BEGINNING)

    @admin.display(description=_("state"), ordering="done_at")
    def state(self, obj: Flag) -> Promise:
        return _("Done") if obj.done_at else _("Open")

    @admin.display(description=_("publication"), ordering="publication__number")
    def number(self, obj: Flag) -> int | None:
        return obj.publication.number if obj.publication else None

    @admin.display(description=_("answers on the way there"))
    def answers_given(self, obj: Flag) -> str:
        words = evidence.ORIGINS
        rows = [(asked, said, words.get(origin, origin)) for asked, said, origin in obj.answers]
        return render_to_string("admin/wizard/cases/_flag_answers.html", {"rows": rows})

    # --- actions ---

    @admin.action(description=_("Mark as done"), permissions=["settle"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Flag]) -> None:
        count = flags.done(queryset, by=request.user.get_username(), now=timezone.now())
        message = ngettext("%d flag is done.", "%d flags are done.", count) % count
        self.message_user(request, message, messages.SUCCESS)

    @admin.action(description=_("Open again"), permissions=["settle"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Flag]) -> None:
        count = flags.reopen(queryset)
        message = ngettext("%d flag is open again.", "%d flags are open again.", count) % count
        self.message_user(request, message, messages.SUCCESS)


def _node_url(flag: "WithAnnotations[Flag, _Nodes]") -> str:
    """The form of the node in the draft, "" if the draft lacks it."""
    if flag.question_pk:
        return reverse("admin:wizard_question_change", args=[flag.question_pk])
    if flag.outcome_pk:
        return reverse("admin:wizard_outcome_change", args=[flag.outcome_pk])
    return ""


# --- at the node itself ---------------------------------------------------------------------------


def _open_flags() -> QuerySet[Flag]:
    """The open flags of each node, for a subquery."""
    return Flag.objects.filter(flags.OPEN, guide=OuterRef("guide"), node=OuterRef("key"))


def _flag_count() -> Coalesce:
    """How many open flags each node has: one subquery, no join."""
    rows = _open_flags().order_by().values("node").annotate(count=Count("pk"))
    return Coalesce(Subquery(rows.values("count"), output_field=IntegerField()), 0)


class Flags(admin.SimpleListFilter):
    """Nodes that agents say are wrong."""

    title = _("flags")
    parameter_name = "flags"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("open", _("Has open flags"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(Exists(_open_flags())) if self.value() == "open" else queryset


class FlaggedNode(NodeAdmin[NodeT]):
    """Admin of questions and outcomes, with their open flags."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[NodeT]:
        found: QuerySet[NodeT] = super().get_queryset(request).annotate(flag_count=_flag_count())
        return found

    @admin.display(description=_("flags"), ordering="flag_count")
    def flag_count(self, obj: Any) -> str | int:
        if not obj.flag_count:
            return 0
        return format_html('<a href="{}">{}</a>', _open_flags_url(obj), obj.flag_count)

    @admin.display(description=_("open flags"))
    def open_flags(self, obj: Any) -> str:
        if not obj.pk or not obj.flag_count:
            return self.get_empty_value_display()
        found = Flag.objects.filter(flags.OPEN, guide=obj.guide_id, node=obj.key)
        context = {
            "flags": {url_of(flag): flag for flag in found[:_SHOWN]},
            "more": max(obj.flag_count - _SHOWN, 0),
            "more_url": _open_flags_url(obj),
        }
        return render_to_string("admin/wizard/cases/_open_flags.html", context)


def _open_flags_url(node: Question | Outcome) -> str:
    return list_url(Flag, guide__id__exact=node.guide_id, node=node.key, state="open")
