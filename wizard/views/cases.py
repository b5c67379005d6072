"""The case door: a walk that is kept. Its address is a secret: whoever has it may read and answer.

No cookie is read, so nothing can be forged from another site without that address, and the posts
need no token of their own.
"""

from datetime import datetime
from typing import Final, Unpack

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard.cases import looked_up, opening, samples
from wizard.cases import standing as cases_standing
from wizard.cases.forms import Complaint, give
from wizard.cases.lookups import begin
from wizard.cases.page import CasePage, case_page, customer_door
from wizard.cases.standing import Standing
from wizard.cases.watching import customers
from wizard.models import Case
from wizard.pasted.reader import read
from wizard.pasted.reading import TextKind
from wizard.published import catalogue
from wizard.transcripts import transcript as transcripts_transcript
from wizard.transcripts.facts import page_of
from wizard.walks.sealed import carried
from wizard.web import limits
from wizard.web.clients import client_address
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest

_OPENING: Final = "cases"
_ANSWERING: Final = "answers"


@csrf_exempt
@require_POST
def open_case(request: HtmxRequest) -> HttpResponse:
    """Open a case from the box, or from a sample, and go to it."""
    now = timezone.now()
    wait = limits.spend(
        limits.Limit(_OPENING, settings.CASES_PER_MINUTE, 60), client_address(request), now
    )
    if wait:
        return _too_many(request, wait)
    sample = samples.chosen(request.POST.get("sample", ""))
    text = sample.text(now) if sample else request.POST.get("text", "")
    reading = carried(request.POST.get("understood", "")) or read(text, known=catalogue.is_known)
    if reading.kind is TextKind.NOTHING:
        return HttpResponseRedirect(reverse("wizard:home"))
    try:
        case = opening.open_case(reading, now=now, sample=sample.key if sample else "")
    except LookupError as error:
        raise Http404 from error
    begin(cases_standing.standing(case, now))
    return HttpResponseRedirect(case.get_absolute_url())


@require_safe
def show(request: HtmxRequest, token: str) -> HttpResponse:
    """The page of a case."""
    return _page(request, _case_page(_standing(token), token))


@require_GET
def changes(request: HtmxRequest, token: str) -> HttpResponse:
    """What somebody else has done since the page was made: seldom a query where it is nothing."""
    if customers.still(token, request.GET.get("seen", "")):
        return _private(HttpResponse(status=204))
    return lookups(request, token)


@require_GET
def lookups(request: HtmxRequest, token: str) -> HttpResponse:
    """What has changed since the page was made (`seen`, `at`): nothing, what is known, or all."""
    page = _case_page(_standing(token), token)
    if request.GET.get("at") != page.place:
        return _page(request, page)
    if request.GET.get("seen") == str(page.version):
        return _private(HttpResponse(status=204))
    response = render(request, "cases/_known.html", {"page": page})
    response.headers["HX-Retarget"] = "#known"
    response.headers["HX-Reswap"] = "outerHTML"
    return _private(response)


@csrf_exempt
@require_POST
def answers(request: HtmxRequest, token: str) -> HttpResponse:
    """Give an answer, overrule evidence, or take either back; then to the case."""
    now = timezone.now()
    wait = limits.spend(
        limits.Limit(_ANSWERING, settings.ANSWERS_PER_MINUTE, 60), client_address(request), now
    )
    if wait:
        return _too_many(request, wait)
    standing = _standing(token, now)
    problem = give(standing, request.POST, now=now)
    if problem is not None:
        return _page(request, _case_page(standing, token, **problem.told))
    begin(_standing(token, now))
    return HttpResponseRedirect(reverse("wizard:case", args=[token]))


@require_safe
def transcript(request: HtmxRequest, token: str) -> HttpResponse:
    """What the customer may keep of a case, as plain text."""
    standing = _standing(token)
    page = page_of(standing)
    text = transcripts_transcript.transcript(standing, page, [], form="customer", markdown=False)
    return _private(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def _case_page(standing: Standing, token: str, **problem: Unpack[Complaint]) -> CasePage:
    return case_page(standing, customer_door(standing.case, token), addressed=True, **problem)


def _standing(token: str, now: datetime | None = None) -> Standing:
    now = now or timezone.now()
    case = Case.objects.reached_by(token, now).first()
    if case is None:
        raise Http404
    return looked_up.fresh(case, now)


def _page(request: HtmxRequest, page: CasePage) -> HttpResponse:
    return _private(render(request, "cases/case.html", {"page": page}))


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a cache nor found by a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _too_many(request: HtmxRequest, wait: int) -> HttpResponse:
    response = render(request, "errors/429.html", {"wait": wait}, status=429)
    response.headers["Retry-After"] = str(wait)
    return _private(response)
