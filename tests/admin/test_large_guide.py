"""A guide of 600 nodes is edited with few queries a page: none of them grows with the guide."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import UserFactory
from tests.support import large
from tests.support.counting import counted
from wizard.engine.document import compile_document, digest_of

MOST = 22


@pytest.fixture(scope="module")
def large_guide(django_db_setup, django_db_blocker):
    """Made once for all tests, for it takes longer than all its pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield large.make()
        transaction.set_rollback(True)


@pytest.fixture
def author(large_guide, client, db):
    """Not a superuser: what somebody may do is asked for as well."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=("wizard", "auditlog"))
    )
    client.force_login(user)
    return user


def queries_of(call):
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    return answer, [query["sql"] for query in captured]


def test_every_page_takes_few_queries_and_compiles_a_document_once(
    client, author, large_guide, monkeypatch
):
    costs, compiled = {}, counted(monkeypatch, compile_document, digest_of)
    for name, url in large.pages(large_guide).items():
        page, queries = queries_of(lambda url=url: client.get(url))
        while page.status_code == 302:
            compiled.clear()
            page, queries = queries_of(lambda url=page.url: client.get(url))
        assert page.status_code == 200, name
        costs[name] = len(queries)
        list(page)  # to the end of a page that is streamed
        assert set(compiled.values()) <= {1}, name
        compiled.clear()
    assert {name: cost for name, cost in costs.items() if cost > MOST} == {}
    # Pages that read a draft of 600 nodes are among them, not only those around it.
    assert costs["form: question"] > 10


def save(client, row, action="change", **changes):
    url = reverse(f"admin:wizard_{row._meta.model_name}_{action}", args=[row.pk])
    form = reverse(f"admin:wizard_{row._meta.model_name}_change", args=[row.pk])
    data = filled(client.get(form).content, **changes) | {"_save": "Save"}
    return queries_of(lambda: client.post(url, data))


CHANGES = {
    "guide": {"title": "Another title"},
    "question": {"text": "Another text?"},
    "an answer": {"answers-12-label": "Another label"},
    "a target": {"answers-5-to_question": "", "answers-5-to_outcome": "{outcome}"},
    "outcome": {"title": "Another title"},
    "a step": {"steps-7-text": "Another step."},
    "code": {"meaning": "Another meaning."},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_save_with_one_change_takes_few_queries(client, author, large_guide, change):
    outcome = large.long_outcome()
    row = {
        "guide": large_guide,
        "outcome": outcome,
        "a step": outcome,
        "code": large_guide.codes.first(),
    }.get(change, large.wide_question())
    sent = {name: value.format(outcome=outcome.pk) for name, value in CHANGES[change].items()}
    answer, queries = save(client, row, **sent)
    assert answer.status_code == 302
    assert any("UPDATE" in query for query in queries)
    assert len(queries) <= 28, queries


@pytest.mark.parametrize("name", ["question", "outcome", "code"])
def test_a_check_while_somebody_types_takes_few_queries(client, author, large_guide, name):
    row = {"question": large.wide_question(), "outcome": large.long_outcome()}.get(
        name, large_guide.codes.first()
    )
    answer, queries = save(client, row, "check", **{"order": "7"})
    assert answer.status_code == 200
    assert len(queries) <= MOST, queries


def test_only_what_was_changed_is_stored(client, author, large_guide):
    _answer, queries = save(client, large.wide_question(), **{"answers-12-label": "Another label"})
    stored = [query for query in queries if query.startswith('UPDATE "wizard_answer"')]
    assert len(stored) == 1
