"""python -m tests.benchmarks.desk: what it costs to ask whether there is news, against a page.

2,000 cases are stored. 20 agents have 20 of them on screen each, and every screen asks every 1.5
seconds, as do the screens of these cases' customers. A round has what they ask in that time, and
in between, in any order, plain pages of cases. Nothing changes: whoever asks is answered 204.

One server process on one core, the load on another, one request at a time. What counts is the
median of the rounds' ratios of the 95th percentiles. A second run sends every request when it is
due, whether or not those before it have been answered, and counts its time from then on: it shows
how long screens wait for each other and for pages at that load.
"""

import os
import random
import selectors
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from itertools import chain
from typing import Any, NamedTuple

import requests

from tests.benchmarks.__main__ import _cores, _middle, _ratio, _server
from tests.benchmarks.load import _Connection, request

ROUNDS = int(os.environ.get("ROUNDS", "30"))
CASES = 2_000
AGENTS = 20
SCREENS = 20
SECONDS = 1.5
PAGES = 100
PAGES_IN_TIME = 20
CONNECTIONS = 20
GOAL = 0.15


@dataclass(frozen=True, slots=True)
class Addresses:
    """What is asked for: by the screens of agents, by those of customers, and as a page."""

    agents: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


class Request(NamedTuple):
    """What is sent, and when it is due: seconds after the round began."""

    due: float
    kind: str
    sent: bytes
    status: int


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        addresses = _store()
        with _server() as port:
            os.sched_setaffinity(0, {_cores()[-1]})
            _refuse_news(port, addresses)
            screens = {"an agent": addresses.agents, "a customer": addresses.customers}
            found = {
                (who, in_time): _measure(port, polls, addresses.pages, in_time=in_time)
                for in_time in (False, True)
                for who, polls in screens.items()
            }
            _refuse_news(port, addresses)
    _report(found)


# --- what is stored -------------------------------------------------------------------------------


def _store() -> Addresses:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    call_command("loadguide", "--publish", stdout=StringIO())
    addresses = Addresses()
    with transaction.atomic():
        cases = [_case(number, timezone.now()) for number in range(CASES)]
        addresses.pages.extend(case.get_absolute_url() for case in cases)
        for number in range(AGENTS):
            _watch(addresses, cases[number * SCREENS : (number + 1) * SCREENS], timezone.now())
    return addresses


def _case(number: int, now: datetime) -> Any:
    """A case about a message that no report came in for: it is asked about."""
    from wizard.cases import opening
    from wizard.pasted.reader import read

    reading = read(f"4b4b34e7-1a9e-42ac-b309-d10997148905_{number}")
    return opening.open_case(reading, now=now - timedelta(minutes=number))


def _watch(addresses: Addresses, cases: Sequence[Any], now: datetime) -> None:
    """Put cases on the screens of one agent, and of one customer each."""
    from tests.factories import AgentFactory
    from wizard.desk.presence import watch_token
    from wizard.models import CaseLink, Viewer

    agent = AgentFactory()
    for case in cases:
        # Screens say every now and then that somebody is looking: not all at once.
        at = now - timedelta(seconds=random.uniform(0, 20))
        Viewer.objects.create(case=case, agent=agent, at=at)
        link = CaseLink.objects.create(
            case=case, made_by=agent.username, made_at=now, expires_at=now + timedelta(hours=1)
        )
        addresses.agents.append(f"/desk/changes/{watch_token(case.pk, agent.pk)}/?seen=1")
        addresses.customers.append(f"/cases/{link.token}/changes/?seen=1")


def _refuse_news(port: int, addresses: Addresses) -> None:
    """Every screen is up to date, or something else is measured than is said."""
    with requests.Session() as session:
        for address in chain(addresses.agents, addresses.customers):
            response = session.get(f"http://127.0.0.1:{port}{address}", timeout=30)
            if response.status_code != 204 or "HX-Trigger" in response.headers:
                raise SystemExit(f"{address} has news: {response.status_code}")


# --- measuring ------------------------------------------------------------------------------------

Times = dict[str, list[float]]
"""Milliseconds by kind of request."""


def _measure(port: int, polls: Sequence[str], pages: Sequence[str], *, in_time: bool) -> Times:
    """The 95th percentile and the median of each round."""
    found: Times = {"poll": [], "page": [], "poll, median": [], "page, median": []}
    for number in range(ROUNDS + 1):
        asked = random.sample(pages, PAGES_IN_TIME if in_time else PAGES)
        requests_of_round = sorted(
            Request(random.uniform(0, SECONDS), kind, request(address), status)
            for kind, status, addresses in (("poll", 204, polls), ("page", 200, asked))
            for address in addresses
        )
        times = (_in_time if in_time else _one_by_one)(port, requests_of_round)
        if not number:  # the first round warms up
            continue
        for kind, measured in times.items():
            found[kind].append(_p95(measured))
            found[f"{kind}, median"].append(statistics.median(measured))
    return found


def _one_by_one(port: int, requests_of_round: Sequence[Request]) -> Times:
    """Send a request when the one before it has been answered."""
    times: Times = {"poll": [], "page": []}
    connection = _Connection(port)
    for one in requests_of_round:
        started = time.perf_counter()
        connection.socket.sendall(one.sent)
        while not connection.complete(one.status):
            pass
        times[one.kind].append((time.perf_counter() - started) * 1000)
    connection.socket.close()
    return times


def _in_time(port: int, requests_of_round: Sequence[Request]) -> Times:
    """Send a request when it is due, or as soon after as there is a connection."""
    times: Times = {"poll": [], "page": []}
    waiting = deque(requests_of_round)
    with selectors.DefaultSelector() as selector:
        idle = deque(_Connection(port) for _ in range(CONNECTIONS))
        started = time.perf_counter()
        while waiting or selector.get_map():
            now = time.perf_counter() - started
            while waiting and idle and waiting[0].due <= now:
                one, connection = waiting.popleft(), idle.popleft()
                connection.socket.sendall(one.sent)
                selector.register(connection.socket, selectors.EVENT_READ, (one, connection))
            pause = max(waiting[0].due - now, 0) if waiting and idle else 30
            for key, _ in selector.select(pause):
                one, connection = key.data
                if connection.complete(one.status):
                    times[one.kind].append((time.perf_counter() - started - one.due) * 1000)
                    selector.unregister(connection.socket)
                    idle.append(connection)
        for connection in idle:
            connection.socket.close()
    return times


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


# --- reporting ------------------------------------------------------------------------------------


def _report(found: dict[tuple[str, bool], Times]) -> None:
    print("| what | median | middle half | goal |\n|---|---|---|---|")
    for (who, in_time), times in found.items():
        ratios = _ratio(times, "poll", "page")
        median, (low, high) = statistics.median(ratios), _middle(ratios)
        verdict = f"at most {GOAL} {'reached' if median <= GOAL else 'NOT reached'}"
        what = f"p95 of a poll by {who} / p95 of the page of a case{_how(in_time)}"
        goal = "" if in_time else verdict
        print(f"| {what} | {median:.2f} | {low:.2f} to {high:.2f} | {goal} |")
    print("\nMilliseconds on this machine, medians of the rounds:")
    for (who, in_time), times in found.items():
        medians = (f"{kind} {statistics.median(values):.1f}" for kind, values in times.items())
        print(f"{who}{_how(in_time)}: {', '.join(medians)}")


def _how(in_time: bool) -> str:
    polls, pages = AGENTS * SCREENS / SECONDS, PAGES_IN_TIME / SECONDS
    return f", at {polls:.0f} polls and {pages:.0f} pages a second" if in_time else ""


if __name__ == "__main__":
    main()
