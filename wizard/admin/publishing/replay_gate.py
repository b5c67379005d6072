"""Who has looked at which replay, and whether that lets them publish.

What was shown stands in the session of the person to whom it was shown: of each guide the last
replay, with the digest of the draft that it was made of. Another draft needs another look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from wizard.admin.publishing import replay_words
from wizard.authoring import replaying
from wizard.authoring.replaying import SampleReplay, Tally
from wizard.engine.replay import Result
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide
from wizard.wording import numbers

_KEY: Final = "replays"
_AT_ONCE: Final = 1_000
"""So many cases are replayed while the Publish page waits; it takes a fraction of a second."""

_FIELD: Final = "replay_looked_at"


@dataclass(frozen=True, slots=True)
class ReplaySeen:
    """What a replay said. `at`: when it began, so that cases changed since are not in it.

    `right` and `wrong` count the labelled samples that lead where they must, and that do not.
    """

    digest: str
    at: datetime
    counts: Mapping[Result, int]
    right: int = 0
    wrong: int = 0

    @classmethod
    def at_replay(
        cls, draft: Snapshot, at: datetime, tally: Tally, samples: list[SampleReplay]
    ) -> Self:
        right = sum(sample.is_right for sample in samples)
        return cls(draft.digest, at, tally.counts, right, len(samples) - right)

    @property
    def elsewhere(self) -> int:
        """How many have to be looked at before the draft is published."""
        return self.counts.get(Result.ELSEWHERE, 0) + self.wrong

    @property
    def sentences(self) -> list[str]:
        """What it said, in words."""
        said = (
            replay_words.summary(self.counts),
            replay_words.summary_of_samples(self.right, self.wrong),
        )
        return [sentence for sentence in said if sentence]


def remember(request: HttpRequest, guide: Guide, look: ReplaySeen) -> None:
    """Keep what this person was shown.

    The session is written here and not by its middleware: that is done before a page is streamed.
    """
    session = type(request.session)(request.session.session_key)
    replays = session.get(_KEY, {})
    if session.session_key is None:
        return  # they have logged out meanwhile
    kept = {
        "digest": look.digest,
        "at": look.at.isoformat(),
        "counts": {result.value: count for result, count in look.counts.items()},
        "samples": [look.right, look.wrong],
    }
    session[_KEY] = replays | {str(guide.pk): kept}
    session.save()


def last(request: HttpRequest, guide: Guide, digest: str) -> ReplaySeen | None:
    """What this person was last shown of this very draft."""
    kept = request.session.get(_KEY, {}).get(str(guide.pk))
    if kept is None or kept["digest"] != digest:
        return None
    counts = {Result(name): count for name, count in kept["counts"].items()}
    return ReplaySeen(digest, datetime.fromisoformat(kept["at"]), counts, *kept["samples"])


# --- before publishing ----------------------------------------------------------------------------


class GateState(StrEnum):
    """What stands in the way of publishing.

    CLEAR: nothing. TOO_MANY: there are too many cases to replay them in passing, so nobody knows.
    UNSEEN: cases end elsewhere, and this person has not looked at them. SEEN: they have looked, and
    have to say so.
    """

    CLEAR = "clear"
    TOO_MANY = "too-many"
    UNSEEN = "unseen"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class PublishGate:
    """What replay says to somebody who wants to publish. `look` is None where nothing is known."""

    state: GateState = GateState.CLEAR
    look: ReplaySeen | None = None

    @property
    def must_look(self) -> bool:
        return self.state in {GateState.TOO_MANY, GateState.UNSEEN}

    @property
    def is_too_many(self) -> bool:
        return self.state is GateState.TOO_MANY

    @property
    def field(self) -> str:
        """The name of the box to tick; its value is the digest of the draft."""
        return _FIELD

    @property
    def label(self) -> str:
        """What is to be ticked, "" if nothing is."""
        if self.state is not GateState.SEEN or self.look is None:
            return ""
        count = self.look.elsewhere
        words = {"n": numbers.number(count)}
        if not self.look.wrong:
            return ngettext(
                "I have looked at the %(n)s case that ends elsewhere",
                "I have looked at the %(n)s cases that end elsewhere",
                count,
            ) % words  # fmt: skip
        return ngettext(
            "I have looked at the %(n)s case or sample that ends elsewhere",
            "I have looked at the %(n)s cases and samples that end elsewhere",
            count,
        ) % words  # fmt: skip

    def stops(self, request: HttpRequest) -> bool:
        """Whether what was sent may not be published."""
        if self.must_look:
            return True
        return self.look is not None and bool(self.label) and not self._is_ticked(request)

    def _is_ticked(self, request: HttpRequest) -> bool:
        return self.look is not None and request.POST.get(self.field) == self.look.digest


def gate_of(request: HttpRequest, guide: Guide, draft: Snapshot | None) -> PublishGate:
    """What replay says of a draft, None if it cannot be read.

    Where this person has looked at it, nothing is replayed. Else the cases are, if they are few:
    all of them, or those that have changed since a replay in which none ended elsewhere.
    """
    if draft is None or guide.live is None:
        return PublishGate()
    if draft.digest == guide.live.digest:
        return PublishGate()
    seen = last(request, guide, draft.digest)
    if seen is not None and seen.elsewhere:
        return PublishGate(GateState.SEEN, seen)
    return _in_passing(guide, draft, seen)


def _in_passing(guide: Guide, draft: Snapshot, seen: ReplaySeen | None) -> PublishGate:
    now = timezone.now()
    cases = replaying.cases_of(guide, seen.at if seen else None)
    if cases[: _AT_ONCE + 1].count() > _AT_ONCE:
        return PublishGate(GateState.TOO_MANY, seen)
    *_, tally = replaying.through(draft, cases)
    samples = replaying.samples_of(guide, draft, now)
    found = ReplaySeen.at_replay(draft, now, tally, samples)
    if found.elsewhere:
        return PublishGate(GateState.UNSEEN, found)
    return PublishGate(GateState.CLEAR, seen or found)
