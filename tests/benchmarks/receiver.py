"""python -m tests.benchmarks.receiver: status reports a second, against one get_or_create for each.

Every subject is a view and gets the same bodies, through the same handler and middleware; each
round has new reports, so that all of them are stored. What counts is the median of the ratios
within rounds, on SQLite and on PostgreSQL (POSTGRES_URL), each in a database of its own.
"""

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.benchmarks.__main__ import _middle, _ratio

ROOT = Path(__file__).parent.parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "30"))
REPORTS = int(os.environ.get("REPORTS", "500"))
BATCH = 50
GOALS = {"SQLite": 10.0, "PostgreSQL": 20.0}
POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
_numbers = itertools.count()


def main() -> None:
    print("| database | what | median | middle half | goal |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        _child("SQLite", f"sqlite:///{folder}/bench.sqlite3")
    try:
        with _postgresql() as url:
            _child("PostgreSQL", url)
    except psycopg.OperationalError as error:
        print(f"No PostgreSQL was measured (POSTGRES_URL names one): {error}", file=sys.stderr)


def _child(name: str, url: str) -> None:
    """Django knows one database for life: each is measured by a process of its own."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    command = [sys.executable, "-m", "tests.benchmarks.receiver", name]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def _postgresql() -> Iterator[str]:
    name = f"smsdoctor_bench_{os.getpid()}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(database: str) -> None:
    """Print the rows of the table for the database of DATABASE_URL."""
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.benchmarks.plain_receiver"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    subjects = _subjects()
    rates: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        for name in random.sample(sorted(subjects), len(subjects)):
            measured = _rate(*subjects[name])
            if number:  # the first round warms up
                rates.setdefault(name, []).append(measured)
    _report(database, rates)


# --- what is measured -----------------------------------------------------------------------------

Post = Callable[[bytes], int]
"""Answers the status."""


def _subjects() -> dict[str, tuple[Post, Callable[[], list[bytes]]]]:
    """Each with what is sent to it: the same bodies, but for the numbers of the messages."""
    single, batch = "/callbacks/huawei/status/", "/callbacks/huawei/status/batch/"
    form, json_type = "application/x-www-form-urlencoded", "application/json"
    return {
        "single": (_poster(single, form), _forms),
        "batch": (_poster(batch, json_type), _batches),
        "plain single": (_poster("/plain/single/", form), _forms),
        "plain batch": (_poster("/plain/batch/", json_type), _batches),
        "plain batch, one transaction": (_poster("/plain/together/", json_type), _batches),
    }


def _poster(path: str, content_type: str) -> Post:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")

    def post(body: bytes) -> int:
        return client.generic("POST", path, body, content_type=content_type).status_code

    return post


def _rate(post: Post, bodies: Callable[[], list[bytes]]) -> float:
    """Reports stored in a second."""
    sent = bodies()
    started = time.perf_counter()
    answers = {post(body) for body in sent}
    elapsed = time.perf_counter() - started
    if answers != {200}:
        raise SystemExit(f"answered {answers}")
    return REPORTS / elapsed


def _forms() -> list[bytes]:
    return [urlencode(_entry()).encode() for _ in range(REPORTS)]


def _batches() -> list[bytes]:
    return [
        json.dumps({"statusReportList": [_entry() for _ in range(BATCH)]}).encode()
        for _ in range(REPORTS // BATCH)
    ]


def _entry() -> dict[str, str]:
    number = next(_numbers)
    return {
        "smsMsgId": f"b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_{number}",
        "total": "1",
        "sequence": "1",
        "status": "DELIVRD",
        "source": "2",
        "updateTime": "2026-11-01T11:59:58Z",
        "extend": "order-42",
        "to": f"+86138{number % 10**8:08}",
    }


# --- reporting ------------------------------------------------------------------------------------


def _report(database: str, rates: dict[str, list[float]]) -> None:
    rows: list[tuple[str, str, str, float | None]] = [
        ("batches of 50 / get_or_create for each", "batch", "plain batch", GOALS[database]),
        ("the same / these in one transaction", "batch", "plain batch, one transaction", None),
        ("single / get_or_create", "single", "plain single", None),
        ("batches of 50 / single", "batch", "single", None),
    ]
    for what, one, other, goal in rows:
        print(_row(database, what, _ratio(rates, one, other), goal))
    medians = (f"{name} {statistics.median(found):,.0f}" for name, found in rates.items())
    print(f"{database}, reports a second, medians: {', '.join(medians)}", file=sys.stderr)


def _row(database: str, what: str, ratios: list[float], goal: float | None) -> str:
    median, (low, high) = statistics.median(ratios), _middle(ratios)
    verdict = "" if goal is None else f"{goal} {'reached' if median >= goal else 'NOT reached'}"
    return f"| {database} | {what} | {median:.2f} | {low:.2f} to {high:.2f} | {verdict} |"


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1])
    else:
        main()
