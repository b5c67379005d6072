"""The case door: a walk that is kept. Its address is a secret: whoever has it may read and answer.

No cookie is read, so nothing can be forged from another site without that address, and the posts
need no token of their own.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from wizard import case_lookups, cases, catalogue, limits, samples, typed_codes
from wizard.case_pages import CasePage, case_page
from wizard.cases import Standing
from wizard.engine.walk import AtQuestion
from wizard.models import Case
from wizard.reading import Kind, read
from wizard.understanding import carried
from wizard.views.clients import client_address
from wizard.views.layout import render

_OPENING: Final = "cases"
_ANSWERING: Final = "answers"


@csrf_exempt
@require_POST
def open_case(request: HttpRequest) -> HttpResponse:
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
    if reading.kind is Kind.NOTHING:
        return HttpResponseRedirect("/")
    try:
        case = cases.open_case(reading, now=now, sample=sample.key if sample else "")
    except LookupError as error:
        raise Http404 from error
    case_lookups.begin(cases.standing(case, now))
    return HttpResponseRedirect(case.get_absolute_url())


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a case."""
    return _page(request, case_page(_standing(token)))


@require_GET
def lookups(request: HttpRequest, token: str) -> HttpResponse:
    """What has changed since the page was made (`seen`, `at`): nothing, what is known, or all."""
    page = case_page(_standing(token))
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
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """Give an answer, overrule evidence, or take either back; then to the case."""
    now = timezone.now()
    wait = limits.spend(
        limits.Limit(_ANSWERING, settings.ANSWERS_PER_MINUTE, 60), client_address(request), now
    )
    if wait:
        return _too_many(request, wait)
    standing = _standing(token, now)
    error = _answer(request, standing, now)
    if error is not None:
        return _page(request, error)
    case_lookups.begin(_standing(token, now))
    return HttpResponseRedirect(standing.case.get_absolute_url())


def _answer(request: HttpRequest, standing: Standing, now: datetime) -> CasePage | None:
    """Do what the form says; the page with what is wrong, if something is."""
    token, form = standing.case.token, request.POST
    try:
        if "overrule" in form:
            cases.overrule(token, key=form["overrule"], now=now)
        elif "withdraw" in form:
            cases.withdraw(token, key=form["withdraw"], now=now)
        elif "feedback" in form:
            cases.give(token, key=form.get("outcome", ""), value=form["feedback"], now=now)
        else:
            return _answer_question(request, standing, now)
    except cases.NotAnAnswer:
        # From a page of long ago, or made up: the case as it is says what there is to answer.
        return case_page(standing)
    return None


def _answer_question(request: HttpRequest, standing: Standing, now: datetime) -> CasePage | None:
    form, asked = request.POST, request.POST.get("_continue", "")
    question = standing.snapshot.questions.get(asked)
    at = standing.walk.at
    here = isinstance(at, AtQuestion) and at.question.key == asked
    if question is None:
        return case_page(standing)
    if question.kind == "code":
        sent = typed_codes.read(standing.snapshot, question, form)
        if not sent.value:
            return case_page(standing, error=sent.error, typed=sent.typed, typed_url=sent.url)
        cases.give(standing.case.token, key=asked, value=sent.value, now=now)
        return None
    if asked not in form:
        return case_page(standing, error=_("Choose an answer to go on") if here else "")
    cases.give(standing.case.token, key=asked, value=form[asked], now=now)
    return None


def _standing(token: str, now: datetime | None = None) -> Standing:
    now = now or timezone.now()
    try:
        case = Case.objects.get(token=token)
    except Case.DoesNotExist as error:
        raise Http404 from error
    case = cases.give_up_lost(case, now=now)
    return cases.standing(cases.read_reports(case, now=now), now)


def _page(request: HttpRequest, page: CasePage) -> HttpResponse:
    return _private(render(request, "cases/case.html", {"page": page}))


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a cache nor found by a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    response = render(request, "errors/429.html", {"wait": wait}, status=429)
    response.headers["Retry-After"] = str(wait)
    return _private(response)
