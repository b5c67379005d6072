"""The Compare page: two publications, or the draft and what is live."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AnswerFactory,
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    QuestionFactory,
    UserFactory,
)
from wizard.authoring import publishing, scheduling


@pytest.fixture
def published(guide):
    """The tiny guide, live as publication 1."""
    publishing.publish(guide, by=None, note="First")
    guide.refresh_from_db()
    return guide


@pytest.fixture
def url(guide):
    return reverse("admin:wizard_guide_compare", args=[guide.pk])


def retitle(guide, title):
    guide.outcomes.filter(key="phone-off").update(title=title)


def page_of(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_draft_is_compared_with_what_is_live(client, author, published, url):
    start = published.questions.get(key="start")
    start.answers.filter(key="nothing").update(to_outcome=published.outcomes.get(key="template"))
    page = page_of(client, url)
    assert "1 changed" in page
    assert (
        "Answer 1 of “What do you see?” now goes to “The template is not active” "
        "(before: “The phone is off”)"
    ) in page
    assert f'<a href="{reverse("admin:wizard_question_change", args=[start.pk])}">' in page


def test_what_is_scheduled_is_compared_too(client, author, published, url):
    retitle(published, "The phone is flat")
    at = timezone.now() + timedelta(days=1)
    scheduled = scheduling.schedule(published, at=at, by=None, note="Tomorrow")
    retitle(published, "The phone is lost")
    publish = reverse("admin:wizard_guide_publish", args=[published.pk])
    link = f"{url}?to=scheduled-{scheduled.pk}"
    assert link in client.get(publish).content.decode()
    page = client.get(link).content.decode()
    assert "Title changed: “The phone is off” → “The phone is flat”" in page
    scheduling.cancel(scheduled, timezone.now())
    assert "The phone is flat" not in client.get(link).content.decode()


def test_two_publications_are_compared_whatever_the_draft_is(client, author, published, url):
    retitle(published, "The phone is flat")
    publishing.publish(published, by=None)
    retitle(published, "The phone is lost")
    page = page_of(client, url, **{"from": 1, "to": 2})
    assert "Title changed: “The phone is off” → “The phone is flat”" in page
    assert "The phone is lost" not in page
    back = page_of(client, url, **{"from": 2, "to": 1})
    assert "Title changed: “The phone is flat” → “The phone is off”" in back


def test_nothing_changed_is_said_plainly(client, author, published, url):
    assert "Nothing differs: the two are the same, word for word." in page_of(client, url)
    assert "Nothing differs" in page_of(client, url, **{"from": 1, "to": 1})


def test_a_guide_that_was_never_published_has_nothing_to_be_compared_with(client, author, url):
    assert "has not been published yet" in page_of(client, url)


def test_what_has_changed_is_marked_by_signs_and_words(client, author, published, url):
    published.outcomes.filter(key="template").update(
        happened="The message was held on its way, since the template it was made from is closed."
    )
    AnswerFactory(question=published.start, key="new", label="New")
    published.start.answers.filter(key="error").delete()
    page = page_of(client, url)
    for kind, sign, word in (
        ("added", "+", "Added:"), ("removed", "−", "Removed:"), ("changed", "~", "Changed:"),
    ):  # fmt: skip
        assert f'<span class="sign {kind}" aria-hidden="true">{sign}</span>' in page
        assert word in page
    assert "<ins>" in page
    assert "<del>" in page


def test_what_the_draft_has_no_longer_leads_to_no_form(client, author, published, url):
    published.outcomes.filter(key="phone-off").delete()
    assert "The phone is off (no longer in the draft)" in page_of(client, url)


def test_a_code_leads_to_its_form(client, author, published, url):
    code = published.codes.get()
    published.codes.update(meaning="Not this one.")
    page = page_of(client, url)
    assert "E200030 (Status report)" in page
    assert reverse("admin:wizard_code_change", args=[code.pk]) in page


def test_authors_texts_are_shown_as_text(client, author, published, url):
    retitle(published, "<script>alert(1)</script>")
    page = page_of(client, url)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "value",
    ["0", "2", "-1", "x", "1 OR 1=1", "<b>", "\x00", "9" * 400, "٣", "live", "1.0", " 1", "01"],
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_versions_that_do_not_exist_are_refused_in_words(
    client, author, published, url, name, value
):
    page = page_of(client, url, **{name: value})
    assert 'class="errorlist"' in page
    assert "<b>" not in page
    assert 'class="module differences"' not in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 99, "\x00"])
def test_a_part_of_the_list_that_does_not_exist_is_one_that_does(
    client, author, published, url, number
):
    retitle(published, "Other")
    assert "“Other”" in page_of(client, url, page=number)


def test_a_long_list_comes_in_parts(client, author, published, url):
    for number in range(103):
        OutcomeFactory(guide=published, title=f"New outcome {number:03}")
    first = page_of(client, url)
    assert "103 added" in first
    assert "1 to 100 of 103 are shown" in first
    assert "page=2" in first
    second = page_of(client, url, page=2)
    assert "101 to 103 of 103 are shown" in second
    assert "New outcome 102" in second
    assert "New outcome 099" not in second


def test_publications_of_another_guide_are_none_of_this_one(client, author, published, url):
    other = GuideFactory()
    answer = client.get(reverse("admin:wizard_guide_compare", args=[other.pk]), {"from": "1"})
    assert 'class="errorlist"' in answer.content.decode()


def test_readers_may_compare_and_others_may_not(client, reader, published, url):
    assert client.get(url).status_code == 200
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_a_guide_that_is_not_there_cannot_be_compared(client, author):
    assert client.get(reverse("admin:wizard_guide_compare", args=[10**30])).status_code == 404


def test_a_draft_that_cannot_be_read_can_still_be_compared(client, author, published, url):
    published.questions.filter(key="start").update(help="a\x0bb")
    assert "Help added" in page_of(client, url)


def test_the_page_takes_as_many_queries_for_a_large_guide(
    client, author, published, url, django_assert_max_num_queries
):
    for number in range(30):
        AnswerFactory(question=QuestionFactory(guide=published))
        OutcomeFactory(guide=published)
        CodeFactory(guide=published, code=f"NEW{number}")
    with django_assert_max_num_queries(16):
        assert "90 added" in page_of(client, url)


def test_the_guide_its_publish_page_and_its_publications_lead_there(client, author, published, url):
    retitle(published, "Other")
    form = client.get(reverse("admin:wizard_guide_change", args=[published.pk]))
    assert f'href="{url}"' in form.content.decode()
    publish = client.get(reverse("admin:wizard_guide_publish", args=[published.pk]))
    assert f'<a href="{url}">1 changed</a>' in publish.content.decode()
    publishing.publish(published, by=None)
    second = published.publications.get(number=2)
    page = client.get(reverse("admin:wizard_publication_change", args=[second.pk]))
    assert f'href="{url}?from=1&amp;to=2"' in page.content.decode()
    listed = client.get(reverse("admin:wizard_publication_changelist"))
    assert f'href="{url}?from=1&amp;to=2"' in listed.content.decode()
    first = published.publications.get(number=1)
    page = client.get(reverse("admin:wizard_publication_change", args=[first.pk]))
    assert f'href="{url}?to=1"' in page.content.decode()


def test_the_publish_page_says_nothing_of_changes_where_there_are_none(client, author, published):
    page = client.get(reverse("admin:wizard_guide_publish", args=[published.pk]))
    assert "What this changes" not in page.content.decode()
