"""Screens that ask whether there is news: one query and no page while there is none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import AgentFactory
from tests.support.guides import publish
from tests.support.messages import MESSAGE
from wizard.cases import answering, opening, watching
from wizard.desk import presence
from wizard.desk.presence import watch_token
from wizard.models import Case, CaseLink, Viewer
from wizard.pasted.reader import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    publish()
    return opening.open_case(read(MESSAGE), now=timezone.now())


@pytest.fixture
def agent(case):
    """An agent who has the case on screen."""
    agent = AgentFactory()
    presence.looks(case, agent, timezone.now())
    return agent


def link(case, **fields):
    now = timezone.now()
    ends = now + timedelta(hours=1)
    return CaseLink.objects.create(case=case, made_by="ann", made_at=now, expires_at=ends, **fields)


def customers(token, seen=1):
    return f"/cases/{token}/changes/?seen={seen}"


def agents(case, agent, seen="1"):
    return f"/desk/changes/{watch_token(case.pk, agent.pk)}/?seen={seen}"


def answered(case):
    answering.give(case.token, key="seen", value="shop", now=timezone.now())


# --- nothing new ----------------------------------------------------------------------------------


def test_a_customer_asks_by_one_query_and_gets_no_page(client, case, django_assert_num_queries):
    for token in (case.token, link(case).token):
        with django_assert_num_queries(1):
            response = client.get(customers(token))
        assert (response.status_code, response.content) == (204, b"")


def test_an_agent_asks_by_one_query_without_a_session_and_gets_no_page(
    client, case, agent, django_assert_num_queries
):
    with django_assert_num_queries(1):
        response = client.get(agents(case, agent))
    assert (response.status_code, response.content) == (204, b"")
    assert "HX-Trigger" not in response.headers
    assert not response.cookies


def test_an_agent_beside_others_asks_by_one_query(client, case, agent, django_assert_num_queries):
    others = AgentFactory.create_batch(3)
    for other in others:
        presence.looks(case, other, timezone.now())
    seen = presence.seen(1, [other.pk for other in others])
    with django_assert_num_queries(1):
        response = client.get(agents(case, agent, seen))
    assert response.status_code == 204
    assert "HX-Trigger" not in response.headers


def test_now_and_then_one_more_query_says_that_the_agent_is_still_looking(
    client, case, agent, django_assert_num_queries
):
    Viewer.objects.update(at=timezone.now() - timedelta(seconds=21))
    for queries in (2, 1, 1):
        with django_assert_num_queries(queries):
            assert client.get(agents(case, agent)).status_code == 204


@pytest.mark.parametrize("door", ["customer", "agent"])
def test_no_cache_keeps_that_there_was_nothing(client, case, agent, door):
    url = customers(case.token) if door == "customer" else agents(case, agent)
    assert client.get(url).headers["Cache-Control"] == "no-store"


# --- news -----------------------------------------------------------------------------------------


def test_a_customer_gets_the_page_when_somebody_has_answered(client, case):
    answered(case)
    response = client.get(customers(case.token))
    assert response.status_code == 200
    assert "It waits to be packed" in response.content.decode()
    assert client.get(customers(case.token, seen=2)).status_code == 204


def test_an_agent_is_told_when_somebody_has_answered_or_come_to_look(client, case, agent):
    other = AgentFactory()
    presence.looks(case, other, timezone.now())
    assert client.get(agents(case, agent)).headers["HX-Trigger"] == "case-changed"
    seen = presence.seen(1, [other.pk])
    assert "HX-Trigger" not in client.get(agents(case, agent, seen)).headers
    answered(case)
    assert client.get(agents(case, agent, seen)).headers["HX-Trigger"] == "case-changed"


# --- what a process remembers ---------------------------------------------------------------------


@pytest.fixture
def clock(settings, monkeypatch):
    """A process that remembers for a second, and its clock."""
    settings.WATCH_SECONDS = 1.0
    clock = Clock()
    monkeypatch.setattr(watching.time, "monotonic", lambda: clock.now)
    yield clock
    watching.customers.forget()
    presence.screens.forget()


class Clock:
    now = 1000.0


def test_a_screen_that_asks_again_costs_no_query_and_many_together_cost_one_look(
    client, clock, case, agent, django_assert_num_queries
):
    others = [opening.open_case(read(MESSAGE), now=timezone.now()) for _ in range(3)]
    for other in others:
        presence.looks(other, agent, timezone.now())
    of_agents = [agents(one, agent) for one in (case, *others)]
    of_customers = [customers(one.token) for one in (case, *others)]
    for urls in (of_agents, of_customers):
        with django_assert_num_queries(len(urls)):  # the first time
            assert {client.get(url).status_code for url in urls} == {204}
        for seconds, queries in ((0.9, 0), (0.2, 1), (0.9, 0)):
            clock.now += seconds
            with django_assert_num_queries(queries):
                assert {client.get(url).status_code for url in urls} == {204}


def test_news_is_told_after_a_second_at_most(client, clock, case, agent):
    urls = [customers(case.token), agents(case, agent)]
    for url in urls:
        client.get(url)
    answered(case)
    clock.now += 1
    assert client.get(urls[0]).status_code == 200
    assert client.get(urls[1]).headers["HX-Trigger"] == "case-changed"


def test_a_screen_that_is_newer_than_what_is_remembered_is_not_told_of_news(
    client, clock, case, agent
):
    client.get(customers(case.token))
    client.get(agents(case, agent))
    answered(case)
    assert client.get(customers(case.token, seen=2)).status_code == 204
    assert "HX-Trigger" not in client.get(agents(case, agent, "2")).headers


def test_a_link_that_was_closed_is_not_found_after_a_second(client, clock, case):
    given = link(case)
    assert client.get(customers(given.token)).status_code == 204
    CaseLink.objects.update(revoked_at=timezone.now())
    clock.now += 1
    assert client.get(customers(given.token)).status_code == 404


def test_those_who_look_on_are_kept_as_looking_by_one_statement(
    client, clock, case, agent, django_assert_num_queries
):
    client.get(agents(case, agent))
    Viewer.objects.update(at=timezone.now() - timedelta(seconds=21))
    clock.now += 1
    with django_assert_num_queries(2):
        client.get(agents(case, agent))
    assert Viewer.objects.get().at > timezone.now() - timedelta(seconds=5)


def test_no_more_screens_are_remembered_than_there_is_room_for(
    client, clock, case, agent, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(watching, "MOST", 1)
    links = [link(case).token for _ in range(3)]
    for token in links:
        client.get(customers(token))
    with django_assert_num_queries(2):
        assert {client.get(customers(token)).status_code for token in links} == {204}


def test_addresses_that_were_made_up_are_not_remembered(client, clock, case):
    for number in range(5):
        assert client.get(customers(f"nobody-{number}")).status_code == 404
    assert not watching.customers._seen


# --- who may not ask ------------------------------------------------------------------------------


def test_addresses_that_were_made_up_have_ended_or_are_closed_are_not_found(client, case, agent):
    now = timezone.now()
    ended = CaseLink.objects.create(case=case, made_by="ann", made_at=now, expires_at=now)
    closed = link(case, revoked_at=now)
    token = watch_token(case.pk, agent.pk)
    for url in (
        customers("nobody"),
        customers(ended.token),
        customers(closed.token),
        f"/desk/changes/{token[:-1]}/",
        f"/desk/changes/{case.pk}:{agent.pk}/",
    ):
        assert client.get(url).status_code == 404, url


def test_a_case_that_was_purged_is_no_server_error(client, case, agent):
    urls = [customers(case.token), agents(case, agent)]
    Case.objects.all().delete()
    for url in urls:
        assert client.get(url).status_code in (204, 404)
