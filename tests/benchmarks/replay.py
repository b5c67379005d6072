"""python -m tests.benchmarks.replay: every stored case through a draft that breaks one answer.

100,000 cases of the shipped guide are stored, of three publications: most with a status report,
many with look-ups, most with answers, and every one at a time of its own. Some statuses are more
frequent than others, and the account that is looked up is the site's own, mostly in good order. The
replay goes through all of them.

Beside it, on a sample, the plain loop: read each case, let `standing` find where it stands,
and walk it through the draft. Rounds of both take turns; what counts is the median of the ratios
within rounds, for machines change their speed.
"""

import os
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

CASES = int(os.environ.get("CASES", "100000"))
SAMPLE = min(20_000, CASES // 5)
ROUNDS = int(os.environ.get("ROUNDS", "5"))
GOAL_SECONDS = 60.0
BROKEN = ("expired", "undelivered")
"""Where the code EXPIRED leads in the publications, and where the draft lets it lead."""

_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_STATUSES = {"DELIVRD": 30, "UNDELIV": 25, "EXPIRED": 15, "REJECTD": 10, "BLACK": 5}
_RARE = ("MK:0001", "MK:0012", "MB:1049", "E200027", "KEYWORD", "MILIMIT", "SC:0001", "ACCEPTD")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        guide = _store()
        _report(*_measure(guide))


# --- what is stored -------------------------------------------------------------------------------


def _store() -> Any:
    import django

    django.setup()
    from django.core.management import call_command

    from wizard.models import Case, Guide, Publication

    call_command("migrate", verbosity=0)
    call_command("loadguide", "--publish", stdout=StringIO())
    guide = Guide.objects.get(slug="sms-not-received")
    publications = [guide.live, *(_older(guide.live, number) for number in (1001, 1002))]
    dice = random.Random(7)
    Case.objects.bulk_create(
        (_case(number, dice.choice(publications), dice) for number in range(CASES)),
        batch_size=2_000,
    )
    assert Publication.objects.filter(guide=guide).count() == 3
    return guide


def _older(live: Any, number: int) -> Any:
    from wizard.engine.document import digest_of
    from wizard.models import Publication

    document = deepcopy(live.snapshot)
    document["guide"]["summary"] = f"As of {number}."
    return Publication.objects.create(
        guide=live.guide, number=number, snapshot=document, digest=digest_of(document)
    )


def _case(number: int, publication: Any, dice: random.Random) -> Any:
    from wizard.models import Case

    at = _NOW - timedelta(minutes=dice.randrange(60 * 24 * 300), seconds=dice.randrange(60))
    case = Case(
        publication=publication,
        reference=f"C{number:09}",
        message_id=f"4b4b34e7-1a9e-42ac-b309-d10997148905_{number}",
        pasted=_findings(at, "pasted text", {"message.accepted_at": _accepted(at, dice)}),
        reports=_reports(at, dice),
        lookups=_lookups(at, dice) if dice.random() < 0.6 else {},
        opened_at=at,
        changed_at=at,
    )
    for _ in range(dice.randrange(5)):
        _answer(case, dice)
    return case


def _answer(case: Any, dice: random.Random) -> None:
    """Answer the question where the case stands, or say there that it still fails."""
    from wizard.cases import standing
    from wizard.engine.walk import AtOutcome, AtQuestion

    at = standing.standing(case, case.changed_at).walk.at
    if isinstance(at, AtQuestion) and at.question.answers:
        case.answers[at.question.key] = dice.choice(at.question.answers).key
    if isinstance(at, AtOutcome):
        case.answers[at.outcome.key] = dice.choice(["yes", "no", "cannot"])


def _accepted(at: datetime, dice: random.Random) -> datetime:
    return at - timedelta(seconds=dice.randrange(60 * 60 * 100))


def _findings(at: datetime, source: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    from wizard.engine import evidence
    from wizard.engine.evidence import Finding

    return evidence.to_json(Finding(fact, value, source, at) for fact, value in values.items())


def _reports(at: datetime, dice: random.Random) -> list[dict[str, Any]]:
    if dice.random() < 0.3:
        return _findings(at, "status reports", {"report.present": False})
    values = {
        "report.present": True,
        "report.status": _status(dice),
        "report.source": "2" if dice.random() < 0.8 else dice.choice("13"),
        "message.region": "mainland" if dice.random() < 0.9 else "international",
    }
    return _findings(at, "status reports", values)


def _status(dice: random.Random) -> str:
    if dice.random() < 0.1:
        return dice.choice(_RARE)
    return dice.choices(list(_STATUSES), list(_STATUSES.values()))[0]


def _lookups(at: datetime, dice: random.Random) -> dict[str, Any]:
    said = {
        "account": {"account.arrears": dice.random() < 0.05, "account.mode": "1"},
        "package": {"package.remaining": dice.randrange(1000)},
        "template": {"template.status": "rejected" if dice.random() < 0.05 else "approved"},
        "failures": {"messages.failed_last_hour": dice.randrange(50)},
    }
    return {
        name: {"state": "done", "findings": _findings(at, name, values)}
        for name, values in said.items()
    }


# --- measuring ------------------------------------------------------------------------------------


Found = tuple[float, list[float], tuple[float, float], dict[str, int]]


def _measure(guide: Any) -> Found:
    """Seconds for all cases, ratios on the sample, peaks of memory in MB, counts by result."""
    from wizard.authoring import replaying

    draft = _draft(guide)
    _replayed(_sample(guide), draft)
    seconds, counts = _timed(lambda: _replayed(replaying.cases_of(guide), draft))
    ratios = [_ratio(guide, draft) for _ in range(ROUNDS)]
    return seconds, ratios, _peak(guide, draft), counts


def _peak(guide: Any, draft: Any) -> tuple[float, float]:
    """MB that a replay has allocated at its worst moment: for a tenth of the cases, and for all."""
    from wizard.authoring import replaying

    cases = replaying.cases_of(guide)
    tenth = cases.filter(pk__lt=cases.order_by("pk").values_list("pk", flat=True)[CASES // 10])
    peaks = []
    for some in (tenth, cases):
        tracemalloc.start()
        _replayed(some, draft)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    return peaks[0], peaks[1]


def _draft(guide: Any) -> Any:
    """The live publication with one answer broken: a code leads to another outcome."""
    from wizard.engine.document import compile_document

    document = deepcopy(guide.live.snapshot)
    [row] = [code for code in document["codes"] if code["code"] == "EXPIRED"]
    was, row["to"] = row["to"], BROKEN[1]
    assert was == BROKEN[0], was
    return compile_document(document)


def _replayed(cases: Any, draft: Any) -> dict[str, int]:
    from wizard.authoring import replaying

    *_, tally = replaying.through(draft, cases)
    return {result.value: count for result, count in tally.counts.items()}


def _ratio(guide: Any, draft: Any) -> float:
    """How many times as fast the replay goes through the sample as the plain loop does."""
    sample = _sample(guide)
    plain, elsewhere = _timed(lambda: _plain_loop(sample, draft))
    quick, counts = _timed(lambda: _replayed(sample, draft))
    assert elsewhere == counts.get("elsewhere", 0), (elsewhere, counts)
    return plain / quick


def _sample(guide: Any) -> Any:
    from wizard.authoring import replaying

    cases = replaying.cases_of(guide)
    return cases.filter(pk__lt=cases.order_by("pk").values_list("pk", flat=True)[SAMPLE])


def _plain_loop(sample: Any, draft: Any) -> int:
    """How many cases end at another outcome."""
    from wizard.cases import standing
    from wizard.engine.replay import place_of
    from wizard.engine.walk import walk

    elsewhere = 0
    for case in sample.iterator():
        stands = standing.standing(case, case.changed_at)
        then = walk(draft, case.answers, stands.evidence, stands.now, case.start)
        was, is_now = place_of(stands.walk), place_of(then)
        elsewhere += was != is_now and "question" not in (was.kind, is_now.kind)
    return elsewhere


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = call()
    return time.perf_counter() - started, found


# --- reporting ------------------------------------------------------------------------------------


def _report(
    seconds: float, ratios: list[float], peaks: tuple[float, float], counts: dict[str, int]
) -> None:
    verdict = "reached" if seconds < GOAL_SECONDS else "NOT reached"
    spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
    print("| what | measured | goal |\n|---|---|---|")
    print(f"| {CASES:,} cases replayed | {seconds:.1f} s | under {GOAL_SECONDS:.0f} s {verdict} |")
    print(f"| cases a second | {CASES / seconds:,.0f} | |")
    print(
        f"| the plain loop's time / the replay's, {SAMPLE:,} cases "
        f"| {statistics.median(ratios):.1f} ({spread}) | |"
    )
    print(
        f"| memory at most, for {CASES // 10:,} and for {CASES:,} cases "
        f"| {peaks[0]:.0f} MB and {peaks[1]:.0f} MB | |"
    )
    print("\nFound: " + ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
