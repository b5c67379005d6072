"""Status reports that come to several processes at once are stored once."""

import json
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.server.conftest import copied
from tests.support.guides import DOCUMENT

pytestmark = pytest.mark.server

REPORTS = 10_000
BATCH = 50
BATCHES = "/callbacks/huawei/status/batch/"
ROWS = (
    "SELECT message_id, sequence, total, status, status_text, source, org_code, update_time, "
    "extend, recipient_hash, recipient_masked, more FROM wizard_statusreport ORDER BY 1, 2, 4, 8"
)

STORE = """
from django.utils import timezone
from wizard.reports import receiving
for body in open({file!r}, "rb"):
    receiving.store(receiving.read_batch(body, now=timezone.now()))
"""


def entry(number: int) -> dict[str, str]:
    """One of 10,000 reports: two parts each, two statuses, some with a recipient."""
    message, part = divmod(number, 4)
    return {
        "smsMsgId": f"b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_{message}",
        "total": "2",
        "sequence": str(part % 2 + 1),
        "status": "DELIVRD" if part < 2 else "ACCEPTD",
        "source": "2",
        "updateTime": f"2026-11-01T12:00:{message % 60:02}Z",
        **({"extend": "x", "to": f"+86138{message:08}"} if message % 2 else {}),
    }


def write_pushes(file: Path, seed: int) -> None:
    """The same reports in an order of its own, as the bodies of batches, one a line."""
    entries = [entry(number) for number in range(REPORTS)]
    random.Random(seed).shuffle(entries)
    batches = (entries[start : start + BATCH] for start in range(0, REPORTS, BATCH))
    file.write_text("\n".join(json.dumps({"statusReportList": batch}) for batch in batches))


def rows(database: Path) -> list[tuple]:
    with sqlite3.connect(database) as connection:
        return connection.execute(ROWS).fetchall()


def test_two_processes_that_store_the_same_reports_end_with_the_rows_of_one(tmp_path, prepared):
    def store(name: str, *seeds: int) -> list[tuple]:
        """What is in a database of that name when one process for each seed has stored all."""
        folder = tmp_path / name
        folder.mkdir()
        site = copied(prepared(DOCUMENT), folder, {})
        processes = []
        for seed in seeds:
            file = folder / f"{seed}.jsonl"
            write_pushes(file, seed)
            code = STORE.format(file=str(file))
            processes.append(site.start("shell", "--no-imports", "-c", code))
        for process in processes:
            output, _ = process.communicate(timeout=90)
            assert process.returncode == 0, output
        return rows(site.database)

    alone = store("alone", 1)
    assert len(alone) == REPORTS
    assert store("together", 2, 3) == alone


def test_a_batch_that_is_pushed_many_times_at_once_leaves_its_rows_once(standing_site):
    pushed = {"statusReportList": [entry(number) for number in range(BATCH)]}

    def push(_: int) -> tuple[int, bytes]:
        answer = requests.post(standing_site.url + BATCHES, json=pushed, timeout=20)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(push, range(24)))
    assert set(answers) == {(200, b"")}
    assert len(rows(standing_site.database)) == BATCH
