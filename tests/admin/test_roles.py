"""Authors edit, publishers publish, viewers look, and the log says who it was."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from tests.admin.forms import filled
from tests.factories import CodeFactory, PublicationFactory, UserFactory
from wizard.authoring import audit, publishing
from wizard.models import Guide, Publication, ScheduledPublication


def user_in(*groups):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
    return user


def as_one_of(client, *groups):
    user = user_in(*groups)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"admin:wizard_{name}", args=args)


@pytest.fixture
def pages(guide):
    """Pages that everybody in the admin may read."""
    return [
        url("guide_changelist"),
        url("question_changelist"),
        url("outcome_changelist"),
        url("code_changelist"),
        url("publication_changelist"),
        url("guide_change", guide.pk),
        url("question_change", guide.start.pk),
        url("outcome_change", guide.outcomes.first().pk),
        url("code_change", guide.codes.first().pk),
        url("guide_preview", guide.pk),
        url("guide_compare", guide.pk),
        reverse("admin:auditlog_logentry_changelist"),
    ]


@pytest.mark.parametrize("group", ["Authors", "Publishers", "Viewers"])
def test_everybody_reads_guides_and_the_log(client, guide, pages, group):
    as_one_of(client, group)
    for page in pages:
        assert client.get(page, follow=True).status_code == 200, page


def test_an_author_edits_and_does_not_publish(client, guide):
    as_one_of(client, "Authors")
    form = url("question_change", guide.start.pk)
    saved = client.post(form, filled(client.get(form).content, why="New") | {"_save": "Save"})
    assert saved.status_code == 302
    page = client.get(url("guide_publish", guide.pk))
    assert "ask somebody in the group Publishers" in page.content.decode()
    assert client.post(url("guide_publish", guide.pk), {"note": ""}).status_code == 403
    assert not Publication.objects.exists()


def test_a_publisher_publishes_and_does_not_edit(client, guide):
    as_one_of(client, "Publishers")
    form = url("question_change", guide.start.pk)
    assert client.post(form, {"why": "New"}).status_code == 403
    assert (
        url("guide_publish", guide.pk) in client.get(url("guide_change", guide.pk)).content.decode()
    )
    assert client.post(url("guide_publish", guide.pk), {"note": "First"}).status_code == 302
    assert Publication.objects.get().note == "First"


def test_a_publisher_rolls_back_and_leaves_the_draft_alone(client, guide):
    as_one_of(client, "Publishers")
    publishing.publish(guide, by=None)
    guide.outcomes.filter(key="phone-off").update(title="The phone is flat")
    second = publishing.publish(guide, by=None)
    back = url("publication_roll_back", second.guide.publications.get(number=1).pk)
    assert "reset_draft" not in filled(client.get(back).content)
    client.post(back, {"note": "", "reset_draft": "on"})
    assert Publication.objects.count() == 3
    assert guide.outcomes.get(key="phone-off").title == "The phone is flat"


def test_a_viewer_changes_nothing(client, guide):
    as_one_of(client, "Viewers")
    publication = PublicationFactory(guide=guide)
    for page in (
        url("guide_publish", guide.pk),
        url("guide_import"),
        url("guide_translate", guide.pk, "zh-hans"),
        url("publication_roll_back", publication.pk),
        url("guide_replay", guide.pk),
    ):
        assert client.get(page).status_code == 403, page
        assert client.post(page).status_code == 403, page
    for page in (url("question_change", guide.start.pk), url("question_add")):
        assert client.post(page, {"key": "x"}).status_code == 403
    assert not Guide.objects.published()


def test_roles_can_be_combined(client, guide):
    as_one_of(client, "Authors", "Publishers")
    form = url("question_change", guide.start.pk)
    client.post(form, filled(client.get(form).content, why="New") | {"_save": "Save"})
    assert client.post(url("guide_publish", guide.pk), {"note": ""}).status_code == 302
    assert Publication.objects.exists()


def test_nobody_writes_in_the_log(client, author, guide):
    for name in ("add", "change", "delete"):
        args = [] if name == "add" else [1]
        page = reverse(f"admin:auditlog_logentry_{name}", args=args)
        assert client.post(page, {"post": "yes"}).status_code in (302, 403)


# --- the log --------------------------------------------------------------------------------------


def test_the_log_shows_values_before_and_after_in_words(client, author, guide):
    form = url("question_change", guide.start.pk)
    row = {"answers-0-to_outcome": str(guide.outcomes.get(key="template").pk)}
    client.post(form, filled(client.get(form).content, why="New", **row) | {"_save": "Save"})
    page = client.get(url("question_history", guide.start.pk), follow=True).content.decode()
    assert author.username in page
    assert "<dt>Why we ask</dt>" in page
    assert "It tells us where the message stopped." in page
    assert "<del>The phone is off</del> → <ins>The template is not active</ins>" in page


def test_the_history_of_a_node_shows_that_node_alone(client, author, guide):
    other = guide.questions.get(key="code")
    other.why = "Something else entirely"
    other.save()
    page = client.get(url("question_history", guide.start.pk), follow=True).content.decode()
    assert "Something else entirely" not in page


def test_a_line_of_the_log_shows_all_values(client, author, guide):
    guide.start.why = "A long reason. " * 15
    guide.start.save()
    line = audit.changes_of(guide.pk).first()
    page = client.get(reverse("admin:auditlog_logentry_change", args=[line.pk])).content.decode()
    assert page.count("long") == 15


def test_a_page_of_the_log_costs_few_queries(client, author, guide, django_assert_max_num_queries):
    for _ in range(60):
        CodeFactory(guide=guide)
    page = reverse("admin:auditlog_logentry_changelist")
    with django_assert_max_num_queries(20):
        client.get(page)
    with django_assert_max_num_queries(20):
        client.get(page, {"guide": guide.pk, "node": "question:start"})


# --- four eyes ------------------------------------------------------------------------------------


@pytest.fixture
def four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def changed(client, guide):
    """The page from which a guide is published that somebody has changed, who is logged in."""
    user = as_one_of(client, "Authors", "Publishers")
    form = url("question_change", guide.start.pk)
    client.post(form, filled(client.get(form).content, why="New") | {"_save": "Save"})
    return url("guide_publish", guide.pk), user


def test_with_four_eyes_the_author_of_the_last_change_cannot_publish_it(
    client, guide, four_eyes, changed
):
    page, _user = changed
    assert "somebody else has to publish it" in client.get(page).content.decode()
    answer = client.post(page, {"note": ""})
    assert "Not published: The last change of the draft is yours" in " ".join(
        answer.content.decode().split()
    )
    assert not Publication.objects.exists()


def test_with_four_eyes_the_author_of_the_last_change_cannot_schedule_it(
    client, guide, four_eyes, changed
):
    page, _user = changed
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    client.post(page, {"note": "", "when": "at", "day": day, "clock": "12:00"})
    assert not ScheduledPublication.objects.exists()


def test_with_four_eyes_somebody_else_publishes(client, guide, four_eyes, changed):
    page, _user = changed
    as_one_of(client, "Publishers")
    assert "somebody else has to" not in client.get(page).content.decode()
    assert client.post(page, {"note": ""}).status_code == 302
    assert Publication.objects.exists()


def test_without_four_eyes_one_person_may_do_both(client, guide, changed):
    page, user = changed
    assert client.post(page, {"note": ""}).status_code == 302
    assert Publication.objects.get().author == user


def test_with_four_eyes_a_command_still_publishes(guide, four_eyes):
    assert publishing.publish(guide, by=None).number == 1


def test_with_four_eyes_what_was_live_before_can_be_rolled_back_to_by_one(
    client, guide, four_eyes, changed
):
    _page, user = changed
    first = publishing.publish(guide, by=None)
    guide.outcomes.filter(key="phone-off").update(title="The phone is flat")
    publishing.publish(guide, by=None)
    made = publishing.roll_back(first, by=user, reset_draft=False)
    assert made.number == 3


# --- what one looked at is what is published ------------------------------------------------------


def test_a_draft_that_was_changed_since_the_page_was_opened_is_not_published(client, author, guide):
    page = url("guide_publish", guide.pk)
    looked_at = filled(client.get(page).content, note="")
    guide.start.why = "Changed meanwhile"
    guide.start.save()
    answer = client.post(page, looked_at)
    assert "somebody has changed the draft since you opened this page" in answer.content.decode()
    assert not Publication.objects.exists()
    assert client.post(page, filled(answer.content, note="")).status_code == 302
    assert Publication.objects.exists()
