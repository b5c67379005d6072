"""What is scheduled, as processes publish it: by the server's threads and by commands, once."""

import sqlite3
import time

import pytest

from tests.server.conftest import Site
from tests.server.settings import PUBLICATION_POLL_SECONDS

pytestmark = pytest.mark.server

SCHEDULED = 5
COMMANDS = 3

SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from wizard.authoring import scheduling
from wizard.models import Guide
guide = Guide.objects.get()
at = timezone.now() + timedelta(seconds=2)
for number in range({number}):
    guide.questions.filter(key="seen").update(text=f"Where is parcel {{number}}?")
    scheduling.schedule(guide, at=at + timedelta(milliseconds=number), by=None)
"""


def numbers(site: Site) -> list[int]:
    with sqlite3.connect(site.database) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM wizard_publication")]


def test_what_is_scheduled_is_published_once_and_read_by_every_process(site):
    site.run("shell", "--no-imports", "-c", SCHEDULE.format(number=SCHEDULED))
    # Commands at the same time as the threads of the server's processes.
    commands = [site.start("publishdue") for _ in range(COMMANDS)]
    for command in commands:
        output, _ = command.communicate(timeout=90)
        assert command.returncode == 0, output
    deadline = time.monotonic() + 30
    while len(numbers(site)) <= SCHEDULED:
        assert time.monotonic() < deadline, "it was not published"
        time.sleep(0.02)
    # A process begins to look for new publications with its first visitor.
    for _ in range(30):
        site.get("/")
    time.sleep(4 * PUBLICATION_POLL_SECONDS)
    assert sorted(numbers(site)) == list(range(1, SCHEDULED + 2))
    for _ in range(10):
        assert f"Where is parcel {SCHEDULED - 1}?" in site.get("/").text
