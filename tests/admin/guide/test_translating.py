"""The Translate page: texts beside their translations, for people who know both languages."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.factories import AnswerFactory, CodeFactory, OutcomeFactory, QuestionFactory
from wizard.authoring import drafts, loading, publishing
from wizard.engine.languages import read_in, texts
from wizard.models import Translation
from wizard.models.translation import digest_of_text

TEXT = "What do you see?"


@pytest.fixture
def url(guide):
    return reverse("admin:wizard_guide_translate", args=[guide.pk, "zh-hans"])


def send(client, url, translation, *, text=TEXT, seen=""):
    digest = digest_of_text(text)
    return client.post(url, {f"text-{digest}": translation, f"seen-{digest}": seen}, follow=True)


def chinese(guide):
    return read_in(drafts.snapshot_of(guide), "zh-hans")


def page_of(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_translation_is_stored_and_read(client, author, guide, url):
    page = send(client, url, "  您看到什么？ ").content.decode()
    assert chinese(guide).questions["start"].text == "您看到什么？"
    assert "1 translation stored" in page
    assert "您看到什么？</textarea>" in page
    assert LogEntry.objects.filter(user=author, object_id=str(guide.pk)).exists()


def test_an_empty_translation_takes_it_away(client, author, guide, url):
    send(client, url, "您看到什么？")
    send(client, url, "", seen="您看到什么？")
    assert not Translation.objects.exists()


def test_lines_of_a_translation_are_kept_as_files_have_them(client, author, guide, url):
    guide.questions.update(help="One.\r\n\r\nTwo.")
    send(client, url, "一。\r\n\r\n二。", text="One.\n\nTwo.")
    assert chinese(guide).questions["start"].help == "一。\n\n二。"


def test_what_somebody_else_has_translated_meanwhile_is_not_overwritten(client, author, guide, url):
    send(client, url, "甲")
    page = send(client, url, "乙").content.decode()
    assert chinese(guide).questions["start"].text == "甲"
    assert "Somebody else has changed this translation" in page
    assert "乙</textarea>" in page
    # The page knows theirs now: saving again is a decision.
    seen = re.search(rf'name="seen-{digest_of_text(TEXT)}" value="([^"]*)"', page)[1]
    send(client, url, "乙", seen=seen)
    assert chinese(guide).questions["start"].text == "乙"


def test_fields_that_were_not_touched_take_nothing_back(client, author, guide, url):
    send(client, url, "甲")
    other = digest_of_text(guide.title)
    stale = {f"text-{digest_of_text(TEXT)}": "", f"seen-{digest_of_text(TEXT)}": ""}
    client.post(url, {**stale, f"text-{other}": "指南", f"seen-{other}": ""})
    assert chinese(guide).questions["start"].text == "甲"
    assert chinese(guide).title == "指南"


def test_only_what_is_missing_is_shown_if_wanted(client, author, guide, url):
    send(client, url, "您看到什么？")
    assert digest_of_text(TEXT) not in page_of(client, url, show="missing")
    assert digest_of_text(guide.title) in page_of(client, url, show="missing")
    assert digest_of_text(TEXT) in page_of(client, url)


def test_the_texts_of_one_node_can_be_shown_alone(client, author, guide, url):
    page = page_of(client, url, node="question:start")
    assert digest_of_text(TEXT) in page
    assert digest_of_text(guide.title) not in page


def test_a_text_that_was_changed_shows_what_it_was_and_its_translation(client, author, guide, url):
    send(client, url, "您看到什么？")
    publishing.publish(guide, by=None)
    guide.questions.filter(key="start").update(text="What do you see now?")
    page = page_of(client, url, show="missing")
    assert "Visitors read until now:" in page
    assert "您看到什么？" in page


def test_a_text_that_comes_back_has_its_translation_back(client, author, guide, url):
    send(client, url, "您看到什么？")
    guide.questions.filter(key="start").update(text="Other")
    assert chinese(guide).questions["start"].text == "Other"
    guide.questions.filter(key="start").update(text=TEXT)
    assert chinese(guide).questions["start"].text == "您看到什么？"


@pytest.mark.parametrize("language", ["en", "de", "zh-hant"])
def test_there_is_no_page_for_the_guides_own_language_or_for_an_unknown_one(
    client, author, guide, language
):
    url = reverse("admin:wizard_guide_translate", args=[guide.pk, language])
    assert client.get(url).status_code == 404


def test_what_cannot_be_seen_is_refused_and_kept_in_the_field(client, author, guide, url):
    page = send(client, url, "看\x07到").content.decode()
    assert "invisible control character" in page
    assert not Translation.objects.exists()


def test_who_may_not_change_guides_translates_nothing(client, reader, guide, url):
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    form = client.get(reverse("admin:wizard_guide_change", args=[guide.pk])).content.decode()
    assert url not in form


def test_the_guides_form_leads_there_and_so_does_the_check(client, author, guide, url):
    form = client.get(reverse("admin:wizard_guide_change", args=[guide.pk])).content.decode()
    assert f'href="{url}"' in form
    send(client, url, "您看到什么？")
    publish = client.get(reverse("admin:wizard_guide_publish", args=[guide.pk])).content.decode()
    assert f"{url}?node=outcome%3Aphone-off" in publish
    assert "Not translated (Simplified Chinese)" in publish


def test_the_difference_between_two_versions_names_translations(client, author, guide, url):
    publishing.publish(guide, by=None)
    send(client, url, "您看到什么？")
    compare = reverse("admin:wizard_guide_compare", args=[guide.pk])
    page = page_of(client, compare)
    assert "Simplified Chinese" in page
    assert f"“{TEXT}”: “您看到什么？”" in page


def test_translations_go_out_and_come_in_with_the_guide(client, author, guide, url):
    send(client, url, "您看到什么？")
    document = drafts.document_of(guide)
    Translation.objects.all().delete()
    loading.load(document)
    assert drafts.document_of(guide) == document
    assert chinese(guide).questions["start"].text == "您看到什么？"


def test_the_page_takes_as_many_queries_for_a_large_guide(
    client, author, guide, url, django_assert_max_num_queries
):
    for number in range(30):
        AnswerFactory(question=QuestionFactory(guide=guide))
        OutcomeFactory(guide=guide)
        CodeFactory(guide=guide, code=f"NEW{number}")
    with django_assert_max_num_queries(12):
        page = page_of(client, url)
    assert "1 to 80 of" in page
    assert page.count("<textarea") == 80


def test_many_translations_are_stored_with_few_queries(
    client, author, guide, url, django_assert_max_num_queries
):
    digests = [digest_of_text(one.text) for one in _texts(guide)]
    form = {f"text-{digest}": "译" for digest in digests}
    with django_assert_max_num_queries(20):
        client.post(url, form)
    assert Translation.objects.count() == len(set(digests))


def _texts(guide):
    return list(texts(drafts.snapshot_of(guide)))
