"""What every test starts from."""

import pytest
from django.urls import set_script_prefix
from django.utils import translation
from hypothesis import settings

from tests.support import texts
from wizard.live import live
from wizard.rendered import RenderedPages

# A busy machine is no reason to fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config):
    """Have what the site says in Chinese, also after a bare `pytest` in a fresh clone."""
    if not hasattr(config, "workerinput"):  # once, before pytest-xdist starts its workers
        texts.build()


@pytest.fixture(autouse=True)
def _nothing_in_memory_from_another_test(monkeypatch):
    live.forget()
    monkeypatch.setattr("wizard.views.walk.pages", RenderedPages())
    yield
    live.forget()
    # A page in another language leaves both behind.
    set_script_prefix("/")
    translation.activate("en")
