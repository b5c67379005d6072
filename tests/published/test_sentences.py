"""The search by sentences: what people type, and where in the shipped guides it must lead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.support import shipped
from wizard.published.live import live
from wizard.published.search import search

pytestmark = pytest.mark.django_db

LISTS = ("own", "handed", "later")
# Of each list: how many must come first, and among the first three.
FIRST = {"own": 0.9, "handed": 0.9, "later": 0.9}


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    first: frozenset[str]
    among: frozenset[str]


@cache
def sentences(name: str) -> tuple[Sentence, ...]:
    rows = yaml.safe_load((Path(__file__).parent / f"sentences/{name}.yaml").read_text())
    return tuple(map(sentence, rows))


def sentence(row: Mapping[str, object]) -> Sentence:
    first = frozenset(row.get("first", ()))
    return Sentence(str(row["text"]), first, first | frozenset(row.get("among", ())))


def places(text: str) -> list[str]:
    return [f"{match.guide}/{match.key}" for match in search(text)[:3]]


@pytest.fixture(autouse=True)
def _guides(db):
    shipped.publish()


@pytest.mark.parametrize("name", LISTS)
def test_nine_of_ten_sentences_lead_first_where_they_must(name):
    asked = [one for one in sentences(name) if one.first]
    astray = [
        (one.text, places(one.text)) for one in asked if not one.first & {*places(one.text)[:1]}
    ]
    assert len(astray) <= (1 - FIRST[name]) * len(asked), astray


@pytest.mark.parametrize("name", LISTS)
def test_every_sentence_finds_its_node_among_the_first_three(name):
    astray = [
        (one.text, places(one.text))
        for one in sentences(name)
        if not one.among & {*places(one.text)}
    ]
    assert not astray


def test_every_node_of_the_shipped_guides_says_what_people_call_it_in_both_languages():
    for guide in live.guides.values():
        chinese = guide.translations["zh-hans"]
        for node in (*guide.questions.values(), *guide.outcomes.values()):
            assert node.synonyms, node.key
            assert all(line in chinese for line in node.synonyms), node.key


def test_no_synonym_is_a_sentence_of_the_lists():
    asked = {one.text.lower() for name in LISTS for one in sentences(name)}
    said = {
        phrase.strip().lower()
        for guide in live.guides.values()
        for node in (*guide.questions.values(), *guide.outcomes.values())
        for line in node.synonyms
        for phrase in re.split("[,，、]", f"{line},{guide.translations['zh-hans'][line]}")
    }
    assert not asked & said
