"""Publishing at a later time: once, checked twice, seen when it fails, taken back in time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.admin.forms import filled
from tests.factories import QuestionFactory, UserFactory, publishable_guide
from tests.support.moments import NOON
from wizard import background
from wizard.authoring import publishing, scheduling
from wizard.authoring.publishing import NotPublishable, Unchanged
from wizard.authoring.scheduling import cancel, publish_due, schedule
from wizard.models import Publication, ScheduledPublication

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=6)


@pytest.fixture
def guide():
    return publishable_guide()


def retitle(guide, title):
    guide.outcomes.filter(key="phone-off").update(title=title)


def live_title(guide):
    guide.refresh_from_db()
    [title] = [row["title"] for row in guide.live.snapshot["outcomes"] if row["key"] == "phone-off"]
    return title


def numbers():
    return sorted(Publication.objects.values_list("number", flat=True))


# --- when its time comes --------------------------------------------------------------------------


def test_it_is_published_at_its_time_and_not_before(guide):
    author = UserFactory()
    schedule(guide, at=LATER, by=author, note="Tonight")
    assert publish_due(LATER - timedelta(microseconds=1)) == 0
    assert not Publication.objects.exists()
    assert publish_due(LATER) == 1
    publication = Publication.objects.get()
    assert (publication.author, publication.note) == (author, "Tonight")
    guide.refresh_from_db()
    assert guide.live == publication


def test_it_is_published_once(guide):
    schedule(guide, at=LATER, by=None)
    assert [publish_due(LATER), publish_due(LATER)] == [1, 0]
    assert numbers() == [1]
    assert ScheduledPublication.objects.get().done_at == LATER


def test_what_is_published_is_the_draft_as_it_was_then(guide):
    schedule(guide, at=LATER, by=None)
    retitle(guide, "The phone is lost")
    publish_due(LATER)
    assert live_title(guide) == "The phone is off"
    assert guide.outcomes.get(key="phone-off").title == "The phone is lost"


def test_what_was_missed_is_published_in_the_order_of_its_times(guide):
    retitle(guide, "Second")
    schedule(guide, at=LATER + timedelta(hours=1), by=None)
    retitle(guide, "First")
    schedule(guide, at=LATER, by=None)
    assert publish_due(LATER + timedelta(days=1)) == 2
    assert live_title(guide) == "Second"
    assert numbers() == [1, 2]


def test_the_way_back_may_be_scheduled_with_the_way_there(guide):
    publishing.publish(guide, by=None)
    retitle(guide, "Over the holidays")
    schedule(guide, at=LATER, by=None)
    retitle(guide, "The phone is off")
    schedule(guide, at=LATER + timedelta(days=9), by=None)
    publish_due(LATER)
    assert live_title(guide) == "Over the holidays"
    publish_due(LATER + timedelta(days=9))
    assert live_title(guide) == "The phone is off"


def test_what_is_live_already_by_then_is_done_without_another_publication(guide):
    schedule(guide, at=LATER, by=None)
    publishing.publish(guide, by=None)
    assert publish_due(LATER) == 0
    row = ScheduledPublication.objects.get()
    assert (row.done_at, row.failure) == (LATER, "")
    assert numbers() == [1]


# --- checked twice --------------------------------------------------------------------------------


def test_a_draft_with_errors_cannot_be_scheduled(guide):
    guide.outcomes.update(title="")
    with pytest.raises(NotPublishable):
        schedule(guide, at=LATER, by=None)
    assert not ScheduledPublication.objects.exists()


def test_what_visitors_will_read_by_then_anyway_need_not_be_scheduled(guide):
    publishing.publish(guide, by=None)
    with pytest.raises(Unchanged):
        schedule(guide, at=LATER, by=None)
    retitle(guide, "Other")
    schedule(guide, at=LATER, by=None)
    with pytest.raises(Unchanged):
        schedule(guide, at=LATER + timedelta(hours=1), by=None)
    # Before that it would be new.
    schedule(guide, at=LATER - timedelta(hours=1), by=None)


def test_what_the_checks_find_at_its_time_is_kept_and_logged(guide, caplog):
    row = schedule(guide, at=LATER, by=None)
    row.document["outcomes"][0]["title"] = ""
    row.save()
    assert publish_due(LATER) == 0
    row.refresh_from_db()
    assert (row.done_at, row.failure) == (LATER, "The outcome has no title.")
    assert "failed: The outcome has no title." in caplog.text
    assert not Publication.objects.exists()
    # Nobody tries it again.
    assert publish_due(LATER + timedelta(days=1)) == 0


def test_what_can_no_longer_be_read_keeps_no_other_from_being_published(guide):
    row = schedule(guide, at=LATER, by=None)
    ScheduledPublication.objects.filter(pk=row.pk).update(document=row.document | {"format": 99})
    retitle(guide, "Other")
    schedule(guide, at=LATER, by=None)
    assert publish_due(LATER) == 1
    row.refresh_from_db()
    assert "It can no longer be read: format" in row.failure


def test_an_error_of_our_own_is_told_as_one(guide, monkeypatch, caplog):
    def broken(snapshot):
        raise ZeroDivisionError

    row = schedule(guide, at=LATER, by=None)
    monkeypatch.setattr(publishing, "check", broken)
    assert publish_due(LATER) == 0
    row.refresh_from_db()
    assert row.failure == "An error of our own: ZeroDivisionError"
    assert "Traceback" in caplog.text


def test_a_database_that_fails_leaves_it_waiting(guide, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("the server went away")

    schedule(guide, at=LATER, by=None)
    with monkeypatch.context() as trouble:
        trouble.setattr(scheduling, "make_live", away)
        with pytest.raises(OperationalError):
            publish_due(LATER)
    assert publish_due(LATER) == 1


# --- taken back -----------------------------------------------------------------------------------


def test_what_is_cancelled_is_not_published(guide):
    row = schedule(guide, at=LATER, by=None)
    assert cancel(row, NOON)
    assert publish_due(LATER) == 0
    assert not cancel(row, NOON)


def test_what_was_published_cannot_be_cancelled_any_more(guide):
    row = schedule(guide, at=LATER, by=None)
    publish_due(LATER)
    assert not cancel(row, LATER)
    row.refresh_from_db()
    assert row.cancelled_at is None


def test_the_database_lets_nothing_be_done_and_cancelled(guide):
    row = schedule(guide, at=LATER, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledPublication.objects.filter(pk=row.pk).update(done_at=NOON, cancelled_at=NOON)


# --- by several processes, by a thread, by hand ---------------------------------------------------


def test_a_row_that_another_process_has_taken_is_left_to_it(guide, monkeypatch):
    row = schedule(guide, at=LATER, by=None)
    # Both have read what is due; the other one was quicker.
    ScheduledPublication.objects.filter(pk=row.pk).update(done_at=LATER)
    assert not scheduling._publish_scheduled(row.pk, LATER)
    assert not Publication.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_threads_that_publish_the_same_publish_it_once():
    guide = publishable_guide()
    for number in range(5):
        retitle(guide, f"Title {number}")
        schedule(guide, at=LATER + timedelta(minutes=number), by=None)
    barrier = threading.Barrier(4)

    def publish(_: int) -> int:
        barrier.wait()
        try:
            return publish_due(LATER + timedelta(days=1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(publish, range(4)))
    assert sum(made) == 5
    assert numbers() == [1, 2, 3, 4, 5]


def test_a_look_that_finds_nothing_costs_one_query(guide, django_assert_num_queries):
    schedule(guide, at=LATER, by=None)
    with django_assert_num_queries(1):
        assert publish_due(NOON) == 0


@pytest.mark.parametrize("error", [OperationalError("the server went away"), ZeroDivisionError()])
@pytest.mark.django_db(transaction=True)
def test_the_thread_looks_again_after_whatever_went_wrong(monkeypatch, caplog, error):
    def away(now):
        raise error

    schedule(publishable_guide(), at=timezone.now(), by=None)
    with monkeypatch.context() as trouble:
        trouble.setattr(scheduling, "publish_due", away)
        scheduling._look()
    assert "scheduled publications could not be" in caplog.text
    scheduling._look()
    assert numbers() == [1]


def test_a_site_that_does_not_look_has_no_thread(settings):
    settings.PUBLICATION_POLL_SECONDS = 0
    scheduling.begin()
    assert "scheduled publications" not in {thread.name for thread in threading.enumerate()}


def test_a_thread_works_again_and_again_and_there_is_one_of_it():
    again = threading.Semaphore(0)
    for _ in range(2):
        background.repeat("a test", again.release, seconds=0.01)
    assert again.acquire(timeout=10)
    assert again.acquire(timeout=10)
    assert [thread.name for thread in threading.enumerate()].count("a test") == 1


def test_a_thread_that_stayed_behind_a_fork_is_begun_anew(monkeypatch):
    again = threading.Event()
    monkeypatch.setitem(background._threads, "a fork", threading.Thread())
    background.repeat("a fork", again.set, seconds=0.01)
    assert again.wait(timeout=10)


def test_what_is_due_is_published_by_a_command(guide):
    schedule(guide, at=timezone.now() - timedelta(seconds=1), by=None)
    retitle(guide, "Other")
    schedule(guide, at=timezone.now() + timedelta(hours=1), by=None)
    output = StringIO()
    call_command("publishdue", stdout=output)
    assert output.getvalue() == "1 published, 1 waiting\n"


# --- on the Publish page --------------------------------------------------------------------------


@pytest.fixture
def author(client):
    user = UserFactory(admin=True)
    client.force_login(user)
    return user


@pytest.fixture
def url(guide):
    return reverse("admin:wizard_guide_publish", args=[guide.pk])


def tomorrow(**changes):
    at = timezone.localtime() + timedelta(days=1)
    return {"note": "", "when": "at", "day": f"{at:%Y-%m-%d}", "clock": "18:30"} | changes


def test_an_author_schedules_the_draft_in_the_zone_of_the_site(
    client, author, guide, url, settings
):
    settings.TIME_ZONE = "Asia/Shanghai"
    page = client.get(url)
    assert "Asia/Shanghai" in page.content.decode()
    answer = client.post(url, filled(page.content, **tomorrow(note="Soon")), follow=True)
    row = ScheduledPublication.objects.get()
    local = row.at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{local:%H:%M}" == "18:30"
    assert (row.by, row.note) == (author, "Soon")
    text = answer.content.decode()
    assert "Scheduled the draft as it is" in text
    assert "(Asia/Shanghai)" in text
    assert not Publication.objects.exists()


def test_scheduling_stands_in_the_history_of_the_guide(client, author, guide, url):
    client.post(url, tomorrow())
    history = reverse("admin:wizard_guide_history", args=[guide.pk])
    page = client.get(history, follow=True).content.decode()
    assert "Scheduled publication: Publication scheduled for" in page


def test_a_draft_with_errors_is_refused_with_every_reason(client, author, guide, url):
    guide.outcomes.update(title="")
    page = client.post(url, tomorrow()).content.decode()
    assert "2 errors stand in the way" in page
    assert not ScheduledPublication.objects.exists()


def test_what_would_change_nothing_is_said_to(client, author, guide, url):
    publishing.publish(guide, by=None)
    answer = client.post(url, tomorrow(), follow=True)
    assert "Nothing was scheduled" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"day": ""},
        {"clock": ""},
        {"day": "", "clock": ""},
        {"day": "2001-01-01"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": "x" * 999},
        {"clock": "25:00"},
        {"clock": "\x00"},
        {"when": "sometime"},
        {"when": "now"},
        {"when": ""},
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(client, author, url, changes):
    answer = client.post(url, tomorrow(**changes))
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert not ScheduledPublication.objects.exists()
    assert not Publication.objects.exists()


@pytest.mark.parametrize(("month", "clock"), [(3, "02:30"), (10, "02:30")])
def test_a_time_that_clocks_skip_or_show_twice_is_refused(
    client, author, url, settings, month, clock
):
    settings.TIME_ZONE = "Europe/Berlin"
    now = timezone.localtime()
    sundays = [
        day
        for year in (now.year, now.year + 1)
        for day in (datetime(year, month, 31 - back, tzinfo=now.tzinfo) for back in range(7))
        if day.weekday() == 6 and now < day
    ]
    answer = client.post(url, tomorrow(day=f"{sundays[0]:%Y-%m-%d}", clock=clock))
    assert 'class="errorlist"' in answer.content.decode()
    assert not ScheduledPublication.objects.exists()


def test_what_is_scheduled_is_listed_and_taken_back_by_a_button(client, author, guide, url):
    client.post(url, tomorrow(note="Soon"))
    row = ScheduledPublication.objects.get()
    page = client.get(url).content.decode()
    button = reverse("admin:wizard_guide_unschedule", args=[guide.pk, row.pk])
    assert f'action="{button}"' in page
    assert "Soon" in page
    answer = client.post(button, follow=True)
    assert "Cancelled the publication" in answer.content.decode()
    assert not ScheduledPublication.objects.waiting().exists()
    assert button not in client.get(url).content.decode()
    late = client.post(button, follow=True)
    assert "It was too late to cancel" in late.content.decode()


def test_a_failure_is_seen_on_the_form_of_the_guide_until_something_goes_live(
    client, author, guide, url
):
    row = schedule(guide, at=timezone.now(), by=author)
    row.document["outcomes"][0]["title"] = ""
    row.save()
    publish_due(timezone.now())
    form = reverse("admin:wizard_guide_change", args=[guide.pk])
    for page in (form, url):
        text = client.get(page).content.decode()
        assert "Failed:" in text
        assert "The outcome has no title." in text
    publishing.publish(guide, by=None)
    assert "Failed:" not in client.get(form).content.decode()


def test_what_waits_is_seen_on_the_form_of_the_guide(client, author, guide, url):
    client.post(url, tomorrow(note="Soon"))
    page = client.get(reverse("admin:wizard_guide_change", args=[guide.pk])).content.decode()
    assert f'href="{url}#scheduled"' in page
    assert "Soon" in page


def test_who_publishes_meanwhile_is_warned_that_it_will_be_replaced(client, author, guide, url):
    client.post(url, tomorrow())
    retitle(guide, "Other")
    answer = client.post(url, {"note": ""}, follow=True)
    assert "will replace this publication" in answer.content.decode()


def test_only_those_who_publish_cancel(client, guide):
    row = schedule(guide, at=LATER, by=None)
    button = reverse("admin:wizard_guide_unschedule", args=[guide.pk, row.pk])
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader)
    assert client.post(button).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory(admin=True))
    assert strict.post(button).status_code == 403
    assert strict.get(button).status_code == 405
    assert ScheduledPublication.objects.waiting().exists()


def test_what_belongs_to_another_guide_is_not_found(client, author, guide):
    row = schedule(guide, at=LATER, by=None)
    other = QuestionFactory().guide
    button = reverse("admin:wizard_guide_unschedule", args=[other.pk, row.pk])
    assert client.post(button).status_code == 404
    assert ScheduledPublication.objects.waiting().exists()


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client, author, guide, url, django_assert_max_num_queries
):
    for number in range(12):
        retitle(guide, f"Title {number}")
        schedule(guide, at=timezone.now() + timedelta(days=1, hours=number), by=UserFactory())
    with django_assert_max_num_queries(16):
        client.get(url)
