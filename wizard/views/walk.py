"""The stateless door: a walk whose answers travel in its address. No session, cookie or write."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wizard.published.live import live
from wizard.walks.page import valid_until
from wizard.walks.stepping import show, step
from wizard.web.kept import keep
from wizard.web.requests import HtmxRequest


# A post only turns a typed code into an address. It reads no cookie and changes nothing, so there
# is nothing to forge; a token would need the cookie that keeps these pages from being shared.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HtmxRequest, slug: str) -> HttpResponse:
    """A page of the walk; who asks for its address again is answered from memory."""
    snapshot = live.get(slug)
    if snapshot is None:
        raise Http404
    page = step(request, snapshot, reverse("wizard:walk", args=[snapshot.slug]))
    response = show(request, page)
    if request.method == "POST" or isinstance(page, str):
        return response
    return keep(request, response, page.url, until=valid_until(page))
