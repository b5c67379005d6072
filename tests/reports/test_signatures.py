"""Pushes are believed only if all of them was signed, by a key of ours, just now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given
from hypothesis import strategies as st

from wizard.net.signing import canonical_query, canonical_request, digest, signature_of
from wizard.reports import signatures
from wizard.reports.signatures import NotVerified, Reason, SignedPush, verify

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
DATE = "20261101T120000Z"
ACCESS, SECRET = "exampleAk", "exampleSk*1231d881wd"
KEYS = {ACCESS: SECRET, "anotherAk": "anotherSk"}
FORM = "application/x-www-form-urlencoded"
BODY = (
    b"sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2"
    b"&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD"
)
BATCH = (
    b'{"statusReportList":[{"smsMsgId":"b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6","total":"1",'
    b'"sequence":"1","status":"DELIVRD","source":"2","updateTime":"2026-11-01T11:59:58Z"},'
    b'{"smsMsgId":"2ea20735-f856-4376-afbf-570bd70a46ee_11840135","total":"2","sequence":"2",'
    b'"status":"E200027","source":"3","extend":"order-42","to":"+8613800000000"}]}'
)


def authorization(names: str, signature: str, *, access: str = ACCESS, comma: str = ",") -> str:
    return (
        f"SDK-HMAC-SHA256 Access={access}{comma}SignedHeaders={names}{comma}Signature={signature}"
    )


def push(path: str, names: str, signature: str, *, query: str = "", body: bytes = BODY, **headers):
    """A push to doctor.example.com with a signature that is given."""
    return SignedPush(
        "POST",
        path,
        query,
        {
            "host": "doctor.example.com",
            "content-type": FORM,
            "x-sdk-date": DATE,
            **{name.replace("_", "-"): value for name, value in headers.items()},
            "authorization": authorization(names, signature),
        },
        body,
    )


V1 = push(
    "/report",
    "connection;content-length;content-type;host;x-sdk-date",
    "d2a9f5e092f1c5c23959abb46ec555752f6e1f17630d387ac283af03d8bd6ca1",
    host="205.145.111.168:9330",
    connection="close",
    content_length="138",
)
V2 = push(
    "/callbacks/huawei/status/batch/",
    "content-type;host;x-sdk-date",
    "ac9df1b80b241ee2e6a67759a3b48aa5b87a16bc56d58389d21a200c9b1645be",
    body=BATCH,
    content_type="application/json",
)
V3 = push(
    "/callbacks/huawei/status",
    "content-type;host;x-sdk-date",
    "ff2bcd4b4405d48cbe40389b00df253da563353632cb2022fe523c2fd40a5088",
    query="a=%C3%BC&app=k%201",
)
V4 = push(
    "/report",
    "content-type;host;x-sdk-content-sha256;x-sdk-date",
    "2ab39afb7c2c1f6520242c60a4a3e666d18969b7221bef3f05d788df0aa5207a",
    x_sdk_content_sha256="UNSIGNED-PAYLOAD",
)


def signed(
    headers: dict[str, str],
    names: list[str] | None = None,
    *,
    secret: str = SECRET,
    access: str = ACCESS,
    query: str = "",
    sort_encoded: bool = False,
    body_hash: str = "",
    sent: dict[str, str] | None = None,
) -> SignedPush:
    """A push signed here. `sent` is what a proxy made of the headers on the way."""
    headers = {"host": "doctor.example.com", "x-sdk-date": DATE, **headers}
    names = sorted(headers) if names is None else names
    text = canonical_request(
        "POST",
        "/report",
        canonical_query(query, sort_encoded=sort_encoded),
        headers,
        names,
        body_hash or digest(BODY),
    )
    given = authorization(
        ";".join(names), signature_of(text, headers["x-sdk-date"], secret), access=access
    )
    return SignedPush(
        "POST", "/report", query, {**headers, **(sent or {}), "authorization": given}, BODY
    )


def check(push: SignedPush, *, now: datetime = MOMENT, behind_proxy: bool = False) -> None:
    verify(push, keys=KEYS, now=now, clock_seconds=900, behind_proxy=behind_proxy)


def reason(push: SignedPush, **options) -> Reason:
    with pytest.raises(NotVerified) as refused:
        check(push, **options)
    return refused.value.reason


def with_headers(push: SignedPush, **headers: str | None) -> SignedPush:
    changed = {**push.headers, **{name.replace("_", "-"): v for name, v in headers.items()}}
    return replace(push, headers={name: v for name, v in changed.items() if v is not None})


# --- the vectors of the fact sheet ----------------------------------------------------------------


def test_the_bodies_of_the_vectors_are_those_of_the_fact_sheet():
    assert len(BODY) == 138
    assert digest(BODY) == "8048e7cd4121ef0d7f5f63ddf121484f4f31714096a2f63e3c3a793f626642a9"
    assert len(BATCH) == 333
    assert digest(BATCH) == "7fe61e6b24fd7e79f1a2f087ed202df87741da23ad0910064c56cf47eb573c16"


@pytest.mark.parametrize("vector", [V1, V2, V3], ids=["V1", "V2", "V3"])
def test_the_vectors_are_believed(vector):
    check(vector)


def test_a_right_signature_that_does_not_cover_the_body_is_not_believed():
    assert reason(V4) is Reason.BODY


def test_another_body_is_not_believed():
    assert reason(replace(V3, body=BODY + b"x")) is Reason.SIGNATURE
    assert reason(replace(V3, body=BODY.replace(b"DELIVRD", b"UNDELIV"))) is Reason.SIGNATURE
    longer = with_headers(replace(V1, body=BODY + b"x"), content_length="139")
    assert reason(longer) is Reason.SIGNATURE


def test_a_length_that_is_not_the_bodys_is_not_believed():
    assert reason(replace(V1, body=BODY + b"x")) is Reason.LENGTH
    assert reason(with_headers(V3, content_length="137")) is Reason.LENGTH


@pytest.mark.parametrize("seconds", [-900, 0, 900])
def test_a_clock_that_is_off_by_a_quarter_of_an_hour_is_right(seconds):
    check(V1, now=MOMENT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-901, 901, 10**8])
def test_a_clock_that_is_off_by_more_is_wrong(seconds):
    assert reason(V1, now=MOMENT + timedelta(seconds=seconds)) is Reason.CLOCK


def test_another_key_is_not_believed():
    other = V1.headers["authorization"].replace("exampleAk", "strangeAk")
    assert reason(with_headers(V1, authorization=other)) is Reason.UNKNOWN_KEY
    mixed = V1.headers["authorization"].replace("exampleAk", "anotherAk")
    assert reason(with_headers(V1, authorization=mixed)) is Reason.SIGNATURE


def test_a_name_that_is_struck_from_the_signed_ones_is_noticed():
    struck = V1.headers["authorization"].replace("connection;", "")
    assert reason(with_headers(V1, authorization=struck)) is Reason.SIGNATURE


@pytest.mark.parametrize(
    ("field", "value"),
    [("method", "PUT"), ("path", "/reports"), ("query", "a=1")],
)
def test_another_request_is_not_believed(field, value):
    assert reason(replace(V1, **{field: value})) is Reason.SIGNATURE


def test_another_host_is_not_believed():
    assert reason(with_headers(V1, host="evil.example.com")) is Reason.SIGNATURE


# --- what must be signed --------------------------------------------------------------------------


@pytest.mark.parametrize("names", [["host"], ["x-sdk-date"], ["content-type"]])
def test_host_and_date_must_be_signed(names):
    assert reason(signed({"content-type": FORM}, names)) is Reason.NOT_SIGNED


def test_no_header_may_be_signed_twice():
    assert reason(signed({}, ["host", "host", "x-sdk-date"])) is Reason.TWICE


def test_every_signed_header_must_have_come():
    complete = signed({"content-type": FORM})
    check(complete)
    assert reason(with_headers(complete, content_type=None)) is Reason.MISSING
    assert reason(with_headers(complete, x_sdk_date=None)) is Reason.MISSING


def test_a_hash_of_the_body_must_be_right_and_signed():
    given = {"x-sdk-content-sha256": digest(BODY)}
    check(signed(given))
    assert reason(signed({}, sent=given)) is Reason.BODY
    wrong = {"x-sdk-content-sha256": digest(b"another")}
    assert reason(signed(wrong, body_hash=digest(b"another"))) is Reason.BODY
    assert reason(signed({}, sent={"x-sdk-content-sha256": ""})) is Reason.BODY


@pytest.mark.parametrize(
    "date",
    [
        "",
        "20261101",
        "2026-11-01T12:00:00Z",
        "20261301T120000Z",
        "20261101T120000z",
        "٢0261101T120000Z",
    ],
)
def test_a_date_that_is_none_is_not_believed(date):
    assert reason(signed({"x-sdk-date": date})) is Reason.DATE


# --- the authorization ----------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", " "])
def test_a_push_that_is_not_signed_is_not_believed(value):
    assert reason(with_headers(V1, authorization=value)) is Reason.NO_AUTHORIZATION


@pytest.mark.parametrize("comma", [",", ", "])
def test_commas_stand_with_or_without_a_space(comma):
    check(with_headers(V1, authorization=V1.headers["authorization"].replace(",", comma)))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("SDK-HMAC-SHA256", "SDK-HMAC-SM3"),
        lambda text: text.replace("SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256"),
        lambda text: text.replace(",", ",  "),
        lambda text: text.replace("Access=exampleAk", "Access="),
        lambda text: text.replace("SignedHeaders=", "SignedHeaders=;"),
        lambda text: text.replace("SignedHeaders=c", "SignedHeaders=C"),
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text + ", Signature=" + "0" * 64,
        lambda text: text[:-1] + "g",
        lambda text: text.replace("x-sdk-date", "x-sdk-date\n"),
        lambda text: "Bearer token",
        lambda text: "SDK-HMAC-SHA256 " * 10_000,
    ],
)
def test_an_authorization_of_another_form_is_not_believed(change):
    odd = change(V1.headers["authorization"])
    assert reason(with_headers(V1, authorization=odd)) is Reason.ODD_AUTHORIZATION


def test_two_keys_are_live_while_they_are_changed():
    check(signed({}))
    check(signed({}, access="anotherAk", secret="anotherSk"))


def test_an_unknown_key_costs_as_much_work_as_a_wrong_signature(monkeypatch):
    def hmacs(push: SignedPush) -> int:
        made = []

        def counted(*arguments):
            made.append(arguments)
            return signature_of(*arguments)

        monkeypatch.setattr(signatures, "signature_of", counted)
        with pytest.raises(NotVerified):
            check(push)
        return len(made)

    wrong = with_headers(V1, host="evil.example.com")
    unknown = with_headers(
        wrong, authorization=V1.headers["authorization"].replace("exampleAk", "strangeAk")
    )
    assert hmacs(wrong) == hmacs(unknown) > 0


# --- on the way through a proxy -------------------------------------------------------------------


@pytest.mark.parametrize("original", ["close", "keep-alive", "Keep-Alive", "upgrade"])
def test_what_came_as_connection_is_tried_and_so_is_what_is_usual(original):
    check(signed({"connection": original}))


@pytest.mark.parametrize("original", ["close", "keep-alive", "Keep-Alive"])
@pytest.mark.parametrize("rewritten", [{"connection": "close"}, {"connection": ""}])
def test_a_usual_connection_may_be_rewritten_on_the_way(original, rewritten):
    check(signed({"connection": original}, sent=rewritten))


def test_a_connection_that_a_proxy_dropped_is_tried_too():
    check(with_headers(signed({"connection": "keep-alive"}), connection=None))


def test_the_original_connection_is_taken_from_our_own_proxy_only():
    sent = {"connection": "close", "x-original-connection": "TE"}
    changed = signed({"connection": "TE"}, sent=sent)
    check(changed, behind_proxy=True)
    assert reason(changed) is Reason.SIGNATURE


@pytest.mark.parametrize("sort_encoded", [False, True])
def test_both_orders_of_a_query_are_believed(sort_encoded):
    check(signed({}, query="%C3%BC=1&~=2", sort_encoded=sort_encoded))


# --- against the vendor's own signer --------------------------------------------------------------


class PushSigner(Signer):
    """The vendor's signer without the line that leaves a form's body out of the signature."""

    @classmethod
    def _process_content_header(cls, request):
        pass


tokens = st.from_regex(r"\A[a-z][a-z0-9-]{0,11}\Z")
values = st.from_regex(r"\A[!-~]([ -~]{0,20}[!-~])?\Z")
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)


def vendor_signed(headers: dict[str, str], query: list[tuple[str, str]], body: bytes, secret: str):
    request = SdkRequest(
        method="POST",
        schema="https",
        host="doctor.example.com",
        resource_path="/callbacks/huawei/status/",
        query_params=query,
        header_params={**headers, "X-Sdk-Date": DATE},
        body=body,
    )
    PushSigner(BasicCredentials(ACCESS, secret)).sign(request)
    sent = {name.lower(): value for name, value in request.header_params.items()}
    return SignedPush("POST", "/callbacks/huawei/status/", urlencode(query), sent, body)


pushes = st.builds(
    vendor_signed,
    st.builds(
        lambda more, kind, connection: {**more, "Content-Type": kind, "Connection": connection},
        st.dictionaries(tokens.map("x-{}".format), values, max_size=3),
        st.sampled_from([FORM, "application/json"]),
        st.sampled_from(["close", "keep-alive", "Keep-Alive", "TE"]),
    ),
    st.lists(st.tuples(words.filter(bool), words), max_size=3),
    st.binary(max_size=80),
    st.just(SECRET),
)


@given(pushes)
def test_whatever_the_vendors_signer_signs_is_believed(push):
    check(push)


@given(pushes, st.binary(max_size=80), st.integers(0, 63), st.sampled_from("0123456789abcdef"))
def test_nothing_that_was_changed_after_signing_is_believed(push, body, at, digit):
    if body != push.body:
        assert reason(replace(push, body=body)) is Reason.SIGNATURE
    given = push.headers["authorization"]
    place = len(given) - 64 + at
    if given[place] != digit:
        forged = given[:place] + digit + given[place + 1 :]
        assert reason(with_headers(push, authorization=forged)) is Reason.SIGNATURE


@given(st.dictionaries(tokens | st.just("authorization"), st.text()), st.binary(), st.text())
def test_no_push_breaks_the_check(headers, body, query):
    with pytest.raises(NotVerified):
        check(SignedPush("POST", "/", query, headers, body))
