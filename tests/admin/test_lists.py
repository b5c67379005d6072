"""The lists: search, filters, order, and a number of queries that does not grow."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.admin.forms import filled
from tests.factories import (
    AnswerFactory,
    CauseFactory,
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    PublicationFactory,
    QuestionFactory,
    RemediationStepFactory,
    UserFactory,
)
from wizard.admin.catalogue.codes import CodeAdmin
from wizard.models import Question, UnansweredSearch, UnknownCode


def make_guide():
    guide = GuideFactory()
    guide.live = PublicationFactory(guide=guide)
    guide.save()


def make_code():
    guide = GuideFactory()
    CodeFactory(guide=guide, to_outcome=OutcomeFactory(guide=guide))


MAKE = {
    "guide": make_guide,
    "question": lambda: AnswerFactory(),
    "outcome": lambda: RemediationStepFactory(),
    "code": make_code,
    "cause": lambda: CauseFactory(),
    "publication": lambda: PublicationFactory(author=UserFactory()),
    "unknowncode": lambda: UnknownCode.objects.create(code=f"E{UnknownCode.objects.count()}"),
}
# Two for the session and the user, two or so to count, eight to check the guides of the rows,
# whatever their number; the rest is rows and filters.
MOST = {
    "guide": 13, "question": 13, "outcome": 13, "code": 14, "cause": 14, "publication": 7,
    "unknowncode": 5,
}  # fmt: skip


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("name", MAKE)
def test_a_list_takes_as_many_queries_for_60_rows_as_for_5(client, author, name):
    url = reverse(f"admin:wizard_{name}_changelist")
    for _ in range(5):
        MAKE[name]()
    few = queries_of(client, url)
    for _ in range(55):
        MAKE[name]()
    many = queries_of(client, url)
    assert len(many) == len(few), many
    assert len(many) <= MOST[name], many


@pytest.mark.parametrize("name", ["guide", "publication"])
def test_a_list_does_not_read_snapshots(client, author, name):
    MAKE[name]()
    queries = queries_of(client, reverse(f"admin:wizard_{name}_changelist"))
    assert not any('"snapshot"' in query for query in queries)


def listed(client, name, **query):
    page = client.get(reverse(f"admin:wizard_{name}_changelist"), query)
    assert page.status_code == 200
    return list(page.context["cl"].queryset)


def test_questions_are_found_where_an_answer_leads_nowhere(client, author):
    asked = AnswerFactory().question
    led = AnswerFactory(to_outcome=OutcomeFactory()).question
    bare = QuestionFactory()
    assert listed(client, "question", ways="nowhere") == [asked]
    assert listed(client, "question", ways="none") == [bare]
    assert led in listed(client, "question")


def test_questions_are_found_by_the_words_of_their_answers(client, author):
    found = AnswerFactory(label="In the van").question
    AnswerFactory(question=found, label="In another van")
    QuestionFactory()
    assert listed(client, "question", q="van") == [found]


def test_outcomes_without_steps_are_found(client, author):
    bare = OutcomeFactory()
    RemediationStepFactory()
    assert listed(client, "outcome", steps="none") == [bare]


def test_codes_are_found_that_lead_nowhere_or_were_checked_long_ago(client, author):
    today = timezone.localdate()
    old = CodeFactory(checked_on=today - timedelta(days=181))
    edge = CodeFactory(checked_on=today - timedelta(days=180), to_question=QuestionFactory())
    never = CodeFactory(to_outcome=OutcomeFactory())
    assert listed(client, "code", checked="long-ago") == [old]
    assert listed(client, "code", checked="never") == [never]
    assert listed(client, "code", leads="nowhere") == [old]
    assert edge in listed(client, "code")


def test_the_filter_for_stale_codes_counts_them(client, author):
    CodeFactory.create_batch(2, checked_on=timezone.localdate() - timedelta(days=181))
    CodeFactory(checked_on=timezone.localdate())
    page = client.get(reverse("admin:wizard_code_changelist"), {"_facets": "True"})
    text = page.content.decode()
    assert "More than 180 days ago (2)" in text
    assert "Never (0)" in text


@pytest.mark.parametrize("query", ["", "&namespace=api", "&namespace=api&checks=error&q=E"])
def test_filters_count_as_those_of_django_do(client, author, monkeypatch, query):
    outcome = OutcomeFactory()
    for number in range(8):
        CodeFactory(
            guide=outcome.guide if number % 2 else GuideFactory(),
            namespace="api" if number % 3 else "status",
            meaning="" if number % 4 else "A meaning.",
            checked_on=timezone.localdate() - timedelta(days=60 * number),
        )
    url = reverse("admin:wizard_code_changelist") + "?_facets=True" + query

    def counts():
        text = client.get(url).content.decode()
        return re.findall(r"<details.*?</details>", text, re.DOTALL)

    together = counts()
    monkeypatch.setattr(CodeAdmin, "get_changelist", lambda *args, **kwargs: ChangeList)
    assert together == counts()
    assert len(together) == 11


def test_codes_are_marked_as_checked_today(client, author):
    code, other = CodeFactory(), CodeFactory()
    url = reverse("admin:wizard_code_changelist")
    client.post(url, {"action": "mark_checked", "_selected_action": [code.pk]})
    code.refresh_from_db()
    other.refresh_from_db()
    assert (code.checked_on, other.checked_on) == (timezone.localdate(), None)


def test_the_catalogue_says_how_many_unknown_codes_wait(client, author):
    for settled in (True, False, False):
        UnknownCode.objects.create(code=f"E{UnknownCode.objects.count()}", settled=settled)
    page = client.get(reverse("admin:wizard_code_changelist")).content.decode()
    assert "2 unknown codes" in page
    waiting = reverse("admin:wizard_unknowncode_changelist") + "?settled__exact=0"
    assert f'href="{waiting}"' in page
    assert len(client.get(waiting).context["cl"].queryset) == 2


def test_the_order_of_questions_is_changed_in_their_list(client, author):
    question = QuestionFactory(order=1)
    url = reverse("admin:wizard_question_changelist")
    data = filled(client.get(url).content, **{"form-0-order": "7", "_save": "Save", "action": ""})
    assert client.post(url, data).status_code == 302
    question.refresh_from_db()
    assert question.order == 7


def test_search_boxes_offer_the_nodes_of_one_guide(client, author):
    here, elsewhere = QuestionFactory(text="Same words"), QuestionFactory(text="Same words")
    query = {"app_label": "wizard", "model_name": "answer", "field_name": "to_question"}
    query |= {"term": "Same", "guide": str(here.guide_id)}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [row["id"] for row in found] == [str(here.pk)]
    query["guide"] = "no number"
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert len(found) == Question.objects.count() == len({here, elsewhere})


def test_unknown_codes_are_settled_together(client, author):
    rows = [UnknownCode.objects.create(code=code) for code in ("E1", "E2")]
    url = reverse("admin:wizard_unknowncode_changelist")
    data = {"action": "mark_settled", "_selected_action": [row.pk for row in rows]}
    page = client.post(url, data, follow=True).content.decode()
    assert "2 codes are settled." in page
    assert not UnknownCode.objects.waiting().exists()


@pytest.mark.parametrize(("who", "left"), [("author", 0), ("reader", 2)])
def test_unanswered_searches_are_settled_together_by_authors(request, client, who, left):
    request.getfixturevalue(who)
    rows = [UnansweredSearch.objects.create(words=words) for words in ("pigeon post", "drums")]
    url = reverse("admin:wizard_unansweredsearch_changelist")
    data = {"action": "mark_settled", "_selected_action": [row.pk for row in rows]}
    client.post(url, data)
    assert UnansweredSearch.objects.waiting().count() == left


def test_readers_cannot_settle_unknown_codes(client, reader):
    row = UnknownCode.objects.create(code="E1")
    url = reverse("admin:wizard_unknowncode_changelist")
    client.post(url, {"action": "mark_settled", "_selected_action": [row.pk]})
    assert UnknownCode.objects.waiting().exists()
