"""Twilio's reader. A five-digit number alone is no sign of it."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.causes import by_code
from wizard.providers.signs import first_with, mentions, seen, value
from wizard.providers.twilio.codes import CAUSES

NAMES: Final = frozenset(
    "messagesid smssid messagestatus smsstatus errorcode accountsid messagingservicesid sid to "
    "status code moreinfo from".split()
)

_SIGNS: Final = ("twilio", "messagesid", "smssid", "messaging_service_sid")
_ANY_SID: Final = re.compile(r"(?<![A-Za-z0-9])(?:SM|MM|AC|MG)[0-9a-fA-F]{32}(?![A-Za-z0-9])")

_SID: Final = re.compile(r"(?<![A-Za-z0-9])(?:SM|MM)[0-9a-fA-F]{32}(?![A-Za-z0-9])")

_CODES: Final = (
    re.compile(r"twilio\.com/docs/(?:api/)?errors/([0-9]{5,6})(?![0-9])"),
    re.compile(r"\(([1-9][0-9]{4,5})\)"),
    re.compile(
        r"(?<![A-Za-z])(?:err|error|code|error[ _-]?code)[\"']?\s{0,3}[:=#]?\s{0,3}[\"']?"
        r"([1-9][0-9]{4,5})(?![0-9A-Za-z_.-])",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![0-9A-Za-z_.+-])([1-6][0-9]{4})(?![0-9A-Za-z_.-])"),
)

_HTTP_CODES: Final = {"401": "20003", "403": "20403", "404": "20404", "429": "20429"}
_HTTP: Final = re.compile(r"HTTP ([45][0-9]{2})(?![0-9])")

_REPORTED: Final = frozenset(
    "accepted scheduled queued sending sent delivered undelivered failed canceled read".split()
)
_PASSING: Final = frozenset("accepted scheduled queued sending sent".split())


def read(text: PlainText) -> Said | None:
    """Its field names, its SIDs or its name are sure signs, one is enough."""
    if not (mentions(text.small, _SIGNS) or _ANY_SID.search(text.plain)):
        return None
    record = first_with(text.records, "MessageSid", "SmsSid", "messageSid", "sid", "error_code")
    status = value(record, "MessageStatus", "SmsStatus", "messageStatus", "status").lower()
    reported = status in _REPORTED
    code = value(record, "ErrorCode", "errorCode", "error_code") or _code(text)
    number = value(first_with(text.records, "To", "to"), "To", "to")
    codes = seen("twilio", "api", code, CAUSES, is_final=status not in _PASSING)
    if not codes and reported:
        codes = seen("twilio", "status", status.upper(), _STATUSES)
    sid = _SID.search(text.plain)
    kind = TextKind.REPORT if reported else TextKind.RESPONSE
    return Said("twilio", kind, codes, number, [number] if number else [], sid[0] if sid else "")


_STATUSES: Final = by_code(
    {
        "not-final": " ".join(_PASSING).upper(),
        "delivered": "DELIVERED READ",
        "unknown": "UNDELIVERED FAILED CANCELED",
    }
)


def _code(text: PlainText) -> str:
    """Most certain first; a number by itself must be one of its codes."""
    record = first_with(text.records, "more_info", "moreInfo", "code")
    written = value(record, "code")
    if written.isdigit() and len(written) >= 5:
        return written
    for pattern in _CODES[:-1]:
        found = pattern.search(text.plain)
        if found:
            return found[1]
    alone = (code for code in _CODES[-1].findall(text.plain) if code in CAUSES)
    http = _HTTP.search(text.plain)
    return next(alone, _HTTP_CODES.get(http[1], "") if http else "")
