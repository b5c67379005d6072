"""Rolling back from a publication's page or the list."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import UserFactory
from wizard.authoring import drafts, publishing
from wizard.models import Publication


@pytest.fixture
def guide(guide):
    """The tiny guide with two publications, of which the second renamed an outcome."""
    publishing.publish(guide, by=None)
    retitle(guide, "The phone is flat")
    publishing.publish(guide, by=None)
    guide.refresh_from_db()
    return guide


@pytest.fixture
def first(guide):
    return guide.publications.get(number=1)


@pytest.fixture
def url(first):
    return reverse("admin:wizard_publication_roll_back", args=[first.pk])


def retitle(guide, title):
    guide.outcomes.filter(key="phone-off").update(title=title)


def live_title(guide):
    guide.refresh_from_db()
    [title] = [row["title"] for row in guide.live.snapshot["outcomes"] if row["key"] == "phone-off"]
    return title


def test_the_page_says_what_changes_for_visitors_and_changes_nothing(client, author, guide, url):
    page = client.get(url).content.decode()
    assert "Visitors read publication 2 now." in page
    assert "Title changed: “The phone is flat” → “The phone is off”" in page
    assert live_title(guide) == "The phone is flat"
    assert Publication.objects.count() == 2


def test_rolling_back_makes_a_new_publication_with_the_old_content(
    client, author, guide, first, url
):
    page = client.get(url)
    answer = client.post(url, filled(page.content, note="Too early"), follow=True)
    assert "Publication 3 is live, with the content of number 1." in answer.content.decode()
    third = guide.publications.get(number=3)
    assert (third.digest, third.snapshot) == (first.digest, first.snapshot)
    assert (third.author, third.note) == (author, "Too early")
    assert live_title(guide) == "The phone is off"


def test_the_draft_stays_as_it_is_unless_told_otherwise(client, author, guide, url):
    retitle(guide, "The phone is lost")
    client.post(url, {"note": ""})
    assert guide.outcomes.get(key="phone-off").title == "The phone is lost"


def test_the_draft_is_made_the_same_and_its_rows_stay_who_they_are(
    client, author, guide, first, url
):
    before = set(guide.outcomes.values_list("key", "pk"))
    retitle(guide, "The phone is lost")
    answer = client.post(url, {"note": "", "reset_draft": "on"}, follow=True)
    assert "The draft is the same now." in answer.content.decode()
    guide.refresh_from_db()
    assert drafts.document_of(guide) == first.snapshot
    assert set(guide.outcomes.values_list("key", "pk")) == before


def test_the_page_says_what_the_draft_would_lose(client, author, guide, url):
    retitle(guide, "The phone is off")
    assert "The draft is the same as this publication." in client.get(url).content.decode()
    guide.questions.update(why="Because.")
    page = client.get(url).content.decode()
    assert "2 changed</a>" in page
    compare = reverse("admin:wizard_guide_compare", args=[guide.pk])
    assert f"{compare}?from=1&amp;to=draft" in page


def test_the_second_of_two_is_told_that_nothing_changed(client, author, guide, url):
    client.post(url, {"note": ""})
    retitle(guide, "The phone is lost")
    answer = client.post(url, {"note": "", "reset_draft": "on"}, follow=True)
    assert "Nothing was rolled back" in answer.content.decode()
    assert Publication.objects.count() == 3
    assert guide.outcomes.get(key="phone-off").title == "The phone is lost"


def test_what_is_live_already_is_said_to_change_nothing(client, author, guide):
    second = guide.publications.get(number=2)
    url = reverse("admin:wizard_publication_roll_back", args=[second.pk])
    assert "to roll back changes nothing" in client.get(url).content.decode()


def test_rolling_back_stands_in_the_history_of_the_guide(client, author, guide, url):
    client.post(url, {"note": ""})
    history = reverse("admin:wizard_guide_history", args=[guide.pk])
    page = client.get(history, follow=True).content.decode()
    assert "Publication: Publication 3" in page
    assert guide.publications.get(number=3).content_of.number == 1


def test_a_publication_that_can_no_longer_be_read_is_refused_in_words(client, author, guide):
    broken = Publication.objects.create(
        guide=guide, number=9, snapshot={"format": 1, "guide": {"slug": "tiny", "x": 1}}, digest="x"
    )
    url = reverse("admin:wizard_publication_roll_back", args=[broken.pk])
    answer = client.post(url, {"note": "", "reset_draft": "on"}, follow=True)
    assert "can no longer be read" in answer.content.decode()
    assert live_title(guide) == "The phone is flat"
    assert guide.questions.exists()


@pytest.mark.parametrize("note", ["x" * 301, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(client, author, url, note):
    answer = client.post(url, {"note": note})
    assert 'class="errorlist"' in answer.content.decode()
    assert Publication.objects.count() == 2


def test_the_page_and_the_list_of_publications_lead_there(client, author, guide, first, url):
    for page in (
        reverse("admin:wizard_publication_changelist"),
        reverse("admin:wizard_publication_change", args=[first.pk]),
    ):
        assert f'href="{url}"' in client.get(page).content.decode()
    # What is live is no place to go back to.
    second = guide.publications.get(number=2)
    page = client.get(reverse("admin:wizard_publication_change", args=[second.pk]))
    assert "roll-back" not in page.content.decode()


def test_only_those_who_publish_may_roll_back(client, reader, guide, first, url):
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    page = client.get(reverse("admin:wizard_publication_change", args=[first.pk]))
    assert url not in page.content.decode()
    client.logout()
    assert client.post(url).status_code == 302
    assert Publication.objects.count() == 2


def test_a_post_without_its_token_changes_nothing(guide, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(admin=True))
    assert client.post(url).status_code == 403
    assert Publication.objects.count() == 2


def test_a_publication_that_is_not_there_is_not_found(client, author):
    for pk in (9, 10**30):
        url = reverse("admin:wizard_publication_roll_back", args=[pk])
        assert client.get(url).status_code == 404


def test_the_page_takes_few_queries(client, author, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        client.get(url)


def test_a_reset_reaches_no_guide_but_its_own(client, author, guide, url):
    # The address can only change by hand; what was published under the old one stays as it was.
    guide.slug = "renamed"
    guide.save()
    client.post(url, {"note": "", "reset_draft": "on"})
    guide.refresh_from_db()
    assert guide.live.snapshot["guide"]["slug"] == "renamed"
    assert type(guide).objects.count() == 1
