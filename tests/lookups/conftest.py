"""What tests of look-ups start from: an account at a server of theirs, and an empty cache."""

import logging
from dataclasses import replace

import pytest
from django.core.cache.backends.locmem import LocMemCache

from tests.support.moments import NOON
from wizard.lookups import shared
from wizard.lookups.base import Account, Subject
from wizard.lookups.platform import look_up

ACCOUNT = Account(
    name="test",
    access_key="AK-KNOWN-TO-TESTS",
    secret_key="SK-KNOWN-TO-TESTS",
    project_id="project",
    management_url="http://127.0.0.1:1",
    billing_url="http://127.0.0.1:1",
)
BUDGET = 2.0


def account_at(url, **fields):
    """An account at one server for both of its sides."""
    return replace(ACCOUNT, management_url=url, billing_url=url, **fields)


def ask(account, subject=None, **options):
    """A look-up that shares nothing, unless the test says so."""
    alone = {"budget": BUDGET, "clock": lambda: NOON, "cache": None, "cache_seconds": 0}
    return look_up(account, subject or Subject(), **{**alone, **options})


@pytest.fixture(autouse=True)
def _no_trouble_from_another_test(monkeypatch):
    monkeypatch.setattr(shared._Trouble, "until", 0.0)


@pytest.fixture
def cache():
    """A cache of this test alone."""
    cache = LocMemCache("look-ups", {})
    cache.clear()
    return cache


@pytest.fixture
def log(caplog):
    """The lines that look-ups wrote."""
    caplog.set_level(logging.DEBUG)

    def lines():
        return [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"]

    return lines
