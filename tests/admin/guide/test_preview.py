"""The preview: any node, both skins, with any evidence set by hand."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from tests.support.guides import DOCUMENT
from tests.support.moments import NOON
from wizard.authoring import loading, supposing
from wizard.authoring.supposing import Supposed
from wizard.engine.evidence import EMPTY, FACTS
from wizard.models import Case, Guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy(author) -> Guide:
    return loading.load(DOCUMENT)


def address(guide, name="suppose", *more):
    return reverse(f"admin:wizard_guide_{name}", args=[guide.pk, *more])


def shown(client, guide, **form):
    response = client.get(address(guide), form, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_the_question_what_if_is_answered_by_the_draft(client, author, toy):
    page = shown(client, toy, **{"report.present": "true", "report.status": "DELIVRD"})
    assert "Somebody has to look" in page
    assert page.count("That's not right") == 2
    assert "Preview, not published" in page


def test_what_is_supposed_stays_in_the_form_and_can_be_dropped(client, author, toy):
    page = shown(client, toy, **{"report.status": "MK:1"})
    assert 'value="MK:1"' in page
    assert "Suppose nothing" in page


def test_a_value_that_is_none_of_its_fact_is_told_and_counts_as_not_known(client, author, toy):
    page = shown(client, toy, **{"message.age": "soon"})
    assert "This is no value of it" in page
    assert "Where was the parcel seen last?" in page


@pytest.mark.parametrize(
    ("start", "words"),
    [("slip", "Which code is on the slip?"), ("packed", "It waits to be packed"), ("no", "seen")],
)
def test_the_preview_begins_at_any_node_and_at_the_start_for_none(
    client, author, toy, start, words
):
    assert words in shown(client, toy, start=start)


def test_the_agents_skin_shows_the_note_the_script_and_the_reply(client, author, toy):
    page = shown(client, toy, start="packed", skin="agent")
    assert "SECRET-AGENT-NOTE" in page
    assert "SECRET-REPLY" in page
    assert "Preview, not published" in page


def test_the_customers_skin_shows_no_note(client, author, toy):
    page = shown(client, toy, start="packed")
    assert "SECRET-AGENT-NOTE" not in page
    assert "It waits to be packed" in page


@pytest.mark.parametrize("skin", ["customer", "agent"])
def test_a_supposed_case_is_answered_overruled_and_given_feedback_and_nothing_is_stored(
    client, author, toy, skin
):
    url = client.get(address(toy), {"report.present": "true", "skin": skin}).url
    url = client.post(url, {"overrule": "seen"}).url
    assert "Where was the parcel seen last?" in client.get(url).content.decode()
    url = client.post(url, {"_continue": "seen", "seen": "shop"}).url
    page = client.get(url).content.decode()
    assert "It waits to be packed" in page
    url = client.post(url, {"outcome": "packed", "feedback": "no"}).url
    url = client.post(url, {"_continue": "slip", "code": "delivrd"}).url
    assert "Somebody has to look" in client.get(url).content.decode()
    url = client.post(url, {"withdraw": "seen"}).url
    assert "seen=" not in url
    assert Case.objects.count() == 0


def test_an_error_is_shown_in_place(client, author, toy):
    url = client.get(address(toy), {"start": "slip"}).url
    assert (
        "We do not know this code yet"
        in client.post(url, {"_continue": "slip", "code": "XYZ"}).content.decode()
    )


@pytest.mark.parametrize("made_up", ["x", "e30", "W10", "eyJhIjoxfQ", "%00", "é"])
def test_an_address_that_was_made_up_shows_the_draft_or_nothing(client, author, toy, made_up):
    response = client.get(address(toy, "what_if", made_up))
    assert response.status_code in (200, 404)


def test_only_who_may_see_the_guide_sees_its_preview(client, toy):
    client.logout()
    supposed = supposing.packed(Supposed())
    for url in (address(toy), address(toy, "what_if", supposed)):
        assert client.get(url).status_code == 302
        assert client.post(url).status_code == 302


@given(some.dictionaries(some.sampled_from(sorted(FACTS)), some.text(max_size=90)), some.text())
def test_what_is_supposed_goes_into_an_address_and_back(facts, start):
    supposed = supposing.from_form({**facts, "start": start, "skin": "agent"})
    assert supposing.unpacked(supposing.packed(supposed)) == supposed
    assert supposed.evidence(NOON).keys() <= FACTS.keys()


def test_empty_is_looked_up_and_not_there():
    assert Supposed({"report.status": "empty"}).evidence(NOON)["report.status"].value is EMPTY
