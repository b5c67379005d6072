"""Whatever the platform does, a look-up returns in time and says why there is no answer."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.lookups.conftest import BUDGET, account_at, ask
from tests.support import faulty
from tests.support.faulty import Platform, says, serving
from wizard.lookups.http import MAX_BODY, Request
from wizard.lookups.http import ask as ask_http
from wizard.net.deadline import Deadline

pytestmark = pytest.mark.server

AT_MOST = 4.0  # seconds; the budget is 2, the rest is for a busy machine
SOON = 0.6  # the budget where it is used up whatever happens

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

FAULTS = {
    "hangs": (faulty.hangs, "timeout"),
    "body byte by byte": (faulty.drips_its_body, "timeout"),
    "head byte by byte": (faulty.drips_its_head, "timeout"),
    "always 500": (says({}, 500), "server"),
    "always 503": (says(b"<h1>Sorry", 503), "server"),
    "429": (says({}, 429), "busy"),
    "401": (says({"error_code": "APIGW.0301"}, 401), "refused"),
    "403": (says({"error_code": "MSGSMS.0003"}, 403), "refused"),
    "404": (says(b"", 404), "refused"),
    "no JSON": (says(b"<html>"), "unreadable"),
    "half of JSON": (says(b'{"results": ['), "unreadable"),
    "no text": (says(b"\xff\xfe\xff"), "unreadable"),
    "no body": (says(b""), "unreadable"),
    "deep JSON": (says(b"[" * 100_000), "unreadable"),
    "no number": (says(b'{"results": [NaN]}'), "unreadable"),
    "huge number": (says(b"[1e99999999999999999999]"), "unreadable"),
    "endless number": (says(b"1" * 100_000), "unreadable"),
    "a list": (says([]), "unreadable"),
    "null": (says(None), "unreadable"),
    "no results": (says({}), "unreadable"),
    "results of another type": (says({"results": {"status": "LAUNCHED"}}), "unreadable"),
    "rows of another type": (says({"results": ["LAUNCHED"]}), "unreadable"),
    "state of another type": (says({"results": [{"status": 7}]}), "unreadable"),
    "total of another type": (says({"results": [], "total": "many"}), "unreadable"),
    "10 MB": (faulty.never_ends, "too-large"),
    "gzip bomb": (faulty.bursts, "too-large"),
    "no gzip": (faulty.packs_badly, "unreadable"),
    "error page without end": (faulty.never_ends_with(500), "server"),
    "error byte by byte": (faulty.drips_an_error, "server"),
    "closes at once": (faulty.closes_at_once, "connection"),
    "closes in the body": (faulty.closes_in_the_body, "connection"),
    "not HTTP": (faulty.speaks_another_language, "connection"),
    "only a status line": (faulty.sends(b"HTTP/1.1 200 OK\r\n"), "unreadable"),
    "no status": (faulty.sends(b"HTTP/1.1 OK\r\n\r\n[]"), "connection"),
    "a line without end": (faulty.sends(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99_999), "connection"),
    "endless headers": (faulty.sends(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 999), "connection"),
    "two lengths": (faulty.sends(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n"), "connection"),
    "broken chunks": (faulty.sends(CHUNKED + b"zz\r\n[]"), "connection"),
    "half of a chunk": (faulty.sends(CHUNKED + b"ff\r\n[]"), "connection"),
    "huge chunk": (faulty.sends(CHUNKED + b"f" * 15 + b"\r\n[]"), "connection"),
    "going on for ever": (faulty.repeats(b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
}


def one_call(url, **options):
    """The result of one call, with the time limit that every fault has to keep."""
    started = time.monotonic()
    (call,) = ask(account_at(url), names=["applications"], **options)
    assert time.monotonic() - started < AT_MOST
    return call


def assert_failed(call, reason, log):
    assert call.failure.reason == reason
    assert call.findings == ()
    (line,) = log()
    assert reason in line
    assert "applications" in line


@pytest.mark.parametrize(("behaviour", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_by_its_reason(behaviour, reason, log):
    with serving(behaviour) as server:
        call = one_call(server.url, budget=SOON if reason == "timeout" else BUDGET)
    assert_failed(call, reason, log)
    assert call.failure.permanent == (reason == "refused")
    assert server.host in log()[0]


def test_nothing_listens(log):
    assert_failed(one_call(faulty.nowhere()), "connection", log)


def test_a_name_without_an_address(log):
    assert_failed(one_call("https://does-not-exist.invalid"), "unknown-host", log)


@pytest.mark.parametrize("name", ["x" * 70, "a..b", "xn--"])
def test_a_name_that_cannot_be_one(name, log):
    call = one_call(f"https://{name}.invalid")
    assert_failed(call, "unknown-host", log)


def test_a_certificate_that_nobody_trusts(log):
    with serving(Platform(), tls=True) as server:
        assert_failed(one_call(server.url), "tls", log)
    assert server.asked == []


@pytest.fixture
def _trusting(monkeypatch):
    """Our certificate counts as if a known authority had signed it."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(faulty.CERTIFICATE))


@pytest.mark.usefixtures("_trusting")
def test_a_certificate_that_is_trusted():
    with serving(Platform(), tls=True) as server:
        for _ in range(3):
            assert one_call(server.url).failure is None
    assert server.connections == 1


@pytest.mark.usefixtures("_trusting")
@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faulty.hangs, "timeout"),
        (faulty.drips_its_head, "timeout"),
        (faulty.drips_its_body, "timeout"),
        (faulty.closes_at_once, "connection"),
        (faulty.closes_in_the_body, "connection"),
    ],
)
def test_faults_within_tls(behaviour, reason, log):
    with serving(behaviour, tls=True) as server:
        budget = SOON if reason == "timeout" else BUDGET
        assert_failed(one_call(server.url, budget=budget), reason, log)


@pytest.mark.usefixtures("_trusting")
def test_a_certificate_for_another_name(monkeypatch, log):
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **k: real("127.0.0.1", *rest, **k))
    with serving(Platform(), tls=True) as server:
        call = one_call(server.url.replace("127.0.0.1", "sms.example.com"))
    assert_failed(call, "tls", log)
    assert server.asked == []


def test_no_tls_where_it_is_expected(log):
    with serving(Platform()) as server:
        assert_failed(one_call(server.url.replace("http:", "https:")), "tls", log)


def test_a_redirect_is_not_followed(log):
    with serving(Platform()) as elsewhere, serving(faulty.redirects(elsewhere.url)) as server:
        call = one_call(server.url)
    assert_failed(call, "redirect", log)
    assert elsewhere.connections == 0


def test_a_name_server_that_hangs(monkeypatch, log):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(AT_MOST + 1))
    assert_failed(one_call("https://slow.invalid", budget=0.5), "timeout", log)


def test_a_port_that_swallows_everything(log):
    """The connection is made by the system and nobody ever accepts it."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        call = one_call(f"http://127.0.0.1:{listener.getsockname()[1]}", budget=SOON)
    assert_failed(call, "timeout", log)


def test_the_code_of_the_vendor_is_told_and_its_words_are_not(log):
    answer = {"error_msg": "template for +8613800000000", "error_code": "MSGSMS.0009"}
    with serving(says(answer, 400)) as server:
        call = one_call(server.url)
    assert call.failure.detail == "HTTP 400 MSGSMS.0009"
    assert "13800000000" not in log()[0]


@pytest.mark.parametrize(("size", "fits"), [(MAX_BODY, True), (MAX_BODY + 1, False)])
def test_the_largest_answer(size, fits):
    start = b'{"results": [], "total": 0'
    with serving(says(start + b" " * (size - len(start) - 1) + b"}")) as server:
        call = one_call(server.url)
    assert (call.failure is None) == fits


# --- a second attempt -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [says({}, 500), says({}, 503), faulty.closes_at_once, faulty.closes_in_the_body]
)
def test_a_fault_that_may_pass_is_tried_again(fault, log):
    platform = Platform(apps=[{"app_key": "a", "status": "LAUNCHED"}])
    with serving(faulty.in_turn(fault, platform)) as server:
        call = one_call(server.url)
    assert [finding.value for finding in call.findings] == ["LAUNCHED"]
    assert len(server.asked) == 2
    assert log() == []


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (says({}, 500), 2),
        (says({}, 429), 1),
        (says({}, 403), 1),
        (says(b"x"), 1),
        (faulty.redirects("/"), 1),
    ],
)
def test_it_is_asked_twice_at_most(fault, times):
    with serving(fault) as server:
        one_call(server.url)
    assert len(server.asked) == times


def test_there_is_no_second_attempt_without_the_time_for_it():
    with serving(faulty.after(0.35, says({}, 500))) as server:
        assert one_call(server.url, budget=0.5).failure.reason == "server"
    assert len(server.asked) == 1


# --- connections ----------------------------------------------------------------------------------


def request_to(server):
    return Request("GET", f"{server.url}/", {})


def test_a_connection_serves_one_request_after_the_other():
    with serving(says([])) as server:
        for _ in range(5):
            ask_http(request_to(server), Deadline(2))
    assert (len(server.asked), server.connections) == (5, 1)


@pytest.mark.usefixtures("_trusting")
@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("behaviour", [faulty.drips_its_head, faulty.drips_its_body, faulty.hangs])
def test_what_is_cut_ends(behaviour, tls):
    """The thread of a late call does not go on as long as the other side likes."""
    deadline = Deadline(60)
    with serving(behaviour, tls=tls) as server, ThreadPoolExecutor(1) as threads:
        asking = threads.submit(ask_http, request_to(server), deadline)
        while not server.asked:
            time.sleep(0.01)
        time.sleep(0.1)
        deadline.cut()
        assert asking.exception(timeout=AT_MOST).reason == "timeout"


def test_the_environment_does_not_interfere(monkeypatch, tmp_path):
    """Neither a proxy nor a netrc file is read."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, faulty.nowhere())
    monkeypatch.setenv("no_proxy", "")
    with serving(Platform()) as server:
        assert one_call(server.url).failure is None
    assert server.asked[0].headers["authorization"].startswith("SDK-HMAC-SHA256 Access=")
