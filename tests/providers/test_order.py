"""Whose a text is: sure signs first, and no sign where others use the same names."""

import pytest

from wizard.engine import lists
from wizard.pasted.reader import read
from wizard.providers.aws.codes import CAUSES as AWS
from wizard.providers.base import PROVIDERS, PlainText
from wizard.providers.causes import CAUSES
from wizard.providers.order import ORDER
from wizard.providers.tencent.codes import CAUSES as TENCENT
from wizard.providers.twilio.codes import CAUSES as TWILIO
from wizard.wording import providers as words


@pytest.mark.parametrize(
    "text",
    [
        '{"Code":"OK","RequestId":"819BE656-D2E0-4858-8B21-B2E477085AAF"}',
        '{"Response":{"Error":{"Code":"FailedOperation","Message":"x"}}}',
        '{"code":21211,"status":400}',
        "30003",
        '{"status":"failed","to":"447700900000","messageId":"x"}',
        "MessageStatus=sent",
        "result: 10",
    ],
)
def test_names_and_numbers_that_many_use_are_no_sign(text):
    assert read(text).provider == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"smsMsgId":"a_1","status":"MK:0001","source":"2","sequence":"1"} via twilio-proxy',
        'aliyun-host-1 {"originTo":"+8613800005678","smsMsgId":"a_1","status":"000000"}',
    ],
)
def test_two_fields_of_huawei_count_more_than_a_name_around_them(text):
    assert read(text).provider == "huawei"


def test_no_reader_takes_an_empty_text():
    assert not [found for reader in ORDER if (found := reader(PlainText("", [])))]


def test_a_state_that_is_not_final_comes_before_any_code_beside_it():
    text = "MessageSid=SM0000000000000000000000000000000b&MessageStatus=sent&ErrorCode=30007"
    assert [(seen.code, seen.cause) for seen in read(text).codes] == [("30007", "not-final")]


def test_a_number_of_a_receipt_is_another_than_that_of_the_send_call():
    receipt = "msisdn=447700900000&to=Acme&scts=2611261015&status=failed&err-code=9"
    answer = "vonage: Sms.send_message method failed with error code 9: x"
    causes = [read(text).codes[0].cause for text in (receipt, answer)]
    assert causes == ["recipient-opted-out", "billing"]


def test_a_code_that_nobody_knows_has_no_cause():
    seen = read("twilio error code: 39999").codes[0]
    assert (seen.code, seen.cause) == ("39999", "")


@pytest.mark.parametrize("table", [AWS, TENCENT, TWILIO])
def test_tables_use_the_causes_of_the_closed_list(table):
    assert set(table.values()) <= set(CAUSES)


def test_every_provider_and_every_cause_has_its_words():
    assert set(words.PROVIDERS) == set(PROVIDERS)
    assert set(words.CAUSES) == set(CAUSES)


def test_the_text_of_a_message_is_read_nowhere():
    text = "id:7 stat:UNDELIV err:005 text:Your code is 482913"
    told = str(read(text))
    assert "482913" not in told


def test_every_cause_of_a_providers_code_is_one_that_guides_can_lead():
    assert set(CAUSES) <= set(lists.CAUSES)
