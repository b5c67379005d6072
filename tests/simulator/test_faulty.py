"""The faulty accounts: each goes wrong as it says, in every API."""

import http.client
import time

import pytest
import requests

from tests.simulator.calls import ask, fields, management, send
from wizard.simulator import faults
from wizard.simulator.accounts import ACCOUNTS, Fault
from wizard.simulator.billing_api import BALANCES, PACKAGES

pytestmark = pytest.mark.server

ASKED = [management("apps"), BALANCES]


def test_there_is_one_account_for_each_fault():
    faulty = {account.fault: name for name, account in ACCOUNTS.items() if account.fault}
    assert faulty == {fault: fault.value.replace("_", "-") for fault in Fault}


@pytest.mark.parametrize("path", ASKED)
def test_slow_answers_after_ten_seconds(url, monkeypatch, path):
    assert faults.SLOW_SECONDS == 10
    with pytest.raises(requests.ReadTimeout):
        ask(url, path, account="slow", timeout=0.3)
    monkeypatch.setattr(faults, "SLOW_SECONDS", 0.3)
    begun = time.monotonic()
    assert ask(url, path, account="slow").status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_a_slow_account_holds_up_no_other(url):
    with pytest.raises(requests.ReadTimeout):
        ask(url, BALANCES, account="slow", timeout=0.05)
    begun = time.monotonic()
    assert ask(url, BALANCES).status_code == 200
    assert time.monotonic() - begun < 5


def test_trickle_sends_a_byte_every_fifth_of_a_second(url):
    begun = time.monotonic()
    with ask(url, BALANCES, account="trickle", stream=True) as response:
        assert response.raw.read(4) == b'{"ac'
    assert time.monotonic() - begun >= 0.7


@pytest.mark.parametrize(
    ("account", "status", "code"), [("failing", 500, "SIM.0500"), ("busy", 429, "APIGW.0308")]
)
@pytest.mark.parametrize("path", ASKED)
def test_failing_and_busy(url, path, account, status, code):
    response = ask(url, path, account=account)
    assert (response.status_code, response.json()["error_code"]) == (status, code)


@pytest.mark.parametrize("path", ASKED)
def test_malformed_is_not_json(url, path):
    response = ask(url, path, account="malformed")
    assert response.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        response.json()


@pytest.mark.parametrize("path", ASKED)
def test_wrong_types_has_the_fields_but_not_their_types(url, path):
    right, wrong = ask(url, path).json(), ask(url, path, account="wrong-types").json()
    assert right.keys() == wrong.keys()
    name = next(name for name, value in right.items() if isinstance(value, (int, float)))
    assert wrong[name] == "many"


@pytest.mark.parametrize("path", ASKED)
def test_huge_is_ten_megabytes(url, path):
    response = ask(url, path, account="huge")
    assert len(response.content) == 10 * 1024 * 1024
    assert response.json()


@pytest.mark.parametrize("path", ASKED)
def test_redirecting_points_elsewhere(url, path):
    response = ask(url, path, account="redirecting")
    assert (response.status_code, response.headers["Location"]) == (302, faults.ELSEWHERE)


@pytest.mark.parametrize("path", ASKED)
def test_closing_drops_the_connection_in_mid_body(url, path):
    with pytest.raises(requests.exceptions.ChunkedEncodingError) as broken:
        ask(url, path, account="closing")
    assert isinstance(broken.value.args[0].args[1], http.client.IncompleteRead)


def test_lying_contradicts_itself(url):
    def told(path, **body):
        return ask(url, path, account="lying", **body).json()

    signatures = told(management("signatures?status=REVIEW_PROCESSING_COMPLETED"))
    assert signatures["total"] == len(signatures["results"]) + 90
    assert "sim-somebody-else-app" in {row["app_key"] for row in signatures["results"]}
    assert "REVIEW_PERHAPS" in {row["status"] for row in signatures["results"]}
    assert told(management("apps"))["results"][0]["app_key"] == "sim-somebody-else-app"
    assert told(BALANCES)["debt_amount"] < 0
    packages = told(PACKAGES, body={"status": 1})
    assert packages["total_count"] == 92
    assert [row["status"] for row in packages["free_resource_packages"]] == [9, 1]
    assert packages["free_resource_packages"][0]["free_resources"][0]["amount"] == "-250"


def test_the_sending_api_has_the_same_faults(url):
    assert send(url, account="failing").status_code == 500
    assert send(url, account="busy").status_code == 429
    with pytest.raises(requests.JSONDecodeError):
        send(url, fields(), account="malformed").json()


@pytest.mark.parametrize("account", ["failing", "closing", "slow"])
def test_a_fault_needs_the_accounts_own_keys(url, account):
    """Nobody but the owner sees it, so that no other test stumbles over it."""
    response = requests.get(url + BALANCES, headers={"Authorization": account}, timeout=1)
    assert response.status_code == 401
