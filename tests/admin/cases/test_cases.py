"""Cases and status reports in the admin: found by their whole name, read, and never changed."""

import pytest
from django.urls import reverse

from tests.factories import CaseFactory, StatusReportFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(admin=True))
    return client


def test_a_case_is_read_with_its_events_and_without_its_token(admin):
    case = CaseFactory()
    case.events.create(kind="answered", key="report", value="delivered")
    page = admin.get(reverse("admin:wizard_case_change", args=[case.pk])).content.decode()
    assert case.reference in page
    assert "delivered" in page
    assert case.token not in page


def test_a_report_is_read_without_the_hash_of_its_recipient(admin):
    report = StatusReportFactory(recipient_hash="a" * 64, recipient_masked="+86 138****0001")
    page = admin.get(reverse("admin:wizard_statusreport_change", args=[report.pk]))
    assert "138****0001" in page.content.decode()
    assert "a" * 64 not in page.content.decode()


@pytest.mark.parametrize("factory", [CaseFactory, StatusReportFactory])
def test_nobody_adds_changes_or_deletes(admin, factory):
    row = factory()
    name = row._meta.model_name
    for action, arguments in (("add", []), ("delete", [row.pk])):
        url = reverse(f"admin:wizard_{name}_{action}", args=arguments)
        assert admin.get(url).status_code == 403
    assert admin.post(reverse(f"admin:wizard_{name}_change", args=[row.pk]), {}).status_code == 403


@pytest.mark.parametrize(
    ("factory", "field"),
    [(CaseFactory, "reference"), (CaseFactory, "message_id"), (StatusReportFactory, "message_id")],
)
def test_a_row_is_found_by_its_whole_name_only(admin, factory, field):
    row, other = factory(), factory()
    url = reverse(f"admin:wizard_{row._meta.model_name}_changelist")
    wanted = getattr(row, field)
    assert admin.get(url, {"q": wanted}).context["cl"].result_count == 1
    assert admin.get(url, {"q": wanted[:-1]}).context["cl"].result_count == 0
    assert other.pk != row.pk


def test_a_list_of_many_cases_costs_few_queries(admin, django_assert_max_num_queries):
    CaseFactory.create_batch(15)
    url = reverse("admin:wizard_case_changelist")
    admin.get(url)
    with django_assert_max_num_queries(9):
        admin.get(url)
