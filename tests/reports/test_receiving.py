"""Pushed reports: what is understood, what is refused and where, and that all is stored once."""

import json
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import StatusReportFactory
from tests.support.moments import NOON
from wizard.models import StatusReport
from wizard.reports import receiving
from wizard.reports.receiving import Malformed, read_batch, read_single
from wizard.sms.recipients import recipient_hash

# The vendor's page (`docs/facts/protocols.md`, "Single reports").
SAMPLE = (
    b"sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2"
    b"&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD"
)
ENTRY = {"smsMsgId": "b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6", "status": "DELIVRD"}


def single(**fields: str) -> StatusReport:
    (report,) = read_single(urlencode({**ENTRY, **fields}).encode(), now=NOON)
    return report


def entry(**fields) -> StatusReport:
    (report,) = read_batch(batch({**ENTRY, **fields}), now=NOON)
    return report


def batch(*entries) -> bytes:
    return json.dumps({"statusReportList": entries}).encode()


def refused(read, body: bytes) -> Malformed:
    with pytest.raises(Malformed) as error:
        read(body, now=NOON)
    return error.value


# --- what is understood ---------------------------------------------------------------------------


def test_the_sample_of_the_vendor_is_read_field_by_field():
    (report,) = read_single(SAMPLE, now=NOON)
    assert report.message_id == "b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6"
    assert (report.sequence, report.total, report.status) == (1, 1, "DELIVRD")
    assert (report.source, report.org_code) == ("2", "000")
    assert report.update_time == "2018-04-13T06:31:46Z"
    assert (report.status_text, report.extend, report.more) == ("", "", {})
    assert (report.recipient_hash, report.recipient_masked) == ("", "")
    assert report.received_at == NOON


def test_a_report_of_only_an_id_and_a_status_is_one_part_of_one():
    report = single()
    assert (report.sequence, report.total, report.source, report.update_time) == (1, 1, "", "")


@pytest.mark.parametrize("nothing", ["", None])
def test_an_optional_field_without_a_value_is_as_good_as_absent(nothing):
    names = ("statusDesc", "total", "sequence", "source", "updateTime", "orgCode", "extend", "to")
    report = entry(**dict.fromkeys(names, nothing))
    assert (report.sequence, report.total, report.source, report.update_time) == (1, 1, "", "")
    assert (report.status_text, report.org_code, report.extend, report.recipient_hash) == ("",) * 4


def test_json_numbers_are_taken_for_every_field():
    report = entry(smsMsgId=77, status=52, total=2, sequence=1, source=2, orgCode=0, to=13800000000)
    assert (report.message_id, report.status, report.org_code) == ("77", "52", "0")
    assert (report.total, report.sequence, report.source) == (2, 1, "2")
    assert report.recipient_hash == recipient_hash("13800000000")


def test_of_the_recipient_only_a_hash_and_a_mask_remain():
    report = single(to="+8613800001234", extend="order-42")
    assert report.recipient_hash == recipient_hash("13800001234")
    assert report.recipient_masked == "+86 138****1234"
    assert "13800001234" not in repr(report.__dict__)


def test_a_plus_that_was_not_encoded_is_still_a_plus():
    body = b"smsMsgId=a&status=DELIVRD&to=+447700900123"
    (report,) = read_single(body, now=NOON)
    assert report.recipient_masked == "+44 770****0123"


def test_a_part_beyond_the_total_is_taken_as_it_is():
    assert (single(sequence="3", total="2").sequence, single(total="2").total) == (3, 2)


@pytest.mark.parametrize("status", ["SMGPERR:52", "CL26:-36", "E200027", "x" * 64, "拒收"])
def test_statuses_that_are_longer_than_documented_are_taken(status):
    assert single(status=status).status == status


FITTING = [
    ("smsMsgId", "x" * 50),
    ("status", "x" * 64),
    ("statusDesc", "Wort und Wörter " * 31 + "abcd"),
    ("total", "99"),
    ("total", "01"),
    ("sequence", "1"),
    ("source", "1"),
    ("source", "3"),
    ("updateTime", "2024-02-29T23:59:59Z"),
    ("orgCode", "x" * 64),
    ("extend", "a b/ü" + "x" * 123),
    ("to", "+" + "1" * 20),
]
UNFITTING = [
    ("smsMsgId", ""),
    ("smsMsgId", "x" * 51),
    ("smsMsgId", "a b"),
    ("smsMsgId", "a\u3000b"),
    ("smsMsgId", "a\x00b"),
    ("smsMsgId", "a\u200bb"),
    ("status", ""),
    ("status", "x" * 65),
    ("status", "a b"),
    ("status", "DELIVRD\n"),
    ("statusDesc", "x" * 501),
    ("statusDesc", "a\x00b"),
    ("statusDesc", "a\nb"),
    ("statusDesc", "a\x85b"),
    ("total", "0"),
    ("total", "00"),
    ("total", "100"),
    ("total", "-1"),
    ("total", "1.0"),
    ("total", "one"),
    ("sequence", "0"),
    ("sequence", "²"),
    ("sequence", "٣"),
    ("sequence", " 1"),
    ("source", "0"),
    ("source", "4"),
    ("source", "12"),
    ("updateTime", "2023-02-29T00:00:00Z"),
    ("updateTime", "2026-11-01T24:00:00Z"),
    ("updateTime", "2026-11-01T12:00:60Z"),
    ("updateTime", "2026-11-01T12:00:00"),
    ("updateTime", "2026-11-01 12:00:00Z"),
    ("updateTime", "2026-11-01T12:00:00Z\n"),
    ("updateTime", "2026-1-01T12:00:00Z"),
    ("updateTime", "0000-01-01T12:00:00Z"),
    ("updateTime", "٢026-11-01T12:00:00Z"),
    ("orgCode", "x" * 65),
    ("extend", "x" * 129),
    ("extend", "a\x7fb"),
    ("to", "1" * 22),
    ("to", "138\x000000000"),
]


@pytest.mark.parametrize(("field", "value"), FITTING)
def test_what_just_fits_is_taken(field, value):
    single(**{field: value})
    entry(**{field: value})


@pytest.mark.parametrize(("field", "value"), UNFITTING)
def test_what_does_not_fit_is_refused_by_name_and_never_repeated(field, value):
    fields = {**ENTRY, field: value}
    alone = refused(read_single, urlencode(fields).encode())
    assert (alone.field, alone.entry) == (field, None)
    among = refused(read_batch, batch(ENTRY, ENTRY, fields))
    assert (among.field, among.entry) == (field, 2)
    assert len(value) < 5 or value not in alone.message


@pytest.mark.parametrize("name", ["smsMsgId", "status"])
def test_a_report_without_what_makes_it_one_is_refused(name):
    fields = {key: value for key, value in ENTRY.items() if key != name}
    assert refused(read_single, urlencode(fields).encode()).field == name
    assert refused(read_batch, batch(fields)).field == name


@pytest.mark.parametrize("value", [True, 1.0, [], {}, ["DELIVRD"], {"a": 1}])
@pytest.mark.parametrize("field", sorted({field for field, _ in UNFITTING}))
def test_a_field_of_another_type_is_refused(field, value):
    assert refused(read_batch, batch({**ENTRY, field: value})).field == field


# --- fields that nobody documented ----------------------------------------------------------------


def test_unknown_fields_are_kept():
    assert single(countryId="CN", price="").more == {"countryId": "CN", "price": ""}
    assert entry(a=1, b=True, c=None, d=0.5).more == {
        "a": "1",
        "b": "true",
        "c": "null",
        "d": "0.5",
    }


@pytest.mark.parametrize(
    "value",
    [
        "+8613800000000",
        "138 0000 0000",
        "me@example.com",
        "2ea20735-f856-4376-afbf-570bd70a46ee",
        "x" * 200 + "13800000000",
        13800000000,
        ["CN"],
        {"a": "b"},
    ],
)
def test_of_an_unknown_field_that_may_be_personal_only_the_name_is_kept(value):
    assert entry(strange=value).more == {"strange": "(left out)"}


def test_an_unknown_name_that_may_be_personal_is_not_kept_either():
    assert entry(**{"13800000000": "x"}).more == {"(left out)": "x"}


def test_long_unknown_fields_are_cut():
    assert entry(long="x" * 200).more == {"long": "x" * 200}
    assert entry(long="x" * 201).more == {"long": "x" * 200}
    assert entry(**{"n" * 65: "x"}).more == {"n" * 64: "x"}


def test_at_most_twenty_unknown_fields_are_kept():
    assert len(entry(**{f"f{n}": "x" for n in range(20)}).more) == 20
    assert list(entry(**{f"f{n}": "x" for n in range(21)}).more) == [f"f{n}" for n in range(20)]


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ["a\x00b", "a\nb", "\ud800"])
def test_an_unknown_field_that_no_database_stores_does_not_cost_the_report(odd):
    report = entry(**{"odd": odd, odd: "x"})
    assert report.more == {"odd": "(left out)", "(left out)": "x"}
    receiving.store([report])
    assert StatusReport.objects.get().more == report.more


# --- bodies that are none -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        SAMPLE + b"&status=DELIVRD",
        SAMPLE + b"&to=1&to=2",
        SAMPLE + b"&x=1&x=1",
        SAMPLE + b"&x=%FF",
        SAMPLE + b"&x=\xff",
        SAMPLE + b"&x" * 100,
        SAMPLE + b"".join(b"&f%d=" % n for n in range(94)),
    ],
)
def test_a_body_that_is_no_clear_form_is_refused(body):
    error = refused(read_single, body)
    assert (error.field, error.entry) == (None, None)


def test_as_many_fields_as_allowed_are_read():
    body = SAMPLE + b"".join(b"&f%d=" % n for n in range(93))
    (report,) = read_single(body, now=NOON)
    assert len(report.more) == 20


@pytest.mark.parametrize("body", [b"", b"&&&", b"nonsense", b'{"smsMsgId":"a"}'])
def test_a_body_without_fields_lacks_the_id(body):
    assert refused(read_single, body).field == "smsMsgId"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00",
        SAMPLE,
        b"[" * 200_000,
        b'{"a":' * 40_000,
        b'{"statusReportList":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"statusReportList":[{"smsMsgId":"a","status":"b","x":NaN}]}',
        b'{"statusReportList":[{"smsMsgId":"a","status":"b","x":-Infinity}]}',
        b'{"statusReportList":[{"smsMsgId":"a","status":"b","status":"b"}]}',
        b'{"statusReportList":[{"smsMsgId":"a","status":"b"}],"statusReportList":[]}',
        b'{"statusReportList":[{"smsMsgId":"a","status":"b","x":' + b"9" * 5_000 + b"}]}",
        b'{"statusReportList":[{"smsMsgId":"a","status":"b"}]} {}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_body_that_is_no_clear_json_is_refused(body):
    refused(read_batch, body)


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        1,
        "x",
        {},
        {"statusReportList": None},
        {"statusReportList": {}},
        {"statusReportList": "x"},
        {"statusReportList": []},
        {"statusReportList": [ENTRY] * 51},
        {"statusreportlist": [ENTRY]},
    ],
)
def test_a_document_that_is_no_list_of_reports_is_refused(document):
    error = refused(read_batch, json.dumps(document).encode())
    assert (error.field, error.entry) == ("statusReportList", None)


@pytest.mark.parametrize("odd", [None, 1, "x", [], [ENTRY]])
def test_an_entry_that_is_no_object_is_refused_by_its_place(odd):
    assert refused(read_batch, batch(ENTRY, odd)).entry == 1


@pytest.mark.parametrize("number", [1, 50])
def test_a_batch_has_one_to_fifty_reports(number):
    assert len(read_batch(batch(*[ENTRY] * number), now=NOON)) == number


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(body):
    for read in (read_single, read_batch):
        with suppress(Malformed):
            assert read(body, now=NOON)


# --- storing --------------------------------------------------------------------------------------


def reports(number: int) -> list[StatusReport]:
    return [StatusReportFactory.build() for _ in range(number)]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 50])
def test_a_push_is_one_insert(number, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        receiving.store(reports(number))
    assert queries.captured_queries[0]["sql"].startswith("INSERT")
    assert StatusReport.objects.count() == number


@pytest.mark.django_db(transaction=True)
def test_a_push_is_one_transaction_that_is_over_when_it_returns(django_assert_num_queries):
    # A statement alone is a transaction: nothing begins one, and nothing ends it.
    with django_assert_num_queries(1) as queries:
        receiving.store(reports(50))
    assert queries.captured_queries[0]["sql"].startswith("INSERT")
    assert connection.get_autocommit()
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_of_a_push_with_one_row_that_cannot_be_stored_nothing_is_stored():
    sound, broken = reports(2)
    broken.message_id = None
    with pytest.raises(IntegrityError):
        StatusReport.objects.insert_new([sound, broken])
    assert not StatusReport.objects.exists()


@pytest.mark.django_db
def test_a_report_reads_as_it_was_stored_in_every_field():
    [report] = reports(1)
    report.more = {"new": "§ 'quoted' %s"}
    receiving.store([report])
    stored = StatusReport.objects.get()
    names = [field.attname for field in StatusReport._meta.concrete_fields if not field.primary_key]
    assert [getattr(stored, name) for name in names] == [getattr(report, name) for name in names]


@pytest.mark.django_db(transaction=True)
def test_storing_inside_a_transaction_of_somebody_else_is_refused():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        receiving.store(reports(1))
    assert not StatusReport.objects.exists()


@pytest.mark.django_db
def test_the_same_report_again_changes_nothing():
    receiving.store(read_single(SAMPLE, now=NOON))
    receiving.store(read_single(SAMPLE + b"&statusDesc=other", now=NOON + timedelta(hours=1)))
    (report,) = StatusReport.objects.all()
    assert (report.received_at, report.status_text) == (NOON, "")


@pytest.mark.django_db
def test_the_same_report_twice_in_a_batch_is_one():
    receiving.store(read_batch(batch(ENTRY, ENTRY), now=NOON))
    assert StatusReport.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"smsMsgId": "another"},
        {"status": "UNDELIV"},
        {"sequence": "2"},
        {"updateTime": "2026-11-01T12:00:00Z"},
    ],
)
def test_a_report_that_differs_in_what_identifies_it_is_another(other):
    receiving.store([single(), single(**other)])
    assert StatusReport.objects.count() == 2


@pytest.mark.django_db
def test_everything_that_was_read_comes_back_from_the_database():
    fields = {
        "smsMsgId": "a_1",
        "status": "CL26:-36",
        "statusDesc": "Übergelaufen 短信",
        "total": "3",
        "sequence": "2",
        "source": "2",
        "updateTime": "2026-11-01T12:00:00Z",
        "orgCode": "000",
        "extend": "order-42",
        "to": "+8613800001234",
        "countryId": "CN",
    }
    read = entry(**fields)
    receiving.store([read])
    (stored,) = StatusReport.objects.all()
    kept = [field.attname for field in StatusReport._meta.fields if field.attname != "id"]
    assert {name: getattr(stored, name) for name in kept} == {
        name: getattr(read, name) for name in kept
    }


@pytest.mark.django_db
def test_reports_on_one_part_are_stored_in_the_order_of_their_times():
    late, early, none = (
        single(status="UNDELIV", updateTime="2026-11-01T12:00:01Z"),
        single(status="ZZ:1", updateTime="2026-11-01T12:00:00Z"),
        single(status="EXPIRED"),
    )
    receiving.store([late, early, none])
    rows = StatusReport.objects.of_message(ENTRY["smsMsgId"])
    assert [row.status for row in rows] == ["EXPIRED", "ZZ:1", "UNDELIV"]


@pytest.mark.django_db
def test_everybody_inserts_the_rows_of_a_push_in_the_same_order():
    """PostgreSQL would end one of two that insert the same rows in different orders."""
    receiving.store([single(smsMsgId=name) for name in ("c", "a", "b")])
    rows = StatusReport.objects.order_by("pk")
    assert [row.message_id for row in rows] == ["a", "b", "c"]


# --- asking for them ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_reports_are_found_by_message():
    mine, _ = StatusReportFactory(message_id="a"), StatusReportFactory(message_id="b")
    again = StatusReportFactory(message_id="a", status="UNDELIV")
    assert list(StatusReport.objects.of_message("a")) == [mine, again]


@pytest.mark.django_db
def test_reports_are_found_by_recipient_newest_first_and_nobody_finds_none():
    number = recipient_hash("13800000000")
    old = StatusReportFactory(recipient_hash=number, received_at=NOON - timedelta(hours=1))
    new = StatusReportFactory(recipient_hash=number, received_at=NOON)
    StatusReportFactory(recipient_hash=recipient_hash("13800000001"))
    StatusReportFactory()
    assert list(StatusReport.objects.of_recipient(number)) == [new, old]
    assert not StatusReport.objects.of_recipient("").exists()


@pytest.mark.django_db
def test_reports_are_found_by_the_time_of_their_coming():
    before = StatusReportFactory(received_at=NOON - timedelta(microseconds=1))
    at = StatusReportFactory(received_at=NOON)
    assert list(StatusReport.objects.received_since(NOON)) == [at]
    assert list(StatusReport.objects.older_than(NOON)) == [before]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are told differently elsewhere")
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (StatusReport.objects.of_message("a"), "sqlite_autoindex_wizard_statusreport_1"),
        (StatusReport.objects.of_recipient("a" * 64), "status_report_recipient"),
        (StatusReport.objects.received_since(NOON), "status_report_received"),
        (StatusReport.objects.older_than(NOON), "status_report_received"),
    ],
)
def test_every_question_is_answered_from_an_index(rows, index):
    plan = rows.explain()
    assert "SEARCH" in plan
    assert index in plan
