"""What the checks find, where authors work: forms, lists, messages, and while somebody types."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import (
    CodeFactory,
    OutcomeFactory,
    QuestionFactory,
    UserFactory,
    publishable_guide,
)
from wizard.authoring import drafts


def url_of(row, action="change"):
    return reverse(f"admin:wizard_{row._meta.model_name}_{action}", args=[row.pk])


def found(page):
    """The findings in the panel of a form: level, sentence and where each leads."""
    return [(one.level, one.sentence, one.fragment) for one in page.context["here"]]


# --- at the form ----------------------------------------------------------------------------------


def test_a_form_shows_the_findings_of_its_own_node(client, author, guide):
    guide.start.text = ""
    guide.start.save()
    page = client.get(url_of(guide.start))
    levels = [level for level, _sentence, _fragment in found(page)]
    assert levels[0] == "error"
    assert 'href="#id_text"' in page.content.decode()
    other = client.get(url_of(guide.questions.get(key="code")))
    assert [one for one in found(other) if one[0] == "error"] == []
    assert "In the whole guide: 1 error" in other.content.decode()


def test_a_finding_leads_to_the_answer_or_step_on_the_page(client, author, guide):
    answer = guide.start.answers.all()[1]
    answer.to_question = answer.to_outcome = None
    answer.save()
    page = client.get(url_of(guide.start))
    assert ("error", "answers-1") in [(level, at) for level, _said, at in found(page)]
    assert 'href="#answers-1"' in page.content.decode()
    assert 'id="answers-1"' in page.content.decode()


@pytest.mark.parametrize("factory", [QuestionFactory, OutcomeFactory, CodeFactory])
def test_every_node_has_its_panel_and_a_new_one_has_none(client, author, factory):
    node = factory()
    page = client.get(url_of(node)).content.decode()
    assert 'id="found"' in page
    assert f'hx-post="{url_of(node, "check")}"' in page
    add = client.get(reverse(f"admin:wizard_{node._meta.model_name}_add")).content.decode()
    assert 'id="found"' not in add


def test_readers_see_the_findings_and_where_they_stand(client, reader, guide):
    guide.outcomes.update(title="")
    page = client.get(url_of(guide.outcomes.first())).content.decode()
    assert 'id="found"' in page
    assert "hx-post" not in page
    assert reverse("admin:wizard_guide_publish", args=[guide.pk]) not in page


# --- after a save ---------------------------------------------------------------------------------


def save(client, row, **changes):
    url = url_of(row)
    data = filled(client.get(url).content, **changes) | {"_save": "Save"}
    return client.post(url, data, follow=True)


def said(page):
    return " ".join(str(message) for message in page.context["messages"])


def test_a_save_says_what_the_checks_find_and_refuses_nothing(client, author, guide):
    page = save(client, guide.start, text="")
    guide.start.refresh_from_db()
    assert guide.start.text == ""
    assert "The checks find here: 1 error" in said(page)
    assert f'href="{reverse("admin:wizard_guide_publish", args=[guide.pk])}"' in said(page)
    publish = client.post(reverse("admin:wizard_guide_publish", args=[guide.pk]), {"note": ""})
    assert "Not published" in publish.content.decode()


def test_a_save_of_the_guide_says_what_the_checks_find_in_it(client, author, guide):
    guide.outcomes.update(title="")
    assert "The checks find in the guide: 2 errors" in said(save(client, guide, title="New"))


def test_a_new_node_is_checked_once_it_is_saved(client, author, guide):
    url = reverse("admin:wizard_question_add")
    data = filled(client.get(url).content, key="new") | {"_continue": "Save"}
    page = client.post(url, data, follow=True)
    assert "The checks find here: 3 errors" in said(page)
    assert {level for level, _sentence, _fragment in found(page)} == {"error", "warning"}


# --- in lists -------------------------------------------------------------------------------------


def listed(client, name, **query):
    page = client.get(reverse(f"admin:wizard_{name}_changelist"), query)
    assert page.status_code == 200
    return list(page.context["cl"].queryset)


@pytest.mark.parametrize(
    ("name", "field"), [("question", "text"), ("outcome", "title"), ("code", "meaning")]
)
def test_nodes_are_found_by_what_the_checks_find_at_them(client, author, guide, name, field):
    rows = getattr(guide, f"{name}s")
    if name != "code":
        assert rows.count() > 1
    bad = rows.first()
    setattr(bad, field, "")
    bad.save()
    assert listed(client, name, checks="error") == [bad]
    assert bad not in listed(client, name, checks="none")
    assert bad in listed(client, name)
    page = client.get(reverse(f"admin:wizard_{name}_changelist"), {"_facets": "True"})
    assert "Errors (1)" in page.content.decode()
    assert '<span class="level error">1 error</span>' in page.content.decode()


def test_guides_are_found_by_what_the_checks_find_in_them(client, author, guide):
    bad = publishable_guide(slug="bad")
    bad.questions.update(text="")
    assert listed(client, "guide", checks="error") == [bad]
    page = client.get(reverse("admin:wizard_guide_changelist")).content.decode()
    assert f"{bad.questions.count()} errors" in page


def test_a_filter_by_guide_checks_that_guide_alone(client, author, guide):
    bad = publishable_guide(slug="bad")
    for one in (guide, bad):
        one.questions.update(text="")
    page = listed(client, "question", checks="error", guide__id__exact=bad.pk)
    assert {question.guide for question in page} == {bad}


def test_a_word_that_is_no_level_finds_nothing(client, author, guide):
    assert listed(client, "question", checks="nonsense") == []


# --- while somebody types -------------------------------------------------------------------------


def check(client, row, **changes):
    return client.post(url_of(row, "check"), filled(client.get(url_of(row)).content, **changes))


def test_what_stands_in_the_fields_is_checked_and_not_stored(client, author, guide):
    before = drafts.document_of(guide)
    page = check(client, guide.start, text="")
    assert ("error", "id_text") in [(level, at) for level, _said, at in found(page)]
    assert "In the whole guide: 1 error" in page.content.decode()
    guide.refresh_from_db()
    assert drafts.document_of(guide) == before
    assert found(check(client, guide.start)) == found(client.get(url_of(guide.start)))


def test_a_mended_field_is_found_mended_before_it_is_saved(client, author, guide):
    guide.outcomes.update(title="")
    page = check(client, guide.outcomes.first(), title="A cause")
    assert [one for one in found(page) if one[0] == "error"] == []
    assert "In the whole guide: 1 error" in page.content.decode()


def test_answers_are_checked_as_they_stand_on_the_page(client, author, guide):
    last = guide.start.answers.count() - 1
    changes = {f"answers-{last}-order": "1", f"answers-{last}-label": ""}
    page = check(client, guide.start, **changes)
    assert ("error", f"answers-{last}") in [(level, at) for level, _said, at in found(page)]
    gone = check(client, guide.start, **changes, **{f"answers-{last}-DELETE": "on"})
    assert [one for one in found(gone) if one[0] == "error"] == []


def test_a_new_answer_is_checked_before_it_has_a_key(client, author, guide):
    count = guide.start.answers.count()
    added = {"answers-TOTAL_FORMS": str(count + 1), f"answers-{count}-label": "Late"}
    page = check(client, guide.start, **added)
    assert ("error", f"answers-{count}") in [(level, at) for level, _said, at in found(page)]
    assert "Some fields cannot be saved as they are" in page.content.decode()


def test_a_new_key_does_not_part_a_node_from_what_leads_to_it(client, author, guide):
    page = check(client, guide.outcomes.get(key="template"), key="renamed")
    assert [one for one in found(page) if one[0] == "error"] == []
    assert "In the whole guide: 1 warning" in page.content.decode()


def test_steps_and_codes_are_checked_while_they_are_typed(client, author, guide):
    step = guide.outcomes.filter(steps__isnull=False).first()
    assert ("error", "steps-0") in [
        (level, at) for level, _said, at in found(check(client, step, **{"steps-0-text": ""}))
    ]
    code = guide.codes.get()
    page = check(client, code, meaning="", code="RENAMED")
    assert [(level, at) for level, _said, at in found(page)] == [("error", "id_meaning")]


def test_a_rule_that_cannot_be_read_is_found_while_it_is_typed(client, author, guide):
    page = check(client, guide.start, **{"answers-0-rules": "the.moon is full"})
    assert ("error", "answers-0") in [(level, at) for level, _said, at in found(page)]


def test_two_answers_with_one_key_are_told(client, author, guide):
    keys = [answer.key for answer in guide.start.answers.all()]
    page = check(client, guide.start, **{"answers-0-key": keys[1]})
    assert "Some fields cannot be saved as they are" in page.content.decode()
    assert "The draft cannot be read" in found(page)[0][1]


def test_only_who_may_change_a_node_has_it_checked(client, reader, guide):
    url = url_of(guide.start, "check")
    assert client.post(url).status_code == 404
    assert Client().post(url).status_code == 302
    client.force_login(UserFactory(admin=True))
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 200
