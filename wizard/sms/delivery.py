"""What the reports on one message say (`docs/facts/protocols.md`, "Reports on one message").

A long SMS is reported part by part, and reports come late, twice, out of order, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

PASSING: Final = frozenset({"ACCEPTD", "ENROUTE", "UNKNOWN"})
"""Statuses that another one may follow: they prove nothing and never overwrite a final one."""


class DeliveryState(IntEnum):
    """How a part or a message stands; the lowest of its parts is how a message stands."""

    FAILED = 0
    WAITING = 1
    PARTIAL = 2
    DELIVERED = 3


@dataclass(frozen=True, slots=True)
class Report:
    """One report on one part. `status` is "" where it says none, `updated_at` aware."""

    status: str = ""
    source: str = ""
    sequence: int = 1
    total: int = 1
    updated_at: datetime | None = None

    @property
    def standing(self) -> DeliveryState:
        if self.status == "DELIVRD":
            return DeliveryState.DELIVERED
        return DeliveryState.WAITING if self.status in {"", *PASSING} else DeliveryState.FAILED


def delivery_of(reports: Sequence[Report]) -> tuple[DeliveryState, int]:
    """How a message stands, and the place of the report that says so.

    Args:
        reports: at least one, all on one message, in the order of their coming.
    """
    parts: dict[int, list[int]] = {}
    for place, report in enumerate(reports):
        parts.setdefault(report.sequence, []).append(place)
    telling = [_of_part(reports, parts[sequence]) for sequence in sorted(parts)]
    place = min(telling, key=lambda place: reports[place].standing)
    standing = reports[place].standing
    missing = len(parts) < max(report.total for report in reports)
    if standing is DeliveryState.DELIVERED and missing:
        return DeliveryState.PARTIAL, place
    return standing, place


_ORDER: Final = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.WAITING)
_OLDEST: Final = datetime.min.replace(tzinfo=UTC)


def _of_part(reports: Sequence[Report], places: Sequence[int]) -> int:
    """Delivered beats everything, a final status beats a passing one, then the newest counts."""
    newest_first = sorted(places, key=lambda place: reports[place].updated_at or _OLDEST)[::-1]

    def rank(place: int) -> tuple[int, bool]:
        report = reports[place]
        # Among passing ones, a report with a status tells more than one without.
        return _ORDER.index(report.standing), not report.status

    return min(newest_first, key=rank)
