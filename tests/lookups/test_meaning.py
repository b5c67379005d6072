"""What the platform's answers mean: one finding, or none where two things could be meant."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lookups.conftest import ACCOUNT, account_at, ask
from tests.support.faulty import Platform, serving
from tests.support.moments import NOON
from wizard.engine.evidence import EMPTY, FACTS, Finding
from wizard.lookups.base import ALL_CALLS, LookupFailed, Subject
from wizard.lookups.huawei import meaning
from wizard.lookups.huawei.calls import Listing
from wizard.net import signing

NOTHING = object()


def said(name, rows, subject=None, *, complete=True, **account):
    """The value that a call's finding has, NOTHING where there is no finding."""
    found, _ = meaning.findings(
        name,
        Listing(tuple(rows), complete),
        account_at("http://127.0.0.1:1", **account),
        subject or Subject(),
        NOON,
    )
    return found[0].value if found else NOTHING


# --- applications ---------------------------------------------------------------------------------

TWO_APPS = [{"app_key": "a", "status": "LAUNCHED"}, {"app_key": "b", "status": "SUSPENDED"}]


@pytest.mark.parametrize(
    ("rows", "app_key", "expected"),
    [
        (TWO_APPS, "b", "SUSPENDED"),
        (TWO_APPS, "", NOTHING),
        (TWO_APPS, "other", NOTHING),
        (TWO_APPS[:1], "", "LAUNCHED"),
        (TWO_APPS[:1], "other", NOTHING),  # of another account or region, not the only one
        ([TWO_APPS[0], {"app_key": "c", "status": "LAUNCHED"}], "", "LAUNCHED"),
        ([TWO_APPS[0], {"app_key": "c"}], "", NOTHING),
        ([TWO_APPS[0], {"app_key": "a", "status": "CREATED"}], "a", NOTHING),
        ([], "", NOTHING),
        ([], "a", NOTHING),
        ([{"app_key": "a", "status": "SOMETHING_NEW"}], "a", "SOMETHING_NEW"),
        ([{"app_key": "a", "status": None}], "a", NOTHING),
        ([{"status": "LAUNCHED"}], "", "LAUNCHED"),
    ],
)
def test_state_of_the_application(rows, app_key, expected):
    assert said("applications", rows, Subject(app_key=app_key)) == expected


# --- signatures -----------------------------------------------------------------------------------

SIGNATURES = [
    {"signature_id": "1", "channel_num": "1069", "status": "REVIEW_PASSED"},
    {"signature_id": "2", "channel_num": None, "status": "PENDING_REVIEW"},
    {"signature_id": "3", "channel_num": "10690", "status": "TO_BE_ACTIVATED"},
]


@pytest.mark.parametrize(
    ("rows", "channel", "signature", "expected"),
    [
        (SIGNATURES, "1069", "", "REVIEW_PASSED"),
        (SIGNATURES, "10690", "", "TO_BE_ACTIVATED"),
        (SIGNATURES, "1069", "2", "REVIEW_PASSED"),
        (SIGNATURES, "999", "2", "PENDING_REVIEW"),
        (SIGNATURES, "999", "", NOTHING),
        (SIGNATURES, "", "3", "TO_BE_ACTIVATED"),
        (SIGNATURES, "", "9", EMPTY),
        (SIGNATURES, "999", "9", EMPTY),
        (SIGNATURES, "", "", NOTHING),
        (SIGNATURES[:1], "", "", "REVIEW_PASSED"),
        ([], "", "", NOTHING),
        ([], "1069", "", NOTHING),  # one has its number only once it is set up
        ([], "", "1", EMPTY),
    ],
)
def test_state_of_the_signature(rows, channel, signature, expected):
    subject = Subject(channel_number=channel, signature_id=signature)
    assert said("signatures", rows, subject) == expected


# --- templates ------------------------------------------------------------------------------------

TEMPLATES = [
    {"template_id": "t1", "flow_status": "Adopted", "status": "Normal"},
    {"template_id": "", "flow_status": "Reviewing", "status": "Test"},
]


@pytest.mark.parametrize(
    ("rows", "template", "expected"),
    [
        (TEMPLATES, "t1", "Adopted"),
        (TEMPLATES, "t2", EMPTY),
        (TEMPLATES, "", NOTHING),
        (TEMPLATES[:1], "", "Adopted"),
        ([], "t1", EMPTY),
        ([], "", NOTHING),
    ],
)
def test_state_of_the_template(rows, template, expected):
    assert said("templates", rows, Subject(template_id=template)) == expected


@pytest.mark.parametrize(
    ("name", "rows", "subject"),
    [
        ("applications", TWO_APPS[:1], Subject()),
        ("signatures", SIGNATURES[:1], Subject()),
        ("signatures", SIGNATURES, Subject(signature_id="9")),
        ("templates", TEMPLATES, Subject(template_id="t2")),
        ("packages", [], Subject()),
    ],
)
def test_nothing_follows_from_what_stands_in_part_of_a_list(name, rows, subject):
    assert said(name, rows, subject, complete=False, package_service_type="sms") is NOTHING


def test_what_stands_in_part_of_a_list_is_there():
    subject = Subject(channel_number="1069")
    assert said("signatures", SIGNATURES, subject, complete=False) == "REVIEW_PASSED"


# --- money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("debt", "expected"),
    [
        ("0", False),
        ("0.00", False),
        (0, False),
        (Decimal("0.00"), False),
        (Decimal("0.01"), True),
        ("12.34", True),
        (7, True),
        ("-5", NOTHING),
        ("1E-15", True),
    ],
)
def test_a_debt_is_arrears(debt, expected):
    assert said("balance", [{"debt_amount": debt}]) is expected


def test_an_empty_balance_is_not_arrears():
    balance = {"account_balances": [{"account_type": 1, "amount": 0}], "debt_amount": 0}
    assert said("balance", [balance]) is False


@pytest.mark.parametrize(
    "debt", [None, "", "much", True, [], {}, "NaN", "Infinity", "1e99", "1e-99", "1e999999"]
)
def test_a_debt_that_is_no_number_is_unreadable(debt):
    with pytest.raises(LookupFailed, match="unreadable"):
        said("balance", [{"debt_amount": debt}])


@pytest.mark.server
def test_the_mode_comes_from_the_settings_even_if_the_platform_is_away():
    (call,) = ask(account_at("http://127.0.0.1:1", mode="2"), names=["balance"])
    assert call.failure.reason == "connection"
    assert call.findings == (Finding("account.mode", "2", meaning.SETTINGS, NOON),)


# --- packages -------------------------------------------------------------------------------------


def package(status, *amounts, service="sms"):
    resources = [{"amount": amount, "original_amount": "1000"} for amount in amounts]
    return {"status": status, "service_type_code": service, "free_resources": resources}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([package(1, "120")], 120),
        ([package("1", 120)], 120),
        ([package(1, "120", "30"), package(1, 5)], 155),
        ([package(1, Decimal("0.5"))], 0.5),
        ([package(1, "120"), package(2, "0"), package(3, "77"), package(0, "500")], 120),
        ([package(1, "0")], 0),
        ([package(2, "0")], 0),
        ([package(3, "77")], 0),
        ([package(3, "77"), package(4, "9")], 0),
        ([package(4, "77")], NOTHING),
        ([package(0, "500")], NOTHING),
        ([package(2, "0"), package(0, "500")], NOTHING),
        ([package(9, "500")], NOTHING),
        ([], EMPTY),
        ([package(1, "9", service="storage")], EMPTY),
        ([package(1, "9", service=None)], NOTHING),
    ],
)
def test_sms_left_in_the_packages(rows, expected):
    assert said("packages", rows, package_service_type="sms") == expected


@pytest.mark.parametrize("row", [package(1, "many"), package(True), package(None), package([])])
def test_a_package_of_other_types_is_unreadable(row):
    with pytest.raises(LookupFailed, match="unreadable"):
        said("packages", [row], package_service_type="sms")


@pytest.mark.server
def test_packages_are_not_asked_for_without_their_code():
    with serving(Platform()) as server:
        (call,) = ask(account_at(server.url), names=["packages"])
    assert call.failure is None
    assert call.findings == ()
    assert "not set" in call.note
    assert server.asked == []


# --- over the line --------------------------------------------------------------------------------

PLATFORM = Platform(
    apps=TWO_APPS,
    signatures=[
        {"signature_id": str(n), "channel_num": f"1069{n}", "status": "REVIEW_PASSED"}
        for n in range(250)
    ]
    + [{"signature_id": "last", "channel_num": "955", "status": "TO_BE_ACTIVATED"}],
    templates=TEMPLATES,
    packages=[package(1, "12"), package(1, "99", service="storage")],
    debt="0.5",
)


@pytest.mark.server
def test_a_whole_look_up():
    subject = Subject(app_key="b", channel_number="955", template_id="t1")
    with serving(PLATFORM) as server:
        account = account_at(server.url, package_service_type="sms", mode="1")
        calls = ask(account, subject)
    assert [call.failure for call in calls] == [None] * 5
    assert {call.observed_at for call in calls} == {NOON}
    found = {finding.fact: finding for call in calls for finding in call.findings}
    assert {fact: finding.value for fact, finding in found.items()} == {
        "application.status": "SUSPENDED",
        "signature.status": "TO_BE_ACTIVATED",
        "template.status": "Adopted",
        "account.arrears": True,
        "account.mode": "1",
        "package.remaining": 12,
    }
    assert found.keys() <= FACTS.keys()
    assert found["signature.status"].source == "signature list of the platform"
    assert "0.5" not in repr(calls)  # amounts of money are nobody's business here
    pages = [asked.query for asked in server.asked if asked.path.endswith("signatures")]
    assert pages == [{"limit": "100", "offset": str(offset)} for offset in (0, 100, 200)]
    (template,) = [asked for asked in server.asked if asked.path.endswith("templates")]
    assert template.query["template_id"] == "t1"


@pytest.mark.server
def test_requests_are_those_of_the_documents():
    with serving(PLATFORM) as server:
        ask(account_at(server.url, package_service_type="sms"))
    for asked in server.asked:
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["x-sdk-date"] == "20261123T120000Z"
        assert asked.headers["host"] == server.host
        managed = asked.path.startswith("/v2/project/")
        assert asked.headers.get("x-project-id") == ("project" if managed else None)
    (packages,) = [asked for asked in server.asked if asked.method == "POST"]
    assert packages.headers["x-language"] == "en_US"


@pytest.mark.server
@pytest.mark.parametrize(("rows", "found"), [(500, "REVIEW_PASSED"), (501, NOTHING)])
def test_no_more_than_five_pages_are_read(rows, found):
    many = Platform(signatures=[{"status": "REVIEW_PASSED"}] * rows)
    with serving(many) as server:
        (call,) = ask(account_at(server.url), names=["signatures"])
    assert len(server.asked) == 5
    assert [finding.value for finding in call.findings] == ([found] if found != NOTHING else [])


@pytest.mark.server
def test_an_id_with_strange_letters_is_signed_as_it_is_sent():
    odd = "a b+c&d=é/\N{SNOWMAN}%20"
    with serving(Platform(templates=[{"template_id": odd, "flow_status": "Reject"}])) as server:
        (call,) = ask(account_at(server.url), Subject(template_id=odd), names=["templates"])
    assert call.findings[0].value == "Reject"
    (asked,) = server.asked
    names = ("content-type", "host", "x-project-id", "x-sdk-date")
    query = signing.canonical_query(asked.target.partition("?")[2])
    canonical = signing.canonical_request(
        "GET", asked.path, query, asked.headers, names, signing.digest(b"")
    )
    date = asked.headers["x-sdk-date"]
    signature = signing.signature_of(canonical, date, ACCOUNT.secret_key)
    assert asked.headers["authorization"].endswith(f"Signature={signature}")


# --- hostile answers ------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.text(max_size=8),
    st.sampled_from(["1", "2", "LAUNCHED", "Adopted", "sms", "a", "1e999999999", "\ud800"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = [
    "app_key",
    "status",
    "channel_num",
    "signature_id",
    "template_id",
    "flow_status",
    "debt_amount",
    "service_type_code",
]
ROWS = st.builds(
    lambda fields, resources: {**fields, "free_resources": resources},
    st.dictionaries(st.sampled_from(FIELDS), JSON),
    st.lists(st.fixed_dictionaries({"amount": JSON}), max_size=3) | JSON,
)


@pytest.mark.server
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ALL_CALLS),
    st.lists(ROWS, min_size=1, max_size=4),
    st.booleans(),
    st.builds(Subject, *[st.sampled_from(["", "a", "1"])] * 4),
    st.sampled_from(["", "sms"]),
)
def test_no_answer_is_more_than_a_finding_or_a_failed_look_up(
    name, rows, complete, subject, service
):
    account = account_at("http://127.0.0.1:1", package_service_type=service)
    listing = Listing(tuple(rows), complete)
    try:
        found, note = meaning.findings(name, listing, account, subject, NOON)
    except LookupFailed:
        return
    assert len(found) <= 1
    assert len(note) < 500
    assert note.isprintable()
    for finding in found:
        assert isinstance(finding.value, str | int | float | bool | type(EMPTY))
        str(finding.value).encode()
