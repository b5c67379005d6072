"""The check of signatures against known vectors (`docs/facts/protocols.md`, "Test vectors")."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wizard.simulator.exchange import IncomingRequest
from wizard.simulator.signed import Flaw, NotSigned, signer_of

MOMENT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SECRETS = {"AKEXAMPLE": "SKEXAMPLE"}


def request(method, host, target, signature, *, body=b"", **signed):
    path, _, query = target.partition("?")
    headers = {
        "content-type": "application/json",
        "host": host,
        "x-sdk-date": "20261101T120000Z",
        **{name.replace("_", "-"): value for name, value in signed.items()},
    }
    authorization = (
        f"SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders={';'.join(sorted(headers))}, "
        f"Signature={signature}"
    )
    return IncomingRequest(method, path, query, {**headers, "authorization": authorization}, body)


V5 = request(
    "GET",
    "msgsms.cn-north-4.myhuaweicloud.com",
    "/v2/0123456789abcdef0123456789abcdef/msgsms/signatures"
    "?limit=10&offset=0&signature_name=%E6%B5%8B%E8%AF%95",
    "bf616b5f64a7455b43e503597b7544fa871fe3e21d94f26cfa795408bf282a63",
    x_project_id="0123456789abcdef0123456789abcdef",
)
V6 = request(
    "GET",
    "bss.myhuaweicloud.com",
    "/v2/accounts/customer-accounts/balances",
    "4624201e9d4dfd7037a4fc079900b76b0d454a7d6e685b61edf8b1c2e5c12c89",
)
V7 = request(
    "POST",
    "bss.myhuaweicloud.com",
    "/v3/payments/free-resources/query",
    "159d2b8aa1f51e9d18ec656061e8d0b7a2160fe84c2f61b40d9db720b8f7c482",
    body=b'{"offset":0,"limit":100}',
    x_language="en_US",
)


def with_authorization(old: str, new: str) -> IncomingRequest:
    text = V7.headers["authorization"].replace(old, new)
    return replace(V7, headers={**V7.headers, "authorization": text})


@pytest.mark.parametrize("vector", [V5, V6, V7], ids=["V5", "V6", "V7"])
@pytest.mark.parametrize("seconds", [-900, 0, 900])
def test_the_vectors_hold_within_a_quarter_of_an_hour(vector, seconds):
    assert signer_of(vector, SECRETS, MOMENT + timedelta(seconds=seconds)) == "AKEXAMPLE"


def test_commas_need_no_blank():
    assert signer_of(with_authorization(", ", ","), SECRETS, MOMENT) == "AKEXAMPLE"


@pytest.mark.parametrize(
    ("changed", "flaw"),
    [
        (replace(V7, body=V7.body + b" "), Flaw.SIGNATURE),
        (replace(V7, method="GET"), Flaw.SIGNATURE),
        (replace(V7, path=f"{V7.path}/x"), Flaw.SIGNATURE),
        (replace(V7, query="limit=1"), Flaw.SIGNATURE),
        (replace(V7, headers={**V7.headers, "host": "elsewhere.invalid"}), Flaw.SIGNATURE),
        (with_authorization("x-language;", ""), Flaw.SIGNATURE),
        (with_authorization("AKEXAMPLE", "AKOTHER"), Flaw.UNKNOWN_KEY),
        (with_authorization("host;", ""), Flaw.FORMAT),
        (with_authorization("host;", "host;host;"), Flaw.FORMAT),
        (with_authorization("host;", "host;absent;"), Flaw.FORMAT),
        (with_authorization(";x-sdk-date", ""), Flaw.FORMAT),
    ],
)
def test_what_was_changed_is_noticed(changed, flaw):
    with pytest.raises(NotSigned) as refused:
        signer_of(changed, SECRETS, MOMENT)
    assert refused.value.flaw is flaw


@pytest.mark.parametrize("seconds", [-901, 901])
def test_a_second_more_is_too_much(seconds):
    with pytest.raises(NotSigned) as refused:
        signer_of(V7, SECRETS, MOMENT + timedelta(seconds=seconds))
    assert refused.value.flaw is Flaw.EXPIRED
