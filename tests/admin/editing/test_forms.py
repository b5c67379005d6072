"""The forms of guides, questions, outcomes and codes."""

import pytest
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import (
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    QuestionFactory,
    publishable_guide,
)
from wizard.authoring import publishing
from wizard.models import Answer, Code, Outcome, Question, UnknownCode


def url_of(row):
    return reverse(f"admin:wizard_{row._meta.model_name}_change", args=[row.pk])


def save(client, url, **changes):
    """Open a form, change some of it, and press Save."""
    data = filled(client.get(url).content, **changes)
    return client.post(url, data | {"_save": "Save"})


def test_saving_a_form_as_it_is_changes_nothing(client, author, guide):
    rows = [guide, *guide.questions.all(), *guide.outcomes.all(), *guide.codes.all()]
    from wizard.authoring import drafts

    before = drafts.document_of(guide)
    for row in rows:
        answer = save(client, url_of(row))
        assert answer.status_code == 302, answer.context["errors"]
    guide.refresh_from_db()
    assert drafts.document_of(guide) == before


def test_an_answer_without_a_number_goes_to_the_end(client, author, guide):
    added = {"answers-TOTAL_FORMS": "4", "answers-3-key": "late", "answers-3-label": "Late"}
    added |= {"answers-3-order": "", "answers-3-question": str(guide.start.pk)}
    assert save(client, url_of(guide.start), **added).status_code == 302
    assert [answer.key for answer in guide.start.answers.all()][-1] == "late"


def test_a_new_question_belongs_to_the_guide_of_the_list_and_comes_last(client, author, guide):
    GuideFactory()
    last = max(guide.questions.values_list("order", flat=True))
    came_from = f"?_changelist_filters=guide__id__exact%3D{guide.pk}"
    url = reverse("admin:wizard_question_add") + came_from
    assert save(client, url, key="new").status_code == 302
    question = Question.objects.get(key="new")
    assert question.guide == guide
    assert question.order == last + 10


def test_a_new_question_belongs_to_the_only_guide(client, author, guide):
    assert save(client, reverse("admin:wizard_outcome_add"), key="new").status_code == 302
    assert Outcome.objects.get(key="new").guide == guide


def test_a_question_stays_in_its_guide(client, author, guide):
    other = GuideFactory()
    save(client, url_of(guide.start), guide=str(other.pk))
    guide.start.refresh_from_db()
    assert guide.start.guide == guide


@pytest.mark.parametrize("key", ["code", "phone-off"])
def test_a_key_that_is_taken_is_refused(client, author, guide, key):
    answer = save(client, url_of(guide.start), key=key)
    assert answer.status_code == 200
    assert answer.context["errors"]


@pytest.mark.parametrize("key", ["Not A Key", "9lives", "a_b", "Big", "ends!"])
def test_a_key_that_links_could_not_hold_on_to_is_refused(client, author, guide, key):
    answer = save(client, url_of(guide.start), key=key)
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_code_that_is_there_in_another_case_is_refused(client, author, guide):
    code = CodeFactory(guide=guide)
    answer = save(client, url_of(code), code="e200030")
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_an_answer_that_leads_to_two_nodes_is_refused(client, author, guide):
    both = {"answers-0-to_question": str(guide.questions.get(key="code").pk)}
    answer = save(client, url_of(guide.start), **both)
    assert "Choose a question or an outcome, not both." in answer.content.decode()


@pytest.mark.parametrize("add", [True, False])
def test_an_answer_that_leads_into_another_guide_is_refused(client, author, guide, add):
    foreign = OutcomeFactory()
    url = reverse("admin:wizard_question_add") if add else url_of(guide.start)
    changes = {"answers-0-to_outcome": str(foreign.pk), "answers-0-key": "a"}
    if add:
        changes |= {"answers-TOTAL_FORMS": "1", "guide": str(guide.pk), "key": "new"}
    answer = save(client, url, **changes)
    assert answer.status_code == 200
    assert "This belongs to another guide." in answer.content.decode()
    assert not Answer.objects.filter(to_outcome=foreign).exists()


def test_a_rule_that_cannot_be_read_is_refused_with_the_reason(client, author, guide):
    answer = save(client, url_of(guide.start), **{"answers-0-rules": "the.moon is full"})
    assert "No look-up gives the fact" in answer.content.decode()


@pytest.mark.parametrize("text", ["a\x0bb", "a\x00b", "a\rb", "a\x85b", "a\uffffb"])
def test_invisible_control_characters_are_refused(client, author, guide, text):
    answer = save(client, url_of(guide.start), help=text)
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_lines_that_a_browser_ends_its_own_way_are_fine(client, author, guide):
    assert save(client, url_of(guide.start), help="One\r\n\r\nTwo").status_code == 302


def test_markup_in_texts_is_shown_as_text(client, author):
    guide = GuideFactory(title="<script>alert(1)</script>")
    QuestionFactory(guide=guide, text="<script>alert(2)</script>", key="bad")
    for url in (
        url_of(guide),
        reverse("admin:wizard_guide_publish", args=[guide.pk]),
        reverse("admin:wizard_question_changelist"),
    ):
        assert "<script>alert" not in client.get(url).content.decode()


def test_a_node_says_what_leads_to_it(client, author, guide):
    outcome = guide.outcomes.get(key="template")
    page = client.get(url_of(outcome)).content.decode()
    for row in (*guide.questions.all(), guide.codes.get()):
        assert url_of(row) in page
    start = client.get(url_of(guide.start)).content.decode()
    assert f'<a href="{url_of(guide)}">' in start


def test_a_node_shows_the_first_codes_that_lead_to_it_and_links_to_all(client, author, guide):
    outcome = guide.outcomes.get(key="template")
    CodeFactory.create_batch(30, guide=guide, to_outcome=outcome)
    page = client.get(url_of(outcome)).content.decode()
    assert "and 6 codes more" in page
    more = reverse("admin:wizard_code_changelist") + f"?to_outcome__id__exact={outcome.pk}"
    assert more in page
    assert client.get(more).context["cl"].result_count == 31


def test_view_on_site_previews_the_draft_at_the_node(client, author, guide):
    outcome = guide.outcomes.get(key="template")
    preview = reverse("admin:wizard_guide_preview", args=[guide.pk])
    for row in (outcome, guide.codes.get()):
        page = client.get(url_of(row)).content.decode()
        assert f'href="{preview}?at=template"' in page
    assert client.get(f"{preview}?at=template", follow=True).status_code == 200


def test_a_code_typed_into_the_preview_needs_no_token(guide):
    from django.test import Client

    from tests.factories import UserFactory

    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(admin=True))
    preview = reverse("admin:wizard_guide_preview", args=[guide.pk])
    answer = client.post(f"{preview}?start=a-code", {"code": "E200030"})
    assert answer.status_code == 302


def test_the_address_of_a_live_guide_stays(client, author, guide):
    publishing.publish(guide, by=author)
    save(client, url_of(guide), slug="another", title="New title")
    guide.refresh_from_db()
    assert (guide.slug, guide.title) == ("tiny", "New title")


def test_the_form_of_a_guide_tells_what_is_live_and_what_the_checks_found(client, author, guide):
    page = client.get(url_of(guide)).content.decode()
    assert "Not published yet" in page
    assert "0 errors" in page
    publishing.publish(guide, by=author)
    page = client.get(url_of(guide)).content.decode()
    assert "the draft is what visitors read" in page
    guide.outcomes.update(title="")
    page = client.get(url_of(guide)).content.decode()
    assert "2 errors" in page
    assert "the draft differs from what visitors read" in page


def test_a_guide_that_was_published_cannot_be_deleted(client, author, guide):
    publishing.publish(guide, by=author)
    url = reverse("admin:wizard_guide_delete", args=[guide.pk])
    client.post(url, {"post": "yes"})
    guide.refresh_from_db()


def test_an_unknown_code_becomes_a_code_and_is_settled(client, author, guide):
    unknown = UnknownCode.objects.create(code="MK:0009")
    page = client.get(url_of(unknown)).content.decode()
    add = reverse("admin:wizard_code_add") + "?code=MK%3A0009"
    assert f'href="{add}"' in page
    assert save(client, add, meaning="Out of reach.").status_code == 302
    assert Code.objects.get(code="MK:0009").guide == guide
    unknown.refresh_from_db()
    assert unknown.settled


def test_the_form_of_an_unknown_code_changes_nothing_but_settled(client, author):
    unknown = UnknownCode.objects.create(code="E9")
    save(client, url_of(unknown), code="X", times="99", settled="on")
    unknown.refresh_from_db()
    assert (unknown.code, unknown.times, unknown.settled) == ("E9", 1, True)


def test_the_form_of_a_large_question_is_quick(client, author, django_assert_max_num_queries):
    guide = publishable_guide(slug="large")
    with django_assert_max_num_queries(20):
        client.get(url_of(guide.start))
