"""The answer of a send call: its codes and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.engine.evidence import Finding, Value
from wizard.providers.base import Said, SeenCode, TextKind, codes_of, evidence_of
from wizard.providers.call_errors import http_status
from wizard.providers.huawei.fields import Fields, moment_of
from wizard.providers.huawei.sorting import Response, api_status, is_refused, number_of
from wizard.sms.numbers import phones_in, region_of


def read_response(responses: Sequence[Response], text: str) -> Said:
    """Tell the first response that failed; what belongs to another one is not mixed in."""
    response = next((response for response in responses if response.failed), responses[0])
    entries = response.entries
    entry = next((e for e in entries if is_refused(e)), entries[0] if entries else {})
    numbers = [number for each in entries if (number := number_of(each))]
    if not entries and len(responses) == 1:  # an error: the log line around it may say for whom
        numbers = phones_in(text)
    number = number_of(entry) if entries else next(iter(numbers), "")
    around: dict[str, Value | None] = {
        "api.http_status": http_status(text),
        "message.region": region_of(number),
    }
    return Said(
        "huawei",
        TextKind.RESPONSE,
        codes=response_codes(response),
        number=number,
        numbers=numbers,
        message_id=entry.get("smsmsgid") or "",
        evidence=response_evidence(response.code, entry) | evidence_of(around),
    )


def response_codes(response: Response) -> tuple[SeenCode, ...]:
    statuses = [SeenCode("api", api_status(entry), "status") for entry in response.entries]
    return codes_of(
        [
            *(seen for seen in statuses if seen.code != "000000"),
            SeenCode("api", response.code, "code"),
            *(seen for seen in statuses if seen.code == "000000"),
        ]
    )


def response_evidence(code: str, entry: Fields) -> dict[str, Finding]:
    read_at = moment_of(entry.get("createtime"))
    values: dict[str, Value | None] = {
        "api.code": code,
        "api.status": api_status(entry),
        # A number that was refused has a time too, but nobody has accepted it.
        "message.accepted_at": None if is_refused(entry) else read_at,
        "message.region": region_of(number_of(entry)),
    }
    return evidence_of(values, read_at)
