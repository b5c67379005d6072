"""Evidence of a case: stored reports, pasted findings and look-ups become one finding a fact."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import StatusReportFactory
from tests.support.moments import NOON
from wizard.engine.evidence import EMPTY, FACTS, Finding, from_json, merge, to_json
from wizard.reports.findings import of_recent_failures, of_reports


def report(status="DELIVRD", **fields):
    return StatusReportFactory(message_id="m_1", status=status, received_at=NOON, **fields)


def said(message_id="m_1", now=NOON):
    return {finding.fact: finding.value for finding in of_reports(message_id, now)}


@pytest.mark.django_db
class TestReports:
    def test_a_report_says_that_it_is_there_its_status_who_made_it_and_where_the_number_is(self):
        report("expired", source="2", recipient_masked="+86 138****0001")
        assert said() == {
            "report.present": True,
            "report.status": "EXPIRED",
            "report.source": "2",
            "message.region": "mainland",
        }

    def test_a_number_abroad_is_international_and_one_without_country_is_unknown(self):
        report(recipient_masked="+65 810****001")
        assert said()["message.region"] == "international"
        StatusReportFactory(message_id="m_2", recipient_masked="138****0001")
        assert "message.region" not in said("m_2")

    def test_while_a_part_is_missing_the_status_is_open(self):
        report(total=2)
        assert said()["report.present"] is True
        assert "report.status" not in said()

    def test_a_final_status_is_not_overwritten_by_a_later_passing_one(self):
        report("UNDELIV", update_time="2026-11-23T11:00:00Z")
        report("ACCEPTD", update_time="2026-11-23T11:30:00Z")
        assert said()["report.status"] == "UNDELIV"

    def test_delivered_beats_everything(self):
        report("UNDELIV", update_time="2026-11-23T11:30:00Z")
        report("DELIVRD", update_time="2026-11-23T11:00:00Z")
        assert said()["report.status"] == "DELIVRD"

    def test_a_missing_report_says_nothing_where_none_came_in_for_a_day(self):
        StatusReportFactory(received_at=NOON - timedelta(hours=24, seconds=1))
        assert said() == {}

    def test_a_missing_report_says_that_there_is_none_where_others_come_in(self):
        StatusReportFactory(received_at=NOON - timedelta(hours=23, minutes=59))
        assert said() == {"report.present": False}

    def test_a_missing_report_says_so_on_a_site_where_all_are_pushed(self, settings):
        settings.REPORTS_ALWAYS_PUSHED = True
        assert said() == {"report.present": False}

    def test_without_a_message_id_nothing_is_asked_of_the_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert said("") == {}

    def test_failures_of_the_last_hour_are_counted_and_passing_or_delivered_ones_are_not(self):
        for status, minutes in (
            ("UNDELIV", 59),
            ("EXPIRED", 0),
            ("UNDELIV", 61),
            ("DELIVRD", 5),
            ("ACCEPTD", 5),
        ):
            StatusReportFactory(status=status, received_at=NOON - timedelta(minutes=minutes))
        assert of_recent_failures(NOON).value == 2


def finding(fact, value, source="pasted text"):
    return Finding(fact, value, source, NOON)


def merged(pasted=(), reports=(), looked_up=()):
    return {fact: one.value for fact, one in merge(pasted, reports, looked_up).items()}


def test_a_stored_report_replaces_all_that_was_pasted_about_reports():
    pasted = [finding("report.status", "EXPIRED"), finding("report.source", "1")]
    stored = [finding("report.present", True), finding("report.status", "DELIVRD")]
    assert merged(pasted, stored) == {"report.present": True, "report.status": "DELIVRD"}


def test_a_report_in_somebodys_hands_is_not_undone_by_a_missing_one():
    pasted = [finding("report.present", True), finding("report.status", "EXPIRED")]
    stored = [finding("report.present", False)]
    assert merged(pasted, stored) == {"report.present": True, "report.status": "EXPIRED"}


def test_a_missing_report_counts_where_nothing_was_pasted_about_one():
    assert merged([finding("api.code", "000000")], [finding("report.present", False)]) == {
        "api.code": "000000",
        "report.present": False,
    }


def test_a_look_up_wins_over_a_pasted_text():
    assert merged(
        [finding("template.status", "Adopted")],
        looked_up=[finding("template.status", EMPTY, "list of templates")],
    ) == {"template.status": EMPTY}


values = st.one_of(
    st.text(max_size=20), st.integers(), st.booleans(), st.datetimes(timezones=st.just(NOON.tzinfo))
)
findings = st.builds(
    Finding,
    st.sampled_from(sorted(FACTS)),
    values | st.just(EMPTY),
    st.text(max_size=20),
    st.none() | st.just(NOON),
)


@given(st.lists(findings))
def test_findings_come_back_from_json_as_they_were(found):
    assert from_json(to_json(found)) == found
