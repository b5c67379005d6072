"""The search: what is compared, what is found, what is shown of it, and what it costs."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import set_script_prefix
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.support import counting, shipped
from tests.support.guides import CALLS, DOCUMENT
from tests.support.guides import publish as publish_toy
from wizard.engine.document import compile_document
from wizard.engine.languages import read_in
from wizard.published.live import live
from wizard.published.search import search
from wizard.published.search.index import Index
from wizard.published.search.spelling import near_word
from wizard.published.search.words import MOST_TERMS, joined, spelt, terms

db = pytest.mark.django_db


def toy(**changes):
    """The toy guide with parts of its outcome "packed" changed."""
    outcomes = [
        {**one, **changes} if one["key"] == "packed" else one for one in DOCUMENT["outcomes"]
    ]
    return compile_document({**DOCUMENT, "outcomes": outcomes})


def best(guide, words):
    ranked = Index([guide]).rank(dict.fromkeys(terms(words), 1.0), joined(words))
    return ranked[0].node.key if ranked else ""


# --- terms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("delivered", "delivers"),
        ("blocked", "Blocking"),
        ("don’t", "don't"),
        ("ＳＭＳ", "sms"),
        ("关机", "关机了吗？"),
    ],
)
def test_forms_of_a_word_are_one_term(one, other):
    assert terms(one) == terms(other)


@pytest.mark.parametrize("text", ["", " \n", "the of and", "!?…", "的了吗", "\x00", "🙂"])
def test_what_says_nothing_has_no_terms(text):
    assert terms(text) == joined(text) == []


def test_two_words_and_one_that_is_written_together_meet():
    assert joined("white list") == terms("whitelist")
    assert joined("white, list") == []


@given(st.text(max_size=300))
def test_any_text_has_terms_of_letters_and_digits(text):
    for term in [*terms(text), *joined(text)]:
        assert term
        assert not {'"', " ", "*", "'"} & {*term}
    assert all(word.isascii() for word in spelt(text))


@given(st.text(max_size=120))
def test_any_text_can_be_looked_for(text):
    found = INDEX.rank(dict.fromkeys(terms(text), 1.0), joined(text))
    assert all(0 <= one.share <= 1.001 for one in found)


INDEX = Index([toy()])


# --- what counts ----------------------------------------------------------------------------------


def test_what_people_also_say_counts_more_than_a_title():
    words = "nobody wrapped it"
    assert best(toy(), words) == ""
    assert best(toy(synonyms=["wrapped"]), words) == "packed"
    both = toy(synonyms=["slip of paper, slip"])
    assert best(both, "slip") == "packed"


def test_synonyms_are_found_in_the_language_that_they_are_translated_into():
    document = {
        **DOCUMENT,
        "outcomes": [
            {**one, "synonyms": ["wrapped"]} if one["key"] == "packed" else one
            for one in DOCUMENT["outcomes"]
        ],
        "translations": {"zh-hans": [{"text": "wrapped", "translation": "打包"}]},
    }
    chinese = read_in(compile_document(document), "zh-hans")
    assert best(chinese, "还没打包") == "packed"


def test_notes_for_agents_are_not_found():
    assert best(toy(), "secret agent note") == ""


def test_what_nothing_leads_to_is_not_found():
    lost = {"key": "lost", "title": "Swallowed by a whale"}
    guide = compile_document({**DOCUMENT, "outcomes": [*DOCUMENT["outcomes"], lost]})
    assert best(guide, "whale") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recieve", "receive"),
        ("verfication", "verification"),
        ("templte", "template"),
        ("bread", ""),
        ("cod", ""),
        ("x" * 400, ""),
    ],
)
def test_a_mistyped_word_is_the_nearest_that_begins_alike(typed, meant):
    assert near_word(typed, ["verification", "receive", "template", "read", "code"]) == meant


# --- matches --------------------------------------------------------------------------------------


@pytest.fixture
def guides(db):
    shipped.publish()


def test_a_match_is_a_place_to_begin_at_without_an_answer_that_nobody_gave(guides):
    match = search("the phone was switched off")[0]
    assert (match.guide, match.key, match.kind) == ("sms-not-received", "phone-off", "outcome")
    assert parse_qs(urlsplit(match.url).query) == {"at": ["phone-off"]}
    assert match.snippet
    assert len(match.snippet) <= 160
    assert "*" not in match.snippet


def test_mistyped_words_are_found_and_sentences_about_other_things_are_not(guides):
    assert search("templte rejcted")[0].key == "template-rejected"
    for text in ("cheap flights to London", "我想订一张去北京的机票", "qwertz asdf", "", "?!"):
        assert search(text) == ()


def test_whoever_writes_chinese_is_answered_in_chinese_on_every_page(guides):
    match = search("对方手机关机了")[0]
    assert match.key == "phone-off"
    assert match.language == "zh-hans"
    assert match.title == chinese_title(match.key)
    assert match.url == "/zh-hans/guides/sms-not-received/?at=phone-off"


def chinese_title(key):
    with translation.override("zh-hans"):
        return live.get("sms-not-received").title_of(key)


def test_english_on_a_chinese_page_is_answered_in_chinese(guides):
    set_script_prefix("/zh-hans/")
    try:
        with translation.override("zh-hans"):
            match = search("PasswordDigest of X-WSSE")[0]
    finally:
        set_script_prefix("/")
    assert match.key == "wsse-digest"
    assert match.language == "zh-hans"
    assert match.url == "/zh-hans/guides/sms-api-call-fails/?at=wsse-digest"


def test_a_code_alone_leads_to_its_page_and_beside_words_it_comes_along(guides):
    [match] = search("E200030")
    assert (match.kind, match.url) == ("code", "/codes/E200030/")
    code, node, *_others = search("EXPIRED")
    assert (code.kind, node.key) == ("code", "expired")
    assert search("expired")[0].key == "expired"
    first = search("the template was rejected, E200030")[0]
    assert first.kind == "code"
    assert search("status says DELIVRD but the phone has nothing")[0].kind == "question"


def test_the_same_cause_in_another_guide_comes_after_all_others(guides):
    keys = [match.key for match in search("IP whitelist", limit=50)]
    assert keys[0] == "ip-allow-list"
    assert "ip-allow-list" in keys[2:]


@db
def test_a_title_of_the_guide_is_named_where_there_are_several():
    publish_toy()
    assert {match.guide_title for match in search("packed")} == {""}
    publish_toy(CALLS)
    assert {match.guide_title for match in search("packed")} == {DOCUMENT["guide"]["title"]}


# --- cost -----------------------------------------------------------------------------------------


def test_texts_are_made_searchable_once_for_each_language_and_publication(guides, monkeypatch):
    search("phone off")
    search("关机")
    made = counting.counted(monkeypatch, Index, lambda guides: None)
    for address in ("/", "/en/", "/zh-hans/"):
        set_script_prefix(address)
        search("phone off")
        search("关机")
    set_script_prefix("/")
    assert not made


@pytest.mark.parametrize(
    "text",
    [
        "验" * 20_000,
        "".join(map(chr, range(0x4E00, 0x9000))),
        "zqxj " * 9_000,
        "a" * 20_000,
        " ".join(f"zqxj{number}" for number in range(9_000)),
        "ﷺ" * 20_000,
    ],
)
def test_a_long_text_costs_no_more_than_a_short_one(guides, monkeypatch, text):
    asked = []
    hits = Index._hits
    monkeypatch.setattr(Index, "_hits", lambda self, term: asked.append(term) or hits(self, term))
    search(text)
    assert len(asked) <= 2 * MOST_TERMS


def test_threads_may_search_at_once():
    found = []

    def look():
        found.extend(INDEX.rank({"pack": 1.0}, [])[0].node.key for _ in range(50))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["packed"] * 200
