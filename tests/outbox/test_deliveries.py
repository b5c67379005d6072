"""What a hand-over sends: made with it or not at all, sent again if it fails, never lost."""

import hashlib
import hmac
import json
import logging
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from ipaddress import ip_network

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from tests.factories import CaseFactory, DeliveryFactory, QueueFactory
from tests.smsdoctor.test_settings import KEY, manage
from tests.support import faulty
from tests.support.faulty import in_turn, says, serving
from tests.support.moments import NOON
from wizard.models import Delivery
from wizard.outbox import deliveries
from wizard.outbox.deliveries import LEASE, PAUSES, deliver_due, enqueue

pytestmark = pytest.mark.django_db

SECRET = "a secret that the receiver and this site have in common"
SLACK = timedelta(seconds=2)
"""For a machine that is slow to send: time goes on while something is sent."""


@pytest.fixture(autouse=True)
def _can_send(settings):
    settings.WEBHOOK_SECRET = SECRET
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.WEBHOOK_SECONDS = 5.0


def hand_over(queue, now=NOON, case=None, **changes):
    card = {"subject": "SMS-1: It", "text": "What is known", "payload": {"b": [1], "a": "é"}}
    return enqueue(case or CaseFactory(), queue, **{**card, **changes}, now=now)


def hook(url, **fields):
    """A webhook that is due at noon."""
    return DeliveryFactory(kind="webhook", to=url, next_at=NOON, **fields)


def letter(**fields):
    """A mail that is due at noon."""
    return DeliveryFactory(next_at=NOON, **fields)


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


# --- with the hand-over ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "kinds"),
    [
        ({}, []),
        ({"email": "a@example.com"}, ["mail"]),
        ({"webhook_url": "https://example.com/a"}, ["webhook"]),
        ({"email": "a@example.com", "webhook_url": "https://example.com/a"}, ["mail", "webhook"]),
    ],
)
def test_a_queue_gets_what_it_has_a_place_for(places, kinds):
    made = hand_over(QueueFactory(**places))
    assert [one.kind for one in made] == kinds
    assert [one.to for one in made] == list(places.values())
    kept = Delivery.objects.order_by("kind")
    assert [one.kind for one in kept] == kinds
    assert all((one.state, one.next_at, one.attempts) == ("waiting", NOON, 0) for one in kept)


def test_a_hand_over_that_does_not_happen_sends_nothing():
    with transaction.atomic():
        hand_over(QueueFactory(email="a@example.com"))
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_nothing_is_sent_before_somebody_sends_what_is_due():
    hand_over(QueueFactory(email="a@example.com"))
    assert mail.outbox == []
    assert deliver_due(NOON - timedelta(seconds=1)) == 0
    assert deliver_due(NOON) == 1
    assert len(mail.outbox) == 1


def test_a_subject_becomes_one_line_of_its_length():
    (one,) = hand_over(QueueFactory(email="a@example.com"), subject="a\r\nBcc: all\n" + "x" * 300)
    assert one.subject.startswith("a Bcc: all xxx")
    assert len(one.subject) == 200
    assert deliver_due(NOON) == 1


# --- mail -----------------------------------------------------------------------------------------


def test_a_mail_has_the_card_and_an_id_that_stays(settings):
    settings.DEFAULT_FROM_EMAIL = "SMS Doctor <doctor@example.org>"
    delivery = letter()
    assert deliver_due(NOON) == 1
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == (delivery.subject, delivery.text)
    assert (sent.to, sent.from_email) == ([delivery.to], settings.DEFAULT_FROM_EMAIL)
    assert sent.message()["Message-ID"] == f"<{delivery.pk}@example.org>"
    assert sent.message()["Auto-Submitted"] == "auto-generated"


class Refusing(EmailBackend):
    """A mail server that says what a test wants it to say."""

    says: BaseException

    def send_messages(self, messages):
        raise self.says


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no such user")}),
            "failed",
            "refuses the recipient (550)",
        ),
        (
            smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"mailbox busy")}),
            "waiting",
            "refuses the recipient (450)",
        ),
        (smtplib.SMTPAuthenticationError(535, b"a@example.com"), "waiting", "answered 535"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting", "no mail server"),
        (ConnectionRefusedError(111, "refused"), "waiting", "no mail server"),
        (TimeoutError(), "waiting", "no mail server"),
        (ZeroDivisionError(), "waiting", "an error of our own: ZeroDivisionError"),
    ],
)
def test_a_mail_server_in_trouble_is_told_by_its_reason(settings, error, state, reason):
    settings.EMAIL_BACKEND = "tests.outbox.test_deliveries.Refusing"
    Refusing.says = error
    delivery = letter(to="a@example.com")
    assert deliver_due(NOON) == 0
    delivery.refresh_from_db()
    assert delivery.state == state
    assert reason in delivery.error
    assert "a@example.com" not in delivery.error


# --- webhooks -------------------------------------------------------------------------------------


def test_a_receiver_that_fails_twice_gets_the_same_delivery_until_it_accepts():
    behaviour = in_turn(says({}, 503), faulty.closes_at_once, says({}))
    with serving(behaviour) as server:
        (delivery,) = hand_over(QueueFactory(webhook_url=f"{server.url}/hook"))
        now, sent = NOON, []
        for _ in range(5):
            sent.append(deliver_due(now))
            now += timedelta(minutes=1)
    assert sent == [0, 0, 1, 0, 0]
    assert len(server.asked) == 3
    assert {one.headers["x-smsdoctor-delivery"] for one in server.asked} == {str(delivery.pk)}
    assert {one.body for one in server.asked} == {b'{"a":"\\u00e9","b":[1]}'}
    for one in server.asked:
        timestamp = one.headers["x-smsdoctor-timestamp"].encode()
        digest = hmac.new(SECRET.encode(), timestamp + b"." + one.body, hashlib.sha256).hexdigest()
        assert one.headers["x-smsdoctor-signature"] == f"v1={digest}"
    assert len({one.headers["x-smsdoctor-timestamp"] for one in server.asked}) == 3
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 3, "")
    assert NOON + timedelta(minutes=2) <= delivery.sent_at


def test_a_webhook_that_is_refused_for_good_is_given_up_at_once(caplog):
    with serving(says({}, 410)) as server:
        delivery = hook(server.url)
        assert deliver_due(NOON) == deliver_due(NOON + timedelta(days=1)) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert delivery.error == "the receiver answered HTTP 410"
    assert len(server.asked) == 1
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert f"delivery {delivery.pk} given up: webhook" in record.getMessage()


def test_without_a_secret_no_webhook_is_sent_and_mail_still_is(settings):
    settings.WEBHOOK_SECRET = ""
    with serving(says({})) as server:
        delivery = hook(server.url)
        letter()
        assert deliver_due(NOON) == 1
    assert server.connections == 0
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "WEBHOOK_SECRET is not set" in delivery.error


def test_a_webhook_to_a_neighbour_is_given_up_without_a_connection(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with serving(says({})) as server:
        delivery = hook(server.url)
        deliver_due(NOON)
    assert server.connections == 0
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "not on the public Internet" in delivery.error


# --- again and again ------------------------------------------------------------------------------


def test_each_attempt_waits_longer_and_the_last_one_gives_up(caplog):
    delivery = hook(faulty.nowhere())
    now = NOON
    for number, pause in enumerate(PAUSES, start=1):
        assert deliver_due(now) == 0
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("waiting", number)
        assert now + pause <= delivery.next_at <= now + pause + SLACK
        assert deliver_due(delivery.next_at - timedelta(milliseconds=1)) == 0
        now = delivery.next_at
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    assert deliver_due(now) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", len(PAUSES) + 1)
    assert caplog.records[-1].levelname == "ERROR"
    assert deliver_due(now + timedelta(days=30)) == 0


def test_the_log_names_neither_the_address_nor_what_was_sent(caplog):
    caplog.set_level(logging.DEBUG, logger="wizard")
    hook(f"{faulty.nowhere()}/hooks/T0KEN")
    letter(to="someone@example.com", text="a private note")
    deliver_due(NOON)
    assert len(caplog.records) == 2
    for words in ("T0KEN", "someone", "private"):
        assert words not in caplog.text


def test_one_receiver_in_trouble_does_not_keep_the_others_waiting():
    with serving(says({}, 500)) as bad, serving(says({})) as good:
        for url in (bad.url, good.url, bad.url, good.url, bad.url):
            hook(url)
        letter()
        assert deliver_due(NOON) == 3
    assert len(bad.asked) == 1
    assert len(good.asked) == 2


def test_what_is_refused_for_good_does_not_hold_up_the_next_one_to_the_same_receiver():
    with serving(in_turn(says({}, 400), says({}))) as server:
        hook(server.url)
        hook(server.url)
        assert deliver_due(NOON) == 1
    assert states() == ["failed", "sent"]


def test_the_longest_waiting_goes_first():
    for minutes in (1, 3, 2):
        DeliveryFactory(subject=str(minutes), next_at=NOON - timedelta(minutes=minutes))
    assert deliver_due(NOON) == 3
    assert [one.subject for one in mail.outbox] == ["3", "2", "1"]


# --- tried again by an admin ----------------------------------------------------------------------


def test_what_waits_and_what_was_given_up_can_be_tried_again_with_all_attempts():
    later = NOON + timedelta(hours=3)
    waits = letter(attempts=4, error="no answer in time")
    DeliveryFactory(state="failed", attempts=7, error="no answer in time", next_at=later)
    Delivery.objects.filter(pk=waits.pk).update(next_at=later)
    assert deliver_due(NOON) == 0
    assert deliveries.retry(Delivery.objects.all(), NOON) == 2
    assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    assert deliver_due(NOON) == 2


def test_what_was_sent_or_is_being_sent_is_not_sent_again_by_hand():
    DeliveryFactory(state="sent", attempts=1, sent_at=NOON)
    DeliveryFactory(state="waiting", attempts=1, next_at=NOON + LEASE)
    assert deliveries.retry(Delivery.objects.all(), NOON) == 0
    assert deliver_due(NOON) == 0


# --- several processes ----------------------------------------------------------------------------


class Interrupted(EmailBackend):
    """A process that ends in the middle of sending."""

    def send_messages(self, messages):
        raise SystemExit


def test_a_process_that_dies_in_the_middle_leaves_the_delivery_due_again(settings):
    delivery = letter()
    settings.EMAIL_BACKEND = "tests.outbox.test_deliveries.Interrupted"
    with pytest.raises(SystemExit):
        deliver_due(NOON)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert deliver_due(NOON + LEASE - timedelta(milliseconds=1)) == 0
    assert deliver_due(NOON + LEASE + SLACK) == 1
    assert mail.outbox[0].message()["Message-ID"].startswith(f"<{delivery.pk}@")


def test_a_delivery_that_ends_the_process_each_time_is_given_up():
    delivery = letter(attempts=len(PAUSES) + 1)
    assert deliver_due(NOON) == 0
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "too often" in delivery.error
    assert mail.outbox == []


class Meanwhile(EmailBackend):
    """Looks, while it is sending, for what another process would find."""

    seen: list[tuple[int, bool]]

    def send_messages(self, messages):
        self.seen.append((deliver_due(NOON), connection.in_atomic_block))
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_what_is_being_sent_is_nobody_elses_and_holds_no_transaction(settings):
    settings.EMAIL_BACKEND = "tests.outbox.test_deliveries.Meanwhile"
    Meanwhile.seen = []
    letter()
    assert deliver_due(NOON) == 1
    assert Meanwhile.seen == [(0, False)]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction():
    letter()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_due(NOON)
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_the_same_delivery_one_gets_it():
    letter()
    one, other = Delivery.objects.get(), Delivery.objects.get()
    assert deliveries._claim(one, NOON)
    assert not deliveries._claim(other, NOON)


def test_who_comes_back_after_the_lease_writes_down_a_success_and_no_failure():
    late = letter()
    assert deliveries._claim(late, NOON)
    quicker = Delivery.objects.get()
    assert deliveries._claim(quicker, NOON + LEASE)
    deliveries._keep_failure(late, deliveries.NotSent("too late", permanent=True), NOON + LEASE)
    assert states() == ["waiting"]
    deliveries._keep_success(late, NOON + LEASE)
    assert states() == ["sent"]


@pytest.mark.django_db(transaction=True)
def test_threads_that_deliver_the_same_send_each_once():
    barrier = threading.Barrier(4)

    def deliver(_: int) -> int:
        barrier.wait()
        try:
            return deliver_due(NOON)
        finally:
            connections.close_all()

    with serving(says({})) as server:
        made = {str(hook(f"{server.url}/{number}").pk) for number in range(40)}
        with ThreadPoolExecutor(4) as threads:
            sent = list(threads.map(deliver, range(4)))
    assert sum(sent) == 40
    asked = [one.headers["x-smsdoctor-delivery"] for one in server.asked]
    assert sorted(asked) == sorted(made)
    assert states() == ["sent"] * 40


@pytest.mark.parametrize("error", [OperationalError("the server went away"), ZeroDivisionError()])
@pytest.mark.django_db(transaction=True)
def test_the_thread_looks_again_after_whatever_went_wrong(monkeypatch, caplog, error):
    def away(now):
        raise error

    letter()
    with monkeypatch.context() as trouble:
        trouble.setattr(Delivery.objects, "due", away)
        deliveries._look()
    assert "deliveries could not be" in caplog.text
    deliveries._look()
    assert states() == ["sent"]


def test_a_site_that_does_not_look_has_no_thread(settings):
    settings.DELIVERY_POLL_SECONDS = 0
    deliveries.begin()
    assert "deliveries" not in {thread.name for thread in threading.enumerate()}


# --- cheap, and by hand ---------------------------------------------------------------------------


def test_a_look_that_finds_nothing_costs_one_query_by_its_index(django_assert_num_queries):
    DeliveryFactory(state="sent", next_at=NOON)
    DeliveryFactory(next_at=NOON + timedelta(seconds=1))
    with django_assert_num_queries(1):
        assert deliver_due(NOON) == 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which would read so small a table as a whole
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "delivery_due" in Delivery.objects.due(NOON).explain()


def test_the_command_sends_what_is_due_and_says_how_many():
    now = timezone.now()
    DeliveryFactory.create_batch(2, next_at=now)
    DeliveryFactory(next_at=now + timedelta(hours=1))
    DeliveryFactory(state="failed", next_at=now)
    out = StringIO()
    call_command("deliver", stdout=out)
    assert out.getvalue() == "2 deliveries sent, 1 waiting\n"


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_SECRET", "too short"),
        ("WEBHOOK_ALLOWED_NETWORKS", "10.0.0.1/8"),
        ("WEBHOOK_SECONDS", "0"),
        ("EMAIL_TIMEOUT", "60"),
        ("DELIVERY_POLL_SECONDS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_told_as_the_site_starts(name, value):
    result = manage("check", SECRET_KEY=KEY, **{name: value})
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]
    assert "too short" not in result.stderr or "Give it 32" in result.stderr


def test_the_mail_server_is_read_from_its_url():
    code = (
        "from django.conf import settings as s;"
        "print(json.dumps([s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_HOST, s.EMAIL_PORT,"
        " s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS]))"
    )
    result = manage(
        "shell",
        "--no-imports",
        "-c",
        f"import json; {code}",
        SECRET_KEY=KEY,
        EMAIL_URL="smtp+tls://doctor%40example.org:p%40ss@mail.example.org:587",
    )
    expected = ["smtp", "mail.example.org", 587, "doctor@example.org", "p@ss", True]
    assert json.loads(result.stdout) == expected
