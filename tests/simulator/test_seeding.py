"""The samples' reports: pushed once the site answers, and the same ones on every start."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from tests.simulator.calls import FORM
from tests.simulator.listener import Listener
from tests.support.simulated import started_platform
from wizard.sample_messages import SAMPLES, Sample, SampleReport
from wizard.simulator import seeding

pytestmark = pytest.mark.server

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sample(key: str, *reports: SampleReport, account: str = "normal") -> Sample:
    return Sample(key, "S3", key, "an-outcome", reports=reports, account=account)


ONE, TWO, PARTS, FIVE, EMPTY = (
    sample("one", SampleReport("DELIVRD")),
    sample("two", SampleReport("EXPIRED", "1", timed=False)),
    sample("parts", SampleReport("DELIVRD", total=2), SampleReport("UNDELIV", sequence=2, total=2)),
    sample("five", SampleReport("MK:0001", minutes_after=5, org_code="011")),
    sample("empty", SampleReport("E000629", "3"), account="mode2-empty"),
)


@pytest.fixture
def shipped(monkeypatch):
    """Six samples in place of the shipped ones."""
    monkeypatch.setattr(seeding, "SAMPLES", (ONE, TWO, sample("none"), PARTS, FIVE, EMPTY))


def seed(site: Listener, state=None, **options) -> None:
    seeding.seed(site.url, state, sign=False, stopping=threading.Event(), **options)


def test_the_samples_come_in_both_forms(shipped, site):
    seed(site)
    singles = [push for push in site.received if push.path == "/callbacks/huawei/status/"]
    batches = [push for push in site.received if push.path == "/callbacks/huawei/status/batch/"]
    assert [push.form["smsMsgId"] for push in singles] == [ONE.message_id, FIVE.message_id]
    assert [[report["smsMsgId"] for report in push.reports] for push in batches] == [
        [TWO.message_id, PARTS.message_id, PARTS.message_id],
        [EMPTY.message_id],
    ]


def test_times_count_from_the_first_start(shipped, site, tmp_path):
    state = tmp_path / "var" / "simulator.json"
    state.parent.mkdir()
    state.write_text(json.dumps({"base_time": MOMENT.isoformat()}))
    seed(site, state)
    first = site.received[0].form
    assert first == {
        "sequence": "1",
        "total": "1",
        "updateTime": "2026-11-23T10:01:00Z",
        "source": "2",
        "smsMsgId": ONE.message_id,
        "status": "DELIVRD",
        "extend": "one",
        "to": "+8613800000001",
    }
    five = next(push.form for push in site.received if FIVE.message_id.encode() in push.body)
    assert (five["updateTime"], five["orgCode"]) == ("2026-11-23T10:05:00Z", "011")
    (two,) = (push.reports[0] for push in site.received if TWO.message_id.encode() in push.body)
    assert "updateTime" not in two


def test_a_second_start_pushes_the_very_same(shipped, site, tmp_path):
    state = tmp_path / "new" / "simulator.json"
    seed(site, state)
    before = [push.body for push in site.received]
    site.received.clear()
    time.sleep(1.1)
    seed(site, state)
    assert [push.body for push in site.received] == before
    base = datetime.fromisoformat(json.loads(state.read_text())["base_time"])
    assert abs(datetime.now(UTC) - base) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"base_time": 5}',
        '{"base_time": "x"}',
        '{"base_time": "0001-01-01T00:00:00+14:00"}',
    ],
)
def test_a_state_that_cannot_be_read_is_written_anew(tmp_path, text):
    state = tmp_path / "simulator.json"
    state.write_text(text)
    assert seeding.base_time(state, MOMENT) == MOMENT
    assert seeding.base_time(state, MOMENT + timedelta(days=1)) == MOMENT


def test_a_state_that_cannot_be_written_stops_nothing(tmp_path, caplog):
    (tmp_path / "file").touch()
    assert seeding.base_time(tmp_path / "file" / "simulator.json", MOMENT) == MOMENT
    assert "the next start will push other times" in caplog.text


def test_a_site_that_does_not_answer_gets_nothing(shipped, site, caplog):
    site.status = 503
    seed(site, patience=0.4)
    assert site.received == []
    assert "does not answer" in caplog.text


def test_the_process_waits_for_the_site_and_seeds_it(tmp_path):
    state = str(tmp_path / "simulator.json")
    with Listener() as site:
        site.status = 503
        with started_platform("--site", site.url, "--state", state, "--sign"):
            time.sleep(0.5)
            assert site.received == []
            site.status = 200
            assert all("authorization" in push.headers for push in site.wait_for(3))


def test_every_shipped_report_is_pushed_and_no_two_are_the_same():
    """The site stores each report once, by message, part, status and time."""
    pushes = seeding.pushes_of(SAMPLES, "http://127.0.0.1:8000", MOMENT)
    reports = [
        report
        for push in pushes
        for report in (
            [dict(parse_qsl(push.body.decode()))]
            if push.content_type == FORM
            else json.loads(push.body)["statusReportList"]
        )
    ]
    assert len(reports) == sum(len(one.reports) for one in SAMPLES)
    names = ("smsMsgId", "sequence", "status", "updateTime")
    assert len({tuple(map(report.get, names)) for report in reports}) == len(reports)
