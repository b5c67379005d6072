"""Which status reports a message gets: the recipient's number decides, by its last four digits.

`SCENARIOS` is the table for trying things out; every other number is delivered. A real platform
gives up after 72 hours; here everything comes after the delay that the process was started with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wizard.sample_messages import fields
from wizard.simulator.accounts import SimulatedAccount

MAINLAND: Final = "+86"


@dataclass(frozen=True, slots=True)
class SimulatedMessage:
    """One SMS to one recipient, as the platform accepted it.

    Attributes:
        recipient: with `+` and country code.
        parts: from the text's length; a scenario may know better.
        callback: statusCallback of the send request; empty leaves the report to the batch address.
        verdict: the status that account or request brings about, whatever the number; or empty.
    """

    account: SimulatedAccount
    message_id: str
    recipient: str
    accepted_at: datetime
    parts: int = 1
    callback: str = ""
    extend: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One report.

    Attributes:
        source: "1" the SMS platform itself, "2" the carrier, "3" the Huawei platform.
        timed: whether it carries updateTime; what the platform makes up itself does not.
        turn: when it is pushed, in delays after the message was accepted.
        back: seconds by which its updateTime is older than that of the other reports.
    """

    status: str
    source: str = "2"
    sequence: int = 1
    timed: bool = True
    turn: int = 1
    back: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """What becomes of a message. `parts` 0: as many as the text has, each with the same steps."""

    about: str
    steps: tuple[ReportStep, ...]
    parts: int = 0


def _platform(status: str, source: str = "3") -> tuple[ReportStep, ...]:
    """The platform's own have no updateTime (`docs/facts/protocols.md`, "Single reports")."""
    return (ReportStep(status, source, timed=False),)


DELIVERED: Final = Scenario("DELIVRD from the carrier", (ReportStep("DELIVRD"),))

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "0001": DELIVERED,
    "0002": Scenario("UNDELIV from the carrier", (ReportStep("UNDELIV"),)),
    "0003": Scenario(
        "EXPIRED, the carrier's own verdict (with updateTime)", (ReportStep("EXPIRED"),)
    ),
    "0004": Scenario("EXPIRED, because nobody answered (no updateTime)", _platform("EXPIRED", "1")),
    "0005": Scenario("E200027 from the Huawei platform", _platform("E200027")),
    "0006": Scenario("MK:0001 from the carrier", (ReportStep("MK:0001"),)),
    "0007": Scenario("two parts; the second one's report never comes", (ReportStep("DELIVRD"),), 2),
    "0008": Scenario(
        "DELIVRD, and then the older ACCEPTD",
        (ReportStep("DELIVRD"), ReportStep("ACCEPTD", turn=2, back=1)),
    ),
    "0009": Scenario(
        "the same DELIVRD three times",
        (ReportStep("DELIVRD"), ReportStep("DELIVRD", turn=2), ReportStep("DELIVRD", turn=3)),
    ),
    "0010": Scenario("never any report", ()),
    "0011": Scenario(
        "two parts, both delivered, the second one first",
        (ReportStep("DELIVRD", sequence=2), ReportStep("DELIVRD", turn=2)),
        2,
    ),
    "0012": Scenario(
        "two parts, one delivered, one not",
        (ReportStep("DELIVRD"), ReportStep("UNDELIV", sequence=2)),
        2,
    ),
    "0013": Scenario("REJECTD from the carrier", (ReportStep("REJECTD"),)),
    "0014": Scenario("SMGPERR:52, longer than the documents allow", (ReportStep("SMGPERR:52"),)),
    "0015": Scenario("LIMIT: the day's limit of the number", _platform("LIMIT")),
    "0016": Scenario("MILIMIT: the minute's limit of the number", _platform("MILIMIT")),
    "0017": Scenario("BLACK: on a blocklist", (ReportStep("BLACK"),)),
    "0018": Scenario("KEYWORD: stopped for its content", (ReportStep("KEYWORD"),)),
    "0019": Scenario("SC:0001: stopped in manual review", _platform("SC:0001")),
    "0020": Scenario("E000629: package used up", _platform("E000629")),
    "0021": Scenario("UNKNOWN from the carrier", (ReportStep("UNKNOWN"),)),
    "0022": Scenario("DELETED from the carrier", (ReportStep("DELETED"),)),
    "0023": Scenario("ZZ:9999, a code that no catalogue has", (ReportStep("ZZ:9999"),)),
    "0024": Scenario("DELIVRD, ten times as late", (ReportStep("DELIVRD", turn=10),)),
    "0025": Scenario("ACCEPTD, and nothing final after it", (ReportStep("ACCEPTD"),)),
}

REFUSED_AT_ONCE: Final[Mapping[str, str]] = {
    "9015": "E200015",
    "9031": "E200031",
    "9048": "E200048",
}
"""Endings of numbers that the send response itself refuses, with the status they get."""


def scenario_of(message: SimulatedMessage) -> Scenario:
    if message.verdict:
        return Scenario(message.verdict, _platform(message.verdict))
    return SCENARIOS.get(message.recipient[-4:], DELIVERED)


def parts_of(message: SimulatedMessage) -> int:
    """The number of parts: `total` in the response and in the reports."""
    return scenario_of(message).parts or message.parts


def reports_of(message: SimulatedMessage, delay: float) -> Iterator[tuple[float, dict[str, str]]]:
    """The reports of a message: seconds after its acceptance, and the report's fields."""
    scenario = scenario_of(message)
    sequences = (None,) if scenario.parts else range(1, message.parts + 1)
    moment = message.accepted_at + timedelta(seconds=delay)
    for step in scenario.steps:
        for sequence in sequences:
            part = step.sequence if sequence is None else sequence
            yield step.turn * delay, _fields(message, step, part, moment)


def _fields(
    message: SimulatedMessage, step: ReportStep, part: int, moment: datetime
) -> dict[str, str]:
    abroad = not message.recipient.startswith(MAINLAND)
    return fields(
        message_id=message.message_id,
        status=step.status,
        source=step.source,
        sequence=part,
        total=parts_of(message),
        # The far network's own code is passed through for recipients abroad only.
        org_code="000" if abroad and step.source == "2" else "",
        updated_at=moment - timedelta(seconds=step.back) if step.timed else None,
        extend=message.extend,
        recipient=message.recipient,
    )
