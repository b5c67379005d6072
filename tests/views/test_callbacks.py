"""The callbacks: 200 only for what is stored, and nothing personal in answers and logs."""

import json
import logging
from datetime import UTC, datetime, timedelta
from io import BytesIO
from ipaddress import ip_network
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.smsdoctor.test_settings import KEY, manage
from wizard.models import StatusReport
from wizard.net.signing import sign
from wizard.reports import receiving
from wizard.web.clients import client_address

pytestmark = pytest.mark.django_db

SINGLE, BATCH = "/callbacks/huawei/status/", "/callbacks/huawei/status/batch/"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NUMBER = "+8613812345678"
ENTRY = {
    "smsMsgId": "b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6",
    "status": "DELIVRD",
    "source": "2",
    "updateTime": "2026-11-01T11:59:58Z",
    "extend": "order-42",
    "to": NUMBER,
}


@pytest.fixture
def client() -> Client:
    """The vendor has no token of ours."""
    return Client(enforce_csrf_checks=True)


def form(**fields: str) -> bytes:
    return urlencode({**ENTRY, **fields}).encode()


def batch(*entries) -> bytes:
    return json.dumps({"statusReportList": entries}).encode()


def push(client, body: bytes, *, url: str = "", content_type: str = "", **extra):
    """A push of this body: JSON goes to the address for batches, anything else to the other."""
    is_batch = body.startswith(b"{")
    return client.generic(
        "POST",
        url or (BATCH if is_batch else SINGLE),
        body,
        content_type=content_type or (JSON if is_batch else FORM),
        **extra,
    )


BODIES = pytest.mark.parametrize("body", [form(), batch(ENTRY)], ids=["single", "batch"])


# --- stored ---------------------------------------------------------------------------------------


def test_the_addresses_have_names():
    assert reverse("wizard:status_callback") == SINGLE
    assert reverse("wizard:status_batch_callback") == BATCH


@BODIES
def test_a_stored_push_is_answered_with_an_empty_200(client, body):
    response = push(client, body)
    assert (response.status_code, response.content) == (200, b"")
    assert not response.cookies
    (report,) = StatusReport.objects.all()
    assert report.status == "DELIVRD"
    assert report.recipient_masked == "+86 138****5678"
    assert timezone.now() - report.received_at < timedelta(minutes=1)


@BODIES
def test_a_missing_final_slash_loses_no_report(client, body):
    url = SINGLE if body == form() else BATCH
    assert push(client, body, url=url.rstrip("/")).status_code == 200
    assert StatusReport.objects.count() == 1


@pytest.mark.parametrize("number", [1, 50])
def test_a_push_is_one_insert_and_nothing_else(client, number, django_assert_num_queries):
    entries = [{**ENTRY, "sequence": place + 1} for place in range(number)]
    for _ in range(2):
        with django_assert_num_queries(1) as queries:
            assert push(client, batch(*entries)).status_code == 200
        assert queries.captured_queries[0]["sql"].startswith("INSERT")
    assert StatusReport.objects.count() == number


def test_a_single_push_is_one_insert_and_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert push(client, form()).status_code == 200


@BODIES
def test_a_charset_beside_the_content_type_does_not_matter(client, body):
    kind = FORM if body == form() else JSON
    assert push(client, body, content_type=f"{kind}; charset=UTF-8").status_code == 200
    assert push(client, body, content_type=kind.upper()).status_code == 200


def test_headers_and_fields_that_nobody_knows_do_no_harm(client):
    response = push(client, form(trace="CN"), HTTP_OMPSID="x", HTTP_TERMINALIP="192.0.2.1")
    assert response.status_code == 200
    assert StatusReport.objects.get().more == {"trace": "CN"}


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [SINGLE, BATCH])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_posts_are_taken(client, url, method):
    assert getattr(client, method)(url).status_code == 405


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "x" * 300])
@BODIES
def test_another_content_type_is_refused(client, body, kind):
    extra = {"CONTENT_TYPE": kind}
    assert push(client, body, content_type=kind or "none", **extra).status_code == 415
    assert not StatusReport.objects.exists()


def test_each_address_takes_its_own_form_only(client):
    assert push(client, form(), url=BATCH).status_code == 415
    assert push(client, batch(ENTRY), url=SINGLE).status_code == 415


def test_a_malformed_push_says_where_and_what_and_repeats_nothing(client, caplog):
    odd = {**ENTRY, "smsMsgId": f"{NUMBER} secret"}
    response = push(client, batch(ENTRY, odd))
    assert response.status_code == 400
    assert response.json() == {
        "error": "must be one printable word",
        "entry": 1,
        "field": "smsMsgId",
    }
    response = push(client, form(source="9"))
    assert response.json() == {"error": "must be 1, 2 or 3", "entry": None, "field": "source"}
    assert "12345678" not in caplog.text
    assert "secret" not in caplog.text


def test_a_batch_is_stored_whole_or_not_at_all(client):
    assert push(client, batch(*[ENTRY] * 49, {**ENTRY, "status": ""})).status_code == 400
    assert not StatusReport.objects.exists()


def padded(length: int) -> bytes:
    return form() + b"&x=" + b"y" * (length - len(form()) - 3)


def test_a_push_may_be_as_long_as_the_setting_says_and_no_longer(client, settings):
    settings.CALLBACK_MAX_BYTES = 5_000
    assert push(client, padded(5_001)).status_code == 413
    assert not StatusReport.objects.exists()
    assert push(client, padded(5_000)).status_code == 200


@pytest.mark.parametrize("length", ["300000", "9" * 16, "9" * 6_000])
def test_a_length_beyond_the_limit_is_refused_before_anything_is_read(client, length):
    assert push(client, form(), CONTENT_LENGTH=length).status_code == 413


@pytest.mark.parametrize("length", ["", "-1", "x", "1.5", "²", "+1"])
def test_a_push_without_a_length_is_told_that_it_is_missing(client, length):
    assert push(client, form(), CONTENT_LENGTH=length).status_code == 411


def test_a_push_that_was_cut_off_on_its_way_is_not_stored(client):
    body = form()
    cut = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body) + 1)}
    assert push(client, body, **cut).status_code == 400
    assert not StatusReport.objects.exists()


class Broken(BytesIO):
    """A connection that ends before the body does."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError("gone")


def test_a_push_whose_sender_is_gone_is_not_stored(client):
    gone = {"wsgi.input": Broken(), "CONTENT_LENGTH": "100"}
    assert push(client, form(), **gone).status_code == 400


def test_an_error_of_the_database_is_503_and_one_line_without_its_words(
    client, caplog, monkeypatch
):
    def away(reports):
        raise OperationalError(f"cannot store {NUMBER}")

    monkeypatch.setattr(receiving, "store", away)
    response = push(client, form())
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert NUMBER not in response.content.decode()
    lines = [record for record in caplog.records if record.name == "wizard.views.callbacks"]
    assert [line.getMessage() for line in lines] == [
        "Status reports could not be stored: OperationalError"
    ]
    assert "12345678" not in caplog.text


@pytest.mark.parametrize("body", [form(), form(status=""), batch(ENTRY), batch({}), b"{"])
def test_neither_answer_nor_log_holds_the_recipient(client, caplog, body):
    caplog.set_level(logging.DEBUG)
    response = push(client, body)
    for text in (response.content.decode(), str(response.headers), caplog.text):
        assert "12345678" not in text
        assert "order-42" not in text
        assert "b9d9b4fe" not in text


hostile = st.one_of(
    st.binary(max_size=400),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["statusReportList", *ENTRY]) | st.text(max_size=9),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode()),
    st.lists(
        st.dictionaries(
            st.sampled_from(list(ENTRY)) | st.text(max_size=9),
            st.sampled_from(list(ENTRY.values())) | st.text(max_size=60) | st.integers(),
            max_size=8,
        ),
        max_size=4,
    ).map(lambda entries: batch(*entries)),
    st.dictionaries(
        st.sampled_from(list(ENTRY)) | st.text(max_size=9),
        st.sampled_from(list(ENTRY.values())) | st.text(max_size=60),
        max_size=9,
    ).map(lambda fields: urlencode({**ENTRY, **fields}).encode()),
)


@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hostile, st.sampled_from([(SINGLE, FORM), (BATCH, JSON)]))
def test_no_body_breaks_the_callbacks_and_only_200_stores(client, body, target):
    url, content_type = target
    StatusReport.objects.all().delete()
    response = push(client, body, url=url, content_type=content_type)
    assert response.status_code in ({200, 400} if body else {415})  # without a body, no type
    assert StatusReport.objects.exists() == (response.status_code == 200)


# --- signatures -----------------------------------------------------------------------------------


def signed(body: bytes, *, sk: str = "s1", moment: datetime | None = None) -> dict[str, str]:
    url, kind = (BATCH, JSON) if body.startswith(b"{") else (SINGLE, FORM)
    headers = sign(
        "POST",
        f"http://testserver{url}",
        {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "keep-alive"},
        body,
        access_key="a1",
        secret_key=sk,
        moment=moment or datetime.now(UTC),
    )
    names = ("Host", "X-Sdk-Date", "Authorization")
    return {f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in names}


@BODIES
def test_with_keys_only_signed_pushes_are_taken(client, settings, caplog, body):
    settings.PUSH_KEYS = {"a1": "s1", "a2": "s2"}
    response = push(client, body)
    assert (response.status_code, response.content) == (401, b"")
    assert "it is not signed" in caplog.text
    assert not StatusReport.objects.exists()
    assert push(client, body, **signed(body)).status_code == 200
    assert StatusReport.objects.count() == 1


def test_a_refused_signature_is_told_to_the_log_alone_and_without_secrets(client, settings, caplog):
    settings.PUSH_KEYS = {"a1": "s1"}
    headers = signed(form(), sk="another")
    response = push(client, form(), **headers)
    assert (response.status_code, response.content) == (401, b"")
    lines = [record for record in caplog.records if record.name == "wizard.views.callbacks"]
    assert [line.getMessage() for line in lines] == ["A push was refused: its signature is wrong"]
    assert headers["HTTP_AUTHORIZATION"][-64:] not in caplog.text


def test_a_signature_is_checked_before_anything_is_understood(client, settings):
    settings.PUSH_KEYS = {"a1": "s1"}
    assert push(client, form(status="")).status_code == 401
    assert push(client, form(status=""), **signed(form(status=""))).status_code == 400


@pytest.mark.parametrize(("seconds", "status"), [(-840, 200), (840, 200), (-960, 401), (960, 401)])
def test_the_clock_of_a_signed_push_may_be_off_by_a_quarter_of_an_hour(
    client, settings, seconds, status
):
    settings.PUSH_KEYS = {"a1": "s1"}
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    assert push(client, form(), **signed(form(), moment=moment)).status_code == status


def test_without_keys_signatures_are_not_looked_at(client):
    assert push(client, form(), HTTP_AUTHORIZATION="nonsense").status_code == 200


# --- who may push ---------------------------------------------------------------------------------


def networks(*texts: str):
    return [ip_network(text) for text in texts]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 200),
        ("192.0.2.8", 403),
        ("198.51.100.0", 200),
        ("198.51.100.255", 200),
        ("198.51.101.0", 403),
        ("::ffff:192.0.2.7", 200),
        ("2001:db8::1", 200),
        ("2001:db9::1", 403),
        ("", 403),
        ("unix:", 403),
    ],
)
def test_only_the_addresses_of_the_list_may_push(client, settings, address, status):
    settings.CALLBACK_ALLOWED_IPS = networks("192.0.2.7", "198.51.100.0/24", "2001:db8::/32")
    assert push(client, form(), REMOTE_ADDR=address).status_code == status


def test_a_refused_address_is_not_in_the_log(client, settings, caplog):
    settings.CALLBACK_ALLOWED_IPS = networks("192.0.2.7")
    response = push(client, form(), REMOTE_ADDR="192.0.2.8")
    assert (response.status_code, response.content) == (403, b"")
    assert "CALLBACK_ALLOWED_IPS" in caplog.text
    assert "192.0.2.8" not in caplog.text


@pytest.mark.parametrize(
    ("forwarded", "behind_proxy", "address"),
    [
        (None, False, "192.0.2.1"),
        (None, True, "192.0.2.1"),
        ("", True, "192.0.2.1"),
        ("203.0.113.9", False, "192.0.2.1"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", True, "203.0.113.9"),
        ("10.0.0.1,203.0.113.9 ", True, "203.0.113.9"),
    ],
)
def test_the_client_is_who_our_own_proxy_says_it_is(settings, forwarded, behind_proxy, address):
    settings.BEHIND_PROXY = behind_proxy
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **extra)
    assert client_address(request) == address


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CALLBACK_MAX_BYTES", "1023", "Give it 1024 or more"),
        ("PUSH_CLOCK_SECONDS", "0", "Give it 1 or more"),
        ("CALLBACK_ALLOWED_IPS", "192.0.2.7,192.0.2.300", "CALLBACK_ALLOWED_IPS: '192.0.2.300'"),
        ("CALLBACK_ALLOWED_IPS", "192.0.2.7/24", "has host bits set"),
        ("PUSH_KEYS", "a1:s1,hush", "PUSH_KEYS: entry 2 is not one"),
        ("PUSH_KEYS", "a1:hush,a1:s2", "PUSH_KEYS: entry 2 names a key for the second time"),
        ("PUSH_KEYS", ":hush", "PUSH_KEYS: entry 1 is not one"),
        ("RECIPIENT_HASH_KEY", "hush" * 7 + "hus", "RECIPIENT_HASH_KEY is too short"),
    ],
)
def test_a_bad_setting_is_a_clear_error_that_gives_no_secret_away(name, value, told):
    result = manage("check", SECRET_KEY=KEY, **{name: value})
    assert result.returncode != 0
    assert told in result.stderr.splitlines()[-1]
    assert "hush" not in result.stderr


def test_settings_are_read_from_the_environment():
    code = (
        "from django.conf import settings as s;"
        "print(s.PUSH_KEYS, s.CALLBACK_ALLOWED_IPS[1], s.CALLBACK_MAX_BYTES, s.RECIPIENT_HASH_KEY)"
    )
    given = {
        "PUSH_KEYS": "a1:s1, a2:s:2",
        "CALLBACK_ALLOWED_IPS": "192.0.2.7, 198.51.100.0/24",
        "CALLBACK_MAX_BYTES": "1024",
        "RECIPIENT_HASH_KEY": "k" * 32,
    }
    result = manage("shell", "--no-imports", "-c", code, SECRET_KEY=KEY, **given)
    assert result.stdout.strip() == (f"{{'a1': 's1', 'a2': 's:2'}} 198.51.100.0/24 1024 {'k' * 32}")


def test_without_a_key_of_its_own_the_hash_follows_the_secret_key():
    code = "from django.conf import settings as s; print(s.RECIPIENT_HASH_KEY)"
    shell = ("shell", "--no-imports", "-c", code)
    one, again, other = (manage(*shell, SECRET_KEY=k).stdout for k in (KEY, KEY, KEY + "x"))
    assert one == again != other
    assert KEY not in one
