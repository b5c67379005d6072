"""From the document to the snapshot: tolerant of what a draft lacks, strict about form."""

import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import guides, outcome, snapshot, sound_documents, sound_guides, toy
from wizard.engine.document import DocumentError, compile_document, digest_of, title_in_document
from wizard.engine.snapshot import Snapshot


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "format"),
        ({"guide": None}, "guide"),
        ({"guide": {"slug": "Not A Key"}}, "key"),
        ({"guide": {"slug": "x", "colour": "red"}}, "unknown part 'colour'"),
        ({"colour": "red"}, "unknown part 'colour'"),
        ({"questions": ["x"]}, "named parts"),
        ({"questions": [{}]}, "key is missing"),
        ({"questions": [{"key": "A"}]}, "key"),
        ({"questions": [{"key": "a" * 61}]}, "key"),
        ({"questions": [{"key": "a", "kind": "essay"}]}, "kind is one of"),
        ({"questions": [{"key": "a", "text": 5}]}, "text must be text"),
        ({"questions": [{"key": "a", "text": "\x00"}]}, "control character"),
        ({"questions": [{"key": "a", "text": "\ud800"}]}, "control character"),
        ({"questions": [{"key": "a"}, {"key": "a"}]}, "stands twice"),
        ({"questions": [{"key": "junk"}]}, "stands twice"),
        ({"questions": [{"key": "a", "answers": [{"key": "b"}, {"key": "b"}]}]}, "stands twice"),
        ({"questions": [{"key": "a", "answers": [{"key": "b", "unsure": 1}]}]}, "true or false"),
        ({"questions": [{"key": "a", "covers": "S1"}]}, "list of texts"),
        ({"questions": [{"key": "a", "covers": ["two\nlines"]}]}, "one line"),
        ({"outcomes": [{"key": "a", "come_back_minutes": -1}]}, "whole number"),
        ({"outcomes": [{"key": "a", "come_back_minutes": True}]}, "whole number"),
        ({"outcomes": [{"key": "a", "steps": [{"colour": "red"}]}]}, "unknown part"),
        ({"codes": [{"code": "<b>"}]}, "a code is letters"),
        ({"codes": [{"code": "E1", "namespace": "x"}]}, "namespace is one of"),
        ({"codes": [{"code": "E1"}, {"code": "e1"}]}, "stands twice"),
        ({"codes": [{"code": "E1", "checked_on": "soon"}]}, "date"),
        ({"codes": [{"code": "E1", "checked_on": 5}]}, "date"),
    ],
)
def test_a_document_of_the_wrong_form_is_refused_naming_the_part(changes, words):
    with pytest.raises(DocumentError) as refused:
        compile_document(toy(**changes))
    assert words in str(refused.value)


def refusal(document: Any) -> str:
    """The words with which a document is refused, "" if it is not."""
    try:
        compile_document(document)
    except DocumentError as error:
        return str(error)
    return ""


def nested(depth: int) -> list[Any]:
    """A list in a list in a list ..."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "hostile",
    [nested(100_000), 10**5000, -(10**5000), "\ud800", "x" * 10_000, float("nan"), b"", set(), ()],
    ids=["deep", "huge", "low", "surrogate", "long", "nan", "bytes", "set", "tuple"],
)
@pytest.mark.parametrize(
    "path",
    [
        "format", "guide", "guide.slug", "guide.title", "questions", "questions.0",
        "questions.0.key", "questions.0.kind", "questions.0.answers", "questions.0.answers.0.key",
        "questions.0.answers.0.rules", "questions.0.answers.0.rules.0", "questions.1.unsure",
        "outcomes.0.steps", "outcomes.0.come_back_minutes", "codes.0.code", "codes.0.checked_on",
        "codes.0.namespace", "codes.0.causes",
    ],
)  # fmt: skip
def test_what_is_hostile_is_refused_in_few_words_that_a_page_can_show(path, hostile):
    document = toy()
    put(document, path, hostile)
    words = refusal(document)
    assert len(words.encode()) < 300
    # A long text is the database's business; an empty list may be of another type.
    assert words or hostile in ((), "x" * 10_000)


@pytest.mark.parametrize(
    "name",
    ["\ud800", 10**5000, None, "x" * 10_000, ("a", "b")],
    ids=str.split("surrogate huge none long pair"),
)
@pytest.mark.parametrize("path", ["guide", "questions.0", "questions.0.answers.0", "codes.0"])
def test_a_part_with_a_hostile_name_is_refused_in_few_words(path, name):
    document = toy()
    part = document
    for step in path.split("."):
        part = part[int(step) if step.isdigit() else step]
    part[name] = 1
    with pytest.raises(DocumentError, match="unknown part") as refused:
        compile_document(document)
    assert len(str(refused.value)) < 300
    assert str(refused.value).encode()


@pytest.mark.parametrize("form", [True, 1.0, "1", None, 0, 2])
def test_only_the_whole_number_one_is_the_format(form):
    with pytest.raises(DocumentError, match="format: expected 1"):
        compile_document(toy(format=form))


@pytest.mark.parametrize("name", ["questions", "outcomes", "codes"])
def test_parts_may_be_missing_or_null_but_no_other_nothing(name):
    without = {key: part for key, part in toy().items() if key != name}
    assert compile_document(without).slug == compile_document({**without, name: None}).slug
    for nothing in ("", 0, False, {}):
        with pytest.raises(DocumentError, match="must be a list"):
            compile_document({**without, name: nothing})


def put(document: Any, path: str, value: Any) -> None:
    """Set the part at a path such as `questions.0.key`."""
    *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
    for name in way:
        document = document[name]
    document[last] = value


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what holds a part, and under which name or number."""
    for name in part if isinstance(part, dict) else range(len(part)):
        yield part, name
        if isinstance(part[name], dict | list):
            yield from places(part[name])


leaves = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 10**400, float("nan"), 1e308]),
    st.sampled_from(
        ["", "a", "junk", "Not a key", "\x00", "\ud800", "a\nb", "E1", "*", "2026-11-23"]
    ),
)
NAMES = ["format", "guide", "questions", "answers", "steps", "rules", "key", "code", "to", "\ud800"]
values: Any = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_document_it_is_a_snapshot_or_refused_in_words(data):
    document = {"whole": toy()}
    for _ in range(data.draw(st.integers(1, 3))):
        holder, name = data.draw(st.sampled_from(list(places(document))))
        holder[name] = data.draw(values)
    words = refusal(document["whole"])
    assert words.encode() or compile_document(document["whole"]).digest


def test_texts_of_a_draft_may_be_missing_and_targets_may_be_broken():
    questions = [{"key": "a", "answers": [{"key": "b", "to": "nowhere", "rules": ["not a rule"]}]}]
    guide = compile_document({"format": 1, "guide": {"slug": "x"}, "questions": questions})
    answer = guide.questions["a"].answers[0]
    assert (answer.label, answer.to, answer.rules) == ("", "nowhere", ())
    assert answer.bad_rules[0].line == "not a rule"


def test_a_snapshot_cannot_be_changed():
    guide = snapshot()
    with pytest.raises(TypeError):
        guide.questions["new"] = guide.questions["report"]
    with pytest.raises(FrozenInstanceError):
        guide.questions["report"].text = "Changed"
    with pytest.raises(FrozenInstanceError):
        guide.start = "code"


@pytest.mark.parametrize(
    ("key", "expected"),
    [("report", "Is there a report?"), ("junk", "Junk"), ("bare", ""), ("gone", ""), ("", "")],
)
def test_a_node_goes_by_what_it_asks_or_says_and_by_nothing_before_it_has_words(key, expected):
    outcomes = [*toy()["outcomes"], {"key": "bare"}]
    assert snapshot(outcomes=outcomes).title_of(key) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"key": "report", "text": "Is there a report?"}, "Is there a report?"),
        ({"key": "junk", "title": "Junk"}, "Junk"),
        ({"key": "bare", "text": ""}, "bare"),
        ({"key": "bare"}, "bare"),
    ],
)
def test_a_node_of_a_document_goes_by_its_words_or_else_by_its_key(row, expected):
    assert title_in_document(row) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [("", "report"), ("gone", "report"), ("report", "report"), ("code", "code"), ("junk", "junk")],
)
def test_a_guide_begins_at_the_node_that_is_wished_if_it_has_it_else_at_its_start(key, expected):
    assert snapshot().start_at(key) == expected


def test_a_remediation_step_is_named_by_its_outcome_and_its_number():
    steps = [{"audience": "admin", "text": "Look."}, {"audience": "support", "text": "Ask."}]
    guide = snapshot(outcomes=[outcome("junk", steps=steps)])
    named = guide.outcomes["junk"].named_steps
    assert {name: step.text for name, step in named.items()} == {
        "junk/1": "Look.",
        "junk/2": "Ask.",
    }
    assert all(guide.step_named(name) is step for name, step in named.items())


@pytest.mark.parametrize("name", ["", "junk", "junk/", "junk/0", "junk/2", "gone/1", "report/1"])
def test_no_other_name_is_a_remediation_step(name):
    assert snapshot().step_named(name) is None


def turned(part: Any) -> Any:
    """The same document with the names of every part in the other order."""
    if isinstance(part, dict):
        return {name: turned(part[name]) for name in reversed(part)}
    return [turned(inner) for inner in part] if isinstance(part, list) else part


def test_the_digest_is_of_the_content_not_of_its_order():
    document = toy()
    other = turned(document)
    assert list(other) != list(document)
    assert digest_of(other) == digest_of(document) == compile_document(other).digest
    assert re.fullmatch("[0-9a-f]{64}", digest_of(document))
    other["questions"].reverse()
    assert digest_of(other) != digest_of(document)


@settings(max_examples=50, deadline=None)
@given(sound_documents(), st.data())
def test_any_change_of_a_text_changes_the_digest(document, data):
    before = digest_of(document)
    everywhere = [(part, name) for part, name in places(document) if isinstance(part[name], str)]
    part, name = data.draw(st.sampled_from(everywhere))
    part[name] += "!"
    assert digest_of(document) != before


def test_codes_are_found_exactly_then_by_the_longest_family():
    codes = [
        {"code": "MK:*", "meaning": "family"},
        {"code": "MK:00*", "meaning": "branch"},
        {"code": "MK:0001", "meaning": "row", "checked_on": "2026-11-23"},
    ]
    catalogue = snapshot(codes=codes).catalogue
    found = {
        code: catalogue.find(code, "status") for code in ("mk:0001", "MK:0002", "MK:1", "MK:*")
    }
    assert {code: row.meaning for code, row in found.items()} == {
        "mk:0001": "row",
        "MK:0002": "branch",
        "MK:1": "family",
        "MK:*": "family",
    }
    assert found["mk:0001"].checked_on == date(2026, 11, 23)
    assert catalogue.find("MK:0001", "api") is None
    assert catalogue.find("MK:<script>", "status") is None
    assert catalogue.find("MK:" + "1" * 40, "status") is None


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("MK:", "exact"),
        ("mk:", "exact"),
        ("MK:*", "family"),
        ("MK:1", "family"),
        ("MK:1*", "family"),
    ],
)
def test_a_code_that_is_also_the_prefix_of_a_family_can_be_told_from_it(code, row):
    codes = [
        {"code": "MK:*", "meaning": "family", "to": "junk"},
        {"code": "MK:", "meaning": "exact", "to": "wait"},
    ]
    guide = snapshot(codes=codes)
    assert guide.catalogue.find(code, "status").meaning == row
    assert guide.exits("code")[1:] == [("MK:*", "junk"), ("MK:", "wait")]


@pytest.mark.parametrize(
    "code", ["", "*", " ", "\x00", "\ud800", "短信", "MK:\n1", "MK:1 2", "ß" * 99]
)
def test_what_is_no_code_is_in_no_catalogue(code):
    assert snapshot().catalogue.find(code, "status") is None


# --- ways -----------------------------------------------------------------------------------------


def test_the_way_to_a_node_is_the_shortest():
    guide = snapshot()
    assert guide.way_to("report") == {}
    assert guide.way_to("lost") == {"report": "old"}
    assert guide.way_to("code") == {"report": "failed"}
    assert guide.way_to("gone") is None


@settings(max_examples=60, deadline=None)
@given(st.one_of(guides(), sound_guides()))
def test_ways_lead_to_exactly_what_can_be_reached_by_as_few_steps_as_can_be(guide):
    distance = distances(guide)
    assert set(guide.reachable) == distance.keys()
    for key in ("missing", *guide.questions, *guide.outcomes):
        way = guide.way_to(key)
        assert (None if way is None else len(way)) == distance.get(key)


@settings(max_examples=60, deadline=None)
@given(sound_guides())
def test_in_a_sound_guide_every_node_has_a_way_to_it(guide):
    assert set(guide.reachable) == {*guide.questions, *guide.outcomes}


def test_the_way_to_a_code_is_to_the_nearest_question_that_asks_for_it():
    codes = [
        {"code": "MK:1", "to": "junk"},
        {"code": "MK:2", "to": "code"},
        {"code": "E1", "namespace": "api", "to": "junk"},
    ]
    guide = snapshot(codes=codes)
    told, circle, elsewhere = guide.catalogue.codes
    assert guide.way_to_code(told) == {"report": "failed", "code": ""}
    # It leads to the very question, and answers none; nobody asks for the last.
    assert guide.way_to_code(circle) == guide.way_to_code(elsewhere) == {}


@settings(max_examples=60, deadline=None)
@given(st.one_of(guides(), sound_guides()))
def test_the_way_to_a_code_leads_to_a_question_whose_rows_have_it_and_none_is_nearer(guide):
    for row in guide.catalogue.codes:
        ways = [
            {**way, question.key: ""}
            for question in guide.questions.values()
            if row in guide.codes_of(question)
            if (way := guide.way_to(question.key)) is not None
        ]
        assert guide.way_to_code(row) == min(ways, key=len, default={})


def distances(guide: Snapshot) -> dict[str, int]:
    """How many steps each node is away, by trying all exits again and again."""
    known = {guide.start: 0} if guide.node(guide.start) else {}
    for _ in range(len(guide.questions) + len(guide.outcomes)):
        for key, steps in list(known.items()):
            for _given, target in guide.exits(key):
                if guide.node(target):
                    known[target] = min(known.get(target, steps + 1), steps + 1)
    return known


@settings(max_examples=60, deadline=None)
@given(guides())
def test_the_targets_of_a_node_are_those_of_its_exits(guide):
    for key in (*guide.questions, *guide.outcomes, "missing"):
        assert guide.targets(key) == {target for _, target in guide.exits(key)}


def test_the_facts_ahead_are_those_of_the_question_and_of_all_that_can_follow_it():
    assert snapshot().facts_from("report") == {"report.present", "report.status", "message.age"}
    assert snapshot().facts_from("code") == {"report.status"}
    assert snapshot().facts_from("lost") == set()
    assert snapshot().facts_from("nowhere") == set()
