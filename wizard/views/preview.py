"""The draft as visitors would see it, for authors: any node, under a permanent bar."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wizard import drafts
from wizard.addresses import with_answers
from wizard.models import Guide
from wizard.views.walk import show, step


# As in the walk itself: a post only turns a typed code into an address.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the draft's walk; `?at=<key>` opens it at a node."""
    guide = get_object_or_404(Guide, pk=pk)
    snapshot = drafts.snapshot_of(guide)
    base = reverse("admin:wizard_guide_preview", args=[pk])
    at = request.GET.get("at", "")
    way = snapshot.way_to(at)
    if way is not None:
        return redirect(with_answers(base, way))
    if snapshot.node(at) is not None:
        # Nothing leads there yet: show it all the same, as if the guide began with it.
        snapshot = replace(snapshot, start=at)
    page = step(request, snapshot, base)
    return show(request, page, preview_of=guide)
