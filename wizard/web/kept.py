"""Whole responses in memory: a page that was asked for before is answered before Django.

A view says by `keep` that its response is the same for everybody who asks for its address. In front
of Django, `KeptResponses` remembers what the middleware made of it, with every header, and answers
with that for as long as nothing of it can have changed. What no view has marked is never kept.
"""

import gzip
import hashlib
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NamedTuple
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from wizard.web.languages import split

_CACHE_CONTROL: Final = "public, max-age=0, s-maxage=1, must-revalidate"
_IN_FRONT: Final = "wizard.kept"
"""Key of the environment that says: whoever stands in front answers 304, and compresses."""
_KNOWN_TO_VARY: Final = frozenset({"accept-language", "hx-request", "accept-encoding"})
_LONGEST_HEADER: Final = 300
"""A longer one is read anew each time, so that nobody fills the memory with them."""
_PLACES: Final = 2**15
_LOOKED_AT: Final = 16


# --- for views ------------------------------------------------------------------------------------


def keep(
    request: HttpRequest, response: HttpResponse, address: str, *, until: datetime | None = None
) -> HttpResponse:
    """Let everybody who asks for this address have this response: it has nothing of one visitor.

    Args:
        address: the page's own address, query included. The same page under another one, with
            something added or left out, is answered but not kept: there is no end of those.
        until: from when on the page would say something else, if that is before the next
            publication.

    Returns:
        The response with an ETag of its text, or 304 for who has it.
    """
    digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Cache-Control"] = _CACHE_CONTROL
    if _IN_FRONT in request.META:
        patch_vary_headers(response, ["Accept-Encoding"])
        stale = until.timestamp() if until else float("inf")
        # Django's responses may carry more; this goes no further than `KeptResponses`.
        response.shared = _Shared(stale, _asks_for(request, address))  # type: ignore[attr-defined]
        return response
    if not _has(request.META, response.headers["ETag"]):
        return response
    unchanged = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary"):
        if name in response.headers:
            unchanged.headers[name] = response.headers[name]
    return unchanged


class _Shared(NamedTuple):
    """What a view has said of its response. `own` address: the one that it is kept under."""

    until: float
    own: bool


def _asks_for(request: HttpRequest, address: str) -> bool:
    path, _mark, query = address.partition("?")
    asked: str = request.META.get("QUERY_STRING", "")
    return asked == query and request.path == unquote(path)


def _has(environ: WSGIEnvironment, etag: str) -> bool:
    """Whether the client has the response with this ETag; a proxy may have made it a weak one."""
    given: str = environ.get("HTTP_IF_NONE_MATCH", "")
    if not given or given == etag:
        return bool(given)
    known = [one.removeprefix("W/") for one in parse_etags(given)]
    return etag in known or known == ["*"]


# --- a response that is kept ----------------------------------------------------------------------

Headers = list[tuple[str, str]]


class _Form(NamedTuple):
    """A response in one encoding, ready to be sent. `lean` are the headers of a 304."""

    etag: str
    headers: Headers
    lean: Headers
    body: bytes


class _Kept:
    """A response as the middleware made it, in all encodings that were asked for."""

    __slots__ = ("_body", "_forms", "_headers", "last", "times", "until", "version")

    def __init__(self, headers: Headers, body: bytes, until: float, version: Hashable) -> None:
        self._headers = headers
        self._body = body
        self._forms: dict[str, _Form] = {}
        self.until = until
        self.version = version
        self.times = 1
        self.last = time.time()

    def worth(self, now: float) -> int:
        """How often it was asked for; half of it for each minute in which it was not."""
        return self.times >> min(60, max(0, int(now - self.last) // 60))

    def form(self, encoding: str) -> _Form:
        """The response in this encoding: compressed once, when it is first asked for."""
        found = self._forms.get(encoding)
        if found is None:
            found = self._forms[encoding] = self._made(encoding)
        return found

    def _made(self, encoding: str) -> _Form:
        body = _ENCODERS[encoding](self._body) if encoding else self._body
        if encoding and len(body) > len(self._body) // 2:
            # Not worth it; and so all forms together are at most twice as long as the text.
            return self.form("")
        shared = [one for one in self._headers if one[0].lower() not in ("content-length", "etag")]
        etag = next(value for name, value in self._headers if name.lower() == "etag")
        if encoding:
            # Another form is another entity: it must not be taken for the one that was asked for.
            etag = f'{etag[:-1]}-{encoding}"'
            shared.append(("Content-Encoding", encoding))
        shared.append(("ETag", etag))
        lean = [one for one in shared if one[0].lower() not in ("content-type", "content-encoding")]
        return _Form(etag, [*shared, ("Content-Length", str(len(body)))], lean, body)

    @property
    def bytes(self) -> int:
        """The memory that it may come to need, all forms with their headers included."""
        headers = sum(len(name) + len(value) + 150 for name, value in self._headers)
        return 2 * len(self._body) + 3 * headers + 2_000


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def _brotli(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=5)
    return packed


_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {"br": _brotli, "gzip": _gzip}
"""By name, best first."""


# --- what is kept of them -------------------------------------------------------------------------


class _Shelf:
    """The responses in memory, at most so many bytes of them.

    While there is room everything is kept. Then what is asked for again takes the place of what was
    asked for less often, so that addresses which are made up to fill the memory push out each other
    and not what people read. Looking takes no lock and moves nothing.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._version: Hashable = None
        self._shelf: OrderedDict[Hashable, _Kept] = OrderedDict()
        # How often was asked for what there was no room for. Of two at one place the newer counts.
        self._marks = array("q", bytes(8 * _PLACES))
        self._counts = array("q", bytes(8 * _PLACES))
        self._lock = Lock()

    def get(self, address: Hashable, version: Hashable) -> _Kept | None:
        found = self._shelf.get(address)
        now = time.time()
        if found is None or found.version != version or found.until <= now:
            return None
        found.times += 1
        found.last = now
        return found

    def put(self, address: Hashable, kept: _Kept) -> None:
        size = kept.bytes + _bytes_of(address)
        if size > self._room // 4:
            return
        with self._lock:
            if kept.version != self._version:
                self._empty(kept.version)
            self._remove(address)
            if self._used + size > self._room:
                kept.times = self._asked_for(address)
                self._make_room(size, kept)
            if self._used + size <= self._room:
                self._shelf[address] = kept
                self._used += size

    def _empty(self, version: Hashable) -> None:
        self._shelf.clear()
        self._used = 0
        self._version = version

    def _asked_for(self, address: Hashable) -> int:
        mark = hash(address)
        place = mark % _PLACES
        before = self._counts[place] if self._marks[place] == mark else 0
        self._marks[place], self._counts[place] = mark, before + 1
        return before + 1

    def _make_room(self, size: int, newcomer: _Kept) -> None:
        """Take away what was asked for less often than the newcomer, of the few oldest."""
        for _ in range(_LOOKED_AT):
            if self._used + size <= self._room:
                return
            address, oldest = next(iter(self._shelf.items()))
            if oldest.worth(newcomer.last) < newcomer.times:
                self._remove(address)
            else:
                self._shelf.move_to_end(address)

    def _remove(self, address: Hashable) -> None:
        gone = self._shelf.pop(address, None)
        if gone is not None:
            self._used -= gone.bytes + _bytes_of(address)


def _bytes_of(address: Any) -> int:
    return sum(len(part) + 60 for part in address if isinstance(part, str))


# --- in front of Django ---------------------------------------------------------------------------


class KeptResponses:
    """The site as a server calls it: what is kept is answered here, everything else by Django.

    Args:
        site: Django.
        version: tells what all pages are made of; while it is the same, they are. None: it is not
            known without looking, so that nothing is kept.
    """

    def __init__(self, site: WSGIApplication, version: Callable[[], Hashable]) -> None:
        self._site = site
        self._version = version
        self._shelf = _Shelf(settings.KEPT_BYTES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        version = self._version()
        address = _address(environ) if version is not None else None
        if address is None:
            return self._site(environ, start_response)
        kept = self._shelf.get(address, version)
        if kept is not None:
            return _answer(kept, environ, start_response)
        return self._ask(environ, start_response, address, version)

    def _ask(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        address: Hashable,
        version: Hashable,
    ) -> Iterable[bytes]:
        """Let Django answer, and keep what it has marked."""
        said: list[Any] = []
        environ[_IN_FRONT] = True
        # Django has no use for the writer that the type asks for.
        response = self._site(environ, lambda *head: said.append(head))  # type: ignore[arg-type]
        head = said[-1]
        shared = getattr(response, "shared", None)
        if shared is None or not isinstance(response, HttpResponse) or not _is_shared(response):
            start_response(*head)
            return response
        kept = _Kept(head[1], response.content, shared.until, version)
        response.close()
        may_be_kept = (
            shared.own
            and environ["REQUEST_METHOD"] == "GET"
            and not environ.get("HTTP_COOKIE")
            # A publication that came in between may be on this page or not.
            and self._version() == version
        )
        if may_be_kept:
            self._shelf.put(address, kept)
        return _answer(kept, environ, start_response)


def _is_shared(response: HttpResponse) -> bool:
    """Whether nothing on its way out has made it one visitor's."""
    headers = response.headers
    varies = {one.strip().lower() for one in headers.get("Vary", "").split(",")}
    return (
        response.status_code == 200
        and not response.cookies
        and varies <= _KNOWN_TO_VARY
        and headers.get("Cache-Control") == _CACHE_CONTROL
        and "Content-Encoding" not in headers
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
    )


def _answer(
    kept: _Kept, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    form = kept.form(_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if _has(environ, form.etag):
        start_response("304 Not Modified", form.lean.copy())
        return []
    start_response("200 OK", form.headers.copy())
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]


# --- which one is asked for -----------------------------------------------------------------------


def _address(environ: WSGIEnvironment) -> Hashable | None:
    """All that a marked page may depend on; None for what only Django can answer."""
    path, htmx = environ.get("PATH_INFO", ""), environ.get("HTTP_HX_REQUEST", "")
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or environ.get("CONTENT_LENGTH", "") not in ("", "0")
        or "HTTP_TRANSFER_ENCODING" in environ
        or htmx not in ("", "true")
        or settings.LANGUAGE_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
        or not _is_served(environ)
    ):
        return None
    named = split(path)[0]
    return (
        named or _read(_language, environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        htmx,
        _is_secure(environ),
        environ.get("SCRIPT_NAME", ""),
        path,
        environ.get("QUERY_STRING", ""),
    )


def _is_served(environ: WSGIEnvironment) -> bool:
    """Whether the host is one of the site's. Pages name none, so that which one tells nothing."""
    host = environ.get("HTTP_HOST", "")
    if not host or (settings.USE_X_FORWARDED_HOST and "HTTP_X_FORWARDED_HOST" in environ):
        return False
    return bool(_read(_is_host, host))


def _is_secure(environ: WSGIEnvironment) -> bool:
    """As Django tells it: by the scheme, or by what a proxy says that is believed."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        said = environ.get(name)
        if said is not None:
            return bool(said.split(",", 1)[0].strip() == secure)
    return bool(environ["wsgi.url_scheme"] == "https")


def _encoding(accepted: str) -> str:
    """The best encoding that a client takes, "" for none."""
    return _read(_best_encoding, accepted) if accepted else ""


def _read(reader: Any, header: str) -> Any:
    """What a header says, from memory where others have sent the same."""
    return reader(header) if len(header) <= _LONGEST_HEADER else reader.__wrapped__(header)


@lru_cache(maxsize=500)
def _is_host(host: str) -> bool:
    request = HttpRequest()
    request.META = {"HTTP_HOST": host}
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


@lru_cache(maxsize=500)
def _language(accepted: str) -> str:
    request = HttpRequest()
    request.META = {"HTTP_ACCEPT_LANGUAGE": accepted}
    return translation.get_language_from_request(request)


@lru_cache(maxsize=500)
def _best_encoding(accepted: str) -> str:
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = _weight(weight.strip())
    for encoding in _ENCODERS:
        if weights.get(encoding, weights.get("*", 0.0)):
            return encoding
    return ""


def _weight(text: str) -> float:
    """What `q=` says; nothing said is 1, and nonsense is a refusal."""
    if not text:
        return 1.0
    try:
        return float(text.removeprefix("q="))
    except ValueError:
        return 0.0


def forget() -> None:
    """Read headers anew (tests that change what hosts and languages there are)."""
    for reader in (_is_host, _language, _best_encoding):
        reader.cache_clear()
