"""Guide files: what is written is read again, and what is hostile or ambiguous is refused."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import sound_documents, toy
from wizard.authoring import files
from wizard.engine.document import DocumentError, compile_document

many = settings(max_examples=150, deadline=None)


def titled(yaml: str) -> str:
    """The title of a guide whose file has this text in its place."""
    text = f"format: 1\nguide:\n  slug: toy\n  title: {yaml}\n"
    return compile_document(files.parse(text)).title


def refused(text: str) -> str:
    """The words with which a text is refused, by the reader or as a document."""
    with pytest.raises(DocumentError) as found:
        compile_document(files.parse(text))
    words = str(found.value)
    assert words.encode()
    return words


# --- there and back -------------------------------------------------------------------------------

AWKWARD = [
    "yes", "no", "on", "off", "null", "~", "true", "=", "<<", "2026-11-23", "2026-1-5", "1:30",
    "12:30:45.6", "0123", "0x1F", "0b1", "1_000", "1e3", ".5", ".inf", ".nan", "-", "- a", "? a",
    "a: b", "a #b", "# a", "!a", "&a", "*a", "%a", "@a", "`a", "|", ">", "'", '"', "[", "{", "\\",
    " a", "a ", "a\n", "\na", "a\n\n b\n", "a\tb", "\ta", "---", "...", "--- a\n...\nb",
    "\u2028", "a\u2029b", "\ufeff", "\u200b", "\U0001f600", "\U0010ffff", "é\u0301", "a" * 300,
    "a b " * 60, "a \n b \n",
]  # fmt: skip
characters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.one_of(st.sampled_from(AWKWARD), st.text(characters | st.sampled_from("\n\t -#:'\"|>")))


@many
@given(texts, texts)
def test_any_text_and_name_survives_both_forms(name, text):
    document = {"text": text, "list": [text, text], "rows": [{name: text}]}
    for form in ("yaml", "json"):
        assert files.parse(files.dump(document, form)) == document


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_texts_that_yaml_finds_awkward_survive(text, form):
    document = {text: text, "list": [text]}
    assert files.parse(files.dump(document, form)) == document


@settings(max_examples=20, deadline=None)
@given(sound_documents())
def test_whole_guides_survive_both_forms_with_the_same_digest(document):
    digest = compile_document(document).digest
    for form in ("yaml", "json"):
        again = files.parse(files.dump(document, form))
        assert again == document
        assert compile_document(again).digest == digest


def test_a_part_that_stands_at_two_places_is_written_twice():
    shared = ["the message ID"]
    text = files.dump({"a": shared, "b": shared})
    assert files.parse(text) == {"a": shared, "b": shared}


def test_long_texts_are_written_as_readable_blocks():
    assert "text: |-\n  one\n  two\n" in files.dump({"text": "one\ntwo"})


# --- what an author means -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-1-5",
        "2026-11-23 10:00:00",
        "1:30",
        "000000",
        "0x1F",
        "1_000",
        "1.50",
        "1e3",
        ".5",
        ".inf",
        ".nan",
        "190:20:30.15",
        "+7",
    ],
)
def test_what_yaml_takes_for_a_date_or_an_odd_number_stays_the_text_that_it_is(text):
    assert titled(text) == text


@pytest.mark.parametrize("text", ["yes", "No", "on", "true", "null", "~", "", "7", "-7", "[a]"])
def test_what_yaml_takes_for_something_else_is_refused_where_a_text_stands(text):
    assert "guide: title must be text" in refused(
        f"format: 1\nguide: {{slug: toy, title: {text}}}\n"
    )


def test_a_date_is_a_date_where_one_is_meant():
    codes = "codes: [{code: 000000, checked_on: 2026-11-23}]"
    row = compile_document(files.parse(f"format: 1\nguide: {{slug: toy}}\n{codes}"))
    assert row.catalogue.codes[0].checked_on.isoformat() == "2026-11-23"
    assert row.catalogue.codes[0].code == "000000"


def test_a_byte_order_mark_is_no_part_of_the_file():
    assert files.parse("\ufeffformat: 1") == {"format": 1}
    assert files.parse('\ufeff{"text": "\\ud83d\\ude00"}') == {"text": "\U0001f600"}


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\nformat: 1",
        "guide: {slug: a, slug: b}",
        "guide: {slug: a, 'slug': b}",
        "questions:\n  - key: a\n    text: b\n    key: c",
        '{"guide": {"slug": "a", "slug": "b"}}',
        '{"questions": [{"key": "a", "key": "a"}]}',
        "1: a\n'1': b",
    ],
)
def test_a_name_that_stands_twice_is_refused_not_silently_the_last(text):
    assert "stands twice" in refused(text)


def test_a_merge_key_cannot_slip_a_name_in_twice():
    assert "unknown part '<<'" in refused("format: 1\nguide: {slug: a, <<: {slug: b}}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "named parts"),
        ("text", "named parts"),
        ("- a", "named parts"),
        ("[]", "named parts"),
        ("null", "named parts"),
        ("{", "not readable"),
        ("a: 1\n---\nb: 2", "not readable"),
        ("? [a, b]\n: c", "not readable"),
        ("? {a: b}\n: c", "not readable"),
        ("a: =", "not readable"),
        ("a: 'x\x00'", "not readable"),
        ("a: 'x\ud800'", "not readable"),
        ("a: &x [b]\nc: *x", "aliases"),
        ("a: &x [*x]", "aliases"),
        ("a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)), "aliases"),
        ("a: " + "[" * 100_000, "nested too deeply"),
        ("a: " + "[" * 600 + "]" * 600, "nested too deeply"),
        ("- " * 100, "nested too deeply"),
        ("a: [" + "x," * 500_001 + "]", "too many parts"),
        ("a: 2026-99-99", "not readable"),
        ("a: " + "9" * 5_000, "not readable"),
    ],
)
def test_a_text_that_is_no_guide_file_is_refused_in_words(text, words):
    assert words in refused(text)


@pytest.mark.parametrize(
    "tagged",
    [
        "!!python/object/apply:os.system [id]",
        "!!python/name:os.system",
        "!mine x",
        "!!set {}",
        "!!binary ''",
        "!!bool maybe",
        "!!timestamp soon",
        "!!float '1:1'",
        "!!int 'x'",
        "! x",
        "!!omap [a: b]",
        "!!pairs [a: b]",
        "!!map x",
        "!!seq x",
        "!!str [x]",
    ],
)
def test_tags_are_refused(tagged):
    assert "not readable" in refused(f"format: 1\nguide: {{slug: a}}\nquestions: {tagged}")


@pytest.mark.parametrize(
    "value",
    ["[" * depth + "]" * depth for depth in (30, 400, 600, 900, 100_000)]
    + ["9" * 5_000, "1e999", "NaN", "-Infinity", '"\\ud800"', '{"\\ud800": 1}', "{}", "0", "false"],
)
def test_whatever_json_holds_is_refused_in_words(value):
    assert refused('{"format": 1, "guide": {"slug": "a"}, "questions": ' + value + "}")


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    assert "larger than 5 MB" in refused("#" * (files.MAX_BYTES + 1))
    assert "larger than 5 MB" in refused("短" * (files.MAX_BYTES // 3 + 1))


@pytest.mark.parametrize(
    "text", ["1" + ":1" * 200_000, "1" + ":1" * 200_000 + ".5", "0x" + "f" * 9999]
)
def test_a_number_that_takes_forever_to_reckon_is_not_reckoned(text):
    began = time.process_time()
    assert titled(text) == text
    assert time.process_time() - began < 2


@many
@given(st.text(st.sampled_from("ab1:-?[]{}#&*!|>'\"%@ \n\t,.~=<\x00\ud800é"), max_size=40))
def test_no_text_breaks_the_reader(text):
    try:
        document = files.parse(text)
    except DocumentError:
        return
    assert json.loads(json.dumps(document)) == document


# --- several files --------------------------------------------------------------------------------


def test_a_guide_is_spread_over_files(tmp_path):
    whole = toy()
    for name in ("codes", "guide", "outcomes"):
        (tmp_path / f"{name}.yaml").write_text(files.dump({name: whole.pop(name)}))
    (tmp_path / "rest.yaml").write_text(files.dump(whole))
    assert files.read(sorted(tmp_path.iterdir())) == toy()


def test_a_part_that_two_files_hold_is_refused_not_silently_the_last(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text("format: 1\ncodes: []")
    with pytest.raises(DocumentError, match="'codes' stands in more than one file"):
        files.read(sorted(tmp_path.iterdir()))


def test_every_shipped_guide_can_be_read():
    assert all(compile_document(document) for document in files.shipped())


def test_the_shipped_guides_stand_in_the_order_that_is_written_down_beside_them(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(files, "SHIPPED", tmp_path)
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
    assert [folder.name for folder in files.folders()] == ["a", "b", "c", "d"]
    (tmp_path / "order.txt").write_text("c\nb\n")
    assert [folder.name for folder in files.folders()] == ["c", "b", "a", "d"]


def test_every_shipped_guide_has_its_place_in_the_order():
    named = (files.SHIPPED / "order.txt").read_text().split()
    assert named == [document["guide"]["slug"] for document in files.shipped()]
