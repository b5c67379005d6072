"""Liveness: may this process be sent visitors?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wizard.published.live import live


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and a guide is live; 503 with the reason otherwise.

    Either way the second line is the version, for who has just put a new one there.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        ready = bool(live.guides)
    except DatabaseError:
        return _say("the database does not answer", 503)
    return _say("ok", 200) if ready else _say("no guide is published", 503)


def _say(words: str, status: int) -> HttpResponse:
    text = f"{words}\nversion {settings.VERSION}\n"
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
