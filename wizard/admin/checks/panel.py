"""The checks where authors work: at the top of each form, in the lists, and after each save."""

from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from wizard.admin.checks.findings import (
    FoundProblem,
    FoundProblems,
    counted,
    findings_url,
    found_at,
    name_of,
)
from wizard.admin.checks.lists import Checkable
from wizard.admin.editing.fields import nodes_of
from wizard.admin.generic import ModelForm, PartT
from wizard.authoring import drafts
from wizard.authoring.drafts import Draft
from wizard.models import Cause, Code, Guide, Outcome, Question

_LAST: Final = 1_000_000


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
            context |= _panel(request, obj.guide, found_at(draft, name_of(obj)))
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
        name = name_of(node)
        form = self.get_form(request, node, change=True)(request.POST, instance=node)
        # Django's own, which its types leave out.
        formsets, _inlines = self._create_formsets(request, node, change=True)  # type: ignore[attr-defined]
        # It takes what is valid from the fields into the rows.
        valid = all([form.is_valid(), *(formset.is_valid() for formset in formsets)])
        if isinstance(node, Code | Cause):
            name = name_of(node)
        else:
            node.key = name[1]
        forms = [form for formset in formsets for form in _in_order(formset)]
        found = found_at(_edited(draft, node, [form.instance for form in forms]), name)
        found = FoundProblems(found.levels, _on_page(found.here, forms))
        context = _panel(request, node.guide, found) | {"invalid": not valid}
        return render(request, "admin/wizard/checks/_found.html", context)


def _panel(request: HttpRequest, guide: Guide, found: FoundProblems) -> dict[str, Any]:
    """What the panel above the fields shows."""
    url = findings_url(request, guide)
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
    if isinstance(node, Cause):
        return replace(draft, causes=_with(draft.causes, node))
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


def _on_page(found: list[FoundProblem], forms: list[ModelForm[Any]]) -> list[FoundProblem]:
    """The findings with the fragments of a page whose rows do not stand in their order."""
    prefixes = {
        f"{(form.prefix or '').rpartition('-')[0]}-{number}": form.prefix or ""
        for number, form in enumerate(forms)
    }
    return [replace(one, fragment=prefixes.get(one.fragment, one.fragment)) for one in found]
