"""The sending API: each code of the vendor for what brings it about, over HTTP."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import requests

from tests.simulator.calls import (
    AUTHORIZATION,
    DELIVERED,
    FORM,
    SAME_TEXT,
    code,
    fields,
    send,
    send_different,
    signed_headers,
    statuses,
    wsse_headers,
)
from wizard.net import signing
from wizard.simulator import wsse
from wizard.simulator.accounts import (
    ACCOUNTS,
    CHANNEL,
    CODE_TEMPLATE,
    NOTICE_TEMPLATE,
    PROMOTION_CHANNEL,
    PROMOTION_TEMPLATE,
    UNIVERSAL_TEMPLATE,
)

pytestmark = pytest.mark.server

NORMAL = ACCOUNTS["normal"]


# --- the answer -----------------------------------------------------------------------------------


def test_an_accepted_call_answers_in_the_documented_shape(url):
    response = send(url)
    assert response.status_code == 200
    assert response.headers["X-Simulated-Platform"] == "SMS Doctor"
    answer = response.json()
    (row,) = answer.pop("result")
    assert answer == {"code": "000000", "description": "Success"}
    assert re.fullmatch(r"[0-9a-f-]{36}_\d{8}", row.pop("smsMsgId"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row.pop("createTime"))
    assert row == {
        "originTo": DELIVERED,
        "from": CHANNEL,
        "status": "000000",
        "countryId": "CN",
        "total": 1,
    }


def test_each_number_has_a_message_of_its_own(url):
    rows = send(url, fields(to="13800000001,+6581000001,+3580000001")).json()["result"]
    assert [row["originTo"] for row in rows] == ["+8613800000001", "+6581000001", "+3580000001"]
    assert [row.get("countryId") for row in rows] == ["CN", "SG", None]
    assert len({row["smsMsgId"] for row in rows}) == 3


def test_one_refused_number_makes_the_whole_answer_e000510(url):
    response = send(url, fields(to=f"{DELIVERED},+8613800009015"))
    assert code(response) == "E000510"
    assert statuses(response) == ["000000", "E200015"]


# --- X-WSSE ---------------------------------------------------------------------------------------


def test_the_published_vector_gives_the_published_digests():
    made = wsse.digests(
        "66C92B11FF8A425FB8D4CCFE0ED9ED1F", "2018-02-12T15:30:20Z", "exampleAppSecret"
    )
    assert made == (
        "YmQ4YjkwNjI3OWJmOWVmZTUzYTBmZDlhMzk1MDIwODBjMzI0ODA0OGM3MTEwMDAyMjM2NDE4MTMwNzVhNjczZg==",
        "vYuQYnm/nv5ToP2aOVAggMMkgEjHEQACI2QYEwdaZz8=",
    )


@pytest.mark.parametrize("raw", [False, True], ids=["hex", "raw"])
def test_both_forms_of_the_digest_are_accepted(url, raw):
    assert code(send(url, headers=wsse_headers(raw=raw))) == "000000"


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (None, "E000001"),
        ("", "E000001"),
        ('WSSE profile="UsernameToken",type="Appkey"', "E000002"),
        ('WSSE realm="SDP",type="Appkey"', "E000003"),
        ('WSSE realm="SPD",profile="UsernameToken",type="Appkey"', "E000004"),
        ('WSSE realm="SDP",profile="Token",type="Appkey"', "E000005"),
        ('WSSE realm="SDP",profile="UsernameToken",type="app_key"', "E000006"),
        ('WSSE realm="SDP",profile="UsernameToken"', "E000007"),
        ('realm="SDP",profile="UsernameToken",type="Appkey"', "E000008"),
        ("Basic c2ltOnNpbQ==", "E000008"),
    ],
)
def test_what_is_wrong_with_authorization(url, authorization, expected):
    headers = {**wsse_headers(), "Authorization": authorization}
    if authorization is None:
        del headers["Authorization"]
    response = send(url, headers=headers)
    assert (code(response), response.status_code) == (expected, 401)
    assert "result" not in response.json()


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({"Username": ""}, "E000021"),
        ({"Nonce": ""}, "E000022"),
        ({"Created": ""}, "E000023"),
        ({"PasswordDigest": ""}, "E000024"),
        ({"Created": "2018-02-12 15:30:20"}, "E000025"),
        ({"Created": "2018-02-12T15:30:20.000Z"}, "E000025"),
        ({"Created": "2018-13-12T15:30:20Z"}, "E000025"),
        ({"Nonce": "not-letters"}, "E000101"),
        ({"Username": "nobody"}, "E000102"),
        ({"PasswordDigest": "bm90IHRoZSBkaWdlc3Q="}, "E000105"),
        ({"PasswordDigest": "not base64"}, "E000105"),
    ],
)
def test_what_is_wrong_with_the_token(url, token, expected):
    assert code(send(url, headers=wsse_headers(**token))) == expected


def test_the_token_must_be_there_and_be_one(url):
    assert code(send(url, headers={"Authorization": AUTHORIZATION})) == "E000020"
    other = wsse_headers()["X-WSSE"].removeprefix("UsernameToken ")
    assert code(send(url, headers={"Authorization": AUTHORIZATION, "X-WSSE": other})) == "E000026"


def test_another_accounts_secret_gives_another_digest(url):
    headers = wsse_headers("arrears", Username=NORMAL.app_key)
    assert code(send(url, headers=headers)) == "E000105"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(hours=23, minutes=59), "000000"),
        (timedelta(hours=24, minutes=1), "E000110"),
        (-timedelta(hours=23, minutes=59), "000000"),
        (-timedelta(hours=24, minutes=1), "E000110"),
    ],
)
def test_created_may_be_a_day_off(url, age, expected):
    assert code(send(url, headers=wsse_headers(age=age))) == expected


# --- AK/SK ----------------------------------------------------------------------------------------


def sign(url, body=b"", *, account="normal", **other):
    owner = ACCOUNTS[account]
    keys = {"access_key": owner.app_key, "secret_key": owner.app_secret, **other}
    return signed_headers("POST", url + SAME_TEXT, body=body, content_type=FORM, **keys)


def test_a_signed_call_is_accepted(url):
    body = urlencode(fields()).encode()
    assert code(send(url, body, headers=sign(url, body))) == "000000"


def test_the_sdk_leaves_the_body_out_of_the_signature(url):
    unsigned = {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    headers = sign(url, **unsigned)
    date, names = headers["X-Sdk-Date"], sorted(name.lower() for name in [*unsigned, "Host"])
    names = ["content-type", *names, "x-sdk-date"]
    lower = {name.lower(): value for name, value in headers.items()}
    canonical = signing.canonical_request("POST", SAME_TEXT, "", lower, names, "UNSIGNED-PAYLOAD")
    signature = signing.signature_of(canonical, date, NORMAL.app_secret)
    headers["Authorization"] = (
        f"SDK-HMAC-SHA256 Access={NORMAL.app_key},SignedHeaders={';'.join(names)},"
        f"Signature={signature}"
    )
    assert code(send(url, headers=headers)) == "000000"
    # The hash may not be struck from the signed names: anybody could then take the body's place.
    headers["Authorization"] = headers["Authorization"].replace("x-sdk-content-sha256;", "")
    assert code(send(url, headers=headers)) == "E000045"


def test_another_body_than_the_signed_one_is_refused(url):
    body = urlencode(fields()).encode()
    assert code(send(url, body + b"&x=1", headers=sign(url, body))) == "E000045"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [({"access_key": "nobody"}, "E000102"), ({"secret_key": "wrong"}, "E000045")],
)
def test_wrong_keys_are_told_apart(url, keys, expected):
    body = urlencode(fields()).encode()
    assert code(send(url, body, headers=sign(url, body, **keys))) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(minutes=14, seconds=50), "000000"),
        (timedelta(minutes=15, seconds=2), "E000044"),
        (-timedelta(minutes=14, seconds=50), "000000"),
        (-timedelta(minutes=15, seconds=10), "E000044"),
    ],
)
def test_the_date_may_be_a_quarter_of_an_hour_off(url, age, expected):
    body = urlencode(fields()).encode()
    assert code(send(url, body, headers=sign(url, body, age=age))) == expected


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("X-Sdk-Date", "", "E000041"),
        ("X-Sdk-Date", "2026-11-23T12:00:00Z", "E000042"),
        ("Authorization", "SDK-HMAC-SHA256 Access=sim-normal-app", "E000043"),
        (
            "Authorization",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=host;host;x-sdk-date, Signature=00",
            "E000043",
        ),
        ("Authorization", "SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=00", "E000043"),
    ],
)
def test_what_is_wrong_with_a_signature(url, header, value, expected):
    body = urlencode(fields()).encode()
    assert code(send(url, body, headers={**sign(url, body), header: value})) == expected


# --- the account ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "expected", "http_status"),
    [
        ("arrears", "E000112", 403),
        ("arrears-inactive", "E000112", 403),
        ("activation-pending", "E000112", 403),
        ("arrears-refused", "E000112", 403),
        ("real-name", "E000112", 403),
        ("frozen", "E000112", 403),
        ("suspended", "E000103", 401),
        ("no-secret", "E000104", 401),
        ("not-allowed", "E000106", 403),
        ("not-activated", "E000109", 403),
        ("unknown-user", "E000111", 401),
        ("allow-list", "E000620", 403),
        ("account-limit", "E000623", 403),
        ("country-limit", "E000630", 403),
    ],
)
def test_an_account_that_may_not_send(url, account, expected, http_status):
    response = send(url, account=account)
    assert (code(response), response.status_code) == (expected, http_status)


@pytest.mark.parametrize(
    "account", ["template-disabled", "template-rejected", "template-review", "template-inactive"]
)
def test_a_template_that_is_not_active(url, account):
    assert statuses(send(url, account=account)) == ["E200030"]


@pytest.mark.parametrize("account", ["signed-pushes", "mode2-empty", "mode2-left"])
def test_an_account_that_may_send(url, account):
    assert code(send(url, account=account)) == "000000"


# --- the fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": None},
        {"sender": "c" * 22},
        {"to": None},
        {"to": ""},
        {"to": "+8613800000001, +8613800000002"},
        {"to": "+86138x0000001"},
        {"to": "+8613800000001,"},
        {"to": "1" * 22},
        {"to": ",".join(["13800000001"] * 501)},
        {"templateId": None},
        {"templateId": "5" * 33},
        {"extend": ""},
        {"extend": "x" * 129},
        {"extend": "{order}"},
        {"statusCallback": "doctor.example.com"},
    ],
)
def test_a_field_that_breaks_its_rule_fails_the_whole_call(url, wrong):
    response = send(url, fields(**wrong))
    assert (code(response), response.status_code) == ("E000503", 400)


@pytest.mark.parametrize(
    "right",
    [
        {"to": ",".join(f"138{number:08}" for number in range(500))},
        {"extend": "x" * 128},
        {"extend": "order-42"},
        {"signature": "SMS Doctor"},
        {"unheardOf": "field"},
    ],
)
def test_a_field_at_its_limit_is_accepted(url, right):
    assert set(statuses(send(url, fields(**right)))) == {"000000"}


@pytest.mark.parametrize(
    "values", ["123456", "[123456]", "['123456']", '{"1":"2"}', "[" * 100_000], ids=lambda v: v[:9]
)
def test_variables_that_cannot_be_read_are_a_system_error(url, values):
    assert code(send(url, fields(templateParas=values))) == "E000000"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"from=%ff%fe", b"no form"])
def test_a_form_that_cannot_be_read_is_a_system_error(url, body):
    assert code(send(url, body)) == "E000000"


def test_each_call_has_its_own_media_type(url):
    assert code(send(url, content_type="application/json")) == "E000040"
    assert code(send(url, content_type=f"{FORM}; charset=utf-8")) == "000000"


def test_an_address_that_is_no_call(url):
    response = requests.post(f"{url}/sms/batchSendSms/v2", headers=wsse_headers(), timeout=5)
    assert (code(response), response.status_code) == ("E000027", 400)
    assert code(requests.get(url + SAME_TEXT, headers=wsse_headers(), timeout=5)) == "E000027"


# --- numbers and texts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"to": "13800000001,+8613800000001"}, ["000000", "E200041"]),
        ({"to": "+8613800009031"}, ["E200031"]),
        ({"to": "+8613800009048"}, ["E200048"]),
        ({"templateId": "unheard-of"}, ["E200030"]),
        ({"templateParas": None}, ["E200028"]),
        ({"templateParas": '["1","2"]'}, ["E200028"]),
        ({"templateParas": '["1234567"]'}, ["E200028"]),
        ({"templateParas": '["12 34"]'}, ["E200028"]),
        ({"templateParas": '[""]'}, ["E200028"]),
        ({"templateId": NOTICE_TEMPLATE}, ["E200028"]),
        ({"templateId": NOTICE_TEMPLATE, "templateParas": None}, ["000000"]),
        ({"templateId": NOTICE_TEMPLATE, "templateParas": "[]"}, ["000000"]),
        ({"templateId": PROMOTION_TEMPLATE, "templateParas": None}, ["E200029"]),
        (
            {
                "templateId": PROMOTION_TEMPLATE,
                "templateParas": None,
                "sender": PROMOTION_CHANNEL,
            },
            ["000000"],
        ),
        ({"sender": PROMOTION_CHANNEL}, ["E200029"]),
        ({"sender": "csms10000002"}, ["E200029"]),
    ],
)
def test_what_a_number_is_refused_for(url, form, expected):
    response = send(url, fields(**form))
    assert statuses(response) == expected
    assert code(response) == ("000000" if set(expected) == {"000000"} else "E000510")


@pytest.mark.parametrize(
    ("values", "signature", "expected"),
    [
        ('["Main gate","12:30","9.50"]', "SMS Doctor", "000000"),
        ('["Main gate","12:30","9.50"]', None, "E200033"),
        ('["Main gate","12:30","9.50"]', "Somebody", "E200033"),
        ('["Main gate.","12:30","9.50"]', "SMS Doctor", "E200028"),
        ('["Main gate","noon","9.50"]', "SMS Doctor", "E200028"),
        ('["Main gate","12:30","nine"]', "SMS Doctor", "E200028"),
    ],
)
def test_a_universal_template_needs_a_signature_and_variables_of_its_kinds(
    url, values, signature, expected
):
    form = fields(templateId=UNIVERSAL_TEMPLATE, templateParas=values, signature=signature)
    assert statuses(send(url, form)) == [expected]


# --- different texts ------------------------------------------------------------------------------


def content(**other):
    return {"to": [DELIVERED], "templateId": CODE_TEMPLATE, "templateParas": ["1234"], **other}


def test_different_texts_are_judged_one_by_one(url):
    value = {
        "from": CHANNEL,
        "smsContent": [
            content(to=[DELIVERED, DELIVERED]),
            content(),
            content(templateParas=[]),
            content(templateId="gone"),
        ],
    }
    assert statuses(send_different(url, value)) == [
        "000000",
        "E200041",
        "000000",
        "E200028",
        "E200030",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"from": CHANNEL, "smsContent": []}, "E000503"),
        ({"from": CHANNEL}, "E000503"),
        ({"smsContent": [content()]}, "E000503"),
        ({"from": CHANNEL, "smsContent": [content(to=[])]}, "E000503"),
        ({"from": CHANNEL, "smsContent": [content(to=["1"] * 300)] * 2}, "E000503"),
        ({"from": CHANNEL, "smsContent": [content(signature="x" * 70_000)]}, "E000503"),
        ({"from": CHANNEL, "smsContent": [content(templateParas='["1234"]')]}, "E000000"),
        ({"from": CHANNEL, "smsContent": [content(to=DELIVERED)]}, "E000000"),
        ({"from": CHANNEL, "smsContent": "all of them"}, "E000000"),
        ({"from": 10, "smsContent": [content()]}, "E000000"),
        ({"from": CHANNEL, "smsContent": [content()], "extend": "\ud800"}, "E000000"),
        ([], "E000000"),
        (b"{", "E000000"),
        (b"", "E000000"),
        (b"[" * 100_000, "E000000"),
    ],
)
def test_what_is_wrong_with_different_texts(url, value, expected):
    assert code(send_different(url, value)) == expected
