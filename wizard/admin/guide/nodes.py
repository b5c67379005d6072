"""Questions with their answers, and outcomes with their remediation steps."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wizard.admin.cases.flags import FlaggedNode, Flags
from wizard.admin.checks.lists import Problems
from wizard.admin.checks.panel import CheckedNode
from wizard.admin.editing.bases import Ordered, OrderedFormSet
from wizard.admin.generic import Lookups, ModelAdmin
from wizard.admin.links import NO_TARGET, count_of
from wizard.admin.lists import OfGuide
from wizard.models import Answer, Outcome, Question, RemediationStep
from wizard.models.guide import refuse_foreign_target
from wizard.wording.authoring import AGENT_TEXT, CUSTOMER_TEXT, EVIDENCE, LOGIC, SEARCH

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class WaysOn(admin.SimpleListFilter):
    """Questions from which some people cannot go on."""

    title = _("ways on")
    parameter_name = "ways"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("nowhere", _("An answer leads nowhere")), ("none", _("No answers"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        answers = Answer.objects.filter(question=OuterRef("pk"))
        if self.value() == "nowhere":
            return queryset.filter(Exists(answers.filter(NO_TARGET)))
        return queryset.filter(~Exists(answers)) if self.value() == "none" else queryset


class Steps(admin.SimpleListFilter):
    """Outcomes that tell nobody what to do."""

    title = _("steps")
    parameter_name = "steps"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("none", _("Without steps"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        steps = RemediationStep.objects.filter(outcome=OuterRef("pk"))
        return queryset.filter(~Exists(steps)) if self.value() == "none" else queryset


class AnswerFormSet(OrderedFormSet[Answer, Question]):
    def clean(self) -> None:
        super().clean()
        # The answer's own check knows no guide until its question is saved.
        for form in self.forms:
            targets = {name: form.cleaned_data.get(name) for name in ("to_question", "to_outcome")}
            try:
                refuse_foreign_target(self.instance.guide_id, **targets)
            except ValidationError as error:
                form.add_error(None, error.messages)


class AnswerInline(Ordered[Answer, Question]):
    model = Answer
    formset = AnswerFormSet
    fk_name = "question"
    autocomplete_fields = ("to_question", "to_outcome")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "label",
                    "hint",
                    # Alone on its line: Django's script fills in every field beside it, too.
                    "key",
                    ("order", "unsure"),
                    ("to_question", "to_outcome"),
                    "rules",
                )
            },
        ),
    )
    prepopulated_fields = {"key": ("label",)}


class _Answers(TypedDict):
    answer_count: int


@admin.register(Question)
class QuestionAdmin(CheckedNode[Question], FlaggedNode[Question]):
    list_display = ("name", "key", "guide", "kind", "answer_count", "found", "flag_count", "order")
    list_editable = ("order",)
    list_filter = (("guide", OfGuide), Problems, "kind", WaysOn, Flags)
    list_select_related = ("guide",)
    search_fields = ("key", "text", "why", "help", "agent_note", "synonyms", "answers__label")
    inlines = (AnswerInline,)
    readonly_fields = ("open_flags", "leads_here")
    fieldsets = (
        (None, {"fields": ("guide", ("key", "order"), "kind", "open_flags")}),
        (CUSTOMER_TEXT, {"fields": ("text", "why", "help")}),
        (SEARCH, {"fields": ("synonyms",)}),
        (AGENT_TEXT, {"fields": ("agent_note",)}),
        (
            LOGIC,
            {
                "fields": (("catalogue", "fact"), "leads_here"),
                "description": _("The list and the fact matter for a typed code alone."),
            },
        ),
        (EVIDENCE, {"fields": ("covers",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).annotate(answer_count=count_of(Answer, "question"))

    @admin.display(description=_("question"), ordering="text")
    def name(self, obj: Question) -> str:
        return str(obj)

    @admin.display(description=_("answers"), ordering="answer_count")
    def answer_count(self, obj: "WithAnnotations[Question, _Answers]") -> int:
        return obj.answer_count


class StepInline(Ordered[RemediationStep, Outcome]):
    model = RemediationStep
    fieldsets = (
        (None, {"fields": (("audience", "order"), "text", "see", "time", "link")}),
    )  # fmt: skip


class _Steps(TypedDict):
    step_count: int


@admin.register(Outcome)
class OutcomeAdmin(CheckedNode[Outcome], FlaggedNode[Outcome]):
    list_display = (
        "name", "key", "guide", "certainty", "next_actor", "hand_over", "step_count", "found",
        "flag_count", "order",
    )  # fmt: skip
    list_editable = ("order",)
    list_filter = (
        ("guide", OfGuide), Problems, "certainty", "hand_over", "next_actor", Steps, Flags,
    )  # fmt: skip
    list_select_related = ("guide",)
    search_fields = (
        "key", "title", "happened", "still_failing", "agent_note", "reply", "synonyms",
        "steps__text",
    )  # fmt: skip
    inlines = (StepInline,)
    readonly_fields = ("open_flags", "leads_here")
    autocomplete_fields = ("otherwise_question", "otherwise_outcome")
    fieldsets = (
        (None, {"fields": ("guide", ("key", "order"), "open_flags")}),
        (
            CUSTOMER_TEXT,
            {
                "fields": (
                    "title",
                    "happened",
                    ("certainty", "next_actor"),
                    "certainty_note",
                    "stopped_at",
                    "no_steps",
                    "come_back",
                    "come_back_minutes",
                    "still_failing",
                    "hand_over",
                    "hand_over_when",
                    "attach",
                )
            },
        ),
        (SEARCH, {"fields": ("synonyms",)}),
        (AGENT_TEXT, {"fields": ("agent_note", "reply")}),
        (LOGIC, {"fields": (("otherwise_question", "otherwise_outcome"), "leads_here")}),
        (EVIDENCE, {"fields": ("covers", "sources")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outcome]:
        return (
            super()
            .get_queryset(request)
            .annotate(step_count=count_of(RemediationStep, "outcome"))
        )  # fmt: skip

    @admin.display(description=_("outcome"), ordering="title")
    def name(self, obj: Outcome) -> str:
        return str(obj)

    @admin.display(description=_("steps"), ordering="step_count")
    def step_count(self, obj: "WithAnnotations[Outcome, _Steps]") -> int:
        return obj.step_count
