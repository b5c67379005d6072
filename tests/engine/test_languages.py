"""A guide in another language: the same tree, other words."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import NOON, answers, evidences, guides, sound_documents, toy
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.languages import _FIELDS, Untranslated, missing, read_in, texts, untranslated
from wizard.engine.snapshot import Outcome, Snapshot
from wizard.engine.walk import walk

many = settings(max_examples=60, deadline=None)


def translated(document, among=lambda text: True) -> Snapshot:
    """A document with a translation for each text, or for some: the text between brackets."""
    every = {one.text for one in texts(compile_document(document))}
    pairs = [{"text": text, "translation": f"[{text}]"} for text in sorted(every) if among(text)]
    return compile_document({**document, "translations": {"zh-hans": pairs}})


@many
@given(sound_documents())
def test_every_text_of_every_node_is_read_in_its_translation(document):
    chinese = read_in(translated(document), "zh-hans")
    written = [one.text for one in texts(compile_document(document))]
    assert [one.text for one in texts(chinese)] == [f"[{text}]" for text in written]
    assert not missing(translated(document), "zh-hans")
    assert not untranslated(*chinese.questions.values(), *chinese.outcomes.values())


@many
@given(sound_documents(), answers(), evidences())
def test_a_walk_goes_the_same_way_in_every_language(document, given_answers, evidence):
    written = translated(document)
    chinese = read_in(written, "zh-hans")

    def way(snapshot):
        found = walk(snapshot, given_answers, evidence, NOON)
        node = getattr(found.at, "question", None) or getattr(found.at, "outcome", None)
        return found.answers, [type(step) for step in found.trail], node and node.key

    assert way(chinese) == way(written)
    assert chinese.digest == written.digest


@many
@given(guides(), st.sampled_from(["zh-hans", "de"]))
def test_what_is_not_translated_is_shown_as_it_was_written_and_says_so(guide, language):
    found = read_in(guide, language)
    assert list(texts(found)) == list(texts(guide))
    assert all(isinstance(one.text, Untranslated) for one in texts(found))
    assert all(one.text.language == "en" for one in texts(found))
    assert missing(guide, language) == list(texts(guide))


def test_a_guide_in_its_own_language_is_itself():
    guide = compile_document(toy())
    assert read_in(guide, "en") is guide
    assert missing(guide, "en") == []


def test_a_guide_can_be_written_in_another_language_than_english():
    document = toy()
    document["guide"]["language"] = "zh-hans"
    guide = compile_document(document)
    assert read_in(guide, "zh-hans") is guide
    assert missing(guide, "en")


def test_a_text_that_has_been_changed_has_no_translation():
    document = toy()
    pairs = [{"text": "Is there a report?", "translation": "有报告吗？"}]
    document["translations"] = {"zh-hans": pairs}
    assert read_in(compile_document(document), "zh-hans").questions["report"].text == "有报告吗？"
    document["questions"][0]["text"] = "Is there any report?"
    changed = read_in(compile_document(document), "zh-hans").questions["report"]
    assert changed.text == "Is there any report?"
    assert untranslated(changed)


@pytest.mark.parametrize(
    ("translation", "taken"),
    [
        ("https://example.com/zh", True),
        ("javascript:alert(1)", False),
        ("//elsewhere.example", False),
        ("https://", False),
        ("看这里", False),
    ],
)
def test_a_link_has_a_page_of_the_language_where_there_is_a_secure_one(translation, taken):
    document = toy()
    document["outcomes"][0]["steps"][0]["link"] = "https://example.com/en"
    pairs = [{"text": "https://example.com/en", "translation": translation}]
    document["translations"] = {"zh-hans": pairs}
    guide = compile_document(document)
    (step,) = read_in(guide, "zh-hans").outcomes["junk"].steps
    assert step.link == (translation if taken else "https://example.com/en")
    assert read_in(guide, "en").outcomes["junk"].steps[0].link == "https://example.com/en"


def test_what_agents_alone_read_is_not_missed_by_customers():
    document = toy()
    document["questions"][0]["agent_note"] = "Ask twice."
    guide = translated(document, among=lambda text: text != "Ask twice.")
    question = read_in(guide, "zh-hans").questions["report"]
    assert isinstance(question.agent_note, Untranslated)
    assert not untranslated(question)


@pytest.mark.parametrize(
    "translations",
    [
        {"Chinese": []},
        {"zh-hans": {"Yes": "是"}},
        {"zh-hans": [{"text": "Yes"}]},
        {"zh-hans": [{"text": "", "translation": "是"}]},
        {"zh-hans": [{"text": "Yes", "translation": "是", "note": "x"}]},
        {"zh-hans": [{"text": "Yes", "translation": "是"}] * 2},
        {"zh-hans": [{"text": "Yes", "translation": 1}]},
    ],
)
def test_translations_of_another_form_are_refused(translations):
    with pytest.raises(DocumentError, match="translations"):
        compile_document({**toy(), "translations": translations})


def test_every_field_that_holds_words_is_translated():
    """A new field of text has to be told apart from keys, choices and addresses."""
    plain = {
        "key", "kind", "catalogue", "fact", "covers", "certainty", "stopped_at", "next_actor",
        "otherwise", "hand_over", "sources", "audience", "link", "code", "namespace", "source",
        "region", "to", "unsure", "rules", "bad_rules", "answers", "steps_of", "checked_on",
        "come_back_minutes", "slug", "start", "digest", "language", "questions", "outcomes",
        "translations", "cause", "carrier", "retry", "confidence",
    }  # fmt: skip
    for made, names in _FIELDS.items():
        # Of a snapshot they are its parts, of a code words.
        apart = plain | ({"steps"} if made is Outcome else set())
        apart |= {"causes"} if made is Snapshot else set()
        assert {field.name for field in dataclasses.fields(made)} - apart == set(names), made


def test_what_only_the_search_reads_leaves_no_page_half_translated():
    guide = compile_document(
        {
            "format": 1,
            "guide": {"slug": "g", "start": "q"},
            "questions": [{"key": "q", "synonyms": ["no battery"]}],
        }
    )
    question = read_in(guide, "zh-hans").questions["q"]
    assert isinstance(question.synonyms[0], Untranslated)
    assert not untranslated(question)
