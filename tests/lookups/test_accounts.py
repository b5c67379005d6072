"""The settings of look-ups: what they make, and that a slip is told as the site starts."""

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured

from tests.smsdoctor.test_settings import KEY, manage
from wizard.lookups import accounts
from wizard.lookups.base import ALL_CALLS

FITTING = {
    "HUAWEI_ACCESS_KEY": "AK-KNOWN",
    "HUAWEI_SECRET_KEY": "SK-KNOWN",
    "HUAWEI_PROJECT_ID": "0123456789abcdef",
    "HUAWEI_MANAGEMENT_URL": "https://msgsms.example.com",
    "HUAWEI_BILLING_URL": "https://bss.example.com",
    "HUAWEI_SMS_SERVICE_TYPE": "",
    "HUAWEI_SERVICE_MODE": "",
    "HUAWEI_CALLS": list(ALL_CALLS),
    "LOOKUP_BUDGET_SECONDS": 3.0,
    "LOOKUP_CACHE_SECONDS": 10,
}
CREDENTIALS = ("HUAWEI_ACCESS_KEY", "HUAWEI_SECRET_KEY", "HUAWEI_PROJECT_ID")


def test_an_account_from_the_settings(settings):
    for name, value in FITTING.items():
        setattr(settings, name, value)
    settings.HUAWEI_SERVICE_MODE = "2"
    account = accounts.own_account()
    assert (account.access_key, account.secret_key) == ("AK-KNOWN", "SK-KNOWN")
    assert account.mode == "2"
    assert "KNOWN" not in repr(account)


def test_without_credentials_there_is_no_account():
    assert accounts.account_of(FITTING | dict.fromkeys(CREDENTIALS, "")) is None


@pytest.mark.server
def test_half_of_an_account_keeps_the_site_from_starting():
    result = manage("check", SECRET_KEY=KEY, HUAWEI_SECRET_KEY="SK-KNOWN")
    assert result.returncode != 0
    assert result.stderr.splitlines()[-1].endswith(
        "is half configured. Not set: HUAWEI_ACCESS_KEY, HUAWEI_PROJECT_ID."
    )
    assert "SK-KNOWN" not in result.stderr + result.stdout


def test_what_is_not_said_is_safe():
    assert accounts.calls() == ALL_CALLS
    assert (accounts.budget(), accounts.cache_seconds()) == (3.0, 10)
    assert site.HUAWEI_MANAGEMENT_URL == "https://msgsms.ap-southeast-1.myhuaweicloud.com"
    assert site.HUAWEI_BILLING_URL == "https://bss-intl.myhuaweicloud.com"


@pytest.mark.parametrize("missing", CREDENTIALS)
def test_half_of_an_account_is_refused(missing):
    with pytest.raises(ImproperlyConfigured, match=missing) as refused:
        accounts.refuse_unfit(FITTING | {missing: ""})
    assert "KNOWN" not in str(refused.value)


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("value", ["KNOWN\n", "KNOWN KNOWN", "KNOWN\N{EN DASH}1", "\x00KNOWN"])
def test_credentials_that_were_pasted_badly_are_refused(name, value):
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        accounts.refuse_unfit(FITTING | {name: value})
    assert "KNOWN" not in str(refused.value)


@pytest.mark.parametrize("name", ["HUAWEI_MANAGEMENT_URL", "HUAWEI_BILLING_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "",
        "sms.example.com",
        "ftp://sms.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///v2",
        "http://sms.example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://user:password@sms.example.com",
        "https://sms.example.com?x=1",
        "https://sms.example.com#x",
        "https://sms.example.com:port",
        "https://[::1",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(name, url):
    with pytest.raises(ImproperlyConfigured, match=name):
        accounts.refuse_unfit(FITTING | {name: url})


@pytest.mark.parametrize(
    "url",
    [
        "https://sms.example.com/",
        "https://sms.example.com:8443",
        "http://127.0.0.1:9000",
        "http://localhost:9000/",
        "http://[::1]:9000",
    ],
)
def test_plain_http_is_for_this_machine_alone(url):
    account = accounts.account_of(FITTING | {"HUAWEI_BILLING_URL": url})
    assert account.billing_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUAWEI_SERVICE_MODE", "3"),
        ("HUAWEI_CALLS", ["balance", "balances"]),
        ("LOOKUP_BUDGET_SECONDS", 0),
        ("LOOKUP_BUDGET_SECONDS", 31.0),
        ("LOOKUP_BUDGET_SECONDS", float("nan")),
        ("LOOKUP_CACHE_SECONDS", -1),
    ],
)
def test_a_value_that_cannot_be_is_refused(name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        accounts.refuse_unfit(FITTING | {name: value})


def test_fewer_calls_are_made_if_so_set(settings):
    settings.HUAWEI_CALLS = ["balance", "applications"]
    assert accounts.calls() == ("applications", "balance")
    accounts.refuse_unfit(FITTING | {"HUAWEI_CALLS": []})
