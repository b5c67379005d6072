"""Page or fragment: the same template and the same context serve both."""

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from wizard.web.languages import links
from wizard.web.requests import HtmxRequest


def render_text(request: HtmxRequest, template: str, context: dict[str, Any]) -> str:
    """The text of a page; of its inner part alone where htmx asks."""
    layout = "_fragment.html" if request.htmx else "base.html"
    shared = {"layout": layout, "languages": links(request)}
    return render_to_string(template, {**context, **shared})


def render_for_agent(
    request: HtmxRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the desk: with tokens in its forms, and kept by no cache."""
    layout = "_fragment.html" if request.htmx else "desk/base.html"
    shared = {"layout": layout, "languages": links(request)}
    text = render_to_string(template, {**context, **shared}, request=request)
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def render(
    request: HtmxRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render for a browser that asks for a page, or for htmx that asks for its inner part."""
    text = render_text(request, template, context)
    response = HttpResponse(text, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
