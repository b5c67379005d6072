"""The management and billing APIs: rows, filters, pages, signatures, over HTTP."""

from datetime import timedelta

import pytest
import requests

from tests.simulator.calls import ask, management, signed_headers
from wizard.simulator.accounts import (
    ACCOUNTS,
    CHANNEL,
    CODE_TEMPLATE,
    PROMOTION_CHANNEL,
    SMS_SERVICE_TYPE,
    UNIVERSAL_TEMPLATE,
)
from wizard.simulator.billing_api import BALANCES, PACKAGES

pytestmark = pytest.mark.server

OTHER_PROJECT = "f" * 32


def rows(url, kind, query="", account="normal"):
    answer = ask(url, f"{management(kind)}?{query}", account=account).json()
    assert answer["total"] >= len(answer["results"])
    return answer["results"]


def packages(url, account="normal", **body):
    response = ask(url, PACKAGES, account=account, body=body)
    assert response.status_code == 200
    return response.json()


# --- rows -----------------------------------------------------------------------------------------


def test_an_application(url):
    (row,) = rows(url, "apps", "status=LAUNCHED&region=cn")
    assert row["app_key"] == "sim-normal-app"
    assert row["app_access_addr"] == url
    assert ask(url, management(f"apps/{row['id']}")).json() == row
    assert rows(url, "apps", "status=SUSPENDED") == []
    assert rows(url, "apps", account="suspended")[0]["status"] == "SUSPENDED"


@pytest.mark.parametrize(
    ("account", "status"),
    [
        ("normal", "REVIEW_PROCESSING_COMPLETED"),
        ("arrears", "REVIEW_PROCESSING_COMPLETED"),
        ("arrears-inactive", "TO_BE_ACTIVATED"),
        ("activation-pending", "PENDING_ACTIVATE"),
        ("arrears-refused", "REVIEW_NOT_PASS"),
        ("real-name", "REAL_NAME_REGISTRATING"),
    ],
)
def test_the_signature_of_an_account(url, account, status):
    listed = rows(url, "signatures", "limit=100", account)
    (row,) = [row for row in listed if row["channel_num"] == CHANNEL]
    assert row["status"] == status
    assert bool(row["review_desc"]) == (account == "arrears-refused")
    assert ask(url, management(f"signatures/{row['id']}"), account=account).json() == row


@pytest.mark.parametrize(
    ("account", "status"),
    [
        ("normal", "Adopted"),
        ("template-disabled", "Disable"),
        ("template-rejected", "Reject"),
        ("template-review", "Reviewing"),
        ("template-inactive", "Adopted_inactive"),
    ],
)
def test_the_template_of_an_account(url, account, status):
    (row,) = rows(url, "templates", f"template_id={CODE_TEMPLATE}", account)
    assert row["flow_status"] == status
    assert ask(url, management(f"templates/{row['id']}"), account=account).json() == row


def test_the_variables_of_a_template(url):
    (row,) = rows(url, "templates", f"template_id={UNIVERSAL_TEMPLATE}")
    answer = ask(url, management(f"templates/{row['id']}/varilable")).json()
    assert answer["total"] == 3
    assert [
        (one["variable_index"], one["variable_type"], one["variable_length"])
        for one in answer["results"]
    ] == [(1, "TEXT", 20), (2, "DATETIME", 20), (3, "MONEY", 10)]


def test_each_account_sees_its_own_rows_only(url):
    for kind in ("apps", "signatures", "templates"):
        keys = {row["app_key"] for row in rows(url, kind, "limit=100", "arrears")}
        assert keys == {"sim-arrears-app"}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("apps/none", "MSGSMS.0076"),
        ("signatures/none", "MSGSMS.0005"),
        ("templates/none", "MSGSMS.0009"),
        (f"templates/{CODE_TEMPLATE}", "MSGSMS.0009"),  # not the primary key
        ("templates/none/varilable", "MSGSMS.0009"),
        ("apps/none/varilable", "APIGW.0101"),
        ("unheard-of", "APIGW.0101"),
    ],
)
def test_what_does_not_exist(url, path, error):
    response = ask(url, management(path))
    assert response.status_code in (400, 404)
    assert response.json()["error_code"] == error
    assert response.json()["error_msg"]


# --- filters and pages ----------------------------------------------------------------------------


def test_lists_come_in_pages_of_ten_the_newest_first(url):
    first = ask(url, management("signatures")).json()
    rest = ask(url, f"{management('signatures')}?offset=10").json()
    assert (len(first["results"]), first["total"]) == (10, 13)
    assert (len(rest["results"]), rest["total"]) == (3, 13)
    assert first["results"][0]["channel_num"] == PROMOTION_CHANNEL
    assert rest["results"][-1]["channel_num"] == CHANNEL
    keys = {row["id"] for row in [*first["results"], *rest["results"]]}
    assert len(keys) == 13


@pytest.mark.parametrize(
    ("query", "expected"), [("offset=13", 0), ("limit=1", 1), ("limit=13", 13), ("limit=1000", 13)]
)
def test_a_page_ends_with_the_rows(url, query, expected):
    answer = ask(url, f"{management('templates')}?{query}").json()
    assert (len(answer["results"]), answer["total"]) == (expected, 13)


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=ten", "offset=-1", "limit="])
def test_a_page_that_cannot_be(url, query):
    response = ask(url, f"{management('templates')}?{query}")
    assert (response.status_code, response.json()["error_code"]) == (400, "SIM.0400")


@pytest.mark.parametrize(
    ("kind", "query", "expected"),
    [
        ("signatures", "signature_name=SMS+Doctor+Club", 1),
        ("signatures", "signature_name=SMS%20Doctor", 13),
        ("signatures", "signature_id=SIM00001", 1),
        ("signatures", "signature_type=PROMOTION_TYPE", 1),
        ("signatures", "status=TO_BE_ACTIVATED", 0),
        ("signatures", "channel_num=csms10000001", 13),  # no filter at the vendor's either
        ("templates", "flow_status=Pending", 1),
        ("templates", "has_variable=Yes", 2),
        ("templates", "template_type=PROMOTION_TYPE", 1),
        ("templates", "sign_name=Club", 1),
        ("templates", "app_key=sim-normal-app", 13),
        ("templates", "app_key=sim-arrears-app", 0),
        ("templates", "start_time=2026-01-04+00:00:00&end_time=2026-01-05+23:59:59", 2),
        ("templates", "sort_key=create_time&sort_dir=asc&template_name=1", 5),
        ("templates", "template_name=%E6%B5%8B%E8%AF%95", 0),
    ],
)
def test_filters(url, kind, query, expected):
    assert len(rows(url, kind, f"limit=100&{query}")) == expected


def test_the_oldest_can_come_first(url):
    assert rows(url, "templates", "sort_dir=asc")[0]["template_id"] == CODE_TEMPLATE


# --- who may ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(minutes=14, seconds=50), 200),
        (timedelta(minutes=15, seconds=2), 401),
        (-timedelta(minutes=15, seconds=10), 401),
    ],
)
def test_the_date_may_be_a_quarter_of_an_hour_off(url, age, expected):
    assert ask(url, management("apps"), age=age).status_code == expected


@pytest.mark.parametrize("path", [management("apps"), BALANCES, PACKAGES])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer token"},
        {"Authorization": "SDK-HMAC-SHA256 Access=sim-normal"},
        {
            "Authorization": "SDK-HMAC-SHA256 Access=sim-normal, SignedHeaders=host;x-sdk-date, "
            f"Signature={'0' * 64}",
            "X-Sdk-Date": "20261123T120000Z",
        },
    ],
    ids=["none", "other", "cut off", "wrong"],
)
def test_without_a_good_signature_the_gateway_answers(url, path, headers):
    response = requests.get(url + path, headers=headers, timeout=5)
    assert response.status_code == 401
    assert response.json()["error_code"] == "APIGW.0301"
    assert response.headers["X-Simulated-Platform"] == "SMS Doctor"


def test_keys_of_another_kind_do_not_open_anything(url, monkeypatch):
    """An app_key signs for the sending API only."""
    monkeypatch.setattr(
        type(ACCOUNTS["normal"]), "access_key", property(lambda account: account.app_key)
    )
    assert ask(url, management("apps")).status_code == 401


def test_a_changed_body_is_not_what_was_signed(url):
    owner = ACCOUNTS["normal"]
    keys = {"access_key": owner.access_key, "secret_key": owner.secret_key}
    headers = signed_headers("POST", url + PACKAGES, body=b'{"limit": 5}', **keys)
    for body, expected in ((b'{"limit": 5}', 200), (b'{"limit": 6}', 401)):
        response = requests.post(url + PACKAGES, data=body, headers=headers, timeout=5)
        assert response.status_code == expected


def test_the_body_may_not_be_left_out_of_the_signature(url):
    """What the sending API takes from the vendor's SDK is nothing for the others."""
    owner = ACCOUNTS["normal"]
    keys = {"access_key": owner.access_key, "secret_key": owner.secret_key}
    unsigned = {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    headers = signed_headers("POST", url + PACKAGES, body=b"{}", **keys, **unsigned)
    response = requests.post(url + PACKAGES, data=b"{}", headers=headers, timeout=5)
    assert response.status_code == 401


def test_the_project_must_be_the_accounts_own(url):
    for asked in (
        ask(url, management("apps", project=OTHER_PROJECT), project=OTHER_PROJECT),
        ask(url, management("apps", project=OTHER_PROJECT)),
        ask(url, management("apps"), project=OTHER_PROJECT),
    ):
        assert asked.status_code == 403
        assert asked.json()["error_code"] == "MSGSMS.0003"


def test_only_reading_is_possible(url):
    assert ask(url, management("signatures"), body={}).status_code == 404


# --- billing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "debt"),
    [
        ("normal", 0),
        ("mode2-empty", 0),
        ("frozen", 0),
        ("arrears", 42.17),
        ("arrears-inactive", 42.17),
        ("real-name", 42.17),
    ],
)
def test_balances(url, account, debt):
    answer = ask(url, BALANCES, account=account).json()
    assert answer["debt_amount"] == debt
    assert answer["currency"] == "CNY"
    assert [row["account_type"] for row in answer["account_balances"]] == [1, 2]
    assert (answer["account_balances"][0]["amount"] == 0) == (debt > 0)


@pytest.mark.parametrize(
    ("account", "body", "expected"),
    [
        ("normal", {}, [1, 2]),
        ("normal", {"status": 1}, [1]),
        ("normal", {"status": 3}, []),
        ("normal", {"service_type_code_list": [SMS_SERVICE_TYPE]}, [1, 2]),
        ("normal", {"service_type_code_list": ["hws.service.type.obs"]}, []),
        ("normal", {"offset": 1, "limit": 1}, [2]),
        ("mode2-empty", {}, [2]),
        ("mode2-left", {}, [1]),
        ("arrears", {}, []),
    ],
)
def test_packages(url, account, body, expected):
    answer = packages(url, account, **body)
    assert [row["status"] for row in answer["free_resource_packages"]] == expected


def test_a_package_tells_what_is_left(url):
    answer = packages(url, "mode2-empty")
    assert answer["total_count"] == 1
    (package,) = answer["free_resource_packages"]
    (resource,) = package["free_resources"]
    assert (resource["amount"], resource["original_amount"]) == ("0", "10000")


@pytest.mark.parametrize(
    "body",
    [
        [],
        "all",
        {"limit": 0},
        {"limit": 1001},
        {"limit": "10"},
        {"limit": True},
        {"offset": -1},
        {"service_type_code_list": "x"},
        {"service_type_code_list": ["x"] * 11},
    ],
)
def test_a_query_that_breaks_its_limits(url, body):
    response = ask(url, PACKAGES, body=body)
    assert (response.status_code, response.json()["error_code"]) == (400, "CBC.0100")
