"""The site over real HTTP, as two processes serve it."""

import copy
import sqlite3
import time

import pytest

from tests.server.settings import PUBLICATION_POLL_SECONDS
from tests.support.guides import DOCUMENT

pytestmark = pytest.mark.server

WALK = "/guides/toy/"


def seen(site, words: str) -> list[bool]:
    """Whether the words stand on the first page, asked often enough to meet both processes."""
    return [words in site.get(WALK).text for _ in range(12)]


def test_every_process_notices_a_new_publication_by_itself(site):
    assert all(seen(site, "Where was the parcel seen last?"))
    changed = copy.deepcopy(DOCUMENT)
    changed["questions"][0]["text"] = "Where on earth is it?"
    site.publish(changed)
    deadline = time.monotonic() + 20
    while not all(seen(site, "Where on earth is it?")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_walk_pages_stay_while_the_database_is_away_and_health_says_so(site):
    assert all(seen(site, "Where was the parcel seen last?"))
    with sqlite3.connect(site.database) as database:
        database.execute("ALTER TABLE wizard_guide RENAME TO wizard_guide_away")
        database.execute("ALTER TABLE wizard_publication RENAME TO wizard_publication_away")
        database.execute("ALTER TABLE wizard_unknowncode RENAME TO wizard_unknowncode_away")
    time.sleep(4 * PUBLICATION_POLL_SECONDS)
    assert all(seen(site, "Where was the parcel seen last?"))
    assert site.get("/codes/ZZ:0001/").status_code == 404
    assert "We do not know ZZ:0001 yet" in site.get("/codes/ZZ:0001/").text


def test_health_says_when_the_database_is_gone(site):
    assert site.get("/healthz").status_code == 200
    site.database.unlink()
    site.database.mkdir()
    answers = [site.get("/healthz") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {503}
    assert "database" in answers[0].text


def test_pages_are_guarded_and_set_no_cookie(standing_site):
    for path in ("/", WALK, f"{WALK}?seen=shop", "/codes/", "/codes/DELIVRD/"):
        headers = standing_site.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")


def test_head_and_304_have_no_body(standing_site):
    etag = standing_site.get(WALK).headers["ETag"]
    again = standing_site.get(WALK, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


HOSTILE = (
    "&".join(f"k{n}=v{n}" for n in range(10_000)),
    "seen=" + "x" * 6_000,
    "seen=%00%0d%0aSet-Cookie:%20a=b",
    "seen=%3Cscript%3Ealert(1)%3C/script%3E",
    "%FF%FE=%C0%80",
    "seen=van&seen=shop",
)


def test_no_address_is_a_server_error(standing_site):
    for query in HOSTILE:
        answer = standing_site.get(f"{WALK}?{query}")
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_a_megabyte_in_the_box_is_answered_with_a_page(standing_site):
    for text in ("x" * 1_000_000, "<script>alert(1)</script>" * 40_000, "{" * 1_000_000):
        told = standing_site.post("/", {"text": text})
        assert told.status_code == 302  # to the address of what was understood
        answer = standing_site.get(told.headers["Location"])
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_more_than_the_site_reads_is_refused_with_a_page(standing_site):
    answer = standing_site.post("/", {"text": "x" * 8_000_000})
    assert answer.status_code in (400, 413)


RECORD = (
    "from wizard.models import UnknownCode\n"
    "for _ in range(150): UnknownCode.objects.record('ZZ:0001', keep=10)"
)


def test_two_processes_that_record_the_same_code_count_every_time_once(unserved_site):
    processes = [unserved_site.start("shell", "--no-imports", "-c", RECORD) for _ in range(2)]
    for process in processes:
        output, _ = process.communicate(timeout=90)
        assert process.returncode == 0, output
    with sqlite3.connect(unserved_site.database) as database:
        rows = database.execute("SELECT code, times FROM wizard_unknowncode").fetchall()
    assert rows == [("ZZ:0001", 300)]


PUBLISH = (
    "from wizard.authoring import publishing\n"
    "from wizard.models import Guide\n"
    "guide = Guide.objects.get()\n"
    "for _ in range(10):\n"
    "    Guide.objects.filter(pk=guide.pk).update(summary=__import__('uuid').uuid4().hex)\n"
    "    try: publishing.publish(guide, by=None)\n"
    "    except publishing.Unchanged: pass"
)


def test_two_who_publish_at_once_get_numbers_of_their_own(unserved_site):
    processes = [unserved_site.start("shell", "--no-imports", "-c", PUBLISH) for _ in range(2)]
    for process in processes:
        output, _ = process.communicate(timeout=90)
        assert process.returncode == 0, output
    with sqlite3.connect(unserved_site.database) as database:
        rows = database.execute("SELECT number FROM wizard_publication ORDER BY number").fetchall()
    numbers = [number for (number,) in rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
