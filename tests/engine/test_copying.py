"""Copies of branches: they walk like their originals, and nothing else is changed."""

from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import NOON, answers, evidences, outcome, sound_documents, toy
from wizard.engine.checks import check
from wizard.engine.copying import (
    AtAnswer,
    AtNewAnswer,
    AtStart,
    CodeRow,
    NotThere,
    bring_in,
    copy_branch,
    copy_guide,
    open_answers,
)
from wizard.engine.document import compile_document
from wizard.engine.walk import Answered, walk

many = settings(max_examples=60, deadline=None)
follows = st.sampled_from(["own", "all", "none"])
REMINDERS = {"unreachable-question", "unreachable-outcome", "same-text"}


def way(document, start, given_answers, evidence, names=None):
    """A walk from a node in words that do not tell a copy from its original."""
    originals = {new: old for old, new in (names or {}).items()}
    found = walk(compile_document(document), given_answers, evidence, NOON, start)
    steps = [
        ("answered", step.question.key, step.value, step.origin)
        if isinstance(step, Answered)
        else ("tried", step.outcome.key, step.feedback, "")
        for step in found.trail
    ]
    node = getattr(found.at, "question", None) or getattr(found.at, "outcome", None) or found.at
    rests = (type(found.at), originals.get(node.key, node.key))
    return [(one, originals.get(key, key), *rest) for one, key, *rest in steps], rests


def names_of(plan):
    return {node.old: node.new for node in plan.nodes}


def for_both(given_answers, names):
    """The same answers for originals and copies."""
    return given_answers | {
        names[key]: value for key, value in given_answers.items() if key in names
    }


def some_key(data, document):
    rows = [*document["questions"], *document["outcomes"]]
    return data.draw(st.sampled_from([row["key"] for row in rows]))


def new_findings(before, after):
    def told(document):
        return Counter(
            (problem.name, problem.place, problem.key, problem.field, problem.part)
            for problem in check(compile_document(document))
        )

    return set(told(after) - told(before))


# --- within a guide -------------------------------------------------------------------------------


@many
@given(sound_documents(), follows, answers(), evidences(), st.data())
def test_a_copy_walks_like_its_original(document, follow, given_answers, evidence, data):
    root = some_key(data, document)
    plan = copy_branch(document, root, follow=follow)
    names = names_of(plan)
    both = for_both(given_answers, names)
    before = way(document, root, given_answers, evidence)
    assert way(plan.document, plan.root.new, both, evidence, names) == before


@many
@given(sound_documents(), follows, st.data())
def test_nothing_that_was_there_is_changed(document, follow, data):
    untouched = deepcopy(document)
    plan = copy_branch(document, some_key(data, document), follow=follow)
    assert document == untouched
    for name in ("questions", "outcomes"):
        assert plan.document[name][: len(document[name])] == document[name]
    assert plan.document["codes"] == document["codes"]
    assert plan.document["guide"] == document["guide"]


@many
@given(sound_documents(), follows, st.data())
def test_the_checks_find_nothing_new_but_that_it_hangs_nowhere_and_has_the_same_words(
    document, follow, data
):
    plan = copy_branch(document, some_key(data, document), follow=follow)
    found = new_findings(document, plan.document)
    assert {name for name, *_ in found} <= REMINDERS
    assert {key for _, _, key, *_ in found} <= set(names_of(plan).values())


@many
@given(sound_documents(), follows, st.data())
def test_every_node_of_a_copy_is_reached_once_it_is_hung(document, follow, data):
    root = some_key(data, document)
    hook = AtNewAnswer(document["guide"]["start"], "Something else")
    plan = copy_branch(document, root, follow=follow, hook=hook)
    assert {name for name, *_ in new_findings(document, plan.document)} <= {"same-text"}


@many
@given(sound_documents(), st.data())
def test_what_other_ways_lead_to_is_not_copied_unless_it_is_wanted(document, data):
    root = some_key(data, document)
    every, own, alone = (
        set(names_of(copy_branch(document, root, follow=follow)))
        for follow in ("all", "own", "none")
    )
    assert alone == {root}
    assert {root} <= own <= every
    # What is left once nothing leads on from the root.
    elsewhere = deepcopy(document)
    for row in (*elsewhere["questions"], *elsewhere["outcomes"]):
        if row["key"] == root:
            row |= {"answers": []} if "answers" in row else {"otherwise": ""}
    reached = set(compile_document(elsewhere).reachable)
    for code in document["codes"]:
        if code["to"] in every - {root}:
            reached |= set(names_of(copy_branch(document, code["to"], follow="all")))
    assert every - own == every & reached - {root}


def keys_of(plan):
    return [node.new for node in plan.nodes]


def test_a_question_is_copied_with_what_only_it_leads_to():
    document = toy(outcomes=[outcome("junk", otherwise="own"), outcome("own"), outcome("lost")])
    document["questions"][0]["answers"][1]["to"] = "lost"
    document["codes"] = [{"code": "MK:0044", "meaning": "So.", "to": "lost"}]
    plan = copy_branch(document, "junk", follow="own")
    assert keys_of(plan) == ["junk-2", "own-2"]
    copied = next(row for row in plan.document["outcomes"] if row["key"] == "junk-2")
    assert copied == {**outcome("junk", otherwise="own-2"), "key": "junk-2"}


def test_what_codes_lead_to_stays_one_and_the_same():
    plan = copy_branch(toy(), "code", follow="own")
    assert keys_of(plan) == ["code-2"]
    assert [(way.key, way.answer, way.to) for way in plan.ways_out] == [("code-2", "none", "lost")]
    assert plan.codes == ()


def test_the_same_plan_has_the_same_digest_and_another_one_another():
    document = toy()
    plan = copy_branch(document, "junk", follow="all")
    assert plan.digest == copy_branch(document, "junk", follow="all").digest
    changed = deepcopy(document)
    changed["outcomes"][0]["title"] = "Another"
    hook = AtNewAnswer("report", "Else")
    others = [
        copy_branch(document, "junk", follow="none"),
        copy_branch(document, "junk", follow="all", hook=hook),
        copy_branch(changed, "junk", follow="all"),
    ]
    assert len({plan.digest, *(other.digest for other in others)}) == 4
    # What is changed elsewhere is no reason to ask anybody again.
    changed = deepcopy(document)
    changed["questions"][1]["text"] = "Another?"
    assert copy_branch(changed, "junk", follow="all").digest == plan.digest


def test_a_node_that_is_not_there_is_not_copied():
    for make in (
        lambda: copy_branch(toy(), "gone", follow="all"),
        lambda: bring_in(toy(), toy(), "gone"),
    ):
        with pytest.raises(NotThere):
            make()


# --- keys -----------------------------------------------------------------------------------------


def test_new_keys_are_free():
    document = toy(outcomes=[outcome("junk"), outcome("junk-2"), outcome("junk-3")])
    assert copy_branch(document, "junk", follow="none").root.new == "junk-4"


def test_a_long_key_stays_as_long_as_a_key_may_be():
    key = f"{'a' * 58}-b"
    document = toy(outcomes=[outcome(key)])
    assert copy_branch(document, key, follow="none").root.new == "a" * 58 + "-2"


def test_a_brought_in_node_does_not_take_the_key_of_another():
    there = toy(outcomes=[outcome("junk", otherwise="junk-2"), outcome("junk-2")])
    here = toy(questions=[], outcomes=[outcome("junk")], codes=[])
    assert names_of(bring_in(here, there, "junk")) == {"junk": "junk-3", "junk-2": "junk-2"}


# --- hanging --------------------------------------------------------------------------------------


def with_an_open_answer():
    document = toy()
    del document["questions"][0]["answers"][3]["to"]
    return document


def test_a_copy_is_hung_at_an_answer_that_leads_nowhere():
    document = with_an_open_answer()
    assert [(q["key"], a["key"]) for q, a in open_answers(document)] == [("report", "failed")]
    hook = AtAnswer("report", "failed")
    plan = copy_branch(document, "wait", follow="all", hook=hook)
    answer = plan.document["questions"][0]["answers"][3]
    assert answer == {"key": "failed", "label": "Yes, failed", "to": "wait-2"}
    assert list(open_answers(plan.document)) == []


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("A landline", "a-landline"),
        ("Failed", "failed-2"),
        ("I don't know", "i-dont-know"),
        ("2 or more", "or-more"),
        ("Über 72 Stunden", "uber-72-stunden"),
        ("座机", "answer"),
        ("x" * 70, "x" * 60),
    ],
)
def test_a_copy_is_hung_at_a_new_answer_which_gets_a_key_of_its_own(label, key):
    plan = copy_branch(toy(), "wait", follow="all", hook=AtNewAnswer("report", label))
    answers = plan.document["questions"][0]["answers"]
    assert answers[:-1] == toy()["questions"][0]["answers"]
    assert answers[-1] == {"key": key, "label": label, "to": "wait-2"}


def test_a_branch_begins_a_guide_that_has_no_start():
    empty = toy(guide={"slug": "empty"}, questions=[], outcomes=[], codes=[])
    plan = bring_in(empty, toy(), "report", hook=AtStart())
    assert plan.document["guide"]["start"] == "report"
    assert new_findings(empty, plan.document) == set()


@pytest.mark.parametrize(
    "hook",
    [
        AtAnswer("report", "failed"),
        AtAnswer("report", "gone"),
        AtAnswer("gone", "failed"),
        AtNewAnswer("gone", "A landline"),
        AtNewAnswer("wait", "A landline"),
        AtStart(),
    ],
)
def test_no_copy_is_hung_at_a_place_that_is_taken_or_not_there(hook):
    with pytest.raises(NotThere):
        copy_branch(toy(), "report", follow="all", hook=hook)


def test_an_outcome_begins_no_guide():
    with pytest.raises(NotThere):
        copy_branch(toy(guide={"slug": "toy"}), "wait", follow="all", hook=AtStart())


# --- from another guide ---------------------------------------------------------------------------


@many
@given(sound_documents(), sound_documents(), answers(), evidences(), st.data())
def test_what_is_brought_in_walks_like_its_original(here, there, given_answers, evidence, data):
    root = some_key(data, there)
    here["codes"] = []
    plan = bring_in(here, there, root)
    names = names_of(plan)
    renamed = {names[key]: value for key, value in given_answers.items() if key in names}
    before = way(there, root, given_answers, evidence)
    assert way(plan.document, plan.root.new, renamed, evidence, names) == before


@many
@given(sound_documents(), sound_documents(), st.data())
def test_nothing_of_the_receiving_guide_is_changed(here, there, data):
    originals = deepcopy((here, there))
    plan = bring_in(here, there, some_key(data, there))
    assert (here, there) == originals
    for name in ("questions", "outcomes", "codes"):
        assert plan.document[name][: len(here[name])] == here[name]
    assert plan.document["guide"] == here["guide"]
    compile_document(plan.document)


@many
@given(sound_documents(), sound_documents(), st.data())
def test_the_checks_find_nothing_new_in_a_sound_branch_that_is_hung_in(here, there, data):
    hook = AtNewAnswer(here["guide"]["start"], "Something else")
    plan = bring_in(here, there, some_key(data, there), hook=hook)
    assert {name for name, *_ in new_findings(here, plan.document)} <= {"same-text"}


def elsewhere(**changes):
    """A guide of one question that has nothing in common with the toy guide."""
    question = {"key": "first", "text": "What is it?", "why": "So."}
    guide = {"slug": "other", "title": "Other", "start": "first"}
    parts = {"questions": [question], "outcomes": [], "codes": []}
    return {"format": 1, "guide": guide, **parts, **changes}


def test_codes_come_along_with_the_question_that_asks_for_them():
    plan = bring_in(elsewhere(), toy(), "code")
    assert keys_of(plan) == ["code", "lost", "wait", "junk"]
    assert [row.code for row in plan.codes] == ["EXPIRED", "MK:*", "MK:0044"]
    assert plan.document["codes"] == toy()["codes"]


def test_codes_of_a_list_that_nobody_asks_for_stay_behind():
    there = toy()
    there["codes"].append({"code": "E1", "namespace": "api", "meaning": "So.", "to": "wait"})
    assert bring_in(elsewhere(), there, "junk").codes == ()
    assert [
        row.code for row in bring_in(elsewhere(), there, "code").codes if row.code == "E1"
    ] == []


def test_a_code_that_the_receiving_guide_has_keeps_its_own_row_and_says_so():
    own = {"code": "expired", "namespace": "status", "meaning": "Ours.", "to": "first"}
    plan = bring_in(elsewhere(codes=[own]), toy(), "code")
    assert plan.clashes == (CodeRow("status", "EXPIRED"),)
    assert own in plan.document["codes"]
    # What only that code led to has no reason to come.
    assert keys_of(plan) == ["code", "lost", "junk"]


def test_a_code_that_was_read_as_a_family_says_as_which():
    own = {"code": "MK:00*", "meaning": "Ours.", "to": "first"}
    plan = bring_in(elsewhere(codes=[own]), toy(), "code")
    assert {row.code: row.family for row in plan.codes} == {
        "EXPIRED": "", "MK:*": "", "MK:0044": "MK:00*",
    }  # fmt: skip


def test_questions_that_will_know_the_new_codes_as_well_are_named():
    asking = {"key": "first", "kind": "code", "text": "Which?", "why": "So."}
    here = elsewhere(questions=[asking, {**asking, "key": "second", "catalogue": "api"}])
    assert bring_in(here, toy(), "code").askers == ("first",)
    assert bring_in(here, toy(), "junk").askers == ()


def test_a_node_alone_leads_nowhere_whatever_the_receiving_guide_calls_its_own():
    here = elsewhere(outcomes=[outcome("junk"), outcome("lost")])
    plan = bring_in(here, toy(), "report", follow="none")
    [copied] = [row for row in plan.document["questions"] if row["key"] == "report"]
    assert [answer.get("to") for answer in copied["answers"]] == [None] * 4
    assert [way.to for way in plan.ways_out] == ["junk", "wait", "lost", "code"]
    assert bring_in(here, toy(), "code", follow="none").codes == ()


# --- languages ------------------------------------------------------------------------------------


def pairs(**texts):
    return [{"text": text, "translation": translation} for text, translation in texts.items()]


def test_translations_come_along_and_those_that_are_there_stay():
    there = toy(translations={"zh-hans": pairs(Junk="垃圾", Later="以后", Wait="等")})
    there["outcomes"][0]["come_back"] = "Later"
    here = elsewhere(translations={"zh-hans": pairs(Later="稍后"), "de": pairs(Junk="Müll")})
    plan = bring_in(here, there, "junk", follow="none")
    assert plan.document["translations"] == {
        "zh-hans": pairs(Later="稍后", Junk="垃圾"),
        "de": pairs(Junk="Müll"),
    }
    assert plan.translations == {"zh-hans": 1}


def test_a_branch_is_read_in_the_language_of_the_receiving_guide():
    there = toy(translations={"zh-hans": pairs(Junk="垃圾")})
    here = elsewhere(guide={"slug": "other", "start": "first", "language": "zh-hans"})
    plan = bring_in(here, there, "junk", follow="none")
    [copied] = plan.document["outcomes"]
    assert (copied["title"], copied["happened"]) == ("垃圾", "Something.")
    assert plan.document["translations"] == {"en": pairs(**{"垃圾": "Junk"})}
    assert plan.unread == 4
    assert bring_in(elsewhere(), there, "junk").unread == 0


def test_a_copy_in_the_same_guide_has_the_translations_of_its_original():
    document = toy(translations={"zh-hans": pairs(Junk="垃圾")})
    plan = copy_branch(document, "junk", follow="none")
    assert plan.document["translations"] == document["translations"]


# --- a whole guide --------------------------------------------------------------------------------


def test_a_copied_guide_has_another_address_and_title_and_is_else_the_same():
    document = toy()
    copied = copy_guide(document, slug="other", title="Other")
    assert copied["guide"] == {**document["guide"], "slug": "other", "title": "Other"}
    assert {**copied, "guide": document["guide"]} == document
    assert document == toy()


def test_a_code_that_leads_by_its_cause_is_brought_in_with_what_its_cause_led_to():
    codes = [{"code": "A1", "meaning": "By cause.", "cause": "expired"}]
    there = toy(codes=codes, causes=[{"cause": "expired", "to": "wait"}])
    here = toy(questions=[], outcomes=[], codes=[], guide={"slug": "here", "title": "Here"})
    plan = bring_in(here, there, "code", hook=AtStart())
    (code,) = compile_document(plan.document).catalogue.codes
    assert (code.cause, code.to) == ("expired", "wait")


def test_what_a_cause_leads_to_is_shared_and_not_copied_with_a_branch():
    document = toy(causes=[{"cause": "expired", "to": "wait"}], codes=[])
    plan = copy_branch(document, "report", follow="own")
    assert "wait" not in {copied.old for copied in plan.nodes}
