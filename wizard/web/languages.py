"""The language of a page: from its address, or else from the browser.

`/zh-hans/guides/...` is a page in Chinese whoever opens it, `/en/guides/...` the same in English,
and `/guides/...` the same in the language that the browser asks for. The language stands before
the whole site, where the server would put the name of a site that is not at the root; so all
addresses that a page has made from names stay in its language, and no view knows of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_plus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path

from wizard.web.requests import HtmxRequest


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The page that is shown, in another language. `name` is the language's own."""

    code: str
    name: str
    url: str
    current: bool


class LanguageMiddleware:
    """Takes the language off an address, and makes the page in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named, rest = split(request.path_info)
        site = request.META.get("SCRIPT_NAME", "").rstrip("/")
        # Both hold for this thread until its next request: a page that is streamed is made later.
        set_script_prefix(f"{site}/{named}/" if named else f"{site}/")
        translation.activate(named or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        request.path_info = rest
        response = self._get_response(request)
        if not named:
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def split(path: str) -> tuple[str, str]:
    """The language that an address begins with, "" for none, and the address without it."""
    first, _slash, rest = path.removeprefix("/").partition("/")
    if first in dict(settings.LANGUAGES):
        return first, f"/{rest}"
    return "", path


def links(request: HtmxRequest) -> list[LanguageLink]:
    """The page that a request shows, in each language of the site; its query goes along."""
    site = request.META.get("SCRIPT_NAME", "").rstrip("/")
    return [
        LanguageLink(
            code,
            _own_name(code),
            f"{site}/{code}{_page(request, site, code)}",
            code == translation.get_language(),
        )
        for code, _name in settings.LANGUAGES
    ]


# What answers a post with a page, and can be opened as one.
_ALSO_PAGES: Final = frozenset({"home", "walk", "desk_login"})


def _page(request: HtmxRequest, site: str, language: str) -> str:
    """The address of the page that is shown, for what stands behind a language."""
    match = request.resolver_match
    ours = match is not None and match.app_name == "wizard"
    name = match.url_name or "" if match is not None else ""
    posted = request.method not in ("GET", "HEAD")
    if request.htmx and (posted or name.endswith("changes")):
        shown = request.htmx.current_url_abs_path or ""
        return split(shown.removeprefix(site))[1] if shown.startswith("/") else "/"
    if posted and ours and name not in _ALSO_PAGES:
        # Addresses that are only posted to stand below their page.
        return request.path_info.rstrip("/").rpartition("/")[0] + "/"
    query = _query(request, site, language)
    return escape_uri_path(request.path_info) + (f"?{query}" if query else "")


def _query(request: HttpRequest, site: str, language: str) -> str:
    """What stands behind a question mark. After a log-in the language is still the chosen one."""
    query = request.META.get("QUERY_STRING", "")
    # By hand: Django refuses a query that is too long, also to the page which says so.
    return "&".join(_part(part, site, language) for part in query.split("&"))


def _part(part: str, site: str, language: str) -> str:
    if not part.startswith("next="):
        return part
    after = unquote_plus(part.removeprefix("next="))
    if not after.startswith("/"):
        return part
    return f"next={quote(f'{site}/{language}{split(after.removeprefix(site))[1]}')}"


def _own_name(code: str) -> str:
    name: str = translation.get_language_info(code)["name_local"]
    return name


def here(path: str) -> str:
    """A path on this site as an author writes it, in the language of the page that is made."""
    if not path.startswith("/") or split(path)[0]:
        return path
    return get_script_prefix() + path.removeprefix("/")


def in_language(path: str, language: str) -> str:
    """An address that a page has made from a name, in another language than the page's."""
    prefix = get_script_prefix()
    if language == translation.get_language() or not path.startswith(prefix):
        return path
    site, _slash, named = prefix.rstrip("/").rpartition("/")
    root = f"{site}/" if named in dict(settings.LANGUAGES) else prefix
    return f"{root}{language}/{path.removeprefix(prefix)}"
