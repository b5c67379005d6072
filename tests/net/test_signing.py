"""Ours are the vendor's signatures: `docs/facts/protocols.md`, "Test vectors", and its signer."""

from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given
from hypothesis import strategies as st

from wizard.net.signing import (
    canonical_path,
    canonical_query,
    canonical_request,
    digest,
    sign,
    signature_of,
)

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
DATE = "20261101T120000Z"
JSON = {"Content-Type": "application/json"}
PROJECT = "0123456789abcdef0123456789abcdef"


def outgoing(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> dict[str, str]:
    return sign(
        method,
        url,
        headers,
        body,
        access_key="AKEXAMPLE",
        secret_key="SKEXAMPLE",
        moment=MOMENT,
    )


VECTORS = {
    "V5": (
        "GET",
        f"https://msgsms.cn-north-4.myhuaweicloud.com/v2/{PROJECT}/msgsms/signatures"
        "?limit=10&offset=0&signature_name=%E6%B5%8B%E8%AF%95",
        {**JSON, "X-Project-Id": PROJECT},
        b"",
        "content-type;host;x-project-id;x-sdk-date",
        "bf616b5f64a7455b43e503597b7544fa871fe3e21d94f26cfa795408bf282a63",
    ),
    "V6": (
        "GET",
        "https://bss.myhuaweicloud.com/v2/accounts/customer-accounts/balances",
        JSON,
        b"",
        "content-type;host;x-sdk-date",
        "4624201e9d4dfd7037a4fc079900b76b0d454a7d6e685b61edf8b1c2e5c12c89",
    ),
    "V7": (
        "POST",
        "https://bss.myhuaweicloud.com/v3/payments/free-resources/query",
        {**JSON, "X-Language": "en_US"},
        b'{"offset":0,"limit":100}',
        "content-type;host;x-language;x-sdk-date",
        "159d2b8aa1f51e9d18ec656061e8d0b7a2160fe84c2f61b40d9db720b8f7c482",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_what_we_ask_is_signed_as_the_vectors_say(name):
    method, url, headers, body, signed, signature = VECTORS[name]
    assert outgoing(method, url, headers, body)["Authorization"] == (
        f"SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders={signed}, Signature={signature}"
    )


def test_the_canonical_request_is_the_documented_text():
    """V1, line by line."""
    body = (
        b"sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2"
        b"&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD"
    )
    headers = {
        "connection": "close",
        "content-length": "138",
        "content-type": "application/x-www-form-urlencoded",
        "host": "205.145.111.168:9330",
        "x-sdk-date": DATE,
    }
    text = canonical_request("POST", "/report", "", headers, headers, digest(body))
    assert text.splitlines() == [
        "POST",
        "/report/",
        "",
        *(f"{name}:{value}" for name, value in headers.items()),
        "",
        "connection;content-length;content-type;host;x-sdk-date",
        "8048e7cd4121ef0d7f5f63ddf121484f4f31714096a2f63e3c3a793f626642a9",
    ]
    expected = "0681527d9a13efc07c5699ce41aac7143ebbf8d5dc048eac4a431fa6fc985101"
    assert digest(text.encode()) == expected
    assert signature_of(text, DATE, "exampleSk*1231d881wd") == (
        "d2a9f5e092f1c5c23959abb46ec555752f6e1f17630d387ac283af03d8bd6ca1"
    )


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/", "/"),
        ("/a", "/a/"),
        ("/a/", "/a/"),
        ("/a%20b/ü~-_.", "/a%20b/%C3%BC~-_./"),
    ],
)
def test_a_path_ends_in_a_slash_and_is_encoded_anew(path, canonical):
    assert canonical_path(path) == canonical


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a", "a="),
        ("a=&a", "a=&a="),
        ("a=k+1", "a=k%201"),
        ("a=%C3%BC&app=k%201", "a=%C3%BC&app=k%201"),
    ],
)
def test_a_query_is_sorted_and_encoded_anew(query, canonical):
    assert canonical_query(query) == canonical


def test_the_two_orders_of_a_query_differ_where_the_vendors_signers_do():
    assert canonical_query("%C3%BC=1&~=2") == "~=2&%C3%BC=1"
    assert canonical_query("%C3%BC=1&~=2", sort_encoded=True) == "%C3%BC=1&~=2"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example:443/", "a.example"),
        ("http://a.example:80/", "a.example"),
        ("https://a.example:80/", "a.example:80"),
        ("https://a.example:8443/", "a.example:8443"),
    ],
)
def test_the_usual_port_is_no_part_of_the_signed_host(url, host):
    assert outgoing("GET", url, {})["Host"] == host


# --- against the vendor's own signer --------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
tokens = st.from_regex(r"\A[a-z][a-z0-9-]{0,11}\Z")
values = st.from_regex(r"\A[!-~]([ -~]{0,20}[!-~])?\Z")


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "delete"]),
    parts=st.lists(words.filter(lambda part: "/" not in part and "%" not in part), max_size=4),
    query=st.lists(st.tuples(words.filter(bool), words), max_size=5),
    headers=st.dictionaries(tokens.map("x-{}".format), values, max_size=4),
    body=st.binary(max_size=60),
    secret=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
)
def test_any_request_is_signed_as_the_vendors_signer_signs_it(
    method, parts, query, headers, body, secret
):
    path = "/" + "/".join(parts)
    url = f"https://doctor.example.com{canonical_path(path)}"
    ours = sign(
        method,
        f"{url}?{urlencode(query)}" if query else url,
        {**JSON, **headers},
        body,
        access_key="AKEXAMPLE",
        secret_key=secret,
        moment=MOMENT,
    )
    theirs = SdkRequest(
        method=method,
        schema="https",
        host="doctor.example.com",
        resource_path=urlsplit(url).path,
        query_params=list(query),
        header_params={**JSON, **headers, "X-Sdk-Date": DATE},
        body=body,
    )
    Signer(BasicCredentials("AKEXAMPLE", secret)).sign(theirs)
    assert ours["Authorization"] == theirs.header_params["Authorization"]
