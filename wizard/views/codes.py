"""The catalogue's pages: a permanent one for each code, and the list of all."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wizard.engine import lists
from wizard.engine.fitting import fit
from wizard.engine.lists import NAMESPACES
from wizard.engine.snapshot import CODE_LENGTH
from wizard.pasted.reader import read
from wizard.published import catalogue
from wizard.published.catalogue import CodeEntry, LibraryLine
from wizard.published.live import EDITIONS, Edition, live
from wizard.sms.codes import shape
from wizard.sms.personal import looks_personal
from wizard.walks.near_codes import near
from wizard.walks.typed_codes import record_unknown
from wizard.web.addresses import with_answers
from wizard.web.kept import keep
from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest
from wizard.wording.codes import CARRIERS, CAUSES

_SHOWN: Final = 100
"""Codes of the library that a search shows."""


# Searching is a post so that nothing personal gets into an address; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code_list(request: HtmxRequest) -> HttpResponse:
    """The guides' own codes and the carriers, the codes of one carrier, or what was searched.

    What is searched has an address of its own, but for a number.
    """
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    words = given.get("words", "").strip()[:100]
    if posted and words and not looks_personal(words):
        return HttpResponseRedirect(with_answers(reverse("wizard:codes"), {"words": words}))
    # Taken once: a newer publication may come in at any time.
    edition = live.edition
    if words:
        response = render(request, "codes/list.html", _searched(words, edition))
        is_personal = posted or looks_personal(words)
        address = with_answers(reverse("wizard:codes"), {"words": words})
        return response if is_personal else keep(request, response, address)
    carrier = given.get("carrier", "")
    library = catalogue.library(edition)
    context = {
        "total": len(catalogue.entries(edition)) + _count(library.values()),
        "carriers": [(name, CARRIERS[name], _count([library[name]])) for name in library],
    }
    address = reverse("wizard:codes")
    if carrier in library:
        context |= {"carrier": CARRIERS[carrier], "causes": _of_carrier(edition, carrier)}
        address = with_answers(address, {"carrier": carrier})
    else:
        context |= {"groups": _groups(catalogue.entries(edition), _lines(edition))}
    response = render(request, "codes/list.html", context)
    return response if posted else keep(request, response, address)


def _searched(words: str, edition: Edition) -> dict[str, Any]:
    """What holds the words: all of the guides' own codes, and as many more as a page can show."""
    found, more = catalogue.search(words, edition), catalogue.search_library(words, edition)
    lines = _library_lines(more[:_SHOWN])
    return {
        "words": words,
        "found": len(found) + len(more),
        "groups": _groups(found, _lines(edition)),
        "from_library": lines,
        "left_out": max(len(more) - _SHOWN, 0),
        "near": () if found or more else near(words),
    }


def _count(groups: Iterable[Mapping[str, Sequence[LibraryLine]]]) -> int:
    return sum(len(lines) for causes in groups for lines in causes.values())


@lru_cache(maxsize=EDITIONS * len(lists.CARRIERS))
def _of_carrier(edition: Edition, carrier: str) -> list[tuple[str, Promise, int, SafeString]]:
    """The codes of a carrier, cause by cause: made once, for a thousand of them take long."""
    return [
        (cause, CAUSES[cause], len(lines), _library_lines(lines))
        for cause, lines in catalogue.library(edition)[carrier].items()
    ]


def _library_lines(lines: Sequence[LibraryLine]) -> SafeString:
    context = {"lines": lines, "base": reverse("wizard:codes")}
    return render_to_string("codes/_library_lines.html", context)


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
    meant = near(code)
    if entries:
        # A code that is listed itself needs no word of the families that it begins like.
        own = [entry for entry in entries if not entry.by_family] or entries
        context = {"entries": own, "code": own[0].asked, "near": () if shape(code) else meant}
        response = render(request, "codes/code.html", context)
        return keep(request, response, catalogue.code_url(own[0].asked))
    asked = code.strip().upper()[:CODE_LENGTH]
    record_unknown(asked)
    context = {
        "code": asked,
        "shape": shape(asked),
        "near": meant,
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
