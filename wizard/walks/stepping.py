"""One step of a walk at the stateless door: read, decided, shown or led on."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import walk
from wizard.walks import typed_codes
from wizard.walks.page import WalkPage, walk_page
from wizard.web.addresses import read_query, with_answers
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest
from wizard.wording.cases import CHOOSE_FIRST


def step(request: HtmxRequest, snapshot: Snapshot, base: str) -> WalkPage | str:
    """The page that the answers in the address lead to, or the address to go to instead.

    An address that comes from a form goes on to the plain one, without the form's own parameter;
    with an error if nothing was chosen.
    """
    now = timezone.now()
    given = read_query(request.META["QUERY_STRING"])
    found = walk(snapshot, given.answers, {}, now)
    error = typed = typed_url = ""
    question = found.question
    if request.method == "POST":
        if question is None:
            return with_answers(base, found.answers)
        sent = typed_codes.read(snapshot, question, request.POST)
        if sent.value:
            return with_answers(base, {**found.answers, question.key: sent.value})
        typed_codes.record_unknown(sent.unknown)
        error, typed, typed_url = sent.error, sent.typed, sent.url
    elif given.continued:
        if question is None or question.key != given.continued:
            return with_answers(base, found.answers)
        error = str(CHOOSE_FIRST)
    return walk_page(
        snapshot,
        found,
        base=base,
        home=reverse("wizard:home"),
        now=now,
        overflow=given.overflow,
        error=error,
        typed=typed,
        typed_url=typed_url,
    )


def show(request: HtmxRequest, page: WalkPage | str, **context: object) -> HttpResponse:
    """Render a page of a walk, or redirect."""
    if isinstance(page, str):
        return HttpResponseRedirect(page)
    return render(request, "guides/walk.html", {"page": page, **context})
