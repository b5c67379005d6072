"""What texts are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.engine.texts import CONTROL, plain


@pytest.mark.parametrize(
    "character", ["\x00", "\x08", "\x0b", "\r", "\x1f", "\x7f", "\x85", "\x9f", "\uffff", "\ud800"]
)
def test_what_no_author_means_is_found(character):
    assert CONTROL.search(f"a{character}b")


@pytest.mark.parametrize("character", ["\t", "\n", " ", "~", "\xa0", "\u2028", "\ufffd", "短"])
def test_what_authors_write_is_no_control_character(character):
    assert not CONTROL.search(f"a{character}b")


@given(st.lists(st.text(st.characters(exclude_characters="\r\n")), min_size=1))
def test_a_text_counts_the_same_whatever_its_lines_end_with(lines):
    assert plain("\r\n".join(lines)) == plain("\n".join(lines)) == plain("\r".join(lines))
