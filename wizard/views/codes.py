"""The catalogue's pages: a permanent one for each code, and the list of all."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wizard.engine.fitting import fit
from wizard.engine.lists import NAMESPACES
from wizard.engine.snapshot import CODE_LENGTH
from wizard.pasted.reader import read
from wizard.published import catalogue
from wizard.published.catalogue import CodeEntry
from wizard.published.live import EDITIONS, Edition, live
from wizard.sms.codes import shape
from wizard.walks.typed_codes import record_unknown
from wizard.web.kept import keep
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest


# Searching is a post so that nothing typed gets into an address; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code_list(request: HtmxRequest) -> HttpResponse:
    """All codes, or those that were searched for."""
    words = request.POST.get("words", "").strip()[:100]
    # Taken once: a newer publication may come in at any time.
    edition = live.edition
    entries = catalogue.entries(edition)
    found = catalogue.search(words, edition) if words else entries
    context = {
        "words": words,
        "total": len(entries),
        "found": len(found),
        "groups": _groups(found, _lines(edition)),
    }
    response = render(request, "codes/list.html", context)
    if request.method == "POST":
        return response
    return keep(request, response, reverse("wizard:codes"))


def _groups(
    found: Iterable[CodeEntry], lines: Mapping[tuple[str, str], str]
) -> list[tuple[str, SafeString]]:
    """The lines of entries, namespace by namespace."""
    groups: dict[str, list[str]] = {namespace: [] for namespace in NAMESPACES}
    for entry in found:
        groups[entry.row.namespace].append(lines[_name(entry)])
    # Each line was made by a template.
    return [(name, mark_safe("".join(some))) for name, some in groups.items()]  # noqa: S308


@lru_cache(maxsize=EDITIONS)
def _lines(edition: Edition) -> Mapping[tuple[str, str], str]:
    """The line of each entry: thousands of them take longer to render than all the rest."""
    return {
        _name(entry): render_to_string("codes/_line.html", {"entry": entry}).strip()
        for entry in catalogue.entries(edition)
    }


def _name(entry: CodeEntry) -> tuple[str, str]:
    return entry.row.namespace, entry.row.code


@require_safe
def code(request: HtmxRequest, code: str) -> HttpResponse:
    """What one code means and where its way starts; an honest page for one that nobody listed."""
    entries = catalogue.find(code)
    if entries:
        context = {"entries": entries, "code": entries[0].asked}
        response = render(request, "codes/code.html", context)
        return keep(request, response, catalogue.code_url(entries[0].asked))
    asked = code.strip().upper()[:CODE_LENGTH]
    record_unknown(asked)
    context = {
        "code": asked,
        "shape": shape(asked),
        "ways_on": _ways_on(asked),
    }
    return render(request, "codes/unknown.html", context, status=404)


def _ways_on(asked: str) -> list[tuple[str, str]]:
    """The guides, the one that fits a code of this form best first."""
    told = read(asked, known=catalogue.is_known).evidence
    now = timezone.now()
    guides = sorted(
        live.guides.values(), key=lambda snapshot: fit(snapshot, told, now), reverse=True
    )
    return [(one.title, reverse("wizard:walk", args=[one.slug])) for one in guides]
