"""What every test starts from, and what it is marked with.

Tests that need no database, no server and no process beside them are `pure`: `make quick` runs
them. Those that touch the database are marked too, so that another database can run them alone.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import set_script_prefix
from django.utils import translation
from hypothesis import settings

from tests.support import texts
from wizard.cases.watching import customers
from wizard.desk.presence import screens
from wizard.published.live import live
from wizard.web import kept

# A busy machine is no reason to fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config):
    """Have what the site says in Chinese, also after a bare `pytest` in a fresh clone."""
    if not hasattr(config, "workerinput"):  # once, before pytest-xdist starts its workers
        texts.build()


DATABASE = {"db", "transactional_db", "live_server"}
BESIDE = {"socket.bind", "socket.connect", "subprocess.Popen"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames}:
            item.add_marker(pytest.mark.database)
        elif not item.get_closest_marker("server"):
            item.add_marker(pytest.mark.pure)


class _Alone:
    """Sees to it that a pure test is one: `make quick` stays quick, and needs nothing."""

    def __init__(self) -> None:
        self.now = False
        # Hooks of this kind cannot be taken away again.
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _args: tuple[Any, ...]) -> None:
        if self.now and event in BESIDE:
            raise AssertionError(f"{event} in a test that is not marked with pytest.mark.server")


_alone = _Alone()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _alone.now = item.get_closest_marker("pure") is not None
    try:
        return (yield)
    finally:
        _alone.now = False


@pytest.fixture
def connections_stay():
    """Requests leave the test's connection alone; in a server they look after theirs."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _nothing_in_memory_from_another_test():
    _forget()
    yield
    _forget()
    # A page in another language leaves both behind.
    set_script_prefix("/")
    translation.activate("en")


def _forget() -> None:
    for memory in (live, kept, customers, screens):
        memory.forget()
