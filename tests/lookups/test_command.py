"""manage.py lookup: for operators, at a terminal or in a script."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.support.faulty import Platform, nowhere, says, serving
from tests.support.moments import NOON
from wizard.models import StatusReport

PLATFORM = Platform(
    apps=[{"app_key": "a", "status": "LAUNCHED"}],
    templates=[{"template_id": "t", "flow_status": "Reject"}],
    debt="12.34",
)


def run(*args):
    out = StringIO()
    call_command("lookup", *args, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _no_account(settings):
    settings.HUAWEI_ACCESS_KEY = settings.HUAWEI_SECRET_KEY = settings.HUAWEI_PROJECT_ID = ""


@pytest.fixture
def configured(settings):
    """An account at this address."""

    def at(url):
        settings.HUAWEI_ACCESS_KEY = "AK-KNOWN"
        settings.HUAWEI_SECRET_KEY = "SK-KNOWN"
        settings.HUAWEI_PROJECT_ID = "project"
        settings.HUAWEI_MANAGEMENT_URL = settings.HUAWEI_BILLING_URL = url

    return at


def test_without_an_account_it_says_so():
    said = run("account")
    assert "No account at the SMS platform is configured" in said
    assert "HUAWEI_ACCESS_KEY" in said


@pytest.mark.server
def test_each_call_and_what_it_said(configured):
    with serving(PLATFORM) as server:
        configured(server.url)
        said = run("account", "--template-id", "t")
    assert "application.status = LAUNCHED" in said
    assert "template.status = Reject" in said
    assert "account.arrears = yes" in said
    assert "debt: yes" in said
    assert "not asked: the code of SMS in billing is not set" in said
    for hidden in ("12.34", "KNOWN"):
        assert hidden not in said


@pytest.mark.server
def test_what_fails_is_told_and_ends_in_an_error(configured):
    with serving(says({"error_code": "APIGW.0301"}, 401)) as server:
        configured(server.url)
        out = StringIO()
        with pytest.raises(CommandError, match="4 of 5 calls failed: applications, signatures"):
            call_command("lookup", "account", stdout=out)
    assert out.getvalue().count("FAILED: refused (HTTP 401 APIGW.0301)") == 4
    assert "KNOWN" not in out.getvalue()


@pytest.mark.server
def test_it_always_asks_anew_and_never_pauses(configured):
    url = nowhere()
    configured(url)
    for _ in range(7):
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("lookup", "account", stdout=out)
        assert "paused" not in out.getvalue()


@pytest.mark.server
def test_only_the_calls_that_are_set(configured, settings):
    settings.HUAWEI_CALLS = ["balance"]
    with serving(PLATFORM) as server:
        configured(server.url)
        assert "applications" not in run("account")
    assert len(server.asked) == 1


@pytest.mark.parametrize("budget", ["0", "-1", "nan", "61", "soon"])
def test_a_budget_that_cannot_be(budget):
    with pytest.raises(CommandError, match="budget"):
        run("account", "--budget", budget)


@pytest.mark.django_db
def test_the_reports_of_a_message_come_first(configured):
    for place, (status, update_time) in enumerate([("ACCEPTD", ""), ("DELIVRD", "2026-11-23")]):
        StatusReport.objects.create(
            message_id="message_1",
            status=status,
            source="2",
            update_time=update_time,
            recipient_masked="+86•••••••0000",
            received_at=NOON + timedelta(minutes=place),
        )
    with serving(PLATFORM) as server:
        configured(server.url)
        lines = run("message_1").splitlines()
    assert lines[0] == (
        "part 1 of 1: ACCEPTD, source 2 (the carrier's), time of the platform none, "
        "received 2026-11-23 12:00:00 UTC, to +86•••••••0000"
    )
    assert lines[1].startswith("part 1 of 1: DELIVRD")
    assert lines[2].startswith("applications")


@pytest.mark.django_db
def test_a_message_without_reports():
    said = run("message_2")
    assert said.startswith("No status report of this message is stored.\n")
    assert "No account" in said


@pytest.mark.django_db
def test_what_came_from_outside_cannot_move_the_cursor():
    StatusReport.objects.create(message_id="message_3", status="\x1b[2J\nDELIVRD")
    assert "\x1b" not in run("message_3")
    assert "?[2J?DELIVRD" in run("message_3")
