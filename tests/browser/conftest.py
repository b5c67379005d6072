"""A browser for the tests of pages, and a person who uses it.

Every context is watched: a warning or error on its console, an exception in a page or a request to
another host fails the test that caused it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.person import Person
from tests.support import guides

# Playwright's own loop runs in the thread of the tests, and Django would refuse queries beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
SECONDS = 10_000
# The first is the same browser without its windows: a page takes a third of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
expect.set_options(timeout=SECONDS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # The server is another thread: it sees only what is committed.
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def base_url(live_server) -> Iterator[str]:
    """Where the site is, for pytest-playwright: `page.goto("/")` is its home."""
    # Django's own server for tests asks the finders for static files, not WhiteNoise.
    with override_settings(STATICFILES_DIRS=[settings.BASE_DIR / "static"]):
        yield live_server.url


# --- the browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    quiet = """
        --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
        --disable-component-update --disable-sync
    """.split()
    executable = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **executable, "args": quiet}


@pytest.fixture(scope="session")
def browser(launch_browser: Callable):
    """One for all tests; without one they are skipped, or fail if REQUIRE_BROWSER is set."""
    started, reason = None, ""
    try:
        started = launch_browser()
    except Exception as error:
        reason = f"no Chromium could be started: {str(error).strip().splitlines()[0]}"
    if started is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(f"{reason} (and REQUIRE_BROWSER is set)", pytrace=False)
    if started is None:
        pytest.skip(f"{reason}; install one, for instance: apt-get install chromium")
    yield started
    started.close()


# --- what a page must not do ----------------------------------------------------------------------


class Complaints:
    """What went wrong in the pages of a test, but for what the test says it expects."""

    def __init__(self, origin: str) -> None:
        self._host = urlsplit(origin).netloc
        self._heard: list[str] = []
        self._expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self._heard.append(f"exception: {error.error}"))
        context.on("request", self._request)

    def expect(self, pattern: str) -> None:
        """Say that complaints with these words belong to the test."""
        self._expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        return [
            one for one in self._heard if not any(re.search(known, one) for known in self._expected)
        ]

    def _console(self, message) -> None:
        if message.type in {"error", "warning"}:
            self._heard.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self._host:
            self._heard.append(f"request to another host: {request.url}")


@pytest.fixture
def complaints(base_url: str) -> Iterator[Complaints]:
    noted = Complaints(base_url)
    yield noted
    assert noted.unexpected == []


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    """What the browser asks for: English, but for tests that are marked to run in both."""
    return getattr(request, "param", "en")


@pytest.fixture
def new_context(
    complaints: Complaints, language: str, new_context: Callable
) -> Callable[..., BrowserContext]:
    def make(**options) -> BrowserContext:
        context = new_context(**{"locale": LOCALES[language], "timezone_id": "UTC", **options})
        context.set_default_timeout(SECONDS)
        complaints.watch(context)
        return context

    return make


# --- who uses it ----------------------------------------------------------------------------------


@pytest.fixture
def toy():
    """The toy guide, published in both languages."""
    return guides.publish(guides.IN_BOTH_LANGUAGES)


@pytest.fixture
def person(toy, page: Page) -> Person:
    return Person(page)
