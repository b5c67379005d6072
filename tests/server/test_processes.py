"""The server's processes: one that dies or is replaced takes no request with it."""

import os
import signal
import time

import pytest

from tests.server.conftest import PROCESSES, served

pytestmark = pytest.mark.server


def ready(site) -> set[int]:
    """The processes that have loaded the site, also those that are gone."""
    return {int(file.stem) for file in site.database.parent.glob("*.ready")}


def until_more_are_ready(site, count: int) -> list[int]:
    """The statuses of requests, each on a new connection, until so many processes were ready."""
    deadline, statuses = time.monotonic() + 60, []
    while len(ready(site)) < count:
        assert time.monotonic() < deadline
        statuses.append(site.get("/guides/toy/").status_code)
    return statuses


def test_a_reload_replaces_every_process_and_loses_no_request(unserved_site):
    with served(unserved_site) as server:
        server.send_signal(signal.SIGHUP)
        assert set(until_more_are_ready(unserved_site, 2 * PROCESSES)) == {200}
        assert {unserved_site.get("/guides/toy/").status_code for _ in range(10)} == {200}


def test_a_process_that_is_killed_is_replaced(unserved_site):
    with served(unserved_site):
        unserved_site.get("/guides/toy/")
        os.kill(min(ready(unserved_site)), signal.SIGKILL)
        until_more_are_ready(unserved_site, PROCESSES + 1)
        assert unserved_site.get("/guides/toy/").status_code == 200


def test_an_address_that_is_too_long_is_refused_before_it_is_read(standing_site):
    assert standing_site.get(f"/guides/toy/?seen={'x' * 20_000}").status_code == 431
