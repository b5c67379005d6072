"""Findings: what look-ups, pasted text and the clock say, in three values that never mix.

A fact is *unknown* when evidence holds no finding for it (not looked up, or the look-up failed),
*empty* when a finding says that it was looked up and nothing is there, and *known* otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final


class Empty(Enum):
    """The value of a fact that was looked up and is not there."""

    EMPTY = "empty"


EMPTY: Final = Empty.EMPTY

Value = str | int | float | bool | datetime | Empty


class Kind(Enum):
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
    """

    name: str
    kind: Kind
    label: str
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
    Fact("api.error", Kind.CHOICE, "How the send call ended", ("timeout", "tls", "http")),
    Fact("api.http_status", Kind.NUMBER, "HTTP status of the send call"),
    Fact("api.code", Kind.TEXT, "Code in the answer of the send call"),
    Fact("api.status", Kind.TEXT, "Status of this number in the answer of the send call"),
    Fact("report.present", Kind.YES_NO, "A status report has come"),
    Fact("report.status", Kind.TEXT, "Status in the status report"),
    Fact("report.source", Kind.CHOICE, "Who made the status report", ("1", "2", "3")),
    Fact("report.callback", Kind.YES_NO, "The send request named an address for reports"),
    Fact("message.accepted_at", Kind.MOMENT, "When the platform accepted the message"),
    Fact(
        "message.age", Kind.NUMBER, "Hours since the platform accepted the message", by_clock=True
    ),
    Fact("message.region", Kind.CHOICE, "Where the number belongs", ("mainland", "international")),
    Fact("message.channel", Kind.CHOICE, "How the message was sent", ("api", "console")),
    Fact(
        "message.peers",
        Kind.CHOICE,
        "What else failed in the last day",
        ("one-number", "same-text", "many-numbers", "one-country"),
    ),
    Fact(
        "console.result",
        Kind.CHOICE,
        "Send Result on the console page Sending Details",
        ("successful", "failed", "sending", "none"),
    ),
    Fact("account.arrears", Kind.YES_NO, "Money is owed"),
    Fact("account.state", Kind.CHOICE, "State of the account", ("ok", "violation", "inactive")),
    Fact("account.mode", Kind.CHOICE, "What happens after the package", ("1", "2")),
    Fact("package.remaining", Kind.NUMBER, "SMS left in the package"),
    Fact("messages.failed_last_hour", Kind.NUMBER, "SMS that failed in the last hour"),
    Fact("application.status", Kind.TEXT, "State of the application"),
    Fact("signature.status", Kind.TEXT, "State of the signature"),
    Fact("template.status", Kind.TEXT, "State of the template"),
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
