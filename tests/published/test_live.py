"""The guides in memory while the database comes and goes."""

import logging

import pytest
from django.db import OperationalError

from tests.support.guides import DOCUMENT, publish
from wizard import background
from wizard.authoring import loading, publishing
from wizard.models import Guide
from wizard.published.live import Live


@pytest.fixture(autouse=True)
def thread(monkeypatch):
    """What the thread of this process would do again and again, by its name; none runs here."""
    works = {}
    monkeypatch.setattr(
        background, "repeat", lambda name, work, seconds: works.update({name: work})
    )
    return works


@pytest.mark.django_db(transaction=True)
def test_a_process_that_has_begun_reads_guides_without_the_database(
    settings, django_assert_num_queries
):
    publish()
    settings.PUBLICATION_POLL_SECONDS = 3600
    guides = Live()
    guides.begin()
    with django_assert_num_queries(0):
        assert guides.get("toy").title == "My parcel did not arrive"


@pytest.mark.django_db(transaction=True)
def test_a_process_begins_while_the_database_is_away_and_the_first_request_looks_again(
    settings, monkeypatch, caplog
):
    publish()
    settings.PUBLICATION_POLL_SECONDS = 3600
    guides = Live()
    with monkeypatch.context() as away:
        away.setattr(Guide.objects, "published", _gone)
        guides.begin()
    assert "could not be loaded yet: the server went away" in caplog.text
    assert guides.get("toy") is not None


def _publish(title):
    changed = {**DOCUMENT, "guide": {**DOCUMENT["guide"], "title": title}}
    publishing.publish(loading.load(changed), by=None)


@pytest.mark.django_db(transaction=True)
def test_a_process_looks_for_new_publications_from_its_beginning_on(
    settings, monkeypatch, caplog, thread
):
    publish()
    settings.PUBLICATION_POLL_SECONDS = 3600
    guides = Live()
    guides.begin()
    _publish("It is lost")
    with monkeypatch.context() as away:
        away.setattr(Guide.objects, "published", _gone)
        thread["live-guides"]()
    assert ("wizard.live", logging.WARNING) in {(name, at) for name, at, _ in caplog.record_tuples}
    assert guides.get("toy").title == "My parcel did not arrive"
    thread["live-guides"]()
    assert guides.get("toy").title == "It is lost"


@pytest.mark.django_db
def test_a_process_that_no_server_has_begun_looks_from_its_first_visitor_on(settings, thread):
    publish()
    settings.PUBLICATION_POLL_SECONDS = 3600
    assert Live().get("toy") is not None
    assert thread.keys() == {"live-guides"}


@pytest.mark.django_db
def test_old_publications_stay_in_memory_while_there_is_room(
    settings, monkeypatch, django_assert_num_queries
):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr("wizard.published.live._PINNED", 2)
    old = [publish({**DOCUMENT, "guide": {**DOCUMENT["guide"], "title": one}}).pk for one in "ABC"]
    publish()
    guides = Live()
    guides.refresh()
    with django_assert_num_queries(2):
        guides.pinned(old[0])
        guides.several_as_written(old[:2])
    with django_assert_num_queries(0):
        assert guides.pinned(old[0]).title == "A"
    with django_assert_num_queries(1):
        guides.pinned(old[2])
    with django_assert_num_queries(1):  # the one that was asked for longest ago has made room
        guides.several_as_written(old[:2])


def _gone():
    raise OperationalError("the server went away")
