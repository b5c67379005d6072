"""What each page costs the database once the guide is in memory."""

import pytest

from tests.support.guides import publish
from wizard.published.live import Live, live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guide_in_memory(client, settings, monkeypatch):
    """As in production: looking for news is the thread's work, which does not run here."""
    publish()
    settings.PUBLICATION_POLL_SECONDS = 60
    monkeypatch.setattr(Live, "_watch", lambda self: None)
    client.get("/")


@pytest.mark.parametrize(
    "address",
    [
        "/guides/toy/",
        "/guides/toy/?seen=shop",
        "/guides/toy/?seen=van&slip=DELIVRD",
        "/guides/toy/?seen=gone&nothing=1",
        "/guides/toy/?at=ask&_from=DELIVRD",
        "/",
        "/?q=DELIVRD",
        "/?q=E000999",
        "/?q=packed",
        "/codes/",
        "/codes/?words=van",
        "/codes/DELIVRD/",
        "/codes/MK:0001/",
    ],
)
def test_a_page_costs_no_query_whether_it_was_asked_for_before_or_not(
    client, address, django_assert_num_queries
):
    for _ in range(2):
        with django_assert_num_queries(0):
            assert client.get(address).status_code == 200


def test_the_box_and_a_typed_code_cost_no_query_if_the_code_is_known(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        client.post("/", {"text": "DELIVRD"}, follow=True)
        client.post("/", {"text": "smsMsgId=1&status=DELIVRD&source=2"}, follow=True)
        client.post("/guides/toy/?seen=van", {"code": "DELIVRD"})


def test_an_unknown_code_costs_few_queries_however_often_it_is_asked_for(
    client, django_assert_max_num_queries
):
    for _ in range(3):
        with django_assert_max_num_queries(6):
            client.get("/codes/ZZ:0001/")


def test_looking_for_a_new_publication_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        live.refresh()
