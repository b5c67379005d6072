"""The first step: one writing for what looks the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.pasted.plain import as_typed, plain
from wizard.sms.personal import MAX_TEXT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｅ２０００３０", "E200030"),
        ("SC：0001", "SC:0001"),
        ("&quot;code&quot;&#58;1", '"code":1'),
        ("&amp;quot;x&amp;quot;", '"x"'),
        ("a=1&copy=2&reg=3", "a=1&copy=2&reg=3"),
        ("first\\nsecond", "first\nsecond"),
        ("\\u77ed\\u4fe1 \\u002b86", "短信 +86"),
        ('"\\u0022"', '"\\u0022"'),
        ("%7B%22code%22%3A1%7D", '{"code":1}'),
        ("status%3DMK%253A1%26x%3D2", "status=MK%3A1&x=2"),
        ("to=%2B86&status=x", "to=%2B86&status=x"),
        ("\ufeff E\u200b200030\u00a0", "E200030"),
    ],
)
def test_a_text_is_written_as_it_was_meant(text, expected):
    assert plain(text) == expected


def test_letters_that_look_alike_stay_apart_in_what_was_typed():
    assert plain("ＡE200030") == "AE200030"
    assert as_typed("ＡE200030") == "ＡE200030"
    assert as_typed("E２０００３０") == "E200030"


@settings(deadline=None)
@given(st.text())
def test_a_plain_text_is_never_longer_than_what_is_read(text):
    assert len(plain(text * 50)) <= MAX_TEXT


def test_signs_that_stand_for_a_sentence_make_no_text_longer():
    assert len(plain("ﷺ" * MAX_TEXT)) <= MAX_TEXT
