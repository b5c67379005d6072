"""Status reports in a text: of which message, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from wizard.engine.evidence import EMPTY, Finding, Value
from wizard.providers.base import Said, SeenCode, TextKind, codes_of, evidence_of
from wizard.providers.huawei.fields import Fields, moment_of
from wizard.providers.huawei.responses import response_codes, response_evidence
from wizard.providers.huawei.sorting import Response, number_of
from wizard.sms.delivery import PASSING, DeliveryState, Report, delivery_of
from wizard.sms.numbers import region_of


def read_reports(reports: Sequence[Fields], responses: Sequence[Response]) -> Said:
    messages: dict[str, list[Fields]] = {}
    for report in reports:
        messages.setdefault(report.get("smsmsgid") or "", []).append(report)
    verdicts = sorted(map(_verdict, messages.values()), key=lambda verdict: verdict[0])
    standing, report = verdicts[0]
    message_id = report.get("smsmsgid") or ""
    telling = chain((report for _, report in verdicts), reports)
    response, entry = _response_of(message_id, responses)
    numbers = [number for each in reports if (number := number_of(each))]
    number = next(filter(None, map(number_of, [report, *messages[message_id], entry])), "")
    return Said(
        "huawei",
        TextKind.REPORT,
        codes=codes_of(
            [
                *(SeenCode("status", each.get("status") or "", "report") for each in telling),
                *response_codes(response),
            ]
        ),
        number=number,
        numbers=[*numbers, number] if number else numbers,
        message_id=message_id,
        evidence=evidence_of({"message.region": region_of(number)})
        | response_evidence(response.code, entry)
        | _report_evidence(standing, report, messages[message_id]),
    )


def _response_of(message_id: str, responses: Iterable[Response]) -> tuple[Response, Fields]:
    """What was answered for this very message; a response about another one says nothing here."""
    for response in responses:
        for entry in response.entries:
            if message_id and entry.get("smsmsgid") == message_id:
                return Response(response.code, [entry]), entry
    return Response(), {}


def _verdict(reports: Sequence[Fields]) -> tuple[DeliveryState, Fields]:
    """How one message stands, and the report that says so."""
    standing, place = delivery_of([_report(fields) for fields in reports])
    return standing, reports[place]


def _report(fields: Fields) -> Report:
    return Report(
        status=fields.get("status") or "",
        source=fields.get("source") or "",
        sequence=_count(fields, "sequence"),
        total=_count(fields, "total"),
        updated_at=moment_of(fields.get("updatetime")),
    )


def _count(report: Fields, name: str) -> int:
    return max(int(report.get(name) or 1), 1)


def _report_evidence(
    standing: DeliveryState, report: Fields, parts: Sequence[Fields]
) -> dict[str, Finding]:
    """While parts are missing, the message is not delivered and not failed: the status is open."""
    status: Value | None = report.get("status") or (EMPTY if "status" in report else None)
    values: dict[str, Value | None] = {
        "report.present": True,
        "report.status": None if standing is DeliveryState.PARTIAL else status,
        "report.source": report.get("source"),
        "report.timed": None if _may_be_timed(report) else False,
        "report.org_code": (report.get("orgcode") or "").strip("0") and report["orgcode"],
        **_parts(parts),
    }
    return evidence_of(values, moment_of(report.get("updatetime")))


def _may_be_timed(report: Fields) -> bool:
    """A whole report without a time is the platform's own; of a piece of one nobody can say so."""
    whole = bool(report.get("smsmsgid") and report.get("status") and report.get("source"))
    return "updatetime" in report or not whole or report["status"] in {"DELIVRD", *PASSING}


def _parts(reports: Sequence[Fields]) -> dict[str, Value | None]:
    """Of an SMS in several parts: how many there are, and how many are known to have arrived."""
    total = max(_count(report, "total") for report in reports)
    arrived = {_count(each, "sequence") for each in reports if each.get("status") == "DELIVRD"}
    if total < 2:
        return {}
    return {"report.parts": total, "report.parts_delivered": min(len(arrived), total)}
