"""The checks where authors work: at the top of each form, in the lists, and after each save."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from wizard.admin.checks.findings import Finding, findings, key_of, problems_of, rows_of
from wizard.admin.editing.bases import may_publish, nodes_of, url_of
from wizard.admin.generic import (
    AuditedT,
    Lookups,
    ModelAdmin,
    ModelAdminMixin,
    ModelForm,
    PartT,
)
from wizard.admin.lists import CountedList, guides_of
from wizard.authoring import drafts
from wizard.authoring.drafts import Draft
from wizard.models import Code, Guide, Outcome, Question
from wizard.models.fields import primary_key

_LAST: Final = 1_000_000

Name = tuple[str, str]
"""What the checks call a node: place and key."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks find in a guide, and of that in words what they find at one node."""

    levels: Counter[str]
    here: list[Finding]


def found_at(draft: Draft, name: Name) -> Found:
    """Check a draft, and look at the node that the checks know by this name.

    What makes a draft unreadable concerns each of its nodes.
    """
    snapshot, problems = problems_of(draft.document())
    there = [one for one in problems if snapshot is None or (one.place, one.key) == name]
    levels: Counter[str] = Counter(one.level for one in problems)
    return Found(levels, findings(draft, snapshot, there))


def counted(levels: Counter[str]) -> str:
    """How many errors and warnings there are: “1 error, 2 warnings”, or “nothing”."""
    errors, warnings = levels["error"], levels["warning"]
    parts = [
        ngettext("%d error", "%d errors", errors) % errors if errors else "",
        ngettext("%d warning", "%d warnings", warnings) % warnings if warnings else "",
    ]
    return ", ".join(filter(None, parts)) or _("nothing")


# --- in lists -------------------------------------------------------------------------------------

Row = tuple[type[Model], int]


class Checks:
    """What the checks find at each row, for one request; a guide is checked once it is asked for.

    A guide's own row counts all that is found in it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._levels: dict[Row, Counter[str]] = {}
        self._guides: dict[int, set[Row]] = {}

    def levels(self, row: Any) -> Counter[str]:
        """How many errors and warnings a row has, of a guide that was read."""
        return self._levels.get((type(row), row.pk), Counter())

    def at(self, model: type[Model], level: str, guides: Iterable[int]) -> set[int]:
        """The primary keys of the rows with findings of a level, in guides that were read."""
        return {
            row[1]
            for guide in guides
            for row in self._guides.get(guide, ())
            if row[0] is model and self._levels[row][level]
        }

    def read(self, guides: set[int]) -> None:
        """Check these guides, unless that was done before."""
        missing = [
            guide
            for guide in guides_of(self._request)
            if guide.pk in guides and guide.pk not in self._guides
        ]
        if missing:
            for pk, draft in drafts.drafts_of(missing).items():
                self._guides[pk] = set(self._read(draft))

    def _read(self, draft: Draft) -> Iterable[Row]:
        rows = rows_of(draft)
        _snapshot, problems = problems_of(draft.document())
        for problem in problems:
            for row in {rows[problem.place, problem.key], draft.guide}:
                self._levels.setdefault((type(row), row.pk), Counter())[problem.level] += 1
                yield (type(row), row.pk)


def checks_of(request: HttpRequest) -> Checks:
    """The checks that a request has made so far."""
    known: Checks | None = getattr(request, "checks", None)
    if known is None:
        known = request.__dict__["checks"] = Checks(request)
    return known


def wanted(request: HttpRequest) -> set[int]:
    """The guide that a list is filtered by, or all."""
    one = primary_key(request.GET.get("guide__id__exact", ""))
    return {guide.pk for guide in guides_of(request)} if one is None else {one}


class Problems(admin.SimpleListFilter):
    """Rows at which the checks find something."""

    title = gettext_lazy("checks")
    parameter_name = "checks"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [
            ("error", gettext_lazy("Errors")),
            ("warning", gettext_lazy("Warnings")),
            ("none", gettext_lazy("Nothing found")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        checks, guides, model = checks_of(request), wanted(request), queryset.model
        checks.read(guides)
        found = {level: checks.at(model, level, guides) for level in ("error", "warning")}
        if self.value() == "none":
            return queryset.exclude(pk__in=found["error"] | found["warning"])
        return queryset.filter(pk__in=found.get(self.value() or "", ()))


class Checkable(ModelAdminMixin[AuditedT]):
    """Admin of rows that the checks look at: a column, and word after each save."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedList]:
        return CountedList

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        guides = {row.pk if isinstance(row, Guide) else row.guide_id for row in rows}
        checks = checks_of(request)
        # All that the page needs at once: the filter is counted later.
        checks.read(guides | (wanted(request) if changelist.add_facets else set()))
        for row in rows:
            row.levels = checks.levels(row)
        return changelist

    @admin.display(description=gettext_lazy("checks"))
    def found(self, obj: Any) -> str:
        errors, warnings = obj.levels["error"], obj.levels["warning"]
        context = {"errors": errors, "warnings": warnings}
        return render_to_string("admin/wizard/_levels.html", context)

    def response_add(
        self, request: HttpRequest, obj: AuditedT, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._answered(super().response_add(request, obj, post_url_continue), request, obj)

    def response_change(self, request: HttpRequest, obj: AuditedT) -> HttpResponse:
        return self._answered(super().response_change(request, obj), request, obj)

    def _answered(
        self, response: HttpResponse, request: HttpRequest, obj: AuditedT
    ) -> HttpResponse:
        if "_popup" not in request.POST:
            _tell(request, obj)
        return response


def _tell(request: HttpRequest, row: Any) -> None:
    """Say what the checks find now. Nothing is refused: a draft may be wrong for a while."""
    guide = row if isinstance(row, Guide) else row.guide
    found = found_at(drafts.draft_of(guide), _name(row))
    here = Counter(one.level for one in found.here)
    if row is guide:
        here = found.levels
        sentence = _("The checks find in the guide: {there}.")
    else:
        sentence = _("The checks find here: {here}; in the whole guide: {there}.")
    said = format_html(sentence, here=counted(here), there=counted(found.levels))
    link = format_html('<a href="{}">{}</a>', _findings_url(request, guide), _("All findings"))
    level = messages.WARNING if here["error"] else messages.INFO
    messages.add_message(request, level, format_html("{} {}", said, link))


def _findings_url(request: HttpRequest, guide: Guide) -> str:
    return url_of(guide, "publish") if may_publish(request) else url_of(guide)


# --- at the form of a node ------------------------------------------------------------------------


class CheckedNode(Checkable[PartT]):
    """Admin of questions, outcomes and codes: what the checks find here stands above the fields.

    While somebody types, the page asks again, with what stands in the fields and is not stored.
    """

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.check_typed))
        name = f"wizard_{self.opts.model_name}_check"
        return [path("<int:pk>/check/", view, name=name), *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: PartT | None = None,
    ) -> HttpResponse:
        if obj and obj.pk:
            draft = drafts.draft_of(obj.guide)
            nodes = nodes_of(request, obj.guide_id)
            nodes.fill(Question, draft.questions)
            nodes.fill(Outcome, draft.outcomes)
            context |= _panel(request, obj.guide, found_at(draft, _name(obj)))
            if self.has_change_permission(request, obj):
                url = reverse(f"admin:wizard_{self.opts.model_name}_check", args=[obj.pk])
                context["check_url"] = url
        return super().render_change_form(request, context, add, change, form_url, obj)

    def check_typed(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The findings as they would be, were the form saved now. Stores nothing."""
        node = self.get_object(request, str(pk))
        if node is None or not self.has_change_permission(request, node):
            raise Http404
        draft = drafts.draft_of(node.guide)
        name = _name(node)
        form = self.get_form(request, node, change=True)(request.POST, instance=node)
        # Django's own, which its types leave out.
        formsets, _inlines = self._create_formsets(request, node, change=True)  # type: ignore[attr-defined]
        # It takes what is valid from the fields into the rows.
        valid = all([form.is_valid(), *(formset.is_valid() for formset in formsets)])
        if isinstance(node, Code):
            name = _name(node)
        else:
            node.key = name[1]
        forms = [form for formset in formsets for form in _in_order(formset)]
        found = found_at(_edited(draft, node, [form.instance for form in forms]), name)
        found = Found(found.levels, _on_page(found.here, forms))
        context = _panel(request, node.guide, found) | {"invalid": not valid}
        return render(request, "admin/wizard/_found.html", context)


def _name(row: Any) -> Name:
    return ("guide", "") if isinstance(row, Guide) else (row._meta.model_name, key_of(row))


def _panel(request: HttpRequest, guide: Guide, found: Found) -> dict[str, Any]:
    """What the panel above the fields shows."""
    url = _findings_url(request, guide)
    return {"checked": True, "here": found.here, "total": counted(found.levels), "guide_url": url}


def _in_order(formset: Any) -> list[ModelForm[Any]]:
    """The rows of an inline that would be there after a save, in their order."""
    deleted = formset.deleted_forms if formset.is_valid() else ()
    kept = [form for form in formset.forms if form not in deleted]
    kept = [form for form in kept if form.instance.pk or form.has_changed()]
    return sorted(kept, key=lambda form: form.instance.order or _LAST)


def _edited(draft: Draft, node: Any, parts: list[Any]) -> Draft:
    """The draft with a node, and its answers or steps, as they stand in a form."""
    if isinstance(node, Code):
        return replace(draft, codes=_with(draft.codes, node))
    if isinstance(node, Outcome):
        outcomes, steps = _with(draft.outcomes, node), {**draft.steps, node.pk: parts}
        return replace(draft, outcomes=outcomes, steps=steps)
    for number, answer in enumerate(parts):
        # Whoever has not come to the key yet is told so by the field; the rest can be checked.
        answer.key = answer.key or f"new-{number}"
    questions, answers = _with(draft.questions, node), {**draft.answers, node.pk: parts}
    return replace(draft, questions=questions, answers=answers)


def _with(rows: list[Any], row: Any) -> list[Any]:
    return [row if one.pk == row.pk else one for one in rows]


def _on_page(found: list[Finding], forms: list[ModelForm[Any]]) -> list[Finding]:
    """The findings with the fragments of a page whose rows do not stand in their order."""
    prefixes = {
        f"{(form.prefix or '').rpartition('-')[0]}-{number}": form.prefix or ""
        for number, form in enumerate(forms)
    }
    return [replace(one, fragment=prefixes.get(one.fragment, one.fragment)) for one in found]
