"""One step of a walk at the stateless door: read, decided, shown or led on."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import walk
from wizard.walks import typed_codes
from wizard.walks.page import WalkPage, walk_page
from wizard.web.addresses import AT, Entry, Given, read_query, with_answers
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest
from wizard.wording.cases import CHOOSE_FIRST


def step(request: HtmxRequest, snapshot: Snapshot, base: str) -> WalkPage | str:
    """The page that the answers in the address lead to, or the address to go to instead.

    An address that comes from a form goes on to the plain one, without the form's own parameter;
    with an error if nothing was chosen.
    """
    now = timezone.now()
    given = _fitting(read_query(request.META["QUERY_STRING"]), snapshot)
    entry, before = given.entry, given.answers.get(given.changing, "")
    answers = {key: value for key, value in given.answers.items() if key != given.changing}
    found = walk(snapshot, answers, {}, now, entry.at)
    question = found.question
    if before and found.place != given.changing:
        # Nothing there to change: an address that somebody made up, or of an older guide.
        return with_answers(base, {**entry.pairs, **answers, given.changing: before})
    sent = typed_codes.TypedCode()
    if request.method == "POST":
        if question is None:
            return with_answers(base, {**entry.pairs, **found.answers})
        sent = typed_codes.read(snapshot, question, request.POST)
        if sent.value:
            return with_answers(base, {**entry.pairs, **found.answers, question.key: sent.value})
        typed_codes.record_unknown(sent.unknown)
    elif given.continued:
        if question is None or question.key != given.continued:
            return with_answers(base, {**entry.pairs, **found.answers})
        sent = typed_codes.TypedCode(error=str(CHOOSE_FIRST))
    return walk_page(
        snapshot,
        found,
        base=base,
        home=reverse("wizard:home"),
        now=now,
        overflow=given.overflow,
        error=sent.error,
        typed=sent.typed,
        typed_url=sent.url,
        near=sent.near,
        entry=entry,
        chosen=before,
        addressed=True,
    )


def _fitting(given: Given, snapshot: Snapshot) -> Given:
    """What an address says to this guide: of where a walk begins only what it can begin at."""
    entry = given.entry
    if snapshot.node(AT) is not None and entry.at:
        return replace(given, answers={**given.answers, AT: entry.at}, entry=Entry())
    if entry.at in ("", snapshot.start):
        return replace(given, entry=Entry())
    if snapshot.node(entry.at) is None:
        return replace(given, entry=Entry(), overflow=True)
    return given


def show(request: HtmxRequest, page: WalkPage | str, **context: object) -> HttpResponse:
    """Render a page of a walk, or redirect."""
    if isinstance(page, str):
        return HttpResponseRedirect(page)
    return render(request, "guides/walk.html", {"page": page, **context})
