"""A real server with two processes on a SQLite file of its own.

A site begins with a copy of a database that was made once: migrated, with a guide published.
`site` has a server of its own, `standing_site` one that several tests ask and none may change, and
`unserved_site` none at all, for the tests of commands.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.guides import DOCUMENT

ROOT = Path(__file__).parent.parent.parent
PROCESSES = 2


@dataclass(frozen=True)
class Site:
    """A running site: its address, its database, and its environment for commands."""

    url: str
    database: Path
    environment: dict[str, str]

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        """A request on a connection of its own, so that any process may answer."""
        kwargs.setdefault("headers", {})["Connection"] = "close"
        return requests.get(self.url + path, timeout=20, allow_redirects=False, **kwargs)

    def post(self, path: str, data: Any) -> requests.Response:
        return requests.post(self.url + path, data=data, timeout=20, allow_redirects=False)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin a management command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=90)
        assert process.returncode == 0, output
        return output

    def publish(self, document: dict[str, Any]) -> None:
        file = self.database.with_name("guide.json")
        file.write_text(json.dumps(document))
        self.run("loadguide", str(file), "--publish")


Document = dict[str, Any]

FIRST_START = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("loadguide", {file!r}, publish=True, verbosity=0)
"""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Document], Path]:
    """A database in which the document is published; made once for each document."""
    made: dict[str, Path] = {}

    def prepare(document: Document) -> Path:
        written = json.dumps(document)
        if written not in made:
            folder = tmp_path_factory.mktemp("prepared")
            file = folder / "guide.json"
            file.write_text(written)
            site = _at(folder)
            site.run("shell", "--no-imports", "-c", FIRST_START.format(file=str(file)))
            made[written] = site.database
        return made[written]

    return prepare


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Settings of the site beyond the usual ones, for a test file to override."""
    return {}


@pytest.fixture
def unserved_site(tmp_path: Path, more_settings: dict[str, str], prepared) -> Site:
    """A site with the toy guide published, without a server."""
    return copied(prepared(DOCUMENT), tmp_path, more_settings)


@pytest.fixture
def site(unserved_site: Site) -> Iterator[Site]:
    """The same with a server of its own, which the test may change as it likes."""
    with served(unserved_site):
        yield unserved_site


@pytest.fixture(scope="session")
def standing_site(tmp_path_factory: pytest.TempPathFactory, prepared) -> Iterator[Site]:
    """One for tests that publish nothing, and do not mind what others have sent to it."""
    site = copied(prepared(DOCUMENT), tmp_path_factory.mktemp("standing"), {})
    with served(site):
        yield site


def _at(folder: Path, **more_settings: str) -> Site:
    """A site with its database in this folder, and a port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = (
        os.environ
        | more_settings
        | {
            "DJANGO_SETTINGS_MODULE": "tests.server.settings",
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "PORT": str(port),
            "WEB_CONCURRENCY": str(PROCESSES),
            "READY": str(folder),
        }
    )
    return Site(f"http://127.0.0.1:{port}", folder / "site.sqlite3", environment)


def copied(database: Path, folder: Path, more_settings: dict[str, str]) -> Site:
    """A site that begins with a copy of this database."""
    site = _at(folder, **more_settings)
    with closing(sqlite3.connect(database)) as made, closing(sqlite3.connect(site.database)) as new:
        made.backup(new)
    return site


@contextmanager
def served(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the site until the block ends: the process that has the others."""
    command = [sys.executable, "-m", "tests.server.served"]
    server = subprocess.Popen(command, cwd=ROOT, env=site.environment)
    try:
        _wait(site)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(site: Site) -> None:
    until = time.monotonic() + 30
    while len(list(site.database.parent.glob("*.ready"))) < PROCESSES:
        if time.monotonic() > until:
            pytest.fail("the server did not start")
        time.sleep(0.02)
