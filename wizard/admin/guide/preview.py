"""The draft as visitors and agents would see it, for authors: any node, under a permanent bar."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wizard.authoring import drafts, supposing
from wizard.authoring.supposing import Supposed
from wizard.cases import forms
from wizard.cases.page import CaseAddresses, case_page
from wizard.cases.standing import Standing
from wizard.desk.case_page import previewed
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import walk
from wizard.models import Case, Guide
from wizard.walks import typed_codes
from wizard.walks.stepping import show, step
from wizard.web.addresses import read_query, with_answers
from wizard.web.rendering import render
from wizard.web.requests import UserRequest


# As in the walk itself: a post only turns a typed code into an address.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: UserRequest, pk: int) -> HttpResponse:
    """A page of the draft's walk; `?at=<key>` opens it at a node."""
    guide = get_object_or_404(Guide, pk=pk)
    snapshot = drafts.snapshot_of(guide, get_language())
    base = reverse("admin:wizard_guide_preview", args=[pk])
    at = request.GET.get("at", "")
    way = snapshot.way_to(at)
    if way is not None:
        return redirect(with_answers(base, way))
    # Nothing leads there yet: show it all the same, as if the guide began with it.
    snapshot = replace(snapshot, start=snapshot.start_at(at))
    page = step(request, snapshot, base)
    return show(request, page, **_bar(guide, snapshot, Supposed()))


@never_cache
@require_safe
def suppose(request: UserRequest, pk: int) -> HttpResponse:
    """From the form of the bar to the preview under what it supposes."""
    supposed = supposing.from_form(request.GET)
    return HttpResponseRedirect(_address(pk, supposed))


# It keeps nothing: a post only leads to the address of what it says.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def what_if_preview(request: UserRequest, pk: int, supposed: str) -> HttpResponse:
    """The draft as a case in which the author has set what is known, in either skin."""
    found = supposing.unpacked(supposed)
    if found is None:
        raise Http404
    guide = get_object_or_404(Guide, pk=pk)
    snapshot = drafts.snapshot_of(guide, get_language())
    base = _address(pk, found)
    given = dict(read_query(request.META["QUERY_STRING"]).answers)
    now = timezone.now()
    standing = _standing(snapshot, found, given, now)
    problem = forms.Unanswered()
    if request.method == "POST":
        said = forms.said(standing, request.POST)
        if not isinstance(said, forms.Unanswered):
            return HttpResponseRedirect(with_answers(base, _changed(given, said)))
        typed_codes.record_unknown(said.unknown)
        problem = said
    door = CaseAddresses(
        url=with_answers(base, given), answers=with_answers(base, given), lookups=""
    )
    page = case_page(standing, door, **problem.told)
    context = {"page": page, **_bar(guide, snapshot, found)}
    if found.skin == "customer":
        return render(request, "cases/case.html", context)
    return render(request, "desk/preview.html", {**context, "page": previewed(standing, page)})


def _changed(given: Mapping[str, str], said: tuple[str, str]) -> dict[str, str]:
    key, value = said
    others = {name: one for name, one in given.items() if name != key}
    return {**others, key: value} if value else others


def _standing(
    snapshot: Snapshot, supposed: Supposed, given: Mapping[str, str], now: datetime
) -> Standing:
    """A case that is never stored."""
    case = Case(reference="SMS-EXAMPLE", answers=dict(given), start=supposed.start)
    evidence = supposed.evidence(now)
    found = walk(snapshot, given, evidence, now, supposed.start)
    return Standing(case, snapshot, evidence, found, now)


def _address(pk: int, supposed: Supposed) -> str:
    return reverse("admin:wizard_guide_what_if", args=[pk, supposing.packed(supposed)])


def _bar(guide: Guide, snapshot: Snapshot, supposed: Supposed) -> dict[str, Any]:
    return {
        "preview_of": guide,
        "supposed": supposed,
        "fact_fields": list(supposing.fields(snapshot, supposed)),
        "nodes": [
            (key, snapshot.title_of(key)) for key in (*snapshot.questions, *snapshot.outcomes)
        ],
    }
