"""The portal's home: two doors, one box, and the guides."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wizard.cases import samples
from wizard.engine.snapshot import Snapshot
from wizard.pasted.reading import TextKind
from wizard.published.live import live
from wizard.published.search import note_unanswered
from wizard.walks.readers import entry_for
from wizard.walks.sealed import revealed
from wizard.walks.typed_codes import record_unknown
from wizard.walks.understood import Understood, address_of, read_text, understood, unlisted
from wizard.web.addresses import with_answers
from wizard.web.kept import keep
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest


@dataclass(frozen=True, slots=True)
class GuideTile:
    """A guide on the home page, with its first question opened up for those who send SMS."""

    title: str
    summary: str
    url: str
    question: str
    answers: tuple[tuple[str, str, str], ...]


# The box is a post so that nothing personal gets into an address; it changes nothing of anybody's.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HtmxRequest) -> HttpResponse:
    """The home page, or what we understood of the box: an address of its own."""
    if request.method == "POST":
        return _told(request, request.POST.get("text", ""))
    words = request.GET.get("q", "")
    if words.strip():
        return _words(request, words)
    if "read" in request.GET:
        pasted = revealed(request.GET["read"])
        if pasted is not None:
            return _understood(request, understood(pasted, timezone.now()), private=True)
        return _home(request, problem="forgotten")
    return keep(request, _home(request), reverse("wizard:home"))


def _told(request: HtmxRequest, text: str) -> HttpResponse:
    """From the box to the address of what was understood: it outlives reload and language."""
    pasted = read_text(text)
    if pasted.reading.kind is TextKind.NOTHING:
        return _home(request, problem="empty")
    for code in unlisted(pasted):
        record_unknown(code)
    if understood(pasted, timezone.now()).nothing_found:
        note_unanswered(text)
    address = address_of(text, pasted)
    if address:
        return HttpResponseRedirect(address)
    return _understood(request, understood(pasted, timezone.now()), private=True)


def _words(request: HtmxRequest, words: str) -> HttpResponse:
    """What was found for words in an address; what is personal there is led out of it."""
    pasted = read_text(words)
    address = address_of(words, pasted)
    is_plain = address.endswith(with_answers("", {"q": words.strip()}))
    if address and not is_plain:
        return HttpResponseRedirect(address)
    response = _understood(request, understood(pasted, timezone.now()), private=not is_plain)
    return keep(request, response, address) if is_plain else response


def _understood(request: HtmxRequest, page: Understood, *, private: bool) -> HttpResponse:
    context = {"page": page, "waiting_url": _waiting_url()}
    response = render(request, "portal/understood.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    if private:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _home(request: HtmxRequest, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "doors": [_door(snapshot) for snapshot in live.guides.values()],
        "waiting_url": _waiting_url(),
        "samples": samples.by_scenario(),
        "problem": problem,
    }
    return render(request, "portal/home.html", context)


def _waiting_url() -> str:
    """Where whoever waits for an SMS begins: the first guide that asks whether they do."""
    for snapshot in live.guides.values():
        answer = entry_for(snapshot, "recipient")
        if answer:
            return with_answers(reverse("wizard:walk", args=[snapshot.slug]), answer)
    return next((reverse("wizard:walk", args=[slug]) for slug in live.guides), "")


def _door(snapshot: Snapshot) -> GuideTile:
    base = reverse("wizard:walk", args=[snapshot.slug])
    start = snapshot.questions.get(snapshot.start)
    answers = start.answers if start and start.kind == "choice" else ()
    taken = entry_for(snapshot, "recipient").values()
    return GuideTile(
        title=snapshot.title,
        summary=snapshot.summary,
        url=base,
        question=snapshot.title_of(snapshot.start),
        answers=tuple(
            (answer.label, answer.hint, with_answers(base, {snapshot.start: answer.key}))
            for answer in answers
            if answer.key not in taken
        ),
    )
