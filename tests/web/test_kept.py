"""Whole responses in memory, in front of a site of a few lines."""

import gzip
import sys
import time
import tracemalloc
from datetime import UTC, datetime

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.cache import patch_vary_headers

from wizard.web.kept import KeptResponses, keep

pytestmark = pytest.mark.usefixtures("connections_stay")

TEXT = "<p>" + "Where was the parcel seen last? " * 200


class Site:
    """What stands behind: it counts how often it is asked, and says what the test wants it to."""

    def __init__(self):
        self.asked = 0
        self.version = 1
        self.until = None
        self.change = lambda response: None
        self.own = lambda request: request.get_full_path()

    def __call__(self, environ, start_response):
        self.asked += 1
        request = RequestFactory().request(**environ)
        response = HttpResponse(f"{TEXT}{request.get_full_path()}")
        patch_vary_headers(response, ["HX-Request"])
        response = keep(request, response, self.own(request), until=self.until)
        self.change(response)
        start_response(f"{response.status_code} OK", list(response.items()))
        return response


class Asked:
    """An answer of the whole: status, headers by name, body."""

    def __init__(self, front, path, method, **environ):
        def start_response(status, headers, exc_info=None):
            self.status = int(status.split()[0])
            self.headers = dict(headers)

        request = RequestFactory(headers={"host": "localhost"}).generic(method, path, **environ)
        self.body = b"".join(front(request.META, start_response))


@pytest.fixture
def behind():
    return Site()


@pytest.fixture
def front(behind, request):
    if "little_room" in request.fixturenames:
        request.getfixturevalue("little_room")
    return KeptResponses(behind, version=lambda: behind.version)


@pytest.fixture
def ask(front):
    def asked(path="/", method="GET", **environ):
        return Asked(front, path, method, **environ)

    return asked


def test_what_was_asked_for_before_is_answered_without_the_site(ask, behind):
    first, again = ask("/a/?b=c"), ask("/a/?b=c")
    assert behind.asked == 1
    assert (again.status, again.body, again.headers) == (200, first.body, first.headers)
    assert again.headers["Content-Length"] == str(len(again.body))


def test_all_that_a_page_depends_on_tells_it_apart(ask, behind):
    chinese = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9"}
    for path, environ in (
        *[("/", {}), ("/?a=b", {}), ("/a/", {}), ("/zh-hans/", {})],
        *[("/", chinese), ("/", {"HTTP_HX_REQUEST": "true"}), ("/", {"wsgi.url_scheme": "https"})],
    ):
        before = behind.asked
        assert ask(path, **environ).body == ask(path, **environ).body
        assert behind.asked == before + 1
    # Behind a language the browser's counts for nothing.
    before = behind.asked
    ask("/zh-hans/", **chinese)
    assert behind.asked == before


@pytest.mark.parametrize(
    ("method", "environ"),
    [
        ("POST", {}),
        ("PUT", {}),
        ("GET", {"HTTP_HOST": "elsewhere.example"}),
        ("GET", {"HTTP_HX_REQUEST": "%74rue"}),
        ("GET", {"HTTP_COOKIE": "django_language=zh-hans"}),
        ("GET", {"CONTENT_LENGTH": "3"}),
        ("GET", {"HTTP_TRANSFER_ENCODING": "chunked"}),
    ],
)
def test_what_only_the_site_can_answer_it_is_asked(ask, behind, method, environ):
    ask()
    ask(method=method, **environ)
    ask(method=method, **environ)
    assert behind.asked == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda response: delattr(response, "shared"),
        lambda response: response.set_cookie("a", "b"),
        lambda response: patch_vary_headers(response, ["Cookie"]),
        lambda response: patch_vary_headers(response, ["*"]),
        lambda response: response.headers.__setitem__("Cache-Control", "no-store"),
        lambda response: response.headers.__setitem__("Content-Security-Policy", "'nonce-abc'"),
        lambda response: setattr(response, "status_code", 404),
    ],
)
def test_what_is_of_one_visitor_or_no_page_is_never_kept(ask, behind, change):
    behind.change = change
    first, again = ask(), ask()
    assert behind.asked == 2
    assert first.body == again.body


def test_the_answer_to_a_cookie_is_not_kept_for_others(ask, behind):
    ask(HTTP_COOKIE="sessionid=a")
    assert ask().status == 200
    assert behind.asked == 2
    assert ask(HTTP_COOKIE="sessionid=a").status == 200
    assert behind.asked == 2


def test_only_the_address_that_is_the_pages_own_is_kept(ask, behind):
    behind.own = lambda request: request.path
    ask("/a/?made=up")
    ask("/a/?made=up")
    assert behind.asked == 2
    ask("/a/")
    ask("/a/")
    assert behind.asked == 3


def test_a_new_version_makes_all_pages_anew_and_none_of_it_makes_none(ask, behind):
    ask()
    behind.version = 2
    ask()
    ask()
    assert behind.asked == 2
    behind.version = None
    ask()
    ask()
    assert behind.asked == 4


def test_what_came_in_while_a_page_was_made_is_not_kept(ask, behind):
    def publish(response):
        behind.version += 1

    behind.change = publish
    ask()
    behind.change = lambda response: None
    ask()
    assert behind.asked == 2


def test_a_page_with_a_time_is_kept_until_then(ask, behind, monkeypatch):
    behind.until = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    moment = behind.until.timestamp()
    monkeypatch.setattr(time, "time", lambda: moment - 0.1)
    ask()
    ask()
    assert behind.asked == 1
    monkeypatch.setattr(time, "time", lambda: moment)
    ask()
    assert behind.asked == 2


def test_head_has_the_headers_and_no_body(ask, behind):
    for _ in range(2):
        head = ask(method="HEAD")
        assert head.body == b""
    page = ask()
    assert head.headers == page.headers
    assert ask(method="HEAD").headers == page.headers
    assert behind.asked == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=nonsense", None),
        ("*", "br"),
        ("x" * 5_000 + ", gzip", "gzip"),
    ],
)
def test_a_page_is_compressed_as_the_browser_takes_it(ask, accepted, encoding):
    plain, packed = ask(), ask(HTTP_ACCEPT_ENCODING=accepted)
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[encoding]
    assert packed.headers.get("Content-Encoding") == encoding
    assert unpack(packed.body) == plain.body
    assert packed.headers["Content-Length"] == str(len(packed.body))
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert (packed.headers["ETag"] == plain.headers["ETag"]) == (encoding is None)


def test_a_page_is_compressed_once(ask, monkeypatch):
    times = []
    monkeypatch.setitem(
        sys.modules["wizard.web.kept"]._ENCODERS, "br", lambda body: times.append(1) or b"packed"
    )
    assert {ask(HTTP_ACCEPT_ENCODING="br").body for _ in range(3)} == {b"packed"}
    assert times == [1]


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_who_has_the_page_is_answered_304(ask, behind, accepted):
    own = {"HTTP_ACCEPT_ENCODING": accepted}
    etag = ask(**own).headers["ETag"]
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(HTTP_IF_NONE_MATCH=given, **own)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
        assert "Content-Length" not in again.headers
    assert ask(HTTP_IF_NONE_MATCH='"other"', **own).status == 200
    assert behind.asked == 1


def test_an_etag_of_one_form_is_not_that_of_another(ask):
    etag = ask(HTTP_ACCEPT_ENCODING="gzip").headers["ETag"]
    assert ask(HTTP_IF_NONE_MATCH=etag, HTTP_ACCEPT_ENCODING="br").status == 200


# --- memory ---------------------------------------------------------------------------------------


@pytest.fixture
def little_room(settings):
    settings.KEPT_BYTES = 400_000
    return settings.KEPT_BYTES


def test_made_up_addresses_take_no_more_memory_than_there_is_room_for(little_room, ask):
    ask("/", HTTP_ACCEPT_ENCODING="gzip")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(2_000):
        ask(f"/?made-up={number // 2}", HTTP_ACCEPT_ENCODING="gzip" if number % 2 else "br")
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken < little_room


def test_made_up_addresses_do_not_push_out_what_people_read(little_room, ask, behind):
    real = [f"/guides/{number}/" for number in range(8)]
    made_up = iter(range(10**6))
    for _round in range(20):
        for path in real:
            ask(path)
        for _ in range(100):
            path = f"/?made-up={next(made_up)}"
            ask(path)
            ask(path)
    behind.asked = 0
    for path in real:
        ask(path)
    assert behind.asked == 0


def test_a_page_that_comes_late_still_finds_room_among_made_up_ones(little_room, ask, behind):
    for number in range(1_000):
        ask(f"/?made-up={number}")
    for _ in range(2):
        ask("/real/")
    behind.asked = 0
    ask("/real/")
    assert behind.asked == 0


def test_without_room_nothing_is_kept(settings, behind):
    settings.KEPT_BYTES = 0
    front = KeptResponses(behind, version=lambda: behind.version)
    Asked(front, "/", "GET")
    Asked(front, "/", "GET")
    assert behind.asked == 2
