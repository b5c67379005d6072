"""Rendered pages in memory: so many, and no longer than their times hold."""

import time

import pytest

from wizard.walks.kept_pages import Rendered, RenderedPages


def page(text, until=float("inf")):
    return Rendered(text.encode(), text, until)


@pytest.mark.parametrize("room", [0, 2])
def test_so_many_pages_are_kept_as_there_is_room(settings, room):
    settings.RENDERED_PAGES = room
    pages = RenderedPages()
    for name in "abc":
        pages.put(name, page(name))
    assert [name for name in "abc" if pages.get(name)] == list("abc")[3 - room :]


def test_the_page_that_was_asked_for_longest_ago_makes_room(settings):
    settings.RENDERED_PAGES = 2
    pages = RenderedPages()
    pages.put("a", page("a"))
    pages.put("b", page("b"))
    assert pages.get("a").body == b"a"
    pages.put("c", page("c"))
    assert [name for name in "abc" if pages.get(name)] == ["a", "c"]


def test_a_page_is_kept_until_its_times_go_stale(monkeypatch):
    pages = RenderedPages()
    pages.put("a", page("a", until=1000.0))
    assert pages.get("a") is None
    monkeypatch.setattr(time, "time", lambda: 999.9)
    pages.put("a", page("a", until=1000.0))
    assert pages.get("a").body == b"a"
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    assert pages.get("a") is None
