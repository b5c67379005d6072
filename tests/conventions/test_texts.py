"""The texts of the interface, and their Chinese."""

import os
import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from smsdoctor.checks import translations_are_built
from tests.support import texts

MARKUP = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}|<[^>]*>|`[^`]*`|https?://|&\w+;")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;!?()][\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def said():
    return texts.found()


@pytest.fixture(scope="module")
def kept():
    return texts.kept()


def test_every_text_of_the_interface_is_in_chinese_too(said, kept):
    translated = {english for english, chinese in texts.pairs(kept) if chinese.strip()}
    missing = [english[0] for english, _none in texts.pairs(said) if english not in translated]
    assert missing == [], "after `make messages` these stand in the .po with nothing beside them"


def test_no_translation_is_kept_that_nothing_says_any_more(said, kept):
    wanted = {english for english, _none in texts.pairs(said)}
    assert [english[0] for english, _chinese in texts.pairs(kept) if english not in wanted] == []


def test_the_file_is_as_it_would_be_written_now():
    now = texts.brought_up_to_date()
    assert texts.CHINESE.read_bytes() == texts.as_po(now), "make messages"


# --- building what Django reads -------------------------------------------------------------------


def test_the_site_says_what_stands_in_the_file(kept):
    plain = {m.id: m.string for m in kept if m.id and not m.context and not m.pluralizable}
    with translation.override("zh-hans"):
        assert {english: gettext(english) for english in plain} == plain


def test_the_site_says_that_texts_are_not_built(settings, tmp_path):
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    (folder / "django.po").touch()
    (error,) = translations_are_built()
    assert "zh_Hans" in error.msg
    (folder / "django.mo").touch()
    assert translations_are_built() == []


def test_texts_are_built_again_only_when_they_have_changed(monkeypatch, tmp_path):
    po = tmp_path / "django.po"
    po.write_bytes(texts.CHINESE.read_bytes())
    monkeypatch.setattr(texts, "CHINESE", po)
    built = po.with_suffix(".mo")
    texts.build()
    assert built.stat().st_size > 10_000
    built.write_bytes(b"as it was")
    texts.build()
    assert built.read_bytes() == b"as it was"
    os.utime(built, (0, 0))
    texts.build()
    assert built.stat().st_size > 10_000


def test_placeholders_and_markup_stand_in_both_languages(kept):
    for english, chinese in texts.pairs(kept):
        assert set(MARKUP.findall(chinese)) == set(MARKUP.findall(english[-1])), english[0]


def test_chinese_has_the_punctuation_of_its_own(kept):
    narrow = [chinese for _english, chinese in texts.pairs(kept) if HALF_WIDTH.search(chinese)]
    assert narrow == []


def test_a_sentence_in_chinese_ends_where_the_english_one_does(kept):
    for english, chinese in texts.pairs(kept):
        if re.search(r"\w\.$", english[0]):
            assert chinese.endswith("。"), english[0]


# --- finding them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('_("One")', "One"),
        ('gettext_lazy("One")', "One"),
        ('_("One " "and more")', "One and more"),
        ('ngettext("One", "Many", n)', ("One", "Many")),
        ('ngettext_lazy("One", "Many", "count")', ("One", "Many")),
    ],
)
def test_texts_are_found_in_code(line, found):
    assert texts.in_code(f"def f():\n    return {line}\n") == [(found, None)]


def test_the_context_of_a_text_is_found_with_it():
    assert texts.in_code('pgettext("state", "Open")') == [("Open", "state")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{% translate "One" %}', "One"),
        ("{% include 'a.html' with words=_('One') only %}", "One"),
        ('{{ at|date:_("j F") }}', "j F"),
        ("{% blocktranslate with n=name %}To {{ n }}{% endblocktranslate %}", "To %(n)s"),
        (
            "{% blocktranslate count n=some|length %}{{ n }} one{% plural %}{{ n }} many"
            "{% endblocktranslate %}",
            ("%(n)s one", "%(n)s many"),
        ),
    ],
)
def test_texts_are_found_in_templates(line, found):
    page = f'<p>\n      It\'s "here": {{# no text #}}\n  {line}\n    </p>\n'
    assert texts.in_template(page) == [(found, None)]


# --- keeping them ---------------------------------------------------------------------------------


def test_a_new_text_gets_no_translation_of_one_that_looks_alike(monkeypatch):
    old = texts.Texts()
    old.add("Open the case", "打开问题单")
    old.add("Close the case", "关闭问题单")
    new = texts.Texts()
    new.add("Open the cases")
    new.add("Close the case")
    monkeypatch.setattr(texts, "kept", lambda: old)
    monkeypatch.setattr(texts, "found", lambda: new)
    found = dict(texts.pairs(texts.brought_up_to_date()))
    assert found == {("Open the cases",): "", ("Close the case",): "关闭问题单"}
