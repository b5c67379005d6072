"""The Publish page."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.factories import (
    AnswerFactory,
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    QuestionFactory,
    RemediationStepFactory,
)
from wizard.models import Guide, Publication
from wizard.published.live import Live, live


@pytest.fixture
def url(guide):
    return reverse("admin:wizard_guide_publish", args=[guide.pk])


def test_publishing_makes_the_draft_live_at_once(client, author, guide, url, settings, monkeypatch):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(Live, "_watch", lambda self: None)  # no thread in tests
    assert live.get("tiny") is None
    with pytest.MonkeyPatch.context() as patch:
        from django.db import transaction

        patch.setattr(transaction, "on_commit", lambda call, **_: call())
        answer = client.post(url, {"note": "First"}, follow=True)
    assert "Publication 1 is live." in answer.content.decode()
    publication = Publication.objects.get()
    assert (publication.author, publication.note) == (author, "First")
    assert live.get("tiny").digest == publication.digest
    guide.refresh_from_db()
    assert guide.live == publication


def test_publishing_stands_in_the_history_of_the_guide(client, author, guide, url):
    client.post(url, {"note": ""})
    history = reverse("admin:wizard_guide_history", args=[guide.pk])
    assert "Publication: Publication 1" in client.get(history, follow=True).content.decode()


def test_publishing_twice_says_that_nothing_changed(client, author, url):
    client.post(url, {"note": ""})
    answer = client.post(url, {"note": ""}, follow=True)
    assert "Nothing was published" in answer.content.decode()
    assert Publication.objects.count() == 1


def test_a_guide_with_errors_is_refused_with_every_reason(client, author, guide, url):
    guide.outcomes.update(title="", happened="")
    answer = client.post(url, {"note": "My note"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Not published: 4 errors stand in the way." in page
    assert page.count("The outcome has no title.") == 2
    assert 'value="My note"' in page
    assert not Publication.objects.exists()


def test_the_button_is_there_whatever_the_checks_found(client, author, guide, url):
    guide.questions.all().delete()
    page = client.get(url).content.decode()
    assert '<input type="submit" value="Publish" class="default">' in page
    assert "disabled" not in page


def test_warnings_do_not_refuse(client, author, guide, url):
    guide.questions.update(why="")
    assert "Warnings (3)" in client.get(url).content.decode()
    client.post(url, {"note": ""})
    assert Publication.objects.exists()


def test_a_post_without_anything_publishes_too(client, author, url):
    client.post(url)
    assert Publication.objects.exists()


@pytest.mark.parametrize("note", ["x" * 301, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(client, author, url, note):
    answer = client.post(url, {"note": note})
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert not Publication.objects.exists()


def test_a_draft_that_cannot_be_read_is_refused_in_words(client, author, guide, url):
    guide.questions.filter(key="start").update(help="a\x0bb")
    for answer in (client.get(url), client.post(url, {"note": ""})):
        assert answer.status_code == 200
        assert "The draft cannot be read" in answer.content.decode()
    form = client.get(reverse("admin:wizard_guide_change", args=[guide.pk]))
    assert "1 error" in form.content.decode()


def faulty_guide():
    """A guide with a finding of every kind that a form can hold."""
    guide = GuideFactory()
    start = QuestionFactory(guide=guide, key="start", text="Same", why="")
    AnswerFactory(question=start, label="", order=2)
    AnswerFactory(question=start, rules="no rule", order=1, unsure=True)
    AnswerFactory(question=start, rules="report.status is DELIVRD", order=3, unsure=True)
    AnswerFactory(question=start, rules="report.status is DELIVRD", order=4)
    QuestionFactory(guide=guide, key="bare", text="Same")
    code = QuestionFactory(guide=guide, key="code", kind="code", fact="the.moon", text="")
    AnswerFactory(question=code, to_question=start)
    outcome = OutcomeFactory(
        guide=guide, title="", happened="", certainty_note="", come_back="", hand_over="never"
    )
    RemediationStepFactory(outcome=outcome, order=2, text="", audience="", link="ftp://x")
    RemediationStepFactory(outcome=outcome, order=1)
    OutcomeFactory(guide=guide, certainty="so so")
    AnswerFactory(question=start, to_outcome=outcome)
    outcome.otherwise_question = start
    outcome.save()
    CodeFactory(guide=guide, code="E1", meaning="", next_actor="x")
    CodeFactory(guide=guide, code="E2", namespace="api")
    return guide


def test_every_finding_leads_to_its_field(client, author):
    guide = faulty_guide()
    page = client.get(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    found = page.context["review"].findings
    assert len({finding.sentence for finding in found}) > 15
    for finding in found:
        path, _, fragment = finding.url.partition("#")
        form = client.get(path)
        assert form.status_code == 200
        if fragment:
            assert BeautifulSoup(form.content, "html.parser").find(id=fragment), finding


def test_a_finding_about_an_answer_leads_to_its_row(client, author):
    guide = faulty_guide()
    page = client.get(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    [found] = [
        finding for finding in page.context["review"].findings
        if finding.sentence == "An answer has no text."
    ]  # fmt: skip
    # Its order is 2, so it is the second row of the form.
    assert found.url.endswith("#answers-1")


def test_the_page_takes_as_many_queries_for_a_large_guide(
    client, author, guide, url, django_assert_max_num_queries
):
    for _ in range(30):
        AnswerFactory(question=QuestionFactory(guide=guide))
        RemediationStepFactory(outcome=OutcomeFactory(guide=guide))
        CodeFactory(guide=guide)
    with django_assert_max_num_queries(13):
        assert len(client.get(url).context["review"].errors) > 100


def test_publishing_one_guide_leaves_the_others(client, author, guide, url):
    other = GuideFactory()
    client.post(url, {"note": ""})
    assert list(Guide.objects.published()) == [guide]
    assert other.live is None
