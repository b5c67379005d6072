"""KooMessage's reader. Its carriers and E-codes are those of MSGSMS, its fixes are not."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.causes import by_code
from wizard.providers.signs import first_with, has, mentions, seen, value
from wizard.sms.numbers import phones_in

NAMES: Final = frozenset(
    "custflag sendaccount sendstatus msgid resultcode channelnum to errorcode errormsg "
    "sendtime taskid tplid".split()
)

_CODE: Final = re.compile(r"(?<![A-Za-z0-9_.])(?:KM\.[0-9]{8}|APIGW\.[0-9]{4})(?![0-9A-Za-z_])")
_SIGNS: Final = (
    *("cust_flag", "send_account", "resolve_task", "/v1/aim", "aim-basic", "koomessage"),
    "智能信息",
)
_OWN_WORD: Final = re.compile(r"(?<![A-Za-z0-9_.])(?:KM\.[0-9]{8}|AIM)(?![A-Za-z0-9_])")
_REFUSED: Final = re.compile(r"E[0-2][0-9]{5}")

CAUSES: Final = by_code(
    {
        "template-or-signature": (
            "KM.00001075 KM.00001076 KM.00001080 KM.00001081 KM.00001082 KM.00001127 KM.00001128 "
            "KM.00001129 KM.00001134 KM.00001135 KM.00001138 KM.00001189 KM.00001375 KM.00001376 "
            "KM.00001377 KM.00001378 KM.00001402 KM.00001403 KM.00001404 KM.00001484 KM.00001485 "
            "KM.00001486 KM.90016805 KM.90018111"
        ),
        "format-or-parameter": (
            "KM.00001083 KM.00001098 KM.00001124 KM.00001125 KM.00001126 KM.80020018 KM.80020019 "
            "KM.90016414 KM.90016415"
        ),
        "volume-limit": "KM.90016416",
        "platform-fault": "KM.80040004 KM.80040005 KM.80040006 KM.90014017 KM.90014020",
        "credentials": "APIGW.0301 APIGW.0303 APIGW.0305 APIGW.0307",
    }
)


def read(text: PlainText) -> Said | None:
    """Its fields, its host, its codes; of a plain SMS three of its fields together."""
    records = text.records
    plain_sms = has(records, "msg_id", "channel_num", "send_status")
    if not (plain_sms or mentions(text.small, _SIGNS) or _OWN_WORD.search(text.plain)):
        return None
    record = first_with(records, "msg_id", "result_code", "send_status")
    status = value(record, "send_status")
    code = value(record, "result_code") or (status if _REFUSED.fullmatch(status) else "")
    own = _CODE.search(text.plain)
    code = code or (own[0] if own else "")
    number = value(record, "to", "cust_flag", "send_account") or next(
        iter(phones_in(text.plain)), ""
    )
    row = "cust_flag" in record or "send_account" in record or "result_code" in record
    codes = seen("koomessage", "status" if row else "api", code, CAUSES)
    return Said(
        "koomessage",
        TextKind.REPORT if row else TextKind.RESPONSE,
        codes,
        number,
        [number] if number else [],
        value(record, "msg_id"),
    )
