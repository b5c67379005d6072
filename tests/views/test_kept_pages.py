"""Every public page, asked for a second time: no view, no middleware, and still the same answer."""

import copy

import pytest
from django.conf import settings as site_settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.factories import UserFactory
from tests.support.guides import IN_BOTH_LANGUAGES, publish
from wizard import background
from wizard.published.live import live
from wizard.web.kept import KeptResponses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connections_stay")]

PAGES = {
    "home": "/",
    "walk": "/guides/toy/",
    "answered": "/guides/toy/?seen=van",
    "code": "/codes/DELIVRD/",
    "list of codes": "/codes/",
    "home in Chinese": "/zh-hans/",
    "walk in Chinese": "/zh-hans/guides/toy/?seen=van",
}


class Counted:
    """Django, and how often it was called. It makes its middleware once, as in a server."""

    def __init__(self):
        self.times = 0
        self._django = WSGIHandler()

    def __call__(self, environ, start_response):
        self.times += 1
        return self._django(environ, start_response)


@pytest.fixture
def django(settings, monkeypatch):
    settings.PUBLICATION_POLL_SECONDS = 60
    monkeypatch.setattr(background, "repeat", lambda *args, **kwargs: None)
    publish(IN_BOTH_LANGUAGES)
    live.refresh()
    return Counted()


@pytest.fixture
def ask(django):
    front = KeptResponses(django, version=lambda: live.version)

    def asked(path, **headers):
        found = {}

        def start_response(status, given, exc_info=None):
            found.update(status=int(status[:3]), headers=dict(given))

        request = RequestFactory(headers={"host": "localhost", **headers}).get(path)
        answer = front(request.META, start_response)
        found["body"] = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return found

    return asked


@pytest.mark.parametrize("fragment", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_that_was_asked_for_before_runs_no_view_and_no_middleware(
    ask, django, path, fragment, django_assert_num_queries
):
    first = ask(path, **fragment)
    assert (first["status"], django.times) == (200, 1)
    with django_assert_num_queries(0):
        assert ask(path, **fragment) == first
    assert django.times == 1
    headers = first["headers"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    etag = {"If-None-Match": headers["ETag"]}
    assert ask(path, **fragment, **etag)["status"] == 304
    assert django.times == 1


def test_the_language_comes_from_the_address_or_from_the_browser(ask):
    english, chinese = ask("/"), ask("/", **{"Accept-Language": "zh-CN"})
    assert (english["headers"]["Content-Language"], chinese["headers"]["Content-Language"]) == (
        "en",
        "zh-hans",
    )
    for _ in range(2):
        assert ask("/")["body"] == english["body"]
        assert ask("/", **{"Accept-Language": "zh-CN"})["body"] == chinese["body"]
        assert "Accept-Language" in ask("/")["headers"]["Vary"]


def test_a_host_that_is_not_ours_is_refused_for_a_kept_page_too(ask):
    ask("/")
    assert ask("/", host="elsewhere.example")["status"] == 400


def test_a_publication_changes_every_kept_page(ask, django):
    for path in PAGES.values():
        ask(path)
    changed = copy.deepcopy(IN_BOTH_LANGUAGES)
    changed["guide"]["summary"] = "Another summary."
    publish(changed)
    live.refresh()
    django.times = 0
    for path in PAGES.values():
        ask(path)
    assert django.times == len(PAGES)
    assert b"Another summary." in ask("/")["body"]


def test_over_tls_a_kept_page_insists_on_it(settings, django):
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_SSL_REDIRECT = True
    secured = Counted()
    front = KeptResponses(secured, version=lambda: live.version)

    def ask(scheme):
        found = []
        request = RequestFactory(headers={"host": "localhost"}).get("/", secure=scheme == "https")
        list(front(request.META, lambda status, headers: found.append((status, dict(headers)))))
        return found[0]

    for _ in range(2):
        status, headers = ask("https")
        assert (status, headers["Strict-Transport-Security"][:10]) == ("200 OK", "max-age=60")
        assert ask("http")[0].startswith("301")
    assert secured.times == 3


@pytest.mark.parametrize(
    "path",
    ["/desk/login/", "/admin/login/", "/healthz", "/codes/ZZ:0001/", "/nothing/", "/desk/"],
)
def test_what_is_not_the_same_for_everybody_is_never_kept(ask, django, path):
    ask(path)
    ask(path)
    assert django.times == 2


def test_an_agent_who_has_logged_in_leaves_nothing_in_what_is_kept(ask, client, django):
    client.force_login(UserFactory())
    cookie = f"{site_settings.SESSION_COOKIE_NAME}={client.cookies['sessionid'].value}"
    for path in PAGES.values():
        ask(path, Cookie=cookie)
    assert django.times == len(PAGES)
    for path in PAGES.values():
        ask(path)
    assert django.times == 2 * len(PAGES)


def test_an_address_with_something_made_up_in_it_is_answered_and_not_kept(ask, django):
    for path in ("/?utm=a", "/codes/?a=b", "/codes/delivrd/", "/guides/toy/?seen=van&nonsense=a"):
        django.times = 0
        assert {ask(path)["status"] for _ in range(3)} == {200}
        assert django.times == 3
