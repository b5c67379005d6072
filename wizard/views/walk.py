"""The stateless door: a walk whose answers travel in its address. No session, cookie or write."""

from collections.abc import Hashable

from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wizard.engine.snapshot import Snapshot
from wizard.published.live import live
from wizard.walks.kept_pages import Rendered, pages
from wizard.walks.page import valid_until
from wizard.walks.stepping import show, step
from wizard.web.rendering import render_text
from wizard.web.requests import HtmxRequest

_CACHE_CONTROL = "public, max-age=0, s-maxage=2, must-revalidate"


# A post only turns a typed code into an address. It reads no cookie and changes nothing, so there
# is nothing to forge; a token would need the cookie that keeps these pages from being shared.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HtmxRequest, slug: str) -> HttpResponse:
    """A page of the walk, from memory if the same address was asked for before."""
    snapshot = live.get(slug)
    if snapshot is None:
        raise Http404
    if request.method == "POST":
        return show(request, step(request, snapshot, _base(snapshot)))
    query = request.META["QUERY_STRING"]
    language = get_language(), get_script_prefix()
    key = (snapshot.digest, language, bool(request.htmx), query)
    page = pages.get(key) or _fresh(request, snapshot, key)
    return page if isinstance(page, HttpResponse) else _respond(request, page)


def _base(snapshot: Snapshot) -> str:
    return reverse("wizard:walk", args=[snapshot.slug])


def _fresh(request: HtmxRequest, snapshot: Snapshot, key: Hashable) -> Rendered | HttpResponse:
    page = step(request, snapshot, _base(snapshot))
    if isinstance(page, str):
        return HttpResponseRedirect(page)
    text = render_text(request, "guides/walk.html", {"page": page})
    rendered = Rendered.of(text, valid_until(page))
    pages.put(key, rendered)
    return rendered


def _respond(request: HtmxRequest, page: Rendered) -> HttpResponse:
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(page.body)
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.headers["Vary"] = "HX-Request"
    return response
