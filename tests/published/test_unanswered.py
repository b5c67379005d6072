"""Searches that found nothing, as the authors read them."""

import pytest
from django.db import DatabaseError

from wizard.models import UnansweredSearch
from wizard.published.search import note_unanswered

pytestmark = pytest.mark.django_db


def kept():
    return list(UnansweredSearch.objects.values_list("words", "times"))


def test_words_are_counted_however_they_are_typed():
    for words in ("Pigeon post", "  pigeon   POST? ", "pigeon post"):
        note_unanswered(words)
    assert kept() == [("pigeon post", 3)]


def test_chinese_words_are_kept_and_numbers_are_not():
    note_unanswered("飞鸽传书 3 次")
    assert kept() == [("飞鸽传书 次", 1)]


@pytest.mark.parametrize(
    "words",
    [
        "call me at +86 138 1234 5678",
        "mail to somebody@example.com",
        "4b4b34e7-1a9e-42ac-b309-d10997148905",
        "https://example.com/secret",
        '{"code": "x"}',
        "two\nlines",
        "x" * 121,
        "aGVsbG8gd29ybGQgdGhpcyBpcyBhIHRva2Vu",
        "12 34",
        "",
    ],
)
def test_what_may_be_personal_or_was_pasted_is_not_kept(words):
    note_unanswered(words)
    assert kept() == []


def test_nobody_can_fill_the_table(settings):
    settings.UNANSWERED_SEARCHES_KEPT = 2
    for words in ("pigeon post", "smoke signs", "drums", "pigeon post"):
        note_unanswered(words)
    assert sorted(kept()) == [("pigeon post", 2), ("smoke signs", 1)]


def test_a_database_that_is_away_stops_nobody(monkeypatch, caplog):
    def away(*args, **kwargs):
        raise DatabaseError("away")

    monkeypatch.setattr(type(UnansweredSearch.objects.all()), "record", away)
    monkeypatch.setattr(UnansweredSearch.objects, "record", away)
    note_unanswered("pigeon post")
    assert "could not be recorded" in caplog.text
