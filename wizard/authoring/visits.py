"""Visits: which nodes the newest stored cases of a guide have come by, and whether it helped."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.core.cache import cache

from wizard.authoring import replaying
from wizard.engine.replay import rewalk
from wizard.engine.walk import Walk
from wizard.models import Guide
from wizard.published.live import live

CASES: Final = 2_000
"""So many of the newest cases are walked; it takes a fraction of a second."""

KEPT_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Visits:
    """Counts by the key of a node, of the newest cases of a guide.

    `cases` is how many those are. `solved` and `failing` count what people said at an outcome: that
    it works now; that it still fails, or that they cannot do what it takes.
    """

    cases: int = 0
    nodes: Mapping[str, int] = field(default_factory=dict)
    solved: Mapping[str, int] = field(default_factory=dict)
    failing: Mapping[str, int] = field(default_factory=dict)

    def told(self, key: str) -> int:
        """How many people said at an outcome what came of it."""
        return self.solved.get(key, 0) + self.failing.get(key, 0)


def visits_of(guide: Guide) -> Visits:
    """The visits of a guide's nodes; those of some minutes ago will do.

    Each case is walked through the publication that it began with, with its own answers, evidence
    and clock. Keys are stable: a draft shows by them what its older versions have met.
    """
    # What is kept is pickled by the place of its class: where that moves, the key changes.
    key = f"visits-2:{guide.pk}"
    known: Visits | None = cache.get(key)
    if known is None:
        known = _count(_walks(guide))
        cache.set(key, known, KEPT_SECONDS)
    return known


def _walks(guide: Guide) -> Iterator[Walk]:
    """The walks of the newest cases: two queries."""
    newest = replaying.cases_of(guide).order_by("-pk")
    rows = list(newest.values_list("publication_id", *replaying.COLUMNS)[:CASES])
    versions = live.several_as_written({publication for publication, *_ in rows})
    for publication, _pk, *columns in rows:
        yield rewalk(replaying.recorded(*columns), versions[publication])


def _count(walks: Iterable[Walk]) -> Visits:
    cases = 0
    nodes: Counter[str] = Counter()
    solved: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    for walk in walks:
        cases += 1
        # The last step of a walk that is over is also where it rests.
        nodes.update({step.key for step in walk.trail} | {walk.place})
        failing.update(step.key for step in walk.tried if step.feedback != "yes")
        solved.update(step.key for step in walk.tried if step.feedback == "yes")
    return Visits(cases, dict(nodes), dict(solved), dict(failing))
