"""A real gunicorn with two processes on a SQLite file of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
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


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Settings of the site beyond the usual ones, for a test file to override."""
    return {}


@pytest.fixture
def site(tmp_path: Path, more_settings: dict[str, str]) -> Iterator[Site]:
    """A site with the toy guide published."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = (
        os.environ
        | more_settings
        | {
            "DJANGO_SETTINGS_MODULE": "tests.server.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
            "PORT": str(port),
            "WEB_CONCURRENCY": str(PROCESSES),
            "READY": str(tmp_path),
        }
    )
    site = Site(f"http://127.0.0.1:{port}", tmp_path / "site.sqlite3", environment)
    site.run("migrate", "-v", "0")
    site.publish(DOCUMENT)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:tests.server.gunicorn"]
    server = subprocess.Popen(
        [*command, "--log-level", "error", "smsdoctor.wsgi"], cwd=ROOT, env=environment
    )
    try:
        _wait(site)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(tmp_path, ignore_errors=True)


def _wait(site: Site) -> None:
    for _ in range(300):
        if len(list(site.database.parent.glob("*.ready"))) >= PROCESSES:
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")
