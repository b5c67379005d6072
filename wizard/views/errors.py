"""Pages for what goes wrong: who acts next, and a way on."""

from django.http import HttpRequest, HttpResponse

from wizard.views.layout import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", {}, status=400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", {}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", {}, status=500)
