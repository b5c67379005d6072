"""Tencent's reader. Words such as FailedOperation are all of Tencent Cloud's, and no sign alone.

In its receipts `errmsg` has the code and `description` the words. A SerialNo such as `5000:1045...`
looks like a supplier's code of Huawei, so this one reads first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from wizard.providers.base import PlainText, Said, TextKind
from wizard.providers.causes import Cause
from wizard.providers.signs import first_with, has, mentions, seen, value
from wizard.providers.tencent.codes import BEGINNINGS, CAUSES

NAMES: Final = frozenset(
    "reportstatus errmsg sid nationcode mobile userreceivetime serialno phonenumber code message "
    "description smssdkappid sdkappid result countrycode subscribernumber ext".split()
)

_SIGNS: Final = (
    *("sendstatusset", "smssdkappid", "tencentcloud", "sdkappid", "yun.tim.qq.com", "qcloudsms"),
    "腾讯云",
)

_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9_.])(?:FailedOperation|LimitExceeded|UnauthorizedOperation|AuthFailure"
    r"|UnsupportedOperation|InvalidParameterValue|InvalidParameter|MissingParameter|InternalError)"
    r"(?:\.[A-Za-z]{3,60})?(?![A-Za-z0-9_])"
)

_OLD_CODE: Final = re.compile(r"1[0-9]{3}|60008")


def read(text: PlainText) -> Said | None:
    """Its names of fields, its hosts, its SDK; or the three fields of a push together."""
    records = text.records
    pushed = has(records, "report_status", "errmsg") or has(records, "SerialNo", "PhoneNumber")
    if not (pushed or mentions(text.small, _SIGNS)):
        return None
    report = first_with(records, "report_status", "ReportStatus")
    if report:
        code, kind = value(report, "errmsg", "Description"), TextKind.REPORT
        code = "" if " " in code or not code.isascii() else code
    else:
        code, kind = _refused(text), TextKind.RESPONSE
    about = report or first_with(records, "PhoneNumber", "mobile")
    number = value(about, "PhoneNumber") or _number(
        value(about, "nationcode"), value(about, "mobile")
    )
    return Said(
        "tencent",
        kind,
        seen("tencent", "status" if report else "api", code, _causes(code)),
        number,
        [number] if number else [],
        value(about, "SerialNo", "sid"),
    )


def _refused(text: PlainText) -> str:
    found = _CODE.search(text.plain)
    if found:
        return found[0]
    result = value(first_with(text.records, "result"), "result")
    return result if _OLD_CODE.fullmatch(result) else ""


def _causes(code: str) -> Mapping[str, Cause]:
    if code in CAUSES:
        return CAUSES
    alike = [cause for start, cause in BEGINNINGS.items() if code.startswith(start)]
    return dict.fromkeys([code], alike[0]) if alike else {}


def _number(country: str, national: str) -> str:
    return f"+{country}{national}" if country and national else national
