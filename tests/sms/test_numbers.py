"""Phone numbers: one hash for all writings of one number, and no way back."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.sms.numbers import mask, normalised, region_of
from wizard.sms.recipients import recipient_hash


@pytest.mark.parametrize(
    "number",
    [
        "+8613800000000",
        "8613800000000",
        "13800000000",
        "008613800000000",
        "+86 138 0000 0000",
        "+86-138-0000-0000",
        " 138 0000 0000 ",
        "(+86) 138.0000.0000",
    ],
)
def test_every_writing_of_a_mainland_number_is_the_same_number(number):
    assert normalised(number) == "8613800000000"
    assert recipient_hash(number) == recipient_hash("+8613800000000")


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("+447700900123", "447700900123"),
        ("00447700900123", "447700900123"),
        ("447700900123", "447700900123"),
        ("+13800000000", "13800000000"),  # +1, not mainland
        ("07700900123", "07700900123"),
        ("12345", "12345"),
        ("1380000000", "1380000000"),
        ("138000000000", "138000000000"),
    ],
)
def test_other_numbers_stay_as_they_are(number, digits):
    assert normalised(number) == digits


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("13800000000", "mainland"),
        ("008613800000000", "mainland"),
        ("+1 380 000 0000", "international"),
        ("07700900123", ""),
        ("", ""),
    ],
)
def test_a_masked_number_belongs_where_the_number_does(number, region):
    assert region_of(number) == region_of(mask(number)) == region


def test_an_american_number_is_not_a_mainland_number_of_the_same_digits():
    assert recipient_hash("+13800000000") != recipient_hash("13800000000")


@pytest.mark.parametrize(
    "number", ["", " ", "+", "()", "138****0000", "+86 138****0000", "abc", "1a"]
)
def test_what_is_no_whole_number_has_no_hash(number):
    assert normalised(number) == ""
    assert recipient_hash(number) == ""


def test_the_hash_is_keyed(settings):
    settings.RECIPIENT_HASH_KEY = "k" * 32
    expected = hmac.new(b"k" * 32, b"8613800000000", hashlib.sha256).hexdigest()
    assert recipient_hash("13800000000") == expected
    settings.RECIPIENT_HASH_KEY = "j" * 32
    assert recipient_hash("13800000000") != expected


@given(st.from_regex(r"\A(\+|00)?[0-9]{3,21}\Z"), st.data())
def test_separators_change_neither_the_hash_nor_the_mask(number, data):
    at = data.draw(st.integers(3, len(number)))
    written = f"{number[:at]} {number[at:]}"
    assert recipient_hash(written) == recipient_hash(number)
    assert mask(written) == mask(number)


@given(st.text())
def test_no_text_breaks_it(text):
    assert normalised(text) == "" or normalised(text).isdigit()
    assert len(recipient_hash(text)) in (0, 64)
