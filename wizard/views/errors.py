"""Pages for what goes wrong: who acts next, and a way on."""

from django.http import HttpResponse

from wizard.web.rendering import render
from wizard.web.requests import HtmxRequest


def bad_request(request: HtmxRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", {}, status=400)


def denied(request: HtmxRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", {}, status=403)


def not_found(request: HtmxRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", {}, status=404)


def broken(request: HtmxRequest) -> HttpResponse:
    return render(request, "errors/500.html", {}, status=500)
