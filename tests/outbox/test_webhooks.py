"""Webhooks go to the address that was checked and to no other, in time, and signed."""

import hashlib
import hmac
import json
import socket
from contextlib import suppress
from ipaddress import ip_address, ip_network
from uuid import UUID

import pytest

from tests.support import faulty
from tests.support.faulty import packet, says, serving
from tests.support.moments import NOON
from wizard.outbox import targets, webhooks
from wizard.outbox.targets import NotSent, is_public
from wizard.outbox.webhooks import MAX_ANSWER, post, signed

pytestmark = pytest.mark.server

DELIVERY = UUID("0a6f1f6e-7f0c-4c58-9d3e-5d8a6f7b1c2d")
SECRET = "a secret that the receiver and this site have in common"
HERE = [ip_network("127.0.0.0/8")]


@pytest.fixture(autouse=True)
def _own_network(settings):
    """Servers of tests are on this machine; each test that is about the check says so."""
    settings.WEBHOOK_ALLOWED_NETWORKS = HERE
    settings.WEBHOOK_SECRET = SECRET


@pytest.fixture
def names(monkeypatch):
    """Hosts that have the addresses which a test gives them; how often each was asked for."""
    real, asked = socket.getaddrinfo, []
    known: dict[str, list[str]] = {}

    def getaddrinfo(host, *rest, **more):
        if host not in known:
            return real(host, *rest, **more)
        asked.append(host)
        return [row for address in known[host] for row in real(address, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    known["asked"] = asked
    return known


def sent(url, body=b"{}", headers=None, seconds=5.0):
    return post(url, body, headers or {}, seconds=seconds)


def refused(url, seconds=5.0) -> NotSent:
    with pytest.raises(NotSent) as error:
        sent(url, seconds=seconds)
    return error.value


def port_of(server) -> str:
    return server.url.rpartition(":")[2]


# --- the POST -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_success_is_accepted(status):
    with serving(says(b"", status)) as server:
        assert sent(f"{server.url}/hooks/sms?key=1", b'{"a":1}', {"X-Mine": "yes"}) == status
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/hooks/sms?key=1")
    assert asked.body == b'{"a":1}'
    assert asked.headers["x-mine"] == "yes"
    assert asked.headers["host"] == server.host


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (401, True),
        (404, True),
        (410, True),
        (408, False),
        (425, False),
        (429, False),
        (500, False),
        (503, False),
        (302, False),
        (301, True),
        (308, True),
    ],
)
def test_any_other_answer_says_whether_trying_again_can_help(status, permanent):
    with serving(says({"secret": "words"}, status)) as server:
        failure = refused(server.url)
    assert failure.permanent == permanent
    assert failure.reason == f"the receiver answered HTTP {status}"


def test_a_redirect_is_not_followed():
    with serving(says({})) as elsewhere, serving(faulty.redirects(elsewhere.url)) as server:
        assert "HTTP 302" in refused(server.url).reason
    assert elsewhere.connections == 0


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, faulty.nowhere())
    with serving(says({})) as server:
        assert sent(server.url) == 200


def test_characters_beyond_ascii_in_a_path_are_written_as_urls_write_them():
    with serving(says({})) as server:
        sent(f"{server.url}/häuser/a%20b/?q=ü&r=%2F")
    assert server.asked[0].target == "/h%C3%A4user/a%20b/?q=%C3%BC&r=%2F"


# --- in time, and no more than that ---------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [faulty.hangs, faulty.drips_its_head, faulty.after(3, says({}))],
    ids=["hangs", "byte by byte", "late"],
)
def test_an_answer_that_takes_too_long_is_cut(behaviour):
    with serving(behaviour) as server:
        failure = refused(server.url, seconds=0.5)
    assert failure.reason == "no answer in time"
    assert not failure.permanent


def test_an_answer_without_end_is_not_read_to_its_end():
    with serving(faulty.repeats(b"HTTP/1.1 100 Continue\r\n\r\n")) as server:
        assert not refused(server.url).permanent


@pytest.mark.parametrize(
    "behaviour",
    [
        faulty.never_ends,
        faulty.bursts,
        faulty.drips_its_body,
        faulty.closes_in_the_body,
        faulty.sends(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10 * MAX_ANSWER),
    ],
    ids=["10 MB", "gzip bomb", "byte by byte", "closes in the body", "a head without end"],
)
def test_what_is_accepted_is_accepted_whatever_follows_the_status(behaviour):
    with serving(behaviour) as server:
        assert sent(server.url, seconds=1.0) == 200


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faulty.closes_at_once, "no connection, or one that was cut off"),
        (faulty.speaks_another_language, "the answer is not HTTP"),
        (faulty.sends(b"\xff" * 100_000), "the answer is not HTTP"),
    ],
    ids=["closes at once", "another language", "noise"],
)
def test_what_is_no_answer_is_told_by_its_reason(behaviour, reason):
    with serving(behaviour) as server:
        failure = refused(server.url)
    assert (failure.reason, failure.permanent) == (reason, False)


def test_nothing_listens():
    assert refused(faulty.nowhere()).reason == "no connection, or one that was cut off"


def test_a_port_that_swallows_everything():
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        failure = refused(f"http://127.0.0.1:{listener.getsockname()[1]}", seconds=0.5)
    assert failure.reason == "no answer in time"


def test_a_name_without_an_address_may_have_one_later():
    failure = refused("https://does-not-exist.invalid/")
    assert (failure.reason, failure.permanent) == ("the name of the host has no address", False)


def test_a_name_server_that_hangs(monkeypatch):
    closing = faulty.threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: closing.wait(60))
    assert refused("https://slow.example/", seconds=0.3).reason == "no answer in time"
    closing.set()


def test_a_reason_never_names_the_address():
    with serving(says({}, 500)) as server:
        url = f"{server.url}/hooks/T0KEN"
        reasons = [refused(url).reason, refused(f"{faulty.nowhere()}/hooks/T0KEN").reason]
    assert not any("T0KEN" in reason or "127.0.0.1" in reason for reason in reasons)


# --- where it may go ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3",  # noqa: S104
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200",
        "169.254.169.254", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1",
        "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::",
        "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1",
        "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_public_internet_is_refused(address, names, settings):
    assert not is_public(ip_address(address))
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    names["hook.example"] = [address.partition("%")[0]]
    failure = refused("https://hook.example/")
    assert failure.permanent
    assert "not on the public Internet" in failure.reason


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_an_address_of_the_public_internet_may_be_asked(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "0"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_refused_however_it_is_written(settings, host, scheme):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with serving(says({})) as server:
        failure = refused(f"{scheme}://{host}:{port_of(server)}/")
    assert failure.permanent
    assert "not on the public Internet" in failure.reason
    assert server.connections == 0


def test_one_bad_address_among_good_ones_refuses_the_host(names):
    names["hook.example"] = ["8.8.8.8", "10.0.0.1"]
    assert "not on the public Internet" in refused("https://hook.example/").reason


def test_a_public_address_is_never_asked_without_tls(names):
    names["hook.example"] = ["8.8.8.8"]
    failure = refused("http://hook.example/")
    assert failure.permanent
    assert "only https://" in failure.reason


def test_an_allowed_network_may_be_asked_by_any_of_its_names(settings, names):
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    names["tickets.internal"] = ["127.0.0.1"]
    with serving(says({})) as server:
        assert sent(f"http://tickets.internal:{port_of(server)}/") == 200
        assert sent(f"http://[::ffff:127.0.0.1]:{port_of(server)}/") == 200
        names["tickets.internal"] = ["127.0.0.2"]
        assert refused(f"http://tickets.internal:{port_of(server)}/").permanent


def test_the_name_is_looked_up_once_and_what_was_checked_is_what_is_connected_to(
    settings, monkeypatch
):
    """A name whose address is a good one when it is checked, and another one right after."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    real, asked = socket.getaddrinfo, []

    def getaddrinfo(host, *rest, **more):
        if host == "rebound.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with serving(says({})) as server:
        assert sent(f"http://rebound.example:{port_of(server)}/") == 200
    assert asked == ["rebound.example"]
    assert server.asked[0].headers["host"] == f"rebound.example:{port_of(server)}"


def test_a_host_with_a_dead_address_is_reached_at_its_next_one(names):
    with serving(says({})) as server:
        names["hook.example"] = ["127.0.0.2", "127.0.0.1"]
        assert sent(f"http://hook.example:{port_of(server)}/") == 200


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "does not begin with https://"),
        ("https://", "does not begin with https://"),
        ("//hook.example/", "does not begin with https://"),
        ("ftp://hook.example/", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "does not begin with https://"),
        ("https://hook.example\\@other.example/", "does not begin with https://"),
        ("https://hook.example/a\r\nX-Injected: yes", "does not begin with https://"),
        ("https://ho\tok.example/", "does not begin with https://"),
        (" https://hook.example/", "does not begin with https://"),
        ("https://[fe80::1%25lo]/", "does not begin with https://"),
        ("https://a..b/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://hook.example:99999/", "cannot be read"),
        ("https://user:password@hook.example/", "a name or a password"),
        ("https://@hook.example/", "a name or a password"),
        ("https://hook.example:0/", "the port"),
        ("https://hook.example:22/", "the port"),
        ("https://hook.example:25/", "the port"),
        ("https://hook.example:1023/", "the port"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_before_anything_is_asked(url, reason, names):
    failure = refused(url)
    assert failure.permanent
    assert reason in failure.reason
    with pytest.raises(NotSent, match=reason):
        targets.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://hook.example",
        "https://hook.example:443/a?b=c#d",
        "https://hook.example:1024/",
        "http://10.0.0.7:80/",
        "https://bücher.example/",
    ],
)
def test_an_address_that_may_be_one_can_be_entered(url):
    targets.check(url)


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def _trusting(monkeypatch):
    """Our certificate counts as if the machine trusted who signed it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(faulty.CERTIFICATE))


@pytest.mark.usefixtures("_trusting")
def test_the_certificate_is_checked_against_the_name():
    with serving(says({}), tls=True) as server:
        assert sent(f"https://localhost:{port_of(server)}/") == 200
        assert sent(server.url) == 200
    assert server.asked[0].headers["host"] == f"localhost:{port_of(server)}"


@pytest.mark.usefixtures("_trusting")
def test_a_certificate_for_another_name_is_refused(names):
    names["hook.example"] = ["127.0.0.1"]
    with serving(says({}), tls=True) as server:
        failure = refused(f"https://hook.example:{port_of(server)}/")
    assert "no trust in the certificate" in failure.reason
    assert server.asked == []


def test_a_certificate_that_nobody_trusts_is_refused():
    with serving(says({}), tls=True) as server:
        failure = refused(server.url)
    assert "no trust in the certificate" in failure.reason
    assert not failure.permanent
    assert server.asked == []


def test_no_tls_where_it_is_expected():
    with serving(says({})) as server:
        assert "no TLS at all" in refused(server.url.replace("http:", "https:")).reason
    assert server.asked == []


@pytest.mark.usefixtures("_trusting")
@pytest.mark.parametrize("behaviour", [faulty.hangs, faulty.drips_its_head])
def test_an_answer_that_takes_too_long_is_cut_within_tls_too(behaviour):
    with serving(behaviour, tls=True) as server:
        assert refused(server.url, seconds=1.0).reason == "no answer in time"


def test_a_host_that_never_ends_to_greet_is_cut():
    """It accepts the connection and says nothing where TLS begins."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        failure = refused(f"https://127.0.0.1:{listener.getsockname()[1]}/", seconds=0.5)
    assert failure.reason == "no answer in time"


def test_a_host_that_greets_byte_by_byte_is_cut():
    """Each byte comes in time, the greeting of TLS as a whole never does."""
    over = faulty.threading.Event()

    def greet(listener):
        with listener.accept()[0] as connected, suppress(OSError):
            connected.sendall(b"\x16\x03\x03\x40\x00")
            while not over.wait(0.05):
                connected.sendall(b"\x02")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeting = faulty.threading.Thread(target=greet, args=(listener,))
        greeting.start()
        failure = refused(f"https://127.0.0.1:{listener.getsockname()[1]}/", seconds=0.5)
        over.set()
        greeting.join()
    assert failure.reason == "no answer in time"


# --- the signature --------------------------------------------------------------------------------


def test_a_receiver_can_verify_the_signature_as_the_readme_says():
    body = json.dumps({"reference": "SMS-7F3K2Q"}).encode()
    with serving(says({})) as server:
        sent(server.url, body, signed(body, delivery=DELIVERY, at=NOON))
    (asked,) = server.asked
    timestamp = asked.headers["x-smsdoctor-timestamp"]
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + asked.body, hashlib.sha256)
    assert asked.headers["x-smsdoctor-signature"] == f"v1={expected.hexdigest()}"
    assert timestamp == str(int(NOON.timestamp()))
    assert asked.headers["x-smsdoctor-delivery"] == str(DELIVERY)
    assert asked.headers["content-type"] == "application/json"


def test_another_body_time_or_secret_is_another_signature():
    signatures = {
        webhooks.signature("one", "1", b"1"),
        webhooks.signature("two", "1", b"1"),
        webhooks.signature("one", "2", b"1"),
        webhooks.signature("one", "1", b"2"),
    }
    assert len(signatures) == 4


def test_without_a_secret_nothing_is_signed(settings):
    settings.WEBHOOK_SECRET = ""
    with pytest.raises(NotSent, match="WEBHOOK_SECRET is not set") as error:
        signed(b"{}", delivery=DELIVERY, at=NOON)
    assert error.value.permanent


def test_a_head_that_was_cut_is_no_acceptance():
    """The status has come, the rest of the head has not when the time is over."""

    def begins(server, connection, asked):
        connection.sendall(packet(b"")[:20])
        server.closing.wait()

    with serving(begins) as server:
        assert refused(server.url, seconds=0.5).reason == "no answer in time"
