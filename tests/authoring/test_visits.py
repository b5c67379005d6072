"""What stored cases say of the nodes of a guide: visits, and whether it helped."""

import pytest
from django.core.cache import cache

from tests.engine.toys import toy
from tests.factories import CaseFactory, PublicationFactory
from wizard.authoring import loading, publishing, visits
from wizard.authoring.visits import Visits, visits_of
from wizard.engine import evidence
from wizard.engine.evidence import Finding
from wizard.published.live import live

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    """The toy guide, published."""
    guide = loading.load(toy())
    publishing.publish(guide, by=None)
    guide.refresh_from_db()
    return guide


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    cache.clear()


def stored(guide, count=1, publication=None, **answers):
    return [
        CaseFactory(publication=publication or guide.live, answers=answers) for _ in range(count)
    ]


def test_without_cases_there_is_nothing_to_count(guide):
    assert visits_of(guide) == Visits()


def test_a_case_visits_the_nodes_of_its_trail_and_where_it_rests(guide):
    stored(guide)
    stored(guide, 2, report="failed")
    found = visits_of(guide)
    assert found.cases == 3
    assert found.nodes == {"report": 3, "code": 2}


def test_evidence_leads_as_well_as_answers(guide):
    [case] = stored(guide)
    said = [Finding("report.present", True, "test", case.changed_at)]
    said.append(Finding("report.status", "DELIVRD", "test", case.changed_at))
    case.reports = evidence.to_json(said)
    case.save()
    assert visits_of(guide).nodes == {"report": 1, "junk": 1}


def test_what_people_said_at_an_outcome_is_counted(guide):
    stored(guide, 3, report="delivered", junk="yes")
    stored(guide, report="delivered", junk="cannot")
    stored(guide, report="delivered")
    found = visits_of(guide)
    assert found.nodes == {"report": 5, "junk": 5}
    assert (found.solved, found.failing) == ({"junk": 3}, {"junk": 1})
    assert found.told("junk") == 4


def test_an_outcome_that_failed_before_another_one_helped_has_failed(guide):
    stored(guide, report="delivered", junk="no", lost="yes")
    found = visits_of(guide)
    assert found.nodes == {"report": 1, "junk": 1, "lost": 1}
    assert (found.solved, found.failing) == ({"lost": 1}, {"junk": 1})


def test_a_case_is_walked_through_the_publication_that_it_began_with(guide):
    stored(guide, report="delivered")
    document = toy()
    document["questions"][0]["answers"][0]["to"] = "lost"
    loading.load(document)
    publishing.publish(guide, by=None)
    assert visits_of(guide).nodes == {"report": 1, "junk": 1}


def test_cases_of_other_guides_are_not_counted(guide):
    CaseFactory()
    assert visits_of(guide).cases == 0


def test_of_many_cases_the_newest_count(guide, monkeypatch):
    monkeypatch.setattr(visits, "CASES", 2)
    stored(guide, report="recent")
    stored(guide, 2)
    assert visits_of(guide).nodes == {"report": 2}


def test_they_are_counted_again_after_some_minutes_only(guide, django_assert_num_queries):
    stored(guide)
    visits_of(guide)
    stored(guide)
    with django_assert_num_queries(0):
        assert visits_of(guide).cases == 1


def test_many_publications_are_read_in_one_query(guide, django_assert_num_queries):
    for number in range(2, 25):
        stored(guide, publication=PublicationFactory(guide=guide, number=number))
    live.forget()
    # One for the cases, one for their publications; two look which guides are live.
    with django_assert_num_queries(4):
        assert visits_of(guide).cases == 23
