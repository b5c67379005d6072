"""The server itself: what it is labelled, where it listens, and what cannot kill it."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.simulator.calls import code, fields, management, send, wsse_headers
from tests.support.simulated import ROOT, simulated_platform, started_platform
from wizard.simulator import server
from wizard.simulator.accounts import ACCOUNTS
from wizard.simulator.exchange import masked, on_this_machine
from wizard.simulator.reports import REFUSED_AT_ONCE, SCENARIOS

pytestmark = pytest.mark.server


def raw(url: str, text: bytes, *, shut: bool = False) -> bytes:
    """What the server answers to bytes of any kind, until it closes or falls silent."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        connection.sendall(text)
        if shut:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        connection.settimeout(0.5)
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except TimeoutError:
            pass
        return answer


# --- the label ------------------------------------------------------------------------------------


def test_the_page_says_loudly_what_this_is_and_lists_everything(url):
    response = requests.get(url, timeout=5)
    assert response.status_code == 200
    assert "<h1>Simulated SMS platform. Not Huawei Cloud.</h1>" in response.text
    for name in [*ACCOUNTS, *SCENARIOS, *REFUSED_AT_ONCE]:
        assert f">{name}<" in response.text or f">...{name}<" in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/favicon.ico", 404),
        ("POST", "/", 404),
        ("DELETE", "/sms/batchSendSms/v1", 400),
        ("POST", "/sms/batchSendSms/v1", 401),
        ("GET", management("apps"), 401),
        ("BREW", "/", 501),
    ],
)
def test_every_answer_carries_the_label(url, method, path, status):
    response = requests.request(method, url + path, timeout=5)
    assert response.status_code == status
    assert response.headers["X-Simulated-Platform"] == "SMS Doctor"


# --- what cannot kill it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\xff\x16\x03\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=lambda text: text[:40].decode("latin-1"),
)
def test_what_is_not_understood_gets_an_error_of_the_vendors_kind(url, text):
    answer = raw(url, text)
    assert b'"error_code": "APIGW.0106"' in answer
    assert b" 4" in answer[:13] or b" 5" in answer[:13] or answer.startswith(b"{")
    assert code(send(url)) == "000000"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"GET / HT",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nContent-Length: 10\r\n\r\nab",
        b"GET //[ HTTP/1.1\r\n\r\n",
        b"GET http://[/ HTTP/1.1\r\n\r\n",
        b"GET /v2/%ff%00/msgsms/apps?%ff=%ff&limit=\xff HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nAuthorization: WSSE \xff\r\n\r\n",
        b"POST /sms/batchSendSms/v1 HTTP/1.1\r\nAuthorization: SDK-HMAC-SHA256 Access=\xff, "
        b"SignedHeaders=host;x-sdk-date;\xff, Signature=\xb2\r\nHost: x\r\n\r\n",
    ],
)
def test_a_connection_that_breaks_off_or_talks_rubbish_does_no_harm(url, text):
    raw(url, text, shut=True)
    assert code(send(url)) == "000000"


def test_a_fault_of_our_own_is_answered_too(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(server, "start_page", broken)
    with simulated_platform() as platform:
        response = requests.get(platform.url, timeout=5)
    assert (response.status_code, response.json()["error_code"]) == (500, "SIM.0500")
    assert "a fault" in caplog.text


def test_many_callers_at_once(url):
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda _: code(send(url)), range(64)))
    assert set(codes) == {"000000"}


# --- where it listens, and how it stops -----------------------------------------------------------


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wizard.simulator", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)


def test_it_listens_on_loopback_alone(url):
    port = int(url.rpartition(":")[2])
    for address in ("127.0.0.2", "::1"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as caller:
            assert caller.connect_ex((address, port)) != 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "listens on 127.0.0.1 alone"),  # noqa: S104
        (["--site", "https://doctor.example.com"], "on this machine"),
        (["--port", "70000"], "from 0 to 65535"),
        (["--delay", "-1"], "from 0 to 3600"),
    ],
)
def test_what_it_does_not_do_it_says(arguments, words):
    done = start(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_taken_port_is_told_with_code_2(url):
    done = start("--port", url.rpartition(":")[2])
    assert done.returncode == 2
    assert done.stderr.strip() == f"Port {url.rpartition(':')[2]} cannot be used: " + (
        "Address already in use."
    )


def test_the_process_serves_logs_masked_lines_and_stops_on_sigterm():
    with started_platform() as started:
        number = "+8613812345678"
        assert code(send(started.url, fields(to=number))) == "000000"
        address = f"{started.url}/nothing/8613812345678?to=13812345678"
        requests.get(address, headers=wsse_headers(), timeout=5)
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(timeout=10) == 0
        lines = started.log.splitlines()
    assert [line.split("simulator: ")[1] for line in lines] == [
        "POST /sms/batchSendSms/v1 -> 200",
        "GET /nothing/***78 -> 404",
    ]


def test_the_process_stops_on_ctrl_c_even_while_it_answers_slowly():
    with started_platform("--delay", "0") as started:
        host, port = started.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as idle:
            idle.sendall(b"GET / HTTP/1.1\r\n")
            time.sleep(0.1)
            started.process.send_signal(signal.SIGINT)
            assert started.process.wait(timeout=10) == 0


def test_it_needs_no_django():
    script = "import sys, wizard.simulator.__main__; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=20).returncode == 0


# --- small things ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost/", True),
        ("http://[::1]:8000/x", True),
        ("https://127.1.2.3/", True),
        ("http://127.0.0.1@elsewhere.invalid/", False),
        ("http://localhost.elsewhere.invalid/", False),
        ("http://10.0.0.1/", False),
        ("http://169.254.169.254/", False),
        ("ftp://127.0.0.1/", False),
        ("http://127.0.0.1:x/", False),
        ("http://[::1", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(url, expected):
    assert on_this_machine(url) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/apps/+8613812345678", "/apps/***78"),
        ("/apps/%2B8613812345678/x", "/apps/***78/x"),
        ("/v2/csms10000001", "/v2/csms***01"),
        ("/callbacks/huawei/status/batch/", "/callbacks/huawei/status/batch/"),
        ("/sms/batchSendSms/v1", "/sms/batchSendSms/v1"),
    ],
)
def test_numbers_are_masked(text, expected):
    assert masked(text) == expected
