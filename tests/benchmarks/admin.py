"""python -m tests.benchmarks.admin: each page of the admin with a guide of 600 nodes.

The guide has 300 codes, two publications that differ from the draft, 50 cases and 20 flags, and
one question of it has 13 answers (`tests/support/large.py`). Every page is asked for in this
process, through the site's whole middleware, with SQLite; then one answer of that question is
saved, and checked as if somebody typed. Pages take turns in each round; what counts is the median
of the rounds. Beside the time that passes stands what the processor spent, which other programs
on the machine do not change.
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

ROUNDS = int(os.environ.get("ROUNDS", "5"))
GOAL_SECONDS = 1.0
GOAL_QUERIES = 20


class Cost(NamedTuple):
    """What one page took. Seconds that passed, and seconds of the processor."""

    passed: float
    spent: float
    queries: int


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["ALLOWED_HOSTS"] = "testserver"
        _report(_measure(_asked()))


def _asked() -> dict[str, Callable[[], Any]]:
    """Everything that is asked for, by its name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests.admin.forms import filled
    from tests.factories import UserFactory
    from tests.support import large

    call_command("migrate", verbosity=0)
    guide = large.make()
    client = Client()
    client.force_login(UserFactory(admin=True))
    pages = large.pages(guide)
    form = pages["form: question"]
    typed = filled(client.get(form).content, **{"answers-12-label": "Another answer"})
    check = form.replace("/change/", "/check/")

    def saved() -> Any:
        label = f"Answer of {time.perf_counter_ns()}"
        return client.post(form, {**typed, "answers-12-label": label, "_save": "Save"})

    return {
        **{name: lambda url=url: client.get(url, follow=True) for name, url in pages.items()},
        "saving a question": saved,
        "checking a question that is typed": lambda: client.post(check, typed),
    }


def _measure(asked: dict[str, Callable[[], Any]]) -> dict[str, list[Cost]]:
    for call in asked.values():
        call()
    found = defaultdict(list)
    for _round in range(ROUNDS):
        for name, call in asked.items():
            found[name].append(_cost(call))
    return found


def _cost(call: Callable[[], Any]) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        passed, spent = time.perf_counter(), time.process_time()
        answer = call()
        passed, spent = time.perf_counter() - passed, time.process_time() - spent
    assert answer.status_code in (200, 302), answer.status_code
    return Cost(passed, spent, len(captured))


def _report(found: dict[str, list[Cost]]) -> None:
    from tests.support.large import NODES

    medians = {
        name: Cost(*(statistics.median(part) for part in zip(*costs, strict=True)))
        for name, costs in found.items()
    }
    print(f"The admin with a guide of {NODES} nodes, {ROUNDS} rounds, medians:")
    print(f"{'page':50} {'passed':>8} {'processor':>10} {'queries':>8}")
    for name, cost in sorted(medians.items(), key=lambda one: -one[1].passed):
        print(f"{name:50} {cost.passed:6.2f} s {cost.spent:8.2f} s {cost.queries:8.0f}")
    slowest = max(cost.passed for cost in medians.values())
    most = max(cost.queries for name, cost in medians.items() if not name.startswith("saving"))
    print(f"slowest page: {slowest:.2f} s (goal: at most {GOAL_SECONDS:.0f} s)")
    print(f"most queries of a page: {most:.0f} (goal: at most {GOAL_QUERIES})")


if __name__ == "__main__":
    main()
