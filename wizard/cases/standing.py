"""Where a case stands now: what is known, and where that leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wizard.engine.evidence import Evidence, from_json, merge
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Walk, walk
from wizard.models import Case
from wizard.published.live import live


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands now: its guide, what is known, and where that leads."""

    case: Case
    snapshot: Snapshot
    evidence: Evidence
    walk: Walk
    now: datetime
    _without: dict[str, Walk] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def place(self) -> str:
        """The key of the node where the walk rests."""
        return self.walk.place

    def walk_with(self, answers: Mapping[str, str]) -> Walk:
        """The walk if these had been the answers."""
        return walk(self.snapshot, answers, self.evidence, self.now, self.case.start)

    def without(self, key: str) -> Walk:
        """The walk if nothing had been given at this node; walked once, whoever asks for it."""
        if key not in self._without:
            answers = self.case.answers
            others = {name: value for name, value in answers.items() if name != key}
            self._without[key] = self.walk_with(others)
        return self._without[key]

    @property
    def running(self) -> list[str]:
        """Look-ups that have not come back."""
        return [name for name, entry in self.case.lookups.items() if entry["state"] == "running"]


def standing(case: Case, now: datetime) -> Standing:
    """Where a case stands. One query at most: its publication, if this process has not met it."""
    snapshot = live.pinned(case.publication_id)
    found = _evidence(case)
    return Standing(
        case, snapshot, found, walk(snapshot, case.answers, found, now, case.start), now
    )


def _evidence(case: Case) -> Evidence:
    looked_up = [
        finding
        for entry in case.lookups.values()
        for finding in from_json(entry.get("findings", []))
    ]
    return merge(from_json(case.pasted), from_json(case.reports), looked_up)
