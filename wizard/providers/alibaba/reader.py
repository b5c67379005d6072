"""Alibaba's reader. `"Code":"OK"` with a RequestId is all of Alibaba Cloud, and no sign."""

from __future__ import annotations

import re
from typing import Final

from wizard.engine.lists import Namespace
from wizard.providers.alibaba.codes import CAUSES
from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.signs import first_with, has, mentions, seen, value

NAMES: Final = frozenset(
    "bizid phonenumber phonenum errcode errmsg success senddate sendstatus templatecode code "
    "requestid message taskid messageid errorcode to status smssize reporttime outid".split()
)

_CODE: Final = re.compile(r"(?<![A-Za-z0-9_.])is[vp]\.[A-Z][A-Z_]{2,60}(?![A-Za-z0-9_])")
_SIGNS: Final = (
    *("dysmsapi", "aliyun", "alibaba", "smssenddetaildto", "x-acs-signature", "bizid"),
    *("阿里云", "阿里大于", "阿里大鱼"),
)
_WAITING: Final = frozenset({"1"})


def read(text: PlainText) -> Said | None:
    """The prefixes of its codes, its names of fields, its hosts."""
    records = text.records
    pushed = has(records, "phone_number", "err_code") or has(records, "biz_id", "err_code")
    abroad = has(records, "MessageId", "ErrorCode", "TaskId")
    if not (pushed or abroad or mentions(text.small, _SIGNS) or _CODE.search(text.plain)):
        return None
    namespace: Namespace = "api"
    report = first_with(records, "err_code", "ErrCode", "ErrorCode")
    refused = _CODE.search(text.plain)
    if report and not refused:
        code = value(report, "err_code", "ErrCode", "ErrorCode")
        namespace, kind = "status", TextKind.REPORT
    else:
        answer = value(first_with(records, "Code"), "Code")
        code = refused[0] if refused else "" if answer == "OK" else answer
        kind = TextKind.RESPONSE
    waiting = value(report, "SendStatus") in _WAITING
    number = _number(value(report, "phone_number", "PhoneNum", "To"), abroad=abroad)
    return Said(
        "alibaba",
        kind,
        seen("alibaba", namespace, code, CAUSES, is_final=not waiting),
        number,
        [number] if number else [],
        value(report or first_with(records, "BizId"), "biz_id", "BizId", "MessageId"),
    )


def _number(written: str, *, abroad: bool) -> str:
    """The international product writes the country code without a plus."""
    return f"+{written}" if abroad and written.isdigit() else written
