"""Vonage's reader. In a receipt `msisdn` is the recipient, and `to` the sender."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import PlainText, Record, Said, TextKind
from wizard.providers.signs import first_with, has, mentions, seen, value
from wizard.providers.vonage.codes import ANSWER, RECEIPT

NAMES: Final = frozenset(
    "errcode messageid messagecount networkcode remainingbalance errortext messagetimestamp msisdn "
    "scts messageuuid status to title".split()
)

_SIGNS: Final = (
    *("err-code", "message-count", "network-code", "remaining-balance", "error-text"),
    *("message-timestamp", "message_uuid", "nexmo", "vonage", "sms.send_message method failed"),
)
_CODE: Final = re.compile(r"error code:? ([0-9]{1,4})(?![0-9])")
_ON_ITS_WAY: Final = frozenset({"accepted", "buffered", "submitted"})


def read(text: PlainText) -> Said | None:
    """Its names with hyphens, its hosts. A bare err-code is never a sign."""
    if not (mentions(text.small, _SIGNS) or has(text.records, "msisdn", "scts")):
        return None
    receipt = first_with(text.records, "msisdn")
    if receipt:
        return _receipt(receipt)
    answer = first_with(text.records, "status", "error-text")
    new = first_with(text.records, "message_uuid")
    written = value(first_with(text.records, "title"), "title") if new else value(answer, "status")
    found = _CODE.search(text.plain)
    code = written if written.isdigit() else found[1] if found else ""
    number = _whole(value(first_with(text.records, "to"), "to"))
    return Said(
        "vonage",
        TextKind.REPORT if new else TextKind.RESPONSE,
        seen("vonage", "api", "" if code == "0" else code, ANSWER),
        number,
        [number] if number else [],
        value(first_with(text.records, "message-id", "message_uuid"), "message-id", "message_uuid"),
    )


def _receipt(receipt: Record) -> Said:
    number = _whole(value(receipt, "msisdn"))
    is_final = value(receipt, "status") not in _ON_ITS_WAY
    return Said(
        "vonage",
        TextKind.REPORT,
        seen("vonage", "status", value(receipt, "err-code"), RECEIPT, is_final=is_final),
        number,
        [number],
        value(receipt, "messageId", "message-id"),
    )


def _whole(number: str) -> str:
    """Numbers come with their country code and without a plus."""
    return f"+{number}" if number.isdigit() and len(number) > 6 else ""
