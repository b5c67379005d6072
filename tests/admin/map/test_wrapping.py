"""Texts in lines of a given width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.admin.map.wrapping import shorten, wrap

texts = st.text(st.sampled_from("ab 信息x\n"), max_size=60)


def width(line):
    return sum(2 if letter in "信息" else 1 for letter in line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two three", ["one two", "three"]),
        ("one two three four", ["one two", "three f…"]),
        ("  one \n two ", ["one two"]),
        ("unbreakable", ["unbreak…"]),
        ("unbreakable one", ["unbreak…", "one"]),
        ("手机已经关机了", ["手机已经", "关机了"]),
        ("手机已经关机了还是", ["手机已经", "关机了…"]),
        ("SMS手机已经", ["SMS手机", "已经"]),
        ("re\u0301seau e\u0301te\u0301", ["re\u0301seau", "e\u0301te\u0301"]),
        ("Việt Nam có mạng", ["Việt Nam", "có mạng"]),
        ("👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻", ["👩‍💻👩‍💻👩‍💻👩‍💻", "👩‍💻"]),
    ],
)
def test_a_text_is_wrapped_between_words_and_cut_where_it_does_not_fit(text, lines):
    assert wrap(text, 8, 2) == lines


@given(texts, st.integers(4, 12), st.integers(1, 4))
def test_no_line_is_too_wide_and_there_are_not_too_many(text, units, most):
    lines = wrap(text, units, most)
    assert 1 <= len(lines) <= most
    assert all(width(line) <= units for line in lines)


@given(texts, st.integers(4, 12))
def test_nothing_is_lost_where_there_is_room_for_all(text, units):
    lines = wrap(text, units, 100)
    if not any("…" in line for line in lines):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_text_is_shortened_only_where_it_must_be():
    assert shorten("exactly so", 10) == "exactly so"
    assert shorten("exactly so", 9) == "exactly…"
