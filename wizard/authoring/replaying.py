"""Replay: every stored case of a guide, and the labelled samples, through its draft."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from wizard.engine import evidence
from wizard.engine.evidence import Evidence, Finding, Stored
from wizard.engine.replay import Recorded, Replayed, Replayer, Result, Verdict, replay, routing
from wizard.engine.snapshot import Snapshot
from wizard.models import Case, Guide
from wizard.pasted.reader import read
from wizard.published.live import live
from wizard.reports import findings
from wizard.sample_messages import SAMPLES, Sample, fields

_CHUNK: Final = 2_000
_EXAMPLES: Final = 20
_ALL_EXAMPLES: Final = 200
COLUMNS: Final = ("pk", "answers", "pasted", "reports", "lookups", "start", "changed_at")
"""What is read of a case: its primary key, and what `recorded` takes."""

_IN_JSON: Final = frozenset({"answers", "pasted", "reports", "lookups"})


@dataclass(slots=True)
class Move:
    """The cases that a draft takes from one place to another. `examples` are keys of the newest."""

    verdict: Verdict
    count: int = 0
    examples: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """How far a replay is, and what it has found so far. `total`: how many cases there are."""

    total: int
    done: int = 0
    moves: dict[Verdict, Move] = field(default_factory=dict)
    examples: int = 0

    @property
    def counts(self) -> Counter[Result]:
        """How many cases have had each result."""
        counts: Counter[Result] = Counter()
        for move in self.moves.values():
            counts[move.verdict.result] += move.count
        return counts

    def of(self, result: Result) -> list[Move]:
        """The moves with that result, the most frequent first."""
        found = [move for move in self.moves.values() if move.verdict.result is result]
        return sorted(found, key=lambda move: -move.count)

    def add(self, pk: int, verdict: Verdict) -> None:
        """Count a case."""
        self.done += 1
        move = self.moves.get(verdict)
        if move is None:
            move = self.moves[verdict] = Move(verdict)
        move.count += 1
        if verdict.result is Result.SAME or self.examples >= _ALL_EXAMPLES:
            return
        if len(move.examples) < _EXAMPLES:
            move.examples.append(pk)
            self.examples += 1


@dataclass(frozen=True, slots=True)
class Example:
    """One case in full: both walks. `number` is that of the case's publication."""

    pk: int
    reference: str
    number: int
    publication: Snapshot
    replayed: Replayed


# --- stored cases ---------------------------------------------------------------------------------


def cases_of(guide: Guide, since: datetime | None = None) -> QuerySet[Case]:
    """The stored cases of a guide, of all its publications; or those changed since then."""
    found = Case.objects.filter(publication__guide=guide)
    return found if since is None else found.filter(changed_at__gte=since)


def through(draft: Snapshot, cases: QuerySet[Case]) -> Iterator[Tally]:
    """Walk cases through a draft: one tally, given again and again as it grows, at last complete.

    The cases come in chunks, so that neither memory nor a transaction grows with their number. One
    that is opened meanwhile may be left out. Queries: two, one for each chunk, and one for each
    publication that is not in memory.
    """
    tally = Tally(total=cases.count())
    yield tally
    publications = cases.order_by("-publication_id").values_list("publication_id", flat=True)
    replayer, routed = None, None
    for publication in list(publications.distinct()):
        snapshot = live.pinned(publication)
        # Versions that differ in their words only lead alike: what is known of one serves the next.
        if replayer is None or routed != routing(snapshot):
            replayer, routed = Replayer(snapshot, draft), routing(snapshot)
        for chunk in _chunks(cases.filter(publication=publication)):
            for pk, *columns in chunk:
                tally.add(pk, replayer.verdict(_as_stored(*columns)))
            yield tally


def _chunks(cases: QuerySet[Case]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The columns of cases, the newest first; those in JSON as texts, to be read all at once."""
    texts = (Cast(name, TextField()) if name in _IN_JSON else name for name in COLUMNS)
    rows = cases.order_by("-pk").values_list(*texts)
    chunk = list(rows[:_CHUNK])
    while chunk:
        yield chunk
        last = chunk[-1][0]
        chunk = list(rows.filter(pk__lt=last)[:_CHUNK]) if len(chunk) == _CHUNK else []


def recorded(
    answers: Mapping[str, str],
    pasted: Sequence[Mapping[str, Any]],
    reports: Sequence[Mapping[str, Any]],
    lookups: Mapping[str, Any],
    start: str,
    changed_at: datetime,
) -> Recorded:
    """What the columns of a case give to a walk."""
    looked_up = [row for entry in lookups.values() for row in entry.get("findings", [])]
    return Recorded(answers, Stored(pasted, reports, looked_up), changed_at, start)


def _as_stored(
    answers: str, pasted: str, reports: str, lookups: str, start: str, changed_at: datetime
) -> Recorded:
    """The same of columns whose JSON was not read yet."""
    given, *found = json.loads(f"[{answers},{pasted},{reports},{lookups}]")
    return recorded(given, found[0], found[1], found[2], start, changed_at)


def examples(draft: Snapshot, pks: Iterable[int]) -> dict[int, Example]:
    """Cases by their primary keys, each with both walks. One query, beside the publications'."""
    columns = ("publication_id", "publication__number", "reference", *COLUMNS)
    rows = list(Case.objects.filter(pk__in=list(pks)).values_list(*columns))
    versions = {publication: live.pinned(publication) for publication in {row[0] for row in rows}}
    return {
        pk: Example(
            pk,
            reference,
            number,
            versions[publication],
            replay(recorded(*columns), versions[publication], draft),
        )
        for publication, number, reference, pk, *columns in rows
    }


# --- samples --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SampleReplay:
    """A labelled sample through publication and draft. `is_right`: the draft leads to its label."""

    sample: Sample
    replayed: Replayed

    @property
    def is_right(self) -> bool:
        return self.replayed.after.place == self.sample.outcome


def samples_of(guide: Guide, draft: Snapshot, now: datetime) -> list[SampleReplay]:
    """The labelled samples through what visitors read now and through the draft."""
    if guide.live_id is None:
        return []
    return samples_through(live.pinned(guide.live_id), draft, now)


def samples_through(publication: Snapshot, draft: Snapshot, now: datetime) -> list[SampleReplay]:
    """The labelled samples that one of the two versions leads where they must go.

    The evidence is what was pasted and what the status reports say. A sample that needs look-ups
    reaches its label in neither version, nor does one that is about another guide: they are left
    out.
    """
    found = []
    for sample in SAMPLES:
        case = Recorded({}, _evidence_of(sample, now), now)
        replayed = replay(case, publication, draft)
        ends = {replayed.before.place, replayed.after.place}
        if sample.outcome in ends:
            found.append(SampleReplay(sample, replayed))
    return found


def _evidence_of(sample: Sample, now: datetime) -> Evidence:
    """What is known of a sample without asking the platform."""
    pasted = read(sample.text(now))
    return evidence.merge(pasted.evidence.values(), _reported(sample, now), [])


def _reported(sample: Sample, now: datetime) -> Iterable[Finding]:
    """What its status reports say: read as if somebody had pasted them."""
    if sample.reports:
        return read(json.dumps(_reports(sample, now))).evidence.values()
    is_accepted = bool(read(sample.text(now)).message_id)
    return [Finding("report.present", False, findings.REPORTS, now)] if is_accepted else []


def _reports(sample: Sample, now: datetime) -> list[dict[str, str]]:
    accepted = now - timedelta(minutes=sample.age_minutes)
    return [
        fields(
            message_id=sample.message_id,
            status=report.status,
            source=report.source,
            sequence=report.sequence,
            total=report.total,
            org_code=report.org_code,
            updated_at=accepted + timedelta(minutes=report.minutes_after) if report.timed else None,
            extend=sample.key,
            recipient=sample.recipient,
        )
        for report in sample.reports
    ]
