"""The guides in memory while the database comes and goes."""

import pytest
from django.db import OperationalError

from tests.support.guides import publish
from wizard.live import Live
from wizard.models import Guide


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


def _gone():
    raise OperationalError("the server went away")
