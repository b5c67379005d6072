"""How often one client may do what costs something."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from tests.support.moments import NOON
from wizard.web.limits import Limit, spend

TWICE = Limit("tests", 2, 60)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_as_many_as_allowed_and_then_a_wait_until_the_window_ends():
    now = NOON + timedelta(seconds=20)
    assert [spend(TWICE, "10.0.0.1", now) for _ in range(3)] == [0, 0, 40]


def test_the_next_window_begins_anew():
    for _ in range(3):
        spend(TWICE, "10.0.0.1", NOON)
    assert spend(TWICE, "10.0.0.1", NOON + timedelta(seconds=59)) == 1
    assert spend(TWICE, "10.0.0.1", NOON + timedelta(seconds=60)) == 0


def test_clients_and_limits_are_counted_apart():
    for _ in range(3):
        spend(TWICE, "10.0.0.1", NOON)
    assert spend(TWICE, "10.0.0.2", NOON) == 0
    assert spend(Limit("others", 2, 60), "10.0.0.1", NOON) == 0


def test_without_the_cache_everything_is_allowed(monkeypatch):
    def gone(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("wizard.web.limits.cache.add", gone)
    assert [spend(TWICE, "10.0.0.1", NOON) for _ in range(4)] == [0, 0, 0, 0]
