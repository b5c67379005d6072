"""Where the platform pushes status reports (`docs/facts/protocols.md`, "Status reports").

Empty 200 means: committed. Whatever was not stored is answered otherwise, for the vendor does not
say whether it sends anything twice. No answer and no log line repeats what was sent.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wizard.models import StatusReport
from wizard.reports import receiving, signatures
from wizard.web.clients import client_address, is_from

logger = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 30
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


class _Refused(Exception):
    """A push that is answered with this status, and with these words if there are any."""

    def __init__(self, status: int, error: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@csrf_exempt
@require_POST
@transaction.non_atomic_requests
def status(request: HttpRequest) -> HttpResponse:
    """One report, as a form."""
    return _receive(request, _FORM, lambda body, now: receiving.read_single(body, now=now))


@csrf_exempt
@require_POST
@transaction.non_atomic_requests
def status_batch(request: HttpRequest) -> HttpResponse:
    """Up to 50 reports, as JSON: stored whole or not at all."""
    return _receive(request, _JSON, lambda body, now: receiving.read_batch(body, now=now))


def _receive(
    request: HttpRequest,
    content_type: str,
    read: Callable[[bytes, datetime], list[StatusReport]],
) -> HttpResponse:
    now = timezone.now()
    try:
        receiving.store(read(_body(request, content_type, now), now))
    except _Refused as refused:
        return _say(refused.status, refused.error)
    except receiving.Malformed as error:
        logger.warning("A push was malformed: %s (%s, %s)", error.message, error.field, error.entry)
        return _say(400, error.message, field=error.field, entry=error.entry)
    except Error as error:
        # Its words may hold what was to be stored.
        logger.error("Status reports could not be stored: %s", type(error).__name__)
        response = _say(503, "not stored, try again later")
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
        return response
    return HttpResponse(content_type="text/plain; charset=utf-8")


def _body(request: HttpRequest, content_type: str, now: datetime) -> bytes:
    """The body of a push from somebody who may push, whole and of the right type."""
    allowed = settings.CALLBACK_ALLOWED_IPS
    if allowed and not is_from(allowed, client_address(request)):
        logger.warning("A push was refused: its address is not in CALLBACK_ALLOWED_IPS")
        raise _Refused(403)
    if (request.content_type or "").lower() != content_type:
        raise _Refused(415, f"the content type must be {content_type}")
    body = _whole(request)
    if settings.PUSH_KEYS:
        _verify(request, body, now)
    return body


def _whole(request: HttpRequest) -> bytes:
    """Django gives a body without a length as an empty one: better said than stored as nothing."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise _Refused(411, "the length of the body must be given")
    # By digits first: a number that long would take its time to be read.
    if len(length) > 15 or int(length) > settings.CALLBACK_MAX_BYTES:
        raise _Refused(413, f"longer than {settings.CALLBACK_MAX_BYTES} bytes")
    try:
        # Not `request.body`: read so, nothing of it can get into `request.POST` and error reports.
        body: bytes = request.read(settings.CALLBACK_MAX_BYTES + 1)
    except UnreadablePostError:
        body = b""
    if len(body) != int(length):
        raise _Refused(400, "the body does not have the length that was given")
    return body


def _verify(request: HttpRequest, body: bytes, now: datetime) -> None:
    push = signatures.SignedPush(
        method=request.method or "",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )
    try:
        signatures.verify(
            push,
            keys=settings.PUSH_KEYS,
            now=now,
            clock_seconds=settings.PUSH_CLOCK_SECONDS,
            behind_proxy=settings.BEHIND_PROXY,
        )
    except signatures.NotVerified as error:
        logger.warning("A push was refused: %s", error.reason)
        raise _Refused(401) from None


def _say(
    status: int, error: str, *, field: str | None = None, entry: int | None = None
) -> HttpResponse:
    if not error:
        return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    return JsonResponse({"error": error, "entry": entry, "field": field}, status=status)
