"""Huawei's reader, the last one: what nobody else says is theirs may be Huawei's, or nobody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from wizard.engine.evidence import Value
from wizard.providers.base import Known, PlainText, Said, SeenCode, TextKind, codes_of, evidence_of
from wizard.providers.huawei.fields import Fields, fields_of
from wizard.providers.huawei.reports import read_reports
from wizard.providers.huawei.responses import read_response
from wizard.providers.huawei.sorting import sorted_out
from wizard.providers.huawei.words import read_words
from wizard.providers.names import CONSOLE
from wizard.sms.numbers import region_of


def read(text: PlainText, known: Known) -> Said:
    """Say what the text is to Huawei's platform. Never None: what it cannot read are words."""
    records = fields_of(text.records)
    rows = [record for record in records if CONSOLE in record]
    responses, reports = sorted_out([record for record in records if CONSOLE not in record])
    if reports:
        return read_reports(reports, responses)
    if responses and (responses[0].code or responses[0].entries):
        return read_response(responses, text.plain)
    if rows:
        return _read_rows(rows)
    said = read_words(text.plain, text.typed, known)
    request = _request(records)
    if request and said.kind in {TextKind.WORDS, TextKind.NUMBER}:
        return _read_request(request, said)
    return said


_RESULTS: Final[Mapping[str, str]] = {
    "successful": "successful",
    "success": "successful",
    "成功": "successful",
    "发送成功": "successful",
    "failed": "failed",
    "failure": "failed",
    "失败": "failed",
    "发送失败": "failed",
    "sending": "sending",
    "发送中": "sending",
    "2": "sending",
}
"""What the console says of an SMS, and what stands in its exports."""


def _read_rows(rows: Sequence[Fields]) -> Said:
    """Rows of Sending Details; of several the first that failed is told."""
    row = min(rows, key=_standing)
    status, result = row.get("status") or "", _result(row)
    number = row.get("to") or ""
    delivered = {"": "", "DELIVRD": "successful"}.get(status, "failed")
    values: dict[str, Value | None] = {
        "report.status": status,
        "console.result": result or delivered,
        "message.region": region_of(number),
    }
    return Said(
        "huawei",
        TextKind.ROW,
        codes_of(SeenCode("status", each.get("status") or "", "report") for each in (row, *rows)),
        number=number,
        numbers=[other for each in rows if (other := each.get("to"))],
        message_id=row.get("smsmsgid") or "",
        evidence=evidence_of(values),
    )


def _result(row: Fields) -> str:
    return _RESULTS.get((row.get("sendresult") or "").lower(), "")


def _standing(row: Fields) -> int:
    status, result = row.get("status"), _result(row)
    if (status and status != "DELIVRD") or result == "failed":
        return 0
    return 1 if result == "sending" or not status else 2


_OF_A_REQUEST: Final = frozenset({"from", "to", "templateid", "templateparas", "statuscallback"})


def _request(records: Sequence[Fields]) -> Fields:
    """The first record that has what a send request needs, and nothing of an answer."""
    return next(
        (
            record
            for record in records
            if len(record.keys() & _OF_A_REQUEST) > 2 and "templateid" in record
        ),
        {},
    )


def _read_request(request: Fields, said: Said) -> Said:
    number = request.get("to") or said.number
    asked = {"report.callback": True} if "statuscallback" in request else {}
    return replace(
        said,
        provider="huawei",
        kind=TextKind.REQUEST,
        number=number,
        numbers=said.numbers or ([number] if number else []),
        evidence=evidence_of({**asked, "message.region": region_of(number)}),
    )
