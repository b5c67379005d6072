"""Deliveries as processes send them: by the server's threads, by commands, after a sudden end."""

import sqlite3
import time
from collections.abc import Callable

import pytest

from tests.server.conftest import Site
from tests.support.faulty import Server, after, hangs, in_turn, says, serving

pytestmark = pytest.mark.server

DELIVERIES = 40
PROCESSES = 3
SECRET = "a secret that the receiver and this site have in common"

ENQUEUE = """
from django.utils import timezone
from wizard.outbox import deliveries
from wizard.models import Case, Publication, Queue
queue = Queue.objects.create(name="Tickets", webhook_url={url!r})
case = Case.objects.create(publication=Publication.objects.get())
for number in range({number}):
    deliveries.enqueue(
        case, queue, subject="", text="", payload={{"number": number}}, now=timezone.now()
    )
"""
AFTER_THE_LEASE = """
from django.utils import timezone
from wizard.outbox import deliveries
print("sent", deliveries.deliver_due(timezone.now() + 2 * deliveries.LEASE))
"""


@pytest.fixture
def poll() -> str:
    """DELIVERY_POLL_SECONDS of the server's processes."""
    return "0"


@pytest.fixture
def more_settings(poll) -> dict[str, str]:
    return {
        "DELIVERY_POLL_SECONDS": poll,
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "WEBHOOK_SECONDS": "20",
    }


def shell(site: Site, code: str) -> str:
    return site.run("shell", "--no-imports", "-c", code)


def enqueue(site: Site, server: Server, number: int) -> None:
    shell(site, ENQUEUE.format(url=f"{server.url}/hook", number=number))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen")


def rows(site: Site) -> list[tuple[str, int]]:
    """State and attempts of each delivery."""
    with sqlite3.connect(site.database) as connection:
        return connection.execute("SELECT state, attempts FROM wizard_delivery").fetchall()


def ids(server: Server) -> list[str]:
    return [asked.headers["x-smsdoctor-delivery"] for asked in server.asked]


@pytest.mark.parametrize("poll", ["0.2"])
def test_the_servers_processes_send_each_delivery_once(site):
    # The first one fails at first, so that it is tried again beside the others.
    with serving(in_turn(says({}, 503), says({}))) as server:
        enqueue(site, server, DELIVERIES)
        until(lambda: {state for state, _ in rows(site)} == {"sent"})
        asked = ids(server)
    assert len(set(asked)) == DELIVERIES
    assert len(asked) == DELIVERIES + 1
    assert sorted(rows(site)) == [*[("sent", 1)] * (DELIVERIES - 1), ("sent", 2)]


def test_commands_that_run_at_the_same_time_send_each_delivery_once(unserved_site):
    with serving(after(0.02, says({}))) as server:
        enqueue(unserved_site, server, DELIVERIES)
        processes = [unserved_site.start("deliver") for _ in range(PROCESSES)]
        said = [process.communicate(timeout=90)[0].splitlines()[-1] for process in processes]
        asked = ids(server)
    assert sum(int(words.split()[0]) for words in said) == DELIVERIES, said
    assert len(asked) == len(set(asked)) == DELIVERIES
    assert rows(unserved_site) == [("sent", 1)] * DELIVERIES


def test_what_a_killed_process_was_sending_is_sent_by_another_with_the_same_id(unserved_site):
    with serving(in_turn(hangs, says({}))) as server:
        enqueue(unserved_site, server, 1)
        process = unserved_site.start("deliver")
        until(lambda: len(server.asked) == 1)
        process.kill()
        process.communicate(timeout=30)
        assert rows(unserved_site) == [("waiting", 1)]
        assert "0 deliveries sent, 1 waiting" in unserved_site.run("deliver")
        assert "sent 1" in shell(unserved_site, AFTER_THE_LEASE)
        asked = ids(server)
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert rows(unserved_site) == [("sent", 2)]
