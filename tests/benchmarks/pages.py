"""python -m tests.benchmarks.pages: public pages against a constant response and against templates.

One server process, and a load of eight connections. A ratio is one of answers in a second of the
server's own processor, which other programs on the machine change less than the time that passes.
Every round measures every subject once, in a new order; what counts is the median of the ratios
within rounds.
"""

import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import requests

from tests.benchmarks import guides
from tests.benchmarks.load import rate, request
from tests.benchmarks.ratios import Ratio, report

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("ROUNDS", "20"))
REQUESTS = int(os.environ.get("REQUESTS", "400"))
WALK = "/guides/nodes-60/?n0=a0&n1=a0&n4=a0"
PAGES = {
    "walk": WALK,
    "home": "/",
    "code": "/codes/DELIVRD/",
    "list of codes": "/codes/",
    "walk, compressed": WALK,
}


class Subject(NamedTuple):
    """What is measured: the requests of one round, and the status that they must get."""

    requests: list[bytes]
    status: int = 200


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        _publish()
        started = time.perf_counter()
        with served() as (port, worker):
            first_page = time.perf_counter() - started, spent(worker)
            rates = _measure(port, worker)
    _report(rates, *first_page)


def _publish() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from wizard.authoring import loading, publishing

    call_command("migrate", verbosity=0)
    call_command("loadguide", "--publish", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    publishing.publish(loading.load(guides.document(60)), by=None)


@contextlib.contextmanager
def served() -> Iterator[tuple[int, int]]:
    """The server with one process: its port, and the ID of the process that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "smsdoctor.server"], cwd=ROOT, env=os.environ | options
    )
    try:
        _wait(port)
        yield port, _worker(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(1000):
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=5).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(0.02)
    raise SystemExit("the server did not start")


def _worker(server: int) -> int:
    """The child that has used the processor most: the others only watch over it."""
    listed = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return max(map(int, listed), key=spent)


def spent(process: int) -> float:
    """Seconds of the processor that a process has used (Linux: the clock of another process)."""
    return time.clock_gettime((~process << 3) | 2)


# --- measuring ------------------------------------------------------------------------------------


def _subjects(port: int) -> dict[str, Subject]:
    packed = {"walk, compressed": {"Accept_Encoding": "gzip, deflate, br"}}
    subjects = {
        "constant": Subject(_same("/floor/constant/")),
        "template": Subject(_same("/floor/template/", times=REQUESTS // 4)),
        "usual": Subject(_usual(port)),
        "304": Subject(_same(WALK, If_None_Match=_get(port, WALK).headers["ETag"]), 304),
        "new walk page": Subject(_unseen()),
    }
    for name, path in PAGES.items():
        subjects[name] = Subject(_same(path, **packed.get(name, {})))
    return subjects


def _get(port: int, path: str) -> requests.Response:
    return requests.get(
        f"http://127.0.0.1:{port}{path}", timeout=30, headers={"Accept-Encoding": "identity"}
    )


def _same(path: str, *, times: int = REQUESTS, **headers: str) -> list[bytes]:
    return [request(path, **headers)] * times


def _usual(port: int) -> list[bytes]:
    """Answers given to the usual wizard by one who has given three before."""
    cookie = _get(port, "/usual/first/").headers["Set-Cookie"].split(";")[0]
    body = b"question=n4&answer=a0"
    head = request(
        "/usual/",
        Cookie=cookie,
        Content_Type="application/x-www-form-urlencoded",
        Content_Length=str(len(body)),
    )
    return [head.replace(b"GET", b"POST", 1) + body] * (REQUESTS // 8)


def _unseen() -> list[bytes]:
    """Addresses that nobody asked for yet: answers beside the trail, kept for later."""
    numbers = (*range(5, 13), *range(14, 19))
    return [
        request(WALK + "".join(f"&n{n}=a{random.choice('012')}" for n in numbers))
        for _ in range(REQUESTS // 4)
    ]


def _measure(port: int, worker: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS + 1):
        subjects: list[tuple[str, Any]] = list(_subjects(port).items())
        random.shuffle(subjects)
        for name, (sent, status) in subjects:
            before = spent(worker)
            rate(port, sent, status)
            if number:  # the first round warms up
                rates[name].append(len(sent) / (spent(worker) - before))
    return rates


# --- reporting ------------------------------------------------------------------------------------


def _report(rates: dict[str, list[float]], first_page: float, of_processor: float) -> None:
    import granian

    def ratio(one: str, other: str, **goal: float) -> Ratio:
        found = [a / b for a, b in zip(rates[one], rates[other], strict=True)]
        return Ratio(f"{one} / {other}", found, **goal)  # type: ignore[arg-type]

    found = [ratio(name, "constant", at_least=2) for name in PAGES]
    found += [
        ratio("304", "constant", at_least=2.5),
        ratio("walk", "usual", at_least=50),
        ratio("template", "new walk page", at_most=1.5),
        Ratio("first page after the start", [first_page], at_most=2, unit="s"),
        Ratio("the same, of the processor", [of_processor], at_most=2, unit="s"),
        Ratio("constant response", rates["constant"], unit="a second"),
    ]
    report("pages", found, server=f"granian {granian.__version__}, one process, SQLite")


if __name__ == "__main__":
    main()
