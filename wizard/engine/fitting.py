"""Which of several guides fits what is known: the one whose rules make most of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wizard.engine.evidence import Evidence
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Walk, walk


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """How well a guide fits some evidence; the greatest fits best.

    Authors decide it by their rules. `used` is how many facts answer a question of the guide, and
    `arrived` whether they suffice for an outcome. Of two guides that make as much of the same
    evidence, the one that has less to ask on the way begins nearer to the trouble: `nearness` is
    the number of questions that the evidence decided, counted below zero. Where a rule says that
    the evidence cannot tell (an unsure answer), nothing was decided.
    """

    used: int
    arrived: bool
    nearness: int


def fit(snapshot: Snapshot, evidence: Evidence, now: datetime) -> Fit:
    """How well a guide fits, by a walk with this evidence and no answer of a person."""
    return fit_of(walk(snapshot, {}, evidence, now))


def fit_of(walked: Walk) -> Fit:
    """The same of such a walk, for those who go on with it."""
    used = {finding.fact for step in walked.answered for finding in step.because}
    decided = [step for step in walked.answered if step.answer is None or not step.answer.unsure]
    return Fit(len(used), walked.outcome is not None, -len(decided))
