"""Authors who copy and write at once, in processes of their own: nobody's work is lost."""

import sqlite3

import pytest

from tests.server.conftest import Site

pytestmark = pytest.mark.server

AUTHORS = 3
COPIES = 4

COPY = f"""
from wizard.authoring import copying
from wizard.engine.copying import AtNewAnswer
from wizard.models import Guide
guide = Guide.objects.get()
for _ in range({COPIES}):
    copying.copy_branch(guide, "packed", follow="none", hook=AtNewAnswer("seen", "On a shelf"))
"""
WRITE = f"""
from wizard.models import Guide, Outcome
guide = Guide.objects.get()
for number in range({COPIES}):
    guide.outcomes.create(key=f"written-{{number}}", title="Written")
    Outcome.objects.filter(key="ask").update(title=f"Somebody has to look, {{number}}")
"""
SEEN = """
import time
from pathlib import Path
from wizard.authoring import copying
from wizard.engine.copying import copy_branch
from wizard.models import Guide
guide = Guide.objects.get()
seen = copy_branch(copying.draft_of(guide), "packed", follow="none").digest
Path("{folder}/{name}.looked").touch()
while len(list(Path("{folder}").glob("*.looked"))) < 2:
    time.sleep(0.01)
try:
    copying.copy_branch(guide, "packed", follow="none", seen=seen)
    print("made")
except copying.CopyChanged:
    print("told")
"""


def rows(site: Site, query: str) -> list:
    with sqlite3.connect(site.database) as connection:
        return connection.execute(query).fetchall()


def test_copies_and_what_is_written_beside_them_are_all_there(unserved_site):
    scripts = [*[COPY] * AUTHORS, WRITE]
    processes = [unserved_site.start("shell", "--no-imports", "-c", script) for script in scripts]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
    outcomes = dict(rows(unserved_site, "SELECT key, title FROM wizard_outcome"))
    copies = [f"packed-{number}" for number in range(2, AUTHORS * COPIES + 2)]
    written = [f"written-{number}" for number in range(COPIES)]
    assert sorted(outcomes) == sorted(["packed", "ask", *copies, *written])
    assert outcomes["ask"] == f"Somebody has to look, {COPIES - 1}"
    led_to = rows(
        unserved_site,
        "SELECT wizard_outcome.key FROM wizard_answer "
        "JOIN wizard_outcome ON to_outcome_id = wizard_outcome.id WHERE label = 'On a shelf'",
    )
    assert sorted(key for (key,) in led_to) == sorted(copies)


def test_of_two_who_have_looked_at_the_same_copy_one_makes_it_and_the_other_is_told(unserved_site):
    folder = unserved_site.database.parent
    processes = [
        unserved_site.start("shell", "--no-imports", "-c", SEEN.format(folder=folder, name=name))
        for name in ("one", "other")
    ]
    said = [process.communicate(timeout=120)[0].strip() for process in processes]
    assert sorted(said) == ["made", "told"]
    assert len(rows(unserved_site, "SELECT key FROM wizard_outcome WHERE key LIKE 'packed-%'")) == 1
