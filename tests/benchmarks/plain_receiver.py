"""What the receiver is measured against: views written without much thought, beside the real ones.

They believe what comes, and look for each report before they add it.
"""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from wizard.models import StatusReport
from wizard.sms.numbers import mask
from wizard.sms.recipients import recipient_hash


@csrf_exempt
def single(request: HttpRequest) -> HttpResponse:
    _get_or_create(request.POST.dict())
    return HttpResponse()


@csrf_exempt
def batch(request: HttpRequest) -> HttpResponse:
    for fields in json.loads(request.body)["statusReportList"]:
        _get_or_create(fields)
    return HttpResponse()


@csrf_exempt
def together(request: HttpRequest) -> HttpResponse:
    """The same with one transaction around it."""
    with transaction.atomic():
        return batch(request)


def _get_or_create(fields: dict[str, Any]) -> None:
    StatusReport.objects.get_or_create(
        message_id=fields["smsMsgId"],
        sequence=int(fields["sequence"]),
        status=fields["status"],
        update_time=fields["updateTime"],
        defaults={
            "total": int(fields["total"]),
            "source": fields["source"],
            "extend": fields["extend"],
            "recipient_hash": recipient_hash(fields["to"]),
            "recipient_masked": mask(fields["to"]),
        },
    )


urlpatterns = [
    path("plain/single/", single),
    path("plain/batch/", batch),
    path("plain/together/", together),
    path("", include("wizard.urls")),
]
