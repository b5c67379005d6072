"""Guides: their form, and the pages beside it: publish, preview, import, export."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wizard.admin.attachments import attachment
from wizard.admin.checks.lists import Checkable, Problems
from wizard.admin.editing.bases import Authored
from wizard.admin.editing.careful import Careful
from wizard.admin.editing.fields import nodes_of, within_guide
from wizard.admin.generic import ModelAdmin, ModelForm
from wizard.admin.guide.copying import (
    bring_in_view,
    choose_branch_view,
    copy_branch_view,
    copy_guide_view,
    may_copy_branches,
)
from wizard.admin.guide.importing import import_view
from wizard.admin.guide.translating import translate_view
from wizard.admin.links import (
    count_of,
    list_url,
    may_publish,
    other_languages,
    translate_url,
    url_of,
)
from wizard.admin.log import Logged
from wizard.admin.map.page import map_view
from wizard.admin.publishing import scheduling
from wizard.admin.publishing.compare import compare_view
from wizard.admin.publishing.publish import publish_view, review
from wizard.admin.publishing.replay import replay_view
from wizard.authoring import drafts
from wizard.models import Cause, Code, Guide, Outcome, Publication, Question
from wizard.web.requests import UserRequest
from wizard.wording.authoring import CUSTOMER_TEXT, LOGIC

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _Counts(TypedDict):
    """What the list counts of each guide."""

    question_count: int
    outcome_count: int
    code_count: int


@admin.register(Guide)
class GuideAdmin(
    Careful[Guide], Checkable[Guide], Authored[Guide], Logged[Guide], ModelAdmin[Guide]
):
    list_display = (
        "title", "slug", "live_now", "question_count", "outcome_count", "code_count", "found",
        "order",
    )  # fmt: skip
    list_filter = (Problems,)
    list_select_related = ("live",)
    search_fields = ("title", "slug", "summary")
    autocomplete_fields = ("start",)
    fieldsets = (
        (CUSTOMER_TEXT, {"fields": ("title", "summary")}),
        (LOGIC, {"fields": ("slug", "language", "start", "library", "order")}),
    )
    fieldsets_of_a_new_guide = (
        (None, {"fields": ("title", "slug", "summary", "language", "order")}),
    )
    save_on_top = True

    # --- list and form ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        counts = {
            "question_count": count_of(Question, "guide"),
            "outcome_count": count_of(Outcome, "guide"),
            "code_count": count_of(Code, "guide"),
        }
        return super().get_queryset(request).defer("live__snapshot").annotate(**counts)

    def get_fieldsets(self, request: HttpRequest, obj: Guide | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.fieldsets_of_a_new_guide

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Guide | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}

    def get_form(
        self, request: HttpRequest, obj: Guide | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Guide]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            within_guide(form.base_fields, nodes_of(request, obj.pk))
        if obj and obj.live_id and "slug" in form.base_fields:
            # The address of a live guide is in people's bookmarks.
            form.base_fields["slug"].disabled = True
        return form

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Guide | None = None,
    ) -> HttpResponse:
        if obj:
            context["languages_to"] = [
                (name, translate_url(obj.pk, code)) for code, name in other_languages(obj)
            ]
            context |= {"tools": _tools(obj), "review": review(obj), "live": self.live_now(obj)}
            context["scheduled"] = scheduling.told(obj)
            context["may_copy_branches"] = may_copy_branches(request)
            may_look = self.has_change_permission(request) or may_publish(request)
            context["publish_url"] = url_of(obj, "publish") if may_look else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("live publication"), ordering="live__published_at")
    def live_now(self, obj: Guide) -> str:
        return render_to_string("admin/wizard/publishing/_live.html", {"publication": obj.live})

    @admin.display(description=_("questions"), ordering="question_count")
    def question_count(self, obj: "WithAnnotations[Guide, _Counts]") -> int:
        return obj.question_count

    @admin.display(description=_("outcomes"), ordering="outcome_count")
    def outcome_count(self, obj: "WithAnnotations[Guide, _Counts]") -> int:
        return obj.outcome_count

    @admin.display(description=_("codes"), ordering="code_count")
    def code_count(self, obj: "WithAnnotations[Guide, _Counts]") -> int:
        return obj.code_count

    # --- the pages beside the form ---

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view
        return [
            path("import/", page(self.import_guide), name="wizard_guide_import"),
            path("<int:pk>/publish/", page(self.publish), name="wizard_guide_publish"),
            path(
                "<int:pk>/scheduled/<int:scheduled>/cancel/",
                page(require_POST(self.unschedule)),
                name="wizard_guide_unschedule",
            ),
            path(
                "<int:pk>/translate/<str:language>/",
                page(self.translate),
                name="wizard_guide_translate",
            ),
            path("<int:pk>/copy/", page(self.copy), name="wizard_guide_copy"),
            path(
                "<int:pk>/copy-branch/<str:kind>/<int:node>/",
                page(self.copy_branch),
                name="wizard_guide_copy_branch",
            ),
            path("<int:pk>/bring-in/", page(self.choose_branch), name="wizard_guide_choose_branch"),
            path(
                "<int:pk>/bring-in/<int:source>/<slug:key>/",
                page(self.bring_in),
                name="wizard_guide_bring_in",
            ),
            path("<int:pk>/compare/", page(self.compare), name="wizard_guide_compare"),
            path("<int:pk>/map/", page(self.map), name="wizard_guide_map"),
            path("<int:pk>/replay/", page(self.replay), name="wizard_guide_replay"),
            path("<int:pk>/preview/", page(self.preview), name="wizard_guide_preview"),
            path("<int:pk>/suppose/", page(self.suppose), name="wizard_guide_suppose"),
            path(
                "<int:pk>/preview/<str:supposed>/", page(self.what_if), name="wizard_guide_what_if"
            ),
            path("<int:pk>/export/<str:form>/", page(self.export), name="wizard_guide_export"),
            *super().get_urls(),
        ]

    def import_guide(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        return import_view(self, request)

    def publish(self, request: UserRequest, pk: int) -> HttpResponse:
        if not (self.has_change_permission(request) or may_publish(request)):
            raise PermissionDenied
        return publish_view(self, request, self._guide(pk))

    def unschedule(self, request: UserRequest, pk: int, scheduled: int) -> HttpResponse:
        if not may_publish(request):
            raise PermissionDenied
        return scheduling.cancel_view(self, request, self._guide(pk), scheduled)

    def translate(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return translate_view(self, request, self._guide(pk), language)

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (self.has_add_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        return copy_guide_view(self, request, self._guide(pk))

    def copy_branch(self, request: HttpRequest, pk: int, kind: str, node: int) -> HttpResponse:
        if not may_copy_branches(request):
            raise PermissionDenied
        guide = self._guide(pk)
        if kind not in ("question", "outcome"):
            raise Http404
        row: Question | Outcome = (
            get_object_or_404(guide.questions, pk=node)
            if kind == "question"
            else get_object_or_404(guide.outcomes, pk=node)
        )
        return copy_branch_view(self, request, guide, row)

    def choose_branch(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_copy_branches(request):
            raise PermissionDenied
        return choose_branch_view(self, request, self._guide(pk))

    def bring_in(self, request: HttpRequest, pk: int, source: int, key: str) -> HttpResponse:
        there = self._guide(source)
        if not (may_copy_branches(request) and self.has_view_permission(request, there)):
            raise PermissionDenied
        return bring_in_view(self, request, self._guide(pk), there, key)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return compare_view(self, request, self._guide(pk))

    def map(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return map_view(self, request, self._guide(pk))

    def replay(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        # It shows what stands in cases.
        may_see = request.user.has_perm("wizard.view_case")
        if not (may_see and self.has_view_permission(request)):
            raise PermissionDenied
        return replay_view(self, request, self._guide(pk))

    # Nothing is changed by its post, as in the walk itself.
    @csrf_exempt
    def preview(self, request: UserRequest, pk: int) -> HttpResponse:
        from wizard.admin.guide.preview import preview

        if not self.has_view_permission(request):
            raise PermissionDenied
        return preview(request, pk)

    def suppose(self, request: UserRequest, pk: int) -> HttpResponse:
        from wizard.admin.guide.preview import suppose

        if not self.has_view_permission(request):
            raise PermissionDenied
        return suppose(request, pk)

    # As above: it leads to an address and keeps nothing.
    @csrf_exempt
    def what_if(self, request: UserRequest, pk: int, supposed: str) -> HttpResponse:
        from wizard.admin.guide.preview import what_if_preview

        if not self.has_view_permission(request):
            raise PermissionDenied
        return what_if_preview(request, pk, supposed)

    def export(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        guide = self._guide(pk)
        return attachment(drafts.document_of(guide), guide.slug, form)

    def _guide(self, pk: int) -> Guide:
        return get_object_or_404(Guide.objects.select_related("start", "live"), pk=pk)


def _tools(guide: Guide) -> list[tuple[str, str]]:
    """Buttons that lead to the lists of what belongs to a guide."""
    return [
        (
            str(model._meta.verbose_name_plural).capitalize(),
            list_url(model, guide__id__exact=guide.pk),
        )
        for model in (Question, Outcome, Code, Cause, Publication)
    ]
