"""Status reports: which come, by which route, in which form, and how they are signed."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.calls import code, fields, send
from tests.simulator.listener import Listener, Received
from tests.support.simulated import simulated_platform
from wizard.net import signing
from wizard.simulator.accounts import ACCOUNTS, NOTICE_TEMPLATE
from wizard.simulator.reports import SCENARIOS, SimulatedMessage, parts_of, reports_of

pytestmark = pytest.mark.server

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def single(url: str, site: Listener, **form: str) -> str:
    """Send with a statusCallback; gives the message ID."""
    response = send(url, fields(statusCallback=f"{site.url}/single", **form))
    assert code(response) == "000000"
    return response.json()["result"][0]["smsMsgId"]


def what_comes(number: str, **other) -> list[tuple[str, ...]]:
    """The reports in the order of their coming: status, source, part of parts, with a time."""
    message = SimulatedMessage(ACCOUNTS["normal"], "id", f"+861380000{number}", MOMENT, **other)
    coming = sorted(reports_of(message, 1.0), key=lambda pair: pair[0])
    return [
        (
            one["status"],
            one["source"],
            f"{one['sequence']}/{one['total']}",
            "timed" if "updateTime" in one else "",
        )
        for _, one in coming
    ]


# --- what comes -----------------------------------------------------------------------------------

DELIVRD = ("DELIVRD", "2", "1/1", "timed")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0001", [DELIVRD]),
        ("0002", [("UNDELIV", "2", "1/1", "timed")]),
        ("0003", [("EXPIRED", "2", "1/1", "timed")]),
        ("0004", [("EXPIRED", "1", "1/1", "")]),
        ("0005", [("E200027", "3", "1/1", "")]),
        ("0006", [("MK:0001", "2", "1/1", "timed")]),
        ("0007", [("DELIVRD", "2", "1/2", "timed")]),
        ("0008", [DELIVRD, ("ACCEPTD", "2", "1/1", "timed")]),
        ("0009", [DELIVRD] * 3),
        ("0010", []),
        ("0011", [("DELIVRD", "2", "2/2", "timed"), ("DELIVRD", "2", "1/2", "timed")]),
        ("0012", [("DELIVRD", "2", "1/2", "timed"), ("UNDELIV", "2", "2/2", "timed")]),
        ("4711", [DELIVRD]),
    ],
)
def test_the_number_decides_what_comes(number, expected):
    assert what_comes(number) == expected


@pytest.mark.parametrize("number", SCENARIOS)
def test_every_scenario_keeps_the_documented_form(number):
    message = SimulatedMessage(ACCOUNTS["normal"], "id", f"+861380000{number}", MOMENT, extend="x")
    for _, report in reports_of(message, 1.0):
        assert list(report)[:2] == ["sequence", "total"]
        assert int(report["sequence"]) <= int(report["total"]) == parts_of(message)
        assert re.fullmatch(TIME, report.get("updateTime", "2026-11-23T12:00:00Z"))
        assert report["source"] in {"1", "2", "3"}


def test_a_long_text_is_reported_part_by_part():
    assert what_comes("0001", parts=2) == [
        ("DELIVRD", "2", "1/2", "timed"),
        ("DELIVRD", "2", "2/2", "timed"),
    ]


def test_what_the_request_brings_about_counts_before_the_number():
    assert what_comes("0001", verdict="E200018") == [("E200018", "3", "1/1", "")]


def test_the_older_report_carries_the_older_time():
    message = SimulatedMessage(ACCOUNTS["normal"], "id", "+8613800000008", MOMENT)
    delivered, accepted = (report["updateTime"] for _, report in reports_of(message, 1.0))
    assert (delivered, accepted) == ("2026-11-23T12:00:01Z", "2026-11-23T12:00:00Z")


# --- the single form ------------------------------------------------------------------------------


def test_a_report_goes_to_the_callback_of_the_request(url, site):
    message_id = single(url, site)
    (push,) = site.wait_for(1)
    assert push.path == "/single"
    assert push.headers["content-type"] == "application/x-www-form-urlencoded"
    assert push.headers["connection"] == "close"
    assert push.headers["x-simulated-platform"] == "SMS Doctor"
    assert "authorization" not in push.headers
    assert re.fullmatch(
        rf"sequence=1&total=1&updateTime={TIME.replace(':', '%3A')}&source=2"
        rf"&smsMsgId={message_id}&status=DELIVRD",
        push.body.decode(),
    )


def test_the_recipient_comes_with_extend_only(url, site):
    single(url, site, extend="order 42&more")
    (push,) = site.wait_for(1)
    assert push.form["extend"] == "order 42&more"
    assert push.form["to"] == "+8613800000001"


def test_the_far_network_is_named_abroad_only(url, site):
    single(url, site, to="+6581000001")
    (push,) = site.wait_for(1)
    assert push.form["orgCode"] == "000"


def test_reports_come_in_the_order_of_the_scenario(url, site):
    single(url, site, to="+8613800000008")
    assert [push.form["status"] for push in site.wait_for(2)] == ["DELIVRD", "ACCEPTD"]


def test_the_same_report_comes_three_times(url, site):
    single(url, site, to="+8613800000009")
    assert len({push.body for push in site.wait_for(3)}) == 1


def test_one_number_never_gets_a_report(url, site):
    single(url, site, to="+8613800000010")
    assert site.stays_silent()


@pytest.mark.parametrize(
    ("account", "form", "expected"),
    [
        ("mode2-empty", {}, "E000629"),
        ("mode2-left", {}, "E000629"),
        ("normal", {"from": "csms-unheard-of"}, "E200018"),
        ("normal", {"to": "+86123"}, "E200022"),
    ],
)
def test_account_and_request_decide_before_the_number(url, site, account, form, expected):
    send(url, {**fields(statusCallback=site.url), **form}, account=account)
    (push,) = site.wait_for(1)
    assert (push.form["status"], push.form["source"]) == (expected, "3")


def test_a_refused_number_gets_no_report(url, site):
    send(url, fields(to="+8613800009015", statusCallback=site.url))
    assert site.stays_silent()


def test_a_site_that_is_down_or_fails_does_no_harm(url, site):
    send(url, fields(statusCallback="http://127.0.0.1:9/"))
    site.status = 500
    single(url, site)
    assert len(site.wait_for(1)) == 1
    time.sleep(0.2)
    assert len(site.received) == 1, "nothing is documented about a second try"
    assert code(send(url)) == "000000"


@pytest.mark.parametrize(
    "address", ["http://192.0.2.1/", "http://elsewhere.invalid/", "http://[::1"]
)
def test_nothing_is_pushed_to_other_machines(url, monkeypatch, address):
    tried = []
    monkeypatch.setattr("requests.Session.post", lambda *args, **_: tried.append(args))
    send(url, fields(statusCallback=address))
    time.sleep(0.2)
    assert tried == []


def test_without_any_address_nothing_is_pushed(url, site):
    assert code(send(url)) == "000000"
    assert site.stays_silent(0.2)


# --- the batch form -------------------------------------------------------------------------------


def test_without_a_callback_reports_come_in_batches_of_fifty(site):
    numbers = [f"+861390000{number:04}" for number in range(5000, 5060)]
    with simulated_platform(batch_address=f"{site.url}/batch") as platform:
        sent = send(platform.url, fields(to=",".join(numbers), extend="x")).json()["result"]
        pushes = site.wait_for(2)
    assert {push.path for push in pushes} == {"/batch"}
    assert {push.headers["content-type"] for push in pushes} == {"application/json"}
    assert sorted(len(push.reports) for push in pushes) == [10, 50]
    reports = [report for push in pushes for report in push.reports]
    assert {report["smsMsgId"] for report in reports} == {row["smsMsgId"] for row in sent}
    assert {report["to"] for report in reports} == set(numbers)
    assert all(isinstance(value, str) for report in reports for value in report.values())


def test_a_callback_comes_before_the_batch_address(site):
    with simulated_platform(batch_address=f"{site.url}/batch") as platform:
        single(platform.url, site)
        site.wait_for(1)
        time.sleep(0.3)
    assert [push.path for push in site.received] == ["/single"]


def test_batches_hold_one_account_each(site):
    with simulated_platform(batch_address=site.url, delay=0.3) as platform:
        send(platform.url, fields(templateId=NOTICE_TEMPLATE, templateParas=None))
        send(platform.url, account="mode2-empty")
        pushes = site.wait_for(2)
    assert sorted(report["status"] for push in pushes for report in push.reports) == [
        "DELIVRD",
        "E000629",
    ]


# --- signed ---------------------------------------------------------------------------------------

HEADER = re.compile(
    r"SDK-HMAC-SHA256 Access=([^, ]+),SignedHeaders=([a-z;-]+),Signature=([0-9a-f]{64})"
)


def assert_signed(push: Received, account: str) -> None:
    """The push's signature holds, recomputed from what came over the wire."""
    owner = ACCOUNTS[account]
    access, names, signature = HEADER.fullmatch(push.headers["authorization"]).groups()
    assert access == owner.push_key
    assert names == "connection;content-length;content-type;host;x-sdk-date"
    canonical = signing.canonical_request(
        "POST", push.path, "", push.headers, names.split(";"), signing.digest(push.body)
    )
    date = push.headers["x-sdk-date"]
    assert signature == signing.signature_of(canonical, date, owner.push_secret)
    moment = datetime.strptime(date, signing.DATE_FORMAT).replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_an_account_with_push_keys_signs_its_reports(url, site):
    send(url, fields(statusCallback=f"{site.url}/single"), account="signed-pushes")
    assert_signed(site.wait_for(1)[0], "signed-pushes")


def test_all_pushes_can_be_signed_in_both_forms(site):
    with simulated_platform(batch_address=f"{site.url}/batch/", sign_pushes=True) as platform:
        send(platform.url)
        single(platform.url, site)
        pushes = site.wait_for(2)
    for push in pushes:
        assert_signed(push, "normal")
