"""Findings: what look-ups, pasted text and the clock say, in three values that never mix.

A fact is *unknown* when evidence holds no finding for it (not looked up, or the look-up failed),
*empty* when a finding says that it was looked up and nothing is there, and *known* otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from wizard.engine.lists import REGIONS, REPORT_SOURCES


class Empty(Enum):
    """The value of a fact that was looked up and is not there."""

    EMPTY = "empty"


EMPTY: Final = Empty.EMPTY

Value = str | int | float | bool | datetime | Empty


class FactKind(Enum):
    """What values a fact can take."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    YES_NO = "yes or no"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known without asking.

    `choices` lists the values of a CHOICE fact; `by_clock` marks a fact that `now` is needed for.
    What a person reads for it and for its values stands in `wizard/wording/evidence.py`.
    """

    name: str
    kind: FactKind
    choices: tuple[str, ...] = ()
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source says about one fact.

    `observed_at` is when the source was read (aware), None for text that a person pasted
    and that carries no time of its own.
    """

    fact: str
    value: Value
    source: str
    observed_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.value is EMPTY


Evidence = Mapping[str, Finding]
"""Findings by the name of their fact. A name that is missing is *unknown*."""


def _registry(*facts: Fact) -> Mapping[str, Fact]:
    return {fact.name: fact for fact in facts}


FACTS: Final = _registry(
    Fact("api.error", FactKind.CHOICE, ("timeout", "tls", "http")),
    Fact(
        "api.connection",
        FactKind.CHOICE,
        (
            *("name", "connect", "refused", "unreachable"),
            *("connect-timeout", "reset", "read-timeout"),
        ),
    ),
    Fact("api.tls", FactKind.CHOICE, ("trust", "name", "expired", "protocol")),
    Fact("api.host", FactKind.CHOICE, ("old", "wrong")),
    Fact("api.management", FactKind.TEXT),
    Fact("api.http_status", FactKind.NUMBER),
    Fact("api.code", FactKind.TEXT),
    Fact("api.status", FactKind.TEXT),
    Fact("report.present", FactKind.YES_NO),
    Fact("report.status", FactKind.TEXT),
    Fact("report.source", FactKind.CHOICE, REPORT_SOURCES),
    Fact("report.timed", FactKind.YES_NO),
    Fact("report.org_code", FactKind.TEXT),
    Fact("report.parts", FactKind.NUMBER),
    Fact("report.parts_delivered", FactKind.NUMBER),
    Fact("report.callback", FactKind.YES_NO),
    Fact("message.accepted_at", FactKind.MOMENT),
    Fact("message.age", FactKind.NUMBER, by_clock=True),
    Fact("message.region", FactKind.CHOICE, REGIONS),
    Fact("message.channel", FactKind.CHOICE, ("api", "console")),
    Fact(
        "message.peers", FactKind.CHOICE, ("one-number", "same-text", "many-numbers", "one-country")
    ),
    Fact("console.result", FactKind.CHOICE, ("successful", "failed", "sending", "none")),
    Fact("account.arrears", FactKind.YES_NO),
    Fact("account.state", FactKind.CHOICE, ("ok", "violation", "inactive")),
    Fact("account.mode", FactKind.CHOICE, ("1", "2")),
    Fact("package.remaining", FactKind.NUMBER),
    Fact("messages.failed_last_hour", FactKind.NUMBER),
    Fact("application.status", FactKind.TEXT),
    Fact("signature.status", FactKind.TEXT),
    Fact("template.status", FactKind.TEXT),
)
"""The closed registry: rules may use these facts and no others."""


def with_clock(evidence: Evidence, now: datetime) -> Evidence:
    """Add what follows from the time: `message.age` in hours, where the acceptance time is known.

    The 72 hours in which a status report may come start at `createTime` of the send response.
    A time of acceptance in the future counts as age 0: clocks differ by seconds. A time without
    its zone could be hours off, so no age follows from it.
    """
    accepted = evidence.get("message.accepted_at")
    if accepted is None or not isinstance(accepted.value, datetime):
        return evidence
    if accepted.value.utcoffset() is None:
        return evidence
    hours = max((now - accepted.value) / timedelta(hours=1), 0.0)
    age = Finding("message.age", hours, accepted.source, now)
    return {**evidence, age.fact: age}


def merge(
    pasted: Iterable[Finding], reports: Iterable[Finding], looked_up: Iterable[Finding]
) -> Evidence:
    """One finding for each fact.

    What is stored or looked up is nearer to the platform than a pasted text, so it wins; but that
    no report is stored does not undo a report that somebody holds in their hands.
    """
    found = {finding.fact: finding for finding in pasted}
    stored = {finding.fact: finding for finding in reports}
    present = stored.get("report.present")
    if present is not None and present.value is True:
        found = {fact: f for fact, f in found.items() if not fact.startswith("report.")}
    elif present is not None and "report.present" in found:
        stored = {}
    return {**found, **stored, **{finding.fact: finding for finding in looked_up}}


def to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a case keeps them."""
    return [
        {
            "fact": finding.fact,
            **_value_to_json(finding.value),
            "source": finding.source,
            "at": finding.observed_at.isoformat() if finding.observed_at else None,
        }
        for finding in findings
    ]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings that `to_json` wrote."""
    return [
        Finding(row["fact"], _value_from_json(row), row["source"], _moment(row["at"]))
        for row in rows
    ]


def _value_to_json(value: Value) -> dict[str, Any]:
    if value is EMPTY:
        return {"empty": True}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"value": value}


def _value_from_json(row: Mapping[str, Any]) -> Value:
    if row.get("empty"):
        return EMPTY
    moment = _moment(row.get("moment"))
    return moment if moment is not None else row["value"]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
