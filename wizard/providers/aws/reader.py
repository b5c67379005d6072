"""AWS's reader. Through SNS an event comes wrapped: the outer MessageId is not the SMS's."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.aws.codes import CAUSES
from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.signs import first_with, mentions, seen, value

NAMES: Final = frozenset(
    "eventtype isfinal destinationphonenumber originationphonenumber messageid messagestatus "
    "providerresponse destination status".split()
)

_SIGNS: Final = (
    *("destinationphonenumber", "pinpoint-sms-voice", "pinpointsmsvoice", "sendtextmessage"),
    *("sns:publish", "botocore", "arn:aws:", "amazonaws.com", "x-amz-sns", "x-amzn-"),
    "providerresponse",
)

_EVENT: Final = re.compile(
    r"(?<![A-Za-z0-9_])TEXT_(?:QUEUED|PENDING|SENT|SUCCESSFUL|DELIVERED|INVALID_MESSAGE|INVALID"
    r"|UNREACHABLE|CARRIER_UNREACHABLE|CARRIER_BLOCKED|BLOCKED|SPAM|TTL_EXPIRED|PROTECT_BLOCKED"
    r"|UNKNOWN)(?![A-Za-z0-9_])"
)
_REASON: Final = re.compile(r"Reason[\"']?\s?[=:]\s?[\"']?([A-Z][A-Z_]{6,70})")
_EXCEPTION: Final = re.compile(r"(?<![A-Za-z])([A-Z][A-Za-z]{4,40}Exception)\)? when calling")


def read(text: PlainText) -> Said | None:
    """Its events and their fields, its SDK, its names of resources."""
    if not (mentions(text.small, _SIGNS) or _EVENT.search(text.plain)):
        return None
    event = first_with(text.records, "eventType", "destinationPhoneNumber")
    delivery = first_with(text.records, "providerResponse")
    number = value(event, "destinationPhoneNumber") or value(delivery, "destination")
    code = value(event, "eventType") or _code(text)
    if delivery and not code:
        code = value(first_with(text.records, "status"), "status")
    reported = code.startswith("TEXT_") or bool(delivery)
    codes = seen("aws", "status" if reported else "api", code, CAUSES)
    message_id = value(event, "messageId") or value(
        first_with(text.records, "messageId"), "messageId"
    )
    kind = TextKind.REPORT if reported else TextKind.RESPONSE
    return Said("aws", kind, codes, number, [number] if number else [], message_id)


def _code(text: PlainText) -> str:
    for pattern in (_REASON, _EXCEPTION):
        found = pattern.search(text.plain)
        if found:
            return found[1]
    event = _EVENT.search(text.plain)
    return event[0] if event else ""
