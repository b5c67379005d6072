"""Queues are made in the admin; what was sent to them is read there, and tried again."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.admin.forms import filled
from tests.factories import CaseFactory, DeliveryFactory, QueueFactory, UserFactory
from wizard.models import Delivery, Queue
from wizard.outbox.deliveries import LEASE, deliver_due

pytestmark = pytest.mark.django_db

LIST = "admin:wizard_delivery_changelist"
SECRET = "a secret that the receiver and this site have in common"


def listed(client, **query):
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return set(page.context["cl"].queryset)


def try_again(client, *rows):
    data = {"action": "try_again", "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(LIST), data, follow=True).content.decode()


# --- queues ---------------------------------------------------------------------------------------


def add(client, **fields):
    url = reverse("admin:wizard_queue_add")
    data = {"name": "Carriers", "email": "", "webhook_url": ""} | fields
    return client.post(url, filled(client.get(url).content, **data), follow=True)


def test_a_queue_is_made_with_a_mailbox_and_a_webhook(client, author):
    add(client, email="carriers@example.com", webhook_url="https://tickets.example.com/sms")
    queue = Queue.objects.get()
    assert (queue.name, queue.email) == ("Carriers", "carriers@example.com")
    assert queue.webhook_url == "https://tickets.example.com/sms"


def test_a_queue_needs_neither(client, author):
    add(client)
    assert Queue.objects.get().name == "Carriers"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:secret@tickets.example.com/", "The address has a name or a password in it"),
        ("https://tickets.example.com:25/", "neither 80, 443 nor 1024"),
        ("ftp://tickets.example.com/", "does not begin with https://"),
    ],
)
def test_a_webhook_that_can_never_be_sent_is_refused_where_it_is_typed(client, author, url, said):
    assert said in add(client, webhook_url=url).content.decode()
    assert not Queue.objects.exists()


def test_the_form_says_what_is_sent_and_what_the_site_still_lacks(client, author, settings):
    url = reverse("admin:wizard_queue_add")
    settings.WEBHOOK_SECRET = ""
    page = client.get(url).content.decode()
    assert "hand-over card" in page
    assert "WEBHOOK_SECRET is not set" in page
    assert "EMAIL_URL is not set" not in page
    settings.WEBHOOK_SECRET = SECRET
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = client.get(url).content.decode()
    assert "WEBHOOK_SECRET is not set" not in page
    assert "EMAIL_URL is not set" in page


def test_the_lists_show_webhooks_by_their_host_alone(client, author):
    url = "https://tickets.example.com/hooks/sms"
    QueueFactory(webhook_url=url)
    DeliveryFactory(kind="webhook", to=url)
    for name, column in (("queue", "host"), ("delivery", "where")):
        page = client.get(reverse(f"admin:wizard_{name}_changelist")).content.decode()
        assert f'<td class="field-{column}">tickets.example.com</td>' in page


# --- deliveries -----------------------------------------------------------------------------------


def test_nobody_adds_changes_or_deletes_a_delivery(client, author):
    delivery = DeliveryFactory()
    for action, arguments in (("add", []), ("delete", [delivery.pk])):
        url = reverse(f"admin:wizard_delivery_{action}", args=arguments)
        assert client.get(url).status_code == 403
    change = reverse("admin:wizard_delivery_change", args=[delivery.pk])
    assert client.post(change, {"to": "other@example.com"}).status_code == 403
    page = client.get(change).content.decode()
    assert delivery.to in page
    assert delivery.text in page
    assert str(delivery.case) in page


def test_the_list_is_filtered_by_state_and_searched_by_case(client, author):
    case = CaseFactory()
    waiting = DeliveryFactory(case=case)
    failed = DeliveryFactory(state="failed", error="no answer in time")
    assert listed(client) == {waiting, failed}
    assert listed(client, state__exact="failed") == {failed}
    assert listed(client, q=case.reference) == {waiting}
    assert listed(client, q=case.reference[:-1]) == set()


def test_what_waits_and_what_was_given_up_is_tried_again_at_once(client, author):
    later = timezone.now() + timedelta(hours=6)
    waits = DeliveryFactory(attempts=6, error="no answer in time", next_at=later)
    failed = DeliveryFactory(state="failed", attempts=7, error="no answer in time", next_at=later)
    sent = DeliveryFactory(state="sent", attempts=1)
    page = try_again(client, waits, failed, sent)
    assert "2 deliveries will be tried again." in page
    assert deliver_due(timezone.now()) == 2
    assert len(mail.outbox) == 2
    assert not Delivery.objects.exclude(state="sent").exists()


def test_what_is_on_its_way_is_left_alone(client, author):
    on_its_way = DeliveryFactory(attempts=1, next_at=timezone.now() + LEASE)
    assert "0 deliveries will be tried again." in try_again(client, on_its_way)
    assert deliver_due(timezone.now()) == 0


def test_who_may_only_read_deliveries_cannot_have_them_tried_again(client):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_delivery"))
    client.force_login(user)
    failed = DeliveryFactory(state="failed")
    assert listed(client) == {failed}
    assert "Try again now" not in client.get(reverse(LIST)).content.decode()
    try_again(client, failed)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_staff_without_permission_see_neither_queues_nor_deliveries(client):
    client.force_login(UserFactory(is_staff=True))
    for name in ("queue", "delivery"):
        assert client.get(reverse(f"admin:wizard_{name}_changelist")).status_code == 403


def test_a_list_of_many_deliveries_costs_few_queries(client, author, django_assert_max_num_queries):
    DeliveryFactory.create_batch(15)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(9):
        client.get(reverse(LIST))
