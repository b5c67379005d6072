"""The catalogue's pages: a permanent one for each code, and the list of all."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wizard import catalogue, reading
from wizard.live import live
from wizard.typed_codes import record_unknown
from wizard.views.layout import render


# Searching is a post so that nothing typed gets into an address; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code_list(request: HttpRequest) -> HttpResponse:
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
def code(request: HttpRequest, code: str) -> HttpResponse:
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
        "ways_on": _ways_on(),
    }
    return render(request, "codes/unknown.html", context, status=404)


def _ways_on() -> list[tuple[str, str]]:
    return [
        (snapshot.title, reverse("wizard:walk", args=[slug]))
        for slug, snapshot in live.guides.items()
    ]
