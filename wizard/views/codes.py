"""The catalogue's pages: a permanent one for each code, and the list of all."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wizard import catalogue, reading
from wizard.engine.fitting import fit
from wizard.live import live
from wizard.typed_codes import record_unknown
from wizard.views.layout import render
from wizard.web.requests import HtmxRequest


# Searching is a post so that nothing typed gets into an address; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code_list(request: HtmxRequest) -> HttpResponse:
    """All codes, or those that were searched for."""
    words = request.POST.get("words", "").strip()[:100]
    entries = catalogue.entries()
    found = catalogue.search(words, entries) if words else entries
    context = {
        "words": words,
        "total": len(entries),
        "found": len(found),
        "groups": [
            (namespace, [entry for entry in found if entry.row.namespace == namespace])
            for namespace in catalogue.NAMESPACES
        ],
    }
    return render(request, "codes/list.html", context)


@require_safe
def code(request: HtmxRequest, code: str) -> HttpResponse:
    """What one code means and where its way starts; an honest page for one that nobody listed."""
    entries = catalogue.find(code)
    if entries:
        context = {"entries": entries, "code": entries[0].asked}
        return render(request, "codes/code.html", context)
    asked = code.strip().upper()[:32]
    record_unknown(asked)
    context = {
        "code": asked,
        "shape": reading.shape(asked),
        "ways_on": _ways_on(asked),
    }
    return render(request, "codes/unknown.html", context, status=404)


def _ways_on(asked: str) -> list[tuple[str, str]]:
    """The guides, the one that fits a code of this form best first."""
    told = reading.read(asked, known=catalogue.is_known).evidence
    now = timezone.now()
    guides = sorted(
        live.guides.values(), key=lambda snapshot: fit(snapshot, told, now), reverse=True
    )
    return [(one.title, reverse("wizard:walk", args=[one.slug])) for one in guides]
