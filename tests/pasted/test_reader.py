"""What the portal's one box understands, and that no text, however odd, upsets it."""

import json
import time
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.engine.evidence import EMPTY, FACTS
from wizard.engine.evidence import FactKind as FactKind
from wizard.pasted.reader import read
from wizard.pasted.reading import MAX_CODES, Reading, SeenCode, TextKind
from wizard.sms.codes import shape
from wizard.sms.numbers import mask
from wizard.sms.personal import MAX_TEXT, looks_personal

ID = "4b4b34e7-1a9e-42ac-b309-d10997148905_85496076"
OTHER_ID = "b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6"
NUMBER = "+8613812345678"
MASKED = "+86 138****5678"
MOMENT = datetime(2018, 8, 6, 11, 59, 50, tzinfo=UTC)

EXACT = {
    "api": {"000000", "E000000", "E000101", "E000503", "E000510", "E200030", "E200041"},
    "status": {
        *("DELIVRD", "EXPIRED", "UNDELIV", "ACCEPTD", "UNKNOWN", "LIMIT", "BLACK", "TIMEOUT"),
        *("E200020", "E000503", "E000628", "SC:0001", "164", "2:12"),
    },
}
FAMILIES = {"api": (), "status": ("E200", "MK:", "CL26:", "SMGPERR:", "DB:")}


def known(namespace, code):
    """A catalogue like the shipped one, with its wide family E200*."""
    return code in EXACT[namespace] or code.startswith(FAMILIES[namespace])


def entry(status="000000", number=NUMBER, message_id=ID, **more):
    return {
        "originTo": number,
        "createTime": "2018-08-06T11:59:50Z",
        "from": "1069031221280000001",
        "smsMsgId": message_id,
        "status": status,
        "countryId": "CN",
        "total": 1,
    } | more


def response(*entries, code="000000"):
    body = {"code": code, "description": "Success"}
    return json.dumps(body | ({"result": list(entries)} if entries else {}))


def report(status="DELIVRD", message_id=ID, sequence="1", total="1", minute=0, **more):
    return {
        "sequence": sequence,
        "total": total,
        "updateTime": f"2018-04-13T06:{minute:02}:46Z",
        "source": "2",
        "smsMsgId": message_id,
        "status": status,
    } | more


def form(**fields):
    return urlencode(report(**fields))


def batch(*reports):
    return json.dumps({"statusReportList": list(reports)})


def facts(reading: Reading):
    return {name: finding.value for name, finding in reading.evidence.items()}


def understood(text):
    return read(text, known=known)


def listed(reading: Reading):
    return [seen.code for seen in reading.codes]


# --- one code, typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "evidence"),
    [
        ("E000101", "E000101", {"api.code": "E000101"}),
        ("e000101", "E000101", {"api.code": "E000101"}),
        ("  “E000101”. ", "E000101", {"api.code": "E000101"}),
        ("E000999", "E000999", {"api.code": "E000999"}),
        ("000000", "000000", {"api.code": "000000"}),
        ("E000503", "E000503", {"api.code": "E000503"}),
        ("E200030", "E200030", {"api.status": "E200030"}),
        ("E000628", "E000628", {"report.present": True, "report.status": "E000628"}),
        ("E200020", "E200020", {"report.present": True, "report.status": "E200020"}),
        ("sc:0001", "SC:0001", {"report.present": True, "report.status": "SC:0001"}),
        ("SC：0001", "SC:0001", {"report.present": True, "report.status": "SC:0001"}),
        ("MK: 0001", "MK:0001", {"report.present": True, "report.status": "MK:0001"}),
        ("CL26:-36", "CL26:-36", {"report.present": True, "report.status": "CL26:-36"}),
        ("SMGPERR:52", "SMGPERR:52", {"report.present": True, "report.status": "SMGPERR:52"}),
        ("ZZ:0001", "ZZ:0001", {"report.present": True, "report.status": "ZZ:0001"}),
        ("UNDELIV", "UNDELIV", {"report.present": True, "report.status": "UNDELIV"}),
        ("undeliv", "UNDELIV", {"report.present": True, "report.status": "UNDELIV"}),
        ("TIMEOUT", "TIMEOUT", {"report.present": True, "report.status": "TIMEOUT"}),
        ("164", "164", {"report.present": True, "report.status": "164"}),
        ("2:12", "2:12", {"report.present": True, "report.status": "2:12"}),
        ("163", "163", {}),
        ("-36", "-36", {}),
        ("MXLIMIT", "MXLIMIT", {}),
    ],
)
def test_a_code_typed_alone_is_placed_by_its_form_and_the_catalogue(text, code, evidence):
    reading = understood(text)
    assert reading.kind is TextKind.CODE
    assert listed(reading) == [code]
    assert reading.codes[0].field == "text"
    assert facts(reading) == evidence


@pytest.mark.parametrize(
    ("code", "namespace"),
    [("E200030", "api"), ("E000503", "api"), ("E000628", "status"), ("E200099", "status")],
)
def test_a_code_that_is_listed_one_by_one_for_the_call_is_not_lost_to_a_wide_family(
    code, namespace
):
    assert understood(code).codes == (SeenCode(namespace, code, "text", "huawei"),)


def test_without_a_catalogue_a_later_platform_code_decides_nothing():
    reading = read("E200030")
    assert reading.codes == (SeenCode("status", "E200030", "text", "huawei"),)
    assert not reading.evidence


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *(("000000", "api"), ("E000000", "api"), ("E199999", "api"), ("e000101", "api")),
        *(("E200000", "status"), ("E299999", "status"), ("E300000", "api"), ("E20003", "")),
        *(("E2000300", ""), ("SC:0001", "status"), ("MK:0001", "carrier")),
        *(("SGIP:22", "carrier"), ("CL26:-36", "carrier"), ("SMGPERR:52", "carrier")),
        *(("DELIVRD", "status"), ("LIMIT", "status"), ("BLAC", "status"), ("SMS", "")),
        *(("ABCDEFGH", "status"), ("ABCDEFGHI", ""), ("delivrd", ""), ("1", "carrier")),
        *(("9999", "carrier"), ("12345", ""), ("-36", "carrier"), ("", ""), ("E٢٠٠٠٣٠", "")),
        *(("MK:13812345678", ""), ("DELIVRD\n", ""), ("MK:", ""), ("\ud800", "")),
    ],
)
def test_the_form_of_a_code_says_who_makes_it(code, expected):
    assert shape(code) == expected


# --- responses ------------------------------------------------------------------------------------


def test_an_accepted_response_names_the_number_the_id_and_the_time():
    reading = understood(response(entry()))
    assert reading.kind is TextKind.RESPONSE
    assert reading.codes == (SeenCode("api", "000000", "code"),)
    assert (reading.recipient, reading.recipients, reading.message_id) == (MASKED, 1, ID)
    assert facts(reading) == {
        "api.code": "000000",
        "api.status": "000000",
        "message.accepted_at": MOMENT,
        "message.region": "mainland",
    }
    assert {finding.source for finding in reading.evidence.values()} == {"pasted text"}
    assert reading.evidence["api.code"].observed_at == MOMENT


def test_of_several_numbers_the_first_that_was_refused_is_told():
    reading = understood(
        response(
            entry(),
            entry("E200030", "+85291234567", OTHER_ID),
            entry("E200041", "+33612345678"),
            code="E000510",
        )
    )
    assert listed(reading) == ["E200030", "E200041", "E000510", "000000"]
    assert (reading.recipient, reading.recipients) == ("+852 ****567", 3)
    assert reading.message_id == OTHER_ID
    assert facts(reading)["api.status"] == "E200030"
    assert facts(reading)["message.region"] == "international"


def test_the_same_number_twice_is_one_recipient():
    reading = understood(response(entry(), entry("E200041", "13812345678"), code="E000510"))
    assert reading.recipients == 1


GOOD = response(entry("E200030"), code="E000510")
ESCAPED = json.dumps({"level": "error", "status": 400, "body": GOOD})
PYTHON = str(json.loads(GOOD))
JAVA = """class BatchSendSmsResponse {
    code: E000510
    description: SMS fail
    result: [class SmsID {
        originTo: +8613812345678
        createTime: 2018-08-06T11:59:50Z
        smsMsgId: 4b4b34e7-1a9e-42ac-b309-d10997148905_85496076
        status: E200030
    }]
}"""
SNAKE = json.dumps(
    {
        "code": "E000510",
        "result": [
            {
                "sms_msg_id": ID,
                "origin_to": NUMBER,
                "create_time": "2018-08-06T11:59:50Z",
                "status": "E200030",
            }
        ],
    }
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        json.dumps(json.loads(GOOD), indent=4),
        json.dumps({"response": {"body": json.loads(GOOD)}}),
        f"2026-11-23 10:00:01 ERROR [sms-1] {{retry}} answer: {GOOD} (12 ms)",
        f"POST /sms/batchSendSms/v1 {{}} -> {GOOD}",
        ESCAPED,
        GOOD.replace('"', '\\"'),
        PYTHON,
        JAVA,
        SNAKE,
        GOOD[:-2],
        GOOD[:-2] + ',{"originTo":"+8613900000000","status":"E20',
        "\ufeff" + GOOD.replace(",", ",\u200b\n\u00a0"),
        GOOD.replace("+", "\\u002b"),
    ],
    ids=[
        *("plain", "pretty", "wrapped", "log", "braces", "escaped", "quoted", "python", "java"),
        *("snake", "cut", "cut in a code", "copied from a page", "unicode escapes"),
    ],
)
def test_a_response_is_read_in_every_dress(text):
    reading = understood(text)
    assert reading.kind is TextKind.RESPONSE
    assert listed(reading)[:2] == ["E200030", "E000510"]
    assert (reading.recipient, reading.message_id) == (MASKED, ID)
    assert facts(reading)["api.code"] == "E000510"
    assert facts(reading)["api.status"] == "E200030"
    assert reading.evidence["api.status"].observed_at == MOMENT
    assert "message.accepted_at" not in facts(reading)


@pytest.mark.parametrize("cut", range(len(GOOD) + 1))
def test_a_response_cut_anywhere_never_shows_half_a_code(cut):
    assert set(listed(understood(GOOD[:cut]))) <= {"E000510", "E200030"}


def test_a_response_with_ids_and_statuses_only_is_not_taken_for_reports():
    slim = [{"smsMsgId": ID, "status": "E200030"}, {"smsMsgId": OTHER_ID, "status": "000000"}]
    reading = understood(response(*slim, code="E000510"))
    assert reading.kind is TextKind.RESPONSE
    assert facts(reading) == {"api.code": "E000510", "api.status": "E200030"}


def test_an_entry_without_its_response_leaves_the_code_open():
    reading = understood(json.dumps(entry("E200030")))
    assert reading.kind is TextKind.RESPONSE
    assert facts(reading)["api.status"] == "E200030"
    assert "api.code" not in facts(reading)


def test_the_code_may_stand_after_the_results():
    text = f"{{'result': [{entry('E200030')}], 'code': 'E000510', 'description': 'SMS fail'}}"
    reading = understood(text)
    assert facts(reading)["api.code"] == "E000510"
    assert facts(reading)["api.status"] == "E200030"


def test_the_failed_one_of_two_responses_is_told_and_nothing_is_mixed():
    reading = understood(response(entry()) + "\n" + response(code="E000101"))
    assert facts(reading) == {"api.code": "E000101"}


def test_a_line_around_an_error_tells_the_number_and_the_http_status():
    line = (
        f"2026-11-23 10:00:01 ERROR send to {NUMBER} failed: HTTP 400 "
        '{"code":"E000101","description":"Authentication failed."}'
    )
    reading = understood(line)
    assert reading.kind is TextKind.RESPONSE
    assert reading.codes == (SeenCode("api", "E000101", "code"),)
    assert reading.recipient == MASKED
    assert facts(reading) == {
        "api.code": "E000101",
        "api.http_status": 400,
        "message.region": "mainland",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"code": 101, "result": "none"},
        {"code": None, "result": None},
        {"code": ["E000101"], "result": {"status": 1.5}},
        {"code": {"code": True}, "result": [1, None, "x", [], {}, [[entry]]]},
        {"code": "E000101", "result": [{"status": 10**30, "smsMsgId": 5, "originTo": ["x"]}]},
    ],
)
def test_wrong_types_are_passed_over(body):
    reading = understood(json.dumps(body, default=str))
    assert set(listed(reading)) <= {"E000101"}
    assert reading.recipient == ""


@pytest.mark.parametrize(
    "code", ["482913", "E999999", "+8613812345678", ID, "success", "E0001010", "É000101"]
)
def test_a_field_named_code_is_a_code_only_in_the_documented_form(code):
    reading = understood(json.dumps({"code": code, "description": "x"}))
    assert "api.code" not in reading.evidence
    assert reading.codes == ()


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2018-08-06T11:59:50Z", MOMENT),
        ("2018-08-06 11:59:50", MOMENT),
        ("2018-08-06T19:59:50+08:00", MOMENT),
        ("2018-08-06T19:59:50+99:00", None),
        ("2018-13-06T11:59:50Z", None),
        ("2018-08-06", None),
        ("yesterday", None),
        (1533556790, None),
        ("", None),
    ],
)
def test_the_time_of_acceptance_is_aware_or_unknown(created, expected):
    values = facts(understood(response(entry(createTime=created))))
    assert values.get("message.accepted_at") == expected


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+8613812345678", "mainland"),
        ("13812345678", "mainland"),
        ("8613812345678", "mainland"),
        ("008613812345678", "mainland"),
        ("+85291234567", "international"),
        ("+886912345678", "international"),
        ("+14155552671", "international"),
        ("4155552671", None),
    ],
)
def test_the_number_says_where_it_belongs(number, region):
    assert facts(understood(response(entry(number=number)))).get("message.region") == region


# --- status reports -------------------------------------------------------------------------------


def test_the_sample_of_the_vendor_is_a_report():
    reading = understood(
        "sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2"
        f"&smsMsgId={OTHER_ID}&status=DELIVRD"
    )
    assert reading.kind is TextKind.REPORT
    assert reading.codes == (SeenCode("status", "DELIVRD", "report"),)
    assert reading.message_id == OTHER_ID
    assert facts(reading) == {
        "report.present": True,
        "report.status": "DELIVRD",
        "report.source": "2",
    }
    assert reading.evidence["report.status"].observed_at == datetime(
        2018, 4, 13, 6, 31, 46, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        form(status="MK:0012"),
        form(status="MK:0012").replace("%3A", "%3a"),
        form(status="MK:0012").replace("&", "&amp;"),
        "10.0.0.1 POST /callbacks body: " + form(status="mk:0012") + " HTTP/1.1 200",
        form(status="MK:0012").replace("%3A", ":").replace("&", "\n&"),
        form(status="MK:0012")[10:],
        "\n".join(f"{name}: {value}" for name, value in report("MK:0012").items()),
        batch(report("MK:0012")),
        json.dumps(json.loads(batch(report("MK:0012"))), indent=2),
        batch(report("MK:0012"))[:-2],
        quote(form(status="MK:0012")),
        batch(report("MK:0012", total=1, sequence=1, source=2, orgCode=0)),
        str(json.loads(batch(report("MK:0012")))),
        json.dumps([report("MK:0012")]),
        json.dumps(report("MK:0012", sequence=[1], total={}, source=True)),
        json.dumps({"smsMsgId": ID, "status": "MK:0012"}),
    ],
)
def test_a_report_is_read_in_every_dress(text):
    reading = understood(text)
    assert reading.kind is TextKind.REPORT
    assert listed(reading) == ["MK:0012"]
    assert reading.message_id == ID
    assert facts(reading)["report.present"] is True
    assert facts(reading)["report.status"] == "MK:0012"
    assert not facts(reading).keys() & {"api.code", "api.status", "api.http_status", "api.error"}


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        ([report("DELIVRD")], "DELIVRD"),
        ([report("DELIVRD", minute=1), report("UNDELIV", minute=2)], "DELIVRD"),
        ([report("UNDELIV", minute=2), report("EXPIRED", minute=1)], "UNDELIV"),
        ([report("UNDELIV", minute=1), report("EXPIRED", minute=2)], "EXPIRED"),
        ([report("UNDELIV"), report("EXPIRED")], "EXPIRED"),
        ([report("UNDELIV", minute=1), report("ACCEPTD", minute=2)], "UNDELIV"),
        ([report("UNDELIV", minute=1), report("UNKNOWN", minute=2)], "UNDELIV"),
        ([report("UNDELIV", minute=1), report("ENROUTE", minute=2)], "UNDELIV"),
        ([report("UNDELIV", minute=1), report("", minute=2)], "UNDELIV"),
        ([report("ACCEPTD", minute=1), report("UNKNOWN", minute=2)], "UNKNOWN"),
        ([report("ACCEPTD", minute=1), report(None, minute=2)], "ACCEPTD"),
        ([report(sequence="1", total="2"), report("EXPIRED", sequence="2", total="2")], "EXPIRED"),
        ([report("EXPIRED", sequence="2", total="3")], "EXPIRED"),
        ([report(sequence="1", total="2"), report("ACCEPTD", sequence="2", total="2")], "ACCEPTD"),
        ([report(sequence="1", total="2"), report(sequence="2", total="2")], "DELIVRD"),
        ([report(sequence="1", total="2")], None),
        ([report(sequence="1", total="2"), report(sequence="1", total="2", minute=5)], None),
        ([report(total="0")], "DELIVRD"),
        ([report(total="many", sequence="-1")], "DELIVRD"),
    ],
)
def test_parts_and_repetitions_make_one_verdict(reports, status):
    for text in (batch(*reports), "\n".join(map(urlencode, reports))):
        if "None" in text:  # a form has no null
            continue
        reading = understood(text)
        assert reading.kind is TextKind.REPORT
        assert facts(reading)["report.present"] is True
        assert facts(reading).get("report.status") == status
        assert status is None or listed(reading)[0] == status


def test_of_several_messages_the_first_that_failed_is_told():
    reading = understood(
        batch(
            report("DELIVRD", to="+8613900000000", extend="a"),
            report("SC:0001", OTHER_ID, to=NUMBER, extend="b", source="1"),
            report("EXPIRED", "another", to="+6591234567"),
        )
    )
    assert listed(reading) == ["SC:0001", "EXPIRED", "DELIVRD"]
    assert (reading.message_id, reading.recipient, reading.recipients) == (OTHER_ID, MASKED, 3)
    assert facts(reading)["report.source"] == "1"
    assert facts(reading)["message.region"] == "mainland"


@pytest.mark.parametrize(
    "text",
    [
        form(status=""),
        f"smsMsgId={ID}&source=2&status=",
        batch(report(None)),
        batch(report("")),
        batch(report(" ")),
        str(json.loads(batch(report(None)))),
    ],
)
def test_a_report_with_nothing_in_its_status_says_so(text):
    reading = understood(text)
    assert reading.kind is TextKind.REPORT
    assert facts(reading)["report.status"] is EMPTY
    assert reading.codes == ()


@pytest.mark.parametrize("status", [NUMBER, ID, "me@example.com", "not a status", "x" * 65, 2.5])
def test_a_status_that_cannot_be_one_is_left_open(status):
    reading = understood(batch(report(status)))
    assert facts(reading) == {"report.present": True, "report.source": "2"}


def test_the_number_of_another_message_is_not_shown_for_the_one_that_failed():
    reading = understood(batch(report(to=NUMBER), report("UNDELIV", OTHER_ID)))
    assert (reading.message_id, reading.recipient, reading.recipients) == (OTHER_ID, "", 1)


def test_an_unheard_of_source_is_left_open():
    assert "report.source" not in facts(understood(form(source="4")))


def test_a_report_beside_the_response_for_the_same_message_tells_both():
    reading = understood(f"sent: {response(entry())}\ncallback: {form(status='UNDELIV')}")
    assert reading.kind is TextKind.REPORT
    assert listed(reading) == ["UNDELIV", "000000"]
    assert reading.recipient == MASKED
    assert facts(reading) == {
        "api.code": "000000",
        "api.status": "000000",
        "message.accepted_at": MOMENT,
        "message.region": "mainland",
        "report.present": True,
        "report.status": "UNDELIV",
        "report.source": "2",
    }


def test_a_response_about_another_message_is_not_mixed_into_a_report():
    reading = understood(response(entry(message_id=OTHER_ID)) + form(status="UNDELIV"))
    assert facts(reading) == {
        "report.present": True,
        "report.status": "UNDELIV",
        "report.source": "2",
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"level":"error","status":500,"source":"nginx"}',
        '{"status":"ok","total":3}',
        "status: open, source: mail, to: everybody",
    ],
)
def test_other_records_with_a_status_are_no_reports(text):
    assert understood(text).kind is not TextKind.REPORT


# --- log lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='x', port=443)", "timeout"),
        ("curl: (28) Operation timed out after 5001 milliseconds", "timeout"),
        ("Error: connect ETIMEDOUT 10.0.0.1:443", "timeout"),
        ("java.net.SocketTimeoutException: connect timed out", "timeout"),
        ("java.net.SocketTimeoutException: timeout", "timeout"),
        ("net/http: TLS handshake timeout", "timeout"),
        ("_ssl.c:1112: The handshake operation timed out", "timeout"),
        ("AxiosError: timeout of 5000ms exceeded", "timeout"),
        ("ERROR sms TIMEOUT: Connection timed out", "timeout"),
        ("connect ECONNREFUSED 10.0.0.1:443", "timeout"),
        ("java.net.UnknownHostException: smsapi.cn-north-4.myhuaweicloud.com", "timeout"),
        ("SSLCertVerificationError: certificate verify failed", "tls"),
        ("Max retries exceeded (Caused by SSLError(CertificateError(x)))", "tls"),
        ("javax.net.ssl.SSLHandshakeException: PKIX path building failed", "tls"),
        ("curl: (60) SSL certificate problem: self signed certificate", "tls"),
        ("x509: certificate signed by unknown authority", "tls"),
    ],
)
def test_the_name_of_a_network_error_tells_how_the_call_ended(line, error):
    reading = understood(line)
    assert reading.kind is TextKind.LOG
    assert facts(reading)["api.error"] == error
    assert facts(reading).keys() <= {"api.error", "api.connection", "api.tls"}
    assert reading.codes == ()


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("HTTP/1.1 404 Not Found", 404),
        ("HTTP/2 503", 503),
        ("send failed: HTTP 400", 400),
        ("urllib.error.HTTPError: HTTP Error 403: Forbidden", 403),
        ("requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: x", 401),
        ("Server returned HTTP response code: 405 for URL", 405),
        ("Request failed with status code 502", 502),
        ("curl: (22) The requested URL returned error: 404", 404),
        ("The remote server returned an error: (407) Proxy Authentication Required.", 407),
        ("<Response [500]>", 500),
        ("<html><title>504 Gateway Time-out</title></html>", 504),
        ('"POST /sms/batchSendSms/v1 HTTP/1.1" 415 12', 415),
        ('{"timestamp":"x","status":404,"error":"Not Found"}', 404),
        ("HTTP/1.1 200 Connection established\nHTTP/1.1 403 Forbidden", 403),
    ],
)
def test_an_http_error_without_a_code_is_told_as_such(line, status):
    reading = understood(line)
    assert reading.kind is TextKind.LOG
    assert facts(reading) == {"api.http_status": status, "api.error": "http"}


def test_a_good_http_status_is_no_error():
    assert facts(understood("HTTP/1.1 100 Continue\nHTTP/1.1 200 OK")) == {"api.http_status": 200}


@pytest.mark.parametrize("line", ["HTTP 400 code=E000101", "ReadTimeout, then E000101"])
def test_beside_a_code_there_is_no_error_of_the_call(line):
    values = facts(understood(line))
    assert values["api.code"] == "E000101"
    assert "api.error" not in values


# --- words around ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "codes", "evidence"),
    [
        ("I get e000101, what now?", TextKind.CODE, ["E000101"], {"api.code": "E000101"}),
        ("error code: E000101", TextKind.CODE, ["E000101"], {"api.code": "E000101"}),
        ("it returned code 000000", TextKind.CODE, ["000000"], {"api.code": "000000"}),
        (
            "E000510 because of E200030",
            TextKind.CODE,
            ["E200030", "E000510"],
            {"api.code": "E000510", "api.status": "E200030"},
        ),
        (
            "status DELIVRD but no SMS",
            TextKind.CODE,
            ["DELIVRD"],
            {"report.present": True, "report.status": "DELIVRD"},
        ),
        (
            "the list says mk:0012 here.",
            TextKind.CODE,
            ["MK:0012"],
            {"report.present": True, "report.status": "MK:0012"},
        ),
        (
            "2026-11-23 10:00:01 WARN sms rejected E000101",
            TextKind.LOG,
            ["E000101"],
            {"api.code": "E000101"},
        ),
        ("E000101 or E000510?", TextKind.CODE, ["E000101", "E000510"], {}),
        (
            "first DELIVRD, then ACCEPTD, then UNDELIV",
            TextKind.CODE,
            ["UNDELIV", "ACCEPTD", "DELIVRD"],
            {"report.present": True},
        ),
        (
            "UNDELIV or EXPIRED?",
            TextKind.CODE,
            ["UNDELIV", "EXPIRED"],
            {"report.present": True},
        ),
    ],
)
def test_codes_are_found_among_words(text, kind, codes, evidence):
    reading = understood(text)
    assert reading.kind is kind
    assert listed(reading) == codes
    assert facts(reading) == evidence


@pytest.mark.parametrize(
    "text",
    [
        "my SMS did not arrive",
        "the code timed out before the SMS came",
        "a black day, there is no limit",
        "UNDELIVERED, xUNDELIV, UNDELIV_1 and BLACK-LIST",
        "we sent 164 messages in 2 hours",
        "see db:5432 at 10.0.0.12:8080, or http://HOST:80/MK:1",
        "HELLO WORLD",
        "colour #000000",
        "10:00:01.000000",
        "2026-11-23",
        "SMS",
        "12345",
        "短信没有收到",
        "<script>alert(1)</script>",
        "{}",
        "[]",
        "&&&===",
    ],
)
def test_a_symptom_in_words_is_not_understood_and_says_so(text):
    reading = understood(text)
    assert reading == Reading(TextKind.WORDS)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0", "\ufeff", "\u3000\u200b"])
def test_an_empty_box_is_nothing(text):
    assert read(text) == Reading(TextKind.NOTHING)


# --- IDs and numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [ID, f" {ID}\n", f"no report for {ID}!", ID.upper()])
def test_a_message_id_is_recognised(text):
    reading = understood(text)
    assert reading.kind is TextKind.MESSAGE_ID
    assert reading.message_id.lower() == ID
    assert reading.codes == ()
    assert facts(reading) == {}


def test_a_uuid_alone_is_no_message_id():
    assert understood(ID.partition("_")[0]).kind is TextKind.WORDS


@pytest.mark.parametrize(
    ("text", "recipient", "recipients"),
    [
        (NUMBER, MASKED, 1),
        ("+86 138 1234 5678", MASKED, 1),
        ("＋86 138-1234-5678", MASKED, 1),
        ("13812345678", MASKED, 1),
        ("%2B8613812345678", MASKED, 1),
        ("0086 13812345678", MASKED, 1),
        ("+1 (415) 555-2671", "+1 415****2671", 1),
        ("+33 6 12 34 56 78 got nothing", "+33 ****678", 1),
        ("6591234567", "659****4567", 1),
        (f"sent to {NUMBER} 10:00:01 and +6591234567", MASKED, 2),
        ("nothing on 138 1234 5678 nor on +8613812345678.", MASKED, 1),
    ],
)
def test_a_phone_number_is_recognised_and_masked(text, recipient, recipients):
    reading = understood(text)
    assert reading.kind is TextKind.NUMBER
    assert (reading.recipient, reading.recipients) == (recipient, recipients)


def test_a_code_and_a_number_in_words_go_together():
    reading = understood(f"E200030 for {NUMBER}, ID {ID}")
    assert (reading.kind, reading.recipient, reading.message_id) == (TextKind.CODE, MASKED, ID)
    assert facts(reading) == {"api.status": "E200030", "message.region": "mainland"}


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (NUMBER, MASKED),
        ("13812345678", MASKED),
        ("+14155552671", "+1 415****2671"),
        ("+79161234567", "+7 916****4567"),
        ("+8612345", "+86 ****45"),
        ("+86123456", "+86 ****56"),
        ("+861234567", "+86 ****567"),
        ("+86123456789", "+86 ****789"),
        ("+861234567890", "+86 123****7890"),
        ("+85291234567", "+852 ****567"),
        ("+9991234567890", "+999 123****7890"),
        ("10690", "****90"),
        ("123", "****23"),
        ("12", "****"),
        ("+86", "+86 ****"),
        ("", ""),
        ("no number", ""),
        (MASKED, MASKED),
    ],
)
def test_a_masked_number_keeps_its_country_and_little_else(number, masked):
    assert mask(number) == masked
    assert mask(masked) == masked


@settings(deadline=None)
@given(st.from_regex(r"\A\+?[0-9]{1,21}\Z"))
def test_a_mask_always_hides_something(number):
    kept = sum(map(str.isdigit, mask(number)))
    country = 3 if number.startswith(("+", "00", "86")) else 2  # 86 is added to 11 digits
    assert "****" in mask(number)
    assert kept <= country + 7


# --- what is personal -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(NUMBER, "138 1234 5678", "138-1234-5678", "(415) 555.2671", "1234567", "+65 9123 456"),
        *(ID, ID.upper(), ID.partition("_")[0], ID.replace("-", ""), "me@example.com"),
        *("E200030 13812345678", "１３８１２３４５６７８", "١٢٣٤٥٦٧", "138\u200b1234\u200b5678"),
        *("tel:1_2_3_4_5_6_7", "x" * (MAX_TEXT + 1)),
    ],
)
def test_numbers_ids_and_addresses_look_personal(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "code",
    ["", "000000", "E200030", "MK:0001", "CL26:-36", "SMGPERR:52", "UNDELIV", "123456", "HELLO"],
)
def test_codes_do_not_look_personal(code):
    assert not looks_personal(code)


# --- boundaries and hostile texts -----------------------------------------------------------------


def test_a_text_of_the_greatest_length_is_read_to_its_end():
    text = "x " * (MAX_TEXT // 2 - 4) + " E000101"
    assert len(text) == MAX_TEXT
    reading = understood(text)
    assert listed(reading) == ["E000101"]
    assert not reading.truncated


@pytest.mark.parametrize("kept", range(1, 8))
def test_the_code_that_the_limit_cuts_through_is_left_out(kept):
    text = "E000101 ".ljust(MAX_TEXT - kept) + "MK:00012"
    reading = understood(text)
    assert listed(reading) == ["E000101"]
    assert reading.truncated


def test_what_stands_beyond_the_limit_is_not_read():
    reading = understood("E000101 " + "x " * MAX_TEXT + NUMBER)
    assert reading.truncated
    assert reading.recipient == ""


def test_a_thousand_results_give_the_most_telling_codes():
    many = [entry(f"E2{number:05}", f"+86138{number:08}", "i") for number in range(1000)]
    reading = understood(json.dumps({"code": "E000510", "result": many}, separators=(",", ":")))
    assert reading.truncated
    assert len(reading.codes) == MAX_CODES
    assert reading.codes[0] == SeenCode("api", "E200000", "status")
    assert 50 < reading.recipients < 1000


def test_a_thousand_small_results_are_counted():
    many = [{"originTo": f"+{8613800000000 + number}"} for number in range(700)]
    body = json.dumps({"code": "000000", "result": many}, separators=(",", ":"))
    assert len(body) > MAX_TEXT - 4000
    assert understood(body).recipients == body[:MAX_TEXT].count('"},{"')


HOSTILE = {
    "deep objects": '{"a":' * 500_000,
    "deep lists": '{"a":' + "[" * 500_000,
    "closed deep lists": '{"code":' + "[" * 9000 + "]" * 9000 + "}",
    "open braces": "{" * 1_000_000,
    "small objects": "{}" * 500_000,
    "unclosed string": '{"' * 500_000,
    "a huge integer": '{"code":' + "9" * 900_000 + "}",
    "an integer of the platform's limit": '{"status":' + "9" * 4300 + ',"smsMsgId":"x"}',
    "a huge exponent": '{"code":1e999,"status":-1E400}',
    "not a number": '{"code":NaN,"status":Infinity,"smsMsgId":-Infinity}',
    "digits": "1" * 1_000_000,
    "pluses": "+1" * 500_000,
    "grouped digits": "+1 (2) 3-4 " * 90_000,
    "codes": "E000101 " * 120_000,
    "different codes": " ".join(f"E{number:06}" for number in range(200_000)),
    "colons": "A:" * 500_000,
    "words": "DELIVRD " * 120_000,
    "letters": "a" * 1_000_000,
    "capitals": "A" * 1_000_000,
    "blanks": "code" + " " * 1_000_000 + ":",
    "blank lines": "code\n:" * 150_000,
    "backslashes": "code" + "\\" * 1_000_000 + '"',
    "ampersands": "status=&" * 120_000,
    "percent signs": "to=%" + "%2" * 500_000,
    "quotes": "'" * 1_000_000,
    "http": "HTTP " * 200_000,
    "http codes": "HTTP 404 " * 100_000,
    "dashes": "4b4b34e7-" * 100_000,
    "letters of tls": "SSL" + "_" * 1_000_000,
    "ssl": "SSLSSL" * 150_000,
    "mail": "@" * 1_000_000,
    "markup": "<img src=x onerror=alert(1)>" * 30_000,
    "nul and controls": "".join(map(chr, range(32))) * 30_000,
    "lone surrogates": "\ud800\udfff" * 500_000,
    "surrogates in fields": '{"code":"\ud800"} status=%ED%A0%80\ud800&smsMsgId=\udfff',
    "escaped surrogates": '{"code":"\\ud800","smsMsgId":"\\udfff","status":"\\ud800"}',
    "wide characters": "ﷺ" * 1_000_000,
    "marks": "e\u0301\u0323" * 300_000,
    "odd digits": "٠١٢٣٤٥٦٧٨٩²①" * 80_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_read_at_once(text):
    started = time.perf_counter()
    understood(text)
    looks_personal(text)
    looks_personal(text[:MAX_TEXT])
    shape(text)
    mask(text[:MAX_TEXT])
    assert time.perf_counter() - started < 1


# --- properties -----------------------------------------------------------------------------------

CHOSEN_TYPES = {
    FactKind.TEXT: str,
    FactKind.CHOICE: str,
    FactKind.NUMBER: int,
    FactKind.YES_NO: bool,
    FactKind.MOMENT: datetime,
}
SECRETS = ("13812345678", "8613812345678", "12345678", "85496076", "d10997148905", "4b4b34e7")
SAMPLES = [
    GOOD,
    PYTHON,
    JAVA,
    ESCAPED,
    form(status="MK:0012", to=NUMBER, extend="x"),
    batch(report(), report("UNDELIV", OTHER_ID, "2", "2", to=NUMBER)),
    f"2026-11-23 10:00:01 ERROR send to {NUMBER} failed: HTTP 400 {response(code='E000101')}",
    f"requests.exceptions.ReadTimeout {ID} 138 1234 5678",
    quote(form(to=NUMBER)),
]


def check(reading: Reading):
    """What holds for every reading."""
    assert len(reading.codes) <= MAX_CODES
    assert len({(seen.namespace, seen.code) for seen in reading.codes}) == len(reading.codes)
    for seen in reading.codes:
        assert seen.code == seen.code.upper()
        assert not looks_personal(seen.code)
    assert not reading.recipient or reading.recipients > 0
    assert len(reading.message_id) <= 50
    for name, finding in reading.evidence.items():
        assert finding.fact == name
        assert finding.observed_at is None or finding.observed_at.tzinfo is not None
        if finding.is_empty:
            assert name == "report.status"
            continue
        assert isinstance(finding.value, CHOSEN_TYPES[FACTS[name].kind])
        assert not FACTS[name].choices or finding.value in FACTS[name].choices
        assert not isinstance(finding.value, datetime) or finding.value.tzinfo is UTC
        assert not looks_personal(str(finding.value)) or isinstance(finding.value, datetime)
    if reading.kind in {TextKind.WORDS, TextKind.NOTHING}:
        assert reading == Reading(reading.kind, truncated=reading.truncated)


def spoil(text, edits):
    for at, width, new in edits:
        at %= len(text) + 1
        text = text[:at] + new + text[at + width :]
    return text


PIECES = st.sampled_from(
    [*'{}[]"\\:,&=%', "'", "\0", "\n", "null", "code", "status=", '"to":', NUMBER, ID, "E200030"]
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.integers(0, 30),
        st.one_of(PIECES, st.text(max_size=5), st.characters(categories=["Cs", "Cc", "Nd"])),
    ),
    max_size=8,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | PIECES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*entry(), *report(), "code", "result", "to", "statusReportList"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "Po"]))))
def test_every_text_is_read(text):
    check(understood(text))
    assert understood(text) == understood(text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), EDITS)
def test_every_spoilt_sample_is_read(sample, edits):
    check(understood(spoil(sample, edits)))


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_every_json_is_read(document):
    check(understood(json.dumps(document)))
    check(understood(str(document)))


@settings(deadline=None)
@given(st.text(max_size=40))
def test_every_text_has_an_answer_from_the_small_functions(text):
    assert shape(text) in {"api", "status", "carrier", ""}
    assert mask(mask(text)) == mask(text)
    assert looks_personal(text) in {True, False}


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_number_and_no_id_gets_into_the_evidence_or_the_codes(sample):
    reading = understood(sample)
    told = f"{facts(reading)} {reading.codes} {reading.recipient}"
    assert not [secret for secret in SECRETS if secret in told]
    assert "****" in reading.recipient


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.sampled_from([NUMBER, ID, "13812345678"]), st.data())
def test_a_number_or_an_id_in_any_field_gets_nowhere_else(sample, secret, data):
    fields = [
        value for value in (*entry("E200030").values(), "E000510", "2") if str(value) in sample
    ]
    field = str(data.draw(st.sampled_from(fields)) if fields else NUMBER)
    reading = understood(sample.replace(field, secret))
    told = f"{facts(reading)} {reading.codes} {reading.recipient}"
    assert not [hidden for hidden in SECRETS if hidden in told]
