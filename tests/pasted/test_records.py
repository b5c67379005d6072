"""The second step: records, whatever the notation."""

import pytest

from wizard.pasted.records import cut
from wizard.providers.names import CONSOLE

NAMES = frozenset({"code", "status", "smsmsgid", "to"})
RECORD = {"smsMsgId": "a_1", "status": "MK:0012"}


@pytest.mark.parametrize(
    "text",
    [
        '{"smsMsgId":"a_1","status":"MK:0012"}',
        '[{"other":[{"smsMsgId":"a_1","status":"MK:0012"}]}]',
        "smsMsgId=a_1&status=MK%3A0012",
        "{smsMsgId=a_1, status=MK:0012}",
        "map[smsMsgId:a_1 status:MK:0012]",
        "{'smsMsgId': 'a_1', 'status': 'MK:0012'}",
        "smsMsgId: a_1\nstatus: MK:0012",
        "Array\n(\n    [smsMsgId] => a_1\n    [status] => MK:0012\n)",
        '["smsMsgId"]=>\n  string(3) "a_1"\n  ["status"]=>\n  string(7) "MK:0012"',
        "array (\n  'smsMsgId' => 'a_1',\n  'status' => 'MK:0012',\n)",
        "Report(smsMsgId=a_1, status=MK:0012)",
        'INFO got {"smsMsgId":"a_1","status":"MK:0012"} in 12 ms',
        '{"body":"{\\"smsMsgId\\":\\"a_1\\",\\"status\\":\\"MK:0012\\"}"}',
        '{"a":"{\\"b\\":\\"{\\\\\\"smsMsgId\\\\\\":\\\\\\"a_1\\\\\\",'
        '\\\\\\"status\\\\\\":\\\\\\"MK:0012\\\\\\"}\\"}"}',
    ],
)
def test_one_record_is_the_same_in_every_notation(text):
    assert cut(text, NAMES) == [RECORD]


def test_a_table_gives_a_record_for_each_row():
    text = "说明\n接收号码,模板ID,状态码\n138****5678,x,MK:0012\n138****0000,y,\n\nend"
    assert cut(text, NAMES) == [
        {"to": "138****5678", "templateId": "x", "status": "MK:0012", CONSOLE: "true"},
        {"to": "138****0000", "templateId": "y", "status": None, CONSOLE: "true"},
    ]


def test_cells_may_be_quoted_and_hold_the_delimiter():
    text = 'Recipient,Signature,Status Code\n"1","a, b","E200030"'
    assert cut(text, NAMES)[0]["signature"] == "a, b"


def test_a_line_with_commas_is_no_header():
    assert cut("status, to, and so on, please\na,b,c,d", NAMES) == []


def test_a_name_that_comes_again_begins_another_record():
    assert cut("status=a&to=1 status=b&to=2", NAMES) == [
        {"status": "a", "to": "1"},
        {"status": "b", "to": "2"},
    ]


def test_a_code_without_company_is_prose():
    assert cut("error code: E000101", NAMES) == []


def test_a_value_that_was_cut_off_is_left_out():
    assert cut('{"smsMsgId":"a_1","status":"MK:00', NAMES) == [{"smsMsgId": "a_1"}]
