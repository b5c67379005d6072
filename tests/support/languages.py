"""Both languages of the site for a test: its addresses, and what its pages say in each."""

import re
from typing import Final

import pytest
from django.utils import translation

from tests.support.guides import CHINESE

PREFIXES: Final = {"en": "", "zh-hans": "/zh-hans"}
"""Before an address. English is what a browser without a wish of its own gets."""

in_both_languages = pytest.mark.parametrize("language", PREFIXES, indirect=True)


def say(text: str, language: str, **words: object) -> str:
    """A text of the interface or of the toy guide, written in English here, in a language."""
    if language == "en":
        return text % words if words else text
    with translation.override(language):
        said = CHINESE.get(text) or translation.gettext(text)
    assert said != text or not re.search("[a-z]", text), f"not in {language}: {text}"
    return said % words if words else said
