"""Which of a text's records are answers of a call, and which are status reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from wizard.providers.huawei.fields import Fields


@dataclass(slots=True)
class Response:
    """One answer of the send call: its code and a record for each number."""

    code: str = ""
    entries: list[Fields] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.code not in {"", "000000"} or any(map(is_refused, self.entries))


_ENTRY: Final = frozenset({"originto", "createtime", "smsmsgid", "status"})

_REPORT_ONLY: Final = frozenset({"sequence", "source", "updatetime", "orgcode"})

_API_STATUS: Final = re.compile(r"000000|E[0-9]{6}")


def sorted_out(records: Sequence[Fields]) -> tuple[list[Response], list[Fields]]:
    """Tell responses and reports apart; both have an ID and a status."""
    responses: list[Response] = []
    reports: list[Fields] = []
    coded = any(record.get("code") for record in records)
    for record in records:
        if code := record.get("code"):
            if not responses or responses[-1].code:
                responses.append(Response())
            responses[-1].code = code
        if _is_report(record, coded):
            reports.append(record)
        elif _is_entry(record, coded):
            if not responses:
                responses.append(Response())
            responses[-1].entries.append(record)
    return responses, reports


def _is_entry(record: Fields, coded: bool) -> bool:
    if coded:
        return bool(record.keys() & {"originto", "createtime"}) or bool(api_status(record))
    return bool(record.keys() & {"originto", "createtime"}) and len(record.keys() & _ENTRY) > 1


def _is_report(record: Fields, coded: bool) -> bool:
    """An ID with one more field of a report, or, if the ID was cut off, a status with two more.

    ID and status alone are a report unless a response stands in the same text.
    """
    marks = len(record.keys() & _REPORT_ONLY)
    if record.keys() & {"originto", "createtime"} or record.get("status") == "000000":
        return False
    if "smsmsgid" in record:
        return marks > 0 or ("status" in record and not coded)
    return "status" in record and marks > 1


def api_status(record: Fields) -> str:
    status = record.get("status") or ""
    return status if _API_STATUS.fullmatch(status) else ""


def is_refused(entry: Fields) -> bool:
    return api_status(entry) not in {"", "000000"}


def number_of(record: Fields) -> str:
    return record.get("originto") or record.get("to") or ""
