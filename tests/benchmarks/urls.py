"""The site's own addresses and two floors under them, all behind the same middleware."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils import timezone

from tests.benchmarks.usual import first, usual
from wizard.engine.walk import walk
from wizard.published.live import live
from wizard.walks.page import WalkPage, walk_page
from wizard.web.rendering import render_text


def constant(request: HttpRequest) -> HttpResponse:
    """The least that a Django view can do."""
    return HttpResponse(b"constant")


def template(request: HttpRequest) -> HttpResponse:
    """The template of a question rendered anew, with everything that stands in it made before."""
    return HttpResponse(render_text(request, "guides/walk.html", {"page": _page()}))


@cache
def _page() -> WalkPage:
    snapshot = live.get("nodes-60")
    now = timezone.now()
    found = walk(snapshot, {}, {}, now)
    base, home = reverse("wizard:walk", args=[snapshot.slug]), reverse("wizard:home")
    return walk_page(snapshot, found, base=base, home=home, now=now)


urlpatterns = [
    path("floor/constant/", constant),
    path("floor/template/", template),
    path("usual/", usual),
    path("usual/first/", first),
    path("", include("wizard.urls")),
]
