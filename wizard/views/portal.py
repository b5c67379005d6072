"""The portal's home: one box, and the guides."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wizard.cases import samples
from wizard.engine.snapshot import Snapshot
from wizard.published.live import live
from wizard.walks.typed_codes import record_unknown
from wizard.walks.understood import understand
from wizard.web.addresses import with_answers
from wizard.web.kept import keep
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest


@dataclass(frozen=True, slots=True)
class GuideTile:
    """A guide on the home page, with its first question opened up."""

    title: str
    summary: str
    url: str
    question: str
    answers: tuple[tuple[str, str, str], ...]


# The box is a post so that nothing pasted gets into an address; it changes nothing of anybody's.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HtmxRequest) -> HttpResponse:
    """The home page, or what we understood of the box."""
    if request.method != "POST":
        response = render(request, "portal/home.html", _context())
        return keep(request, response, reverse("wizard:home"))
    page = understand(request.POST.get("text", ""), timezone.now())
    if page.nothing:
        return render(request, "portal/home.html", {**_context(), "empty": True})
    for code, _url in page.unknown:
        record_unknown(code)
    response = render(request, "portal/understood.html", {"page": page})
    response.headers["Cache-Control"] = "no-store"
    return response


def _context() -> dict[str, Any]:
    return {
        "doors": [_door(snapshot) for snapshot in live.guides.values()],
        "samples": samples.by_scenario(),
    }


def _door(snapshot: Snapshot) -> GuideTile:
    base = reverse("wizard:walk", args=[snapshot.slug])
    start = snapshot.questions.get(snapshot.start)
    answers = start.answers if start and start.kind == "choice" else ()
    return GuideTile(
        title=snapshot.title,
        summary=snapshot.summary,
        url=base,
        question=snapshot.title_of(snapshot.start),
        answers=tuple(
            (answer.label, answer.hint, with_answers(base, {snapshot.start: answer.key}))
            for answer in answers
        ),
    )
