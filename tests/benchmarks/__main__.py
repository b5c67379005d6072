"""python -m tests.benchmarks: the walk page against its floors, and against the guide's size.

One server process on one core, the load on another. Every round measures every subject once, in a
new order; what counts is the median of the ratios within rounds, for machines change their speed.
"""

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.benchmarks import guides
from tests.benchmarks.load import rate, request

ROOT = Path(__file__).parent.parent.parent
SIZES = (60, 600, 6_000)
ROUNDS = int(os.environ.get("ROUNDS", "40"))
REQUESTS = int(os.environ.get("REQUESTS", "200"))
DEPTH_3 = "?n0=a0&n1=a0&n4=a0"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        _publish_guides()
        compiled = _compile_seconds(SIZES[-1])
        with _server() as port:
            os.sched_setaffinity(0, {_cores()[-1]})
            rates = _measure(port)
    _report(rates, compiled)


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0))


def _publish_guides() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from wizard.authoring import loading, publishing

    call_command("migrate", verbosity=0)
    for size in SIZES:
        publishing.publish(loading.load(guides.document(size)), by=None)


def _compile_seconds(size: int) -> float:
    from wizard.engine.document import compile_document

    document = guides.document(size)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        compile_document(document)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "smsdoctor.server"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | options)
    os.sched_setaffinity(server.pid, {_cores()[0]})
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


# --- measuring ------------------------------------------------------------------------------------


def _subjects(port: int) -> dict[str, tuple[list[bytes], int]]:
    """What is measured: a name, the requests of one round, and the status that they must get."""
    subjects = {
        "constant": (_same("/floor/constant/"), 200),
        "template": (_same("/floor/template/"), 200),
    }
    for size in SIZES:
        address = f"/guides/nodes-{size}/{DEPTH_3}"
        etag = requests.get(f"http://127.0.0.1:{port}{address}", timeout=30).headers["ETag"]
        subjects |= {
            f"page {size}": (_same(address), 200),
            f"304 {size}": ([request(address, If_None_Match=etag)] * REQUESTS, 304),
            f"new page {size}": (_unseen(address), 200),
        }
    return subjects


def _same(address: str) -> list[bytes]:
    return [request(address)] * REQUESTS


def _unseen(address: str) -> list[bytes]:
    """Addresses that nobody asked for yet: answers beside the trail, kept for later."""
    numbers = (*range(5, 13), *range(14, 19))
    return [
        request(address + "".join(f"&n{n}=a{random.choice('012')}" for n in numbers))
        for _ in range(REQUESTS // 3)
    ]


def _measure(port: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        subjects = list(_subjects(port).items())
        random.shuffle(subjects)
        for name, (sent, status) in subjects:
            measured = rate(port, sent, status)
            if number:  # the first round warms up
                rates.setdefault(name, []).append(measured)
    return rates


# --- reporting ------------------------------------------------------------------------------------


def _ratio(rates: dict[str, list[float]], one: str, other: str) -> list[float]:
    return sorted(a / b for a, b in zip(rates[one], rates[other], strict=True))


def _report(rates: dict[str, list[float]], compiled: float) -> None:
    rows = [
        ("walk page / template rendered anew", _ratio(rates, "page 60", "template"), 2.0),
        ("304 / constant response", _ratio(rates, "304 60", "constant"), 0.8),
        ("walk page / constant response", _ratio(rates, "page 60", "constant"), None),
        ("new page / template rendered anew", _ratio(rates, "new page 60", "template"), None),
    ]
    for kind in ("page", "304", "new page"):
        for size in SIZES[1:]:
            ratio = _ratio(rates, f"{kind} {size}", f"{kind} {SIZES[0]}")
            rows.append((f"{kind}: guide of {size:,} / guide of {SIZES[0]}", ratio, 0.9))
    print("| what | median | middle half | goal |\n|---|---|---|---|")
    for name, ratios, goal in rows:
        median, low, high = statistics.median(ratios), *_middle(ratios)
        verdict = "" if goal is None else f"{goal} {'reached' if median >= goal else 'NOT reached'}"
        print(f"| {name} | {median:.2f} | {low:.2f} to {high:.2f} | {verdict} |")
    verdict = "reached" if compiled < 2 else "NOT reached"
    print(f"| compiling {SIZES[-1]:,} nodes | {compiled:.2f} s | | under 2 s {verdict} |")
    print("\nPages a second on this machine, medians: ", end="")
    print(", ".join(f"{name} {statistics.median(found):,.0f}" for name, found in rates.items()))


def _middle(ratios: list[float]) -> tuple[float, float]:
    quarters = statistics.quantiles(ratios, n=4)
    return quarters[0], quarters[2]


if __name__ == "__main__":
    main()
