"""What has changed from one document to another."""

import copy
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import RULES, outcome, sound_documents, toy
from wizard.engine.differences import Change, Field, compare
from wizard.engine.document import compile_document

many = settings(max_examples=60, deadline=None)


def changed(change, **fields):
    """The toy guide and what `change` makes of it, compared."""
    after = copy.deepcopy(toy(**fields))
    change(after)
    return compare(toy(**fields), after)


def only(changes):
    [change] = changes
    return change


# --- what holds for any two documents -------------------------------------------------------------


@st.composite
def edited(draw, documents=None):
    """A document, and what some edits have made of it: parts changed, added, removed, moved."""
    document = draw(documents or sound_documents())
    after = copy.deepcopy(document)
    dice = draw(st.integers(0, 2**32).map(Random))
    for _ in range(draw(st.integers(0, 6))):
        dice.choice(_EDITS)(after, dice)
    return document, after


def _any_list(document, dice):
    lists = [document["questions"], document["outcomes"], document["codes"]]
    lists += [row["answers"] for row in document["questions"] if row.get("answers")]
    lists += [row["steps"] for row in document["outcomes"] if row.get("steps")]
    return dice.choice(lists)


def _remove(document, dice):
    del _any_list(document, dice)[:1]


def _shuffle(document, dice):
    dice.shuffle(_any_list(document, dice))


def _text(document, dice):
    name, field = dice.choice(
        [("questions", "agent_note"), ("outcomes", "reply"), ("codes", "note")]
    )  # fmt: skip
    for row in document[name][:1]:
        row[field] = dice.choice(["", "Other words", "Still other words"])


def _step(document, dice):
    for row in document["outcomes"]:
        for step in row.get("steps", [])[:1]:
            step["text"] = dice.choice(["Look.", "Look again.", "Wait.", ""])


def _rules(document, dice):
    for row in document["questions"][:1]:
        for answer in row.get("answers", []):
            answer["rules"] = dice.sample(RULES, dice.choice([0, 1, 2]))


def _add(document, dice):
    document["outcomes"].insert(
        dice.randint(0, len(document["outcomes"])), outcome(f"new-{dice.randrange(10**9)}")
    )


def _head(document, dice):
    document["guide"]["title"] = dice.choice(["", "Another", "A third"])


_EDITS = [_remove, _shuffle, _text, _step, _rules, _add, _head]


def applied(document, changes):
    """The document that these changes lead to."""
    result = {"format": 1, "guide": dict(document["guide"])}
    for change in (one for one in changes if one.place == "guide"):
        result["guide"] |= _values(change)
    for place, name in (("question", "questions"), ("outcome", "outcomes"), ("code", "codes")):
        result[name] = _applied_rows(
            document[name], [one for one in changes if one.place == place]
        )  # fmt: skip
    return result


def _values(change):
    return {
        field.name: list(field.after) if isinstance(field.after, tuple) else field.after
        for field in change.fields
    }


def _applied_rows(rows, changes):
    by_was = {change.was: change for change in changes if change.was}
    stayed = [row for number, row in enumerate(rows, start=1) if number not in by_was]
    placed = {change.now: _applied_row(change) for change in changes if change.now}
    total = len(stayed) + len(placed)
    rest = iter(stayed)
    return [placed[now] if now in placed else next(rest) for now in range(1, total + 1)]


def _applied_row(change):
    parts = {"question": "answers", "outcome": "steps"}
    row = dict(change.before) | _values(change)
    if change.key and change.place != "code":
        row["key"] = change.key
    if change.place in parts:
        name = parts[change.place]
        row[name] = _applied_rows(change.before.get(name) or [], change.parts)
    return row


def plain(document):
    """What a document makes, without its digest and with its order."""
    made = compile_document(document)
    return (
        (made.slug, made.title, made.summary, made.start),
        list(made.questions.values()),
        list(made.outcomes.values()),
        made.catalogue.codes,
    )


@many
@given(sound_documents())
def test_nothing_differs_between_a_guide_and_itself(document):
    assert compare(document, copy.deepcopy(document)) == ()


@many
@given(edited())
def test_nothing_differs_exactly_where_two_documents_make_the_same_guide(pair):
    before, after = pair
    assert (compare(before, after) == ()) is (plain(before) == plain(after))


@many
@given(edited())
def test_the_second_document_can_be_made_from_the_first_and_the_differences(pair):
    before, after = pair
    assert plain(applied(before, compare(before, after))) == plain(after)


@many
@given(edited())
def test_the_way_back_undoes_what_the_way_there_did(pair):
    before, after = pair
    there, back = compare(before, after), compare(after, before)
    kinds = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(one.place, one.key, kinds[one.kind]) for one in there if not one.moved} <= {
        (one.place, one.key, one.kind) for one in back
    }
    assert plain(applied(after, back)) == plain(before)


# --- one thing at a time --------------------------------------------------------------------------


def test_a_part_that_is_spelled_out_as_its_default_is_no_difference():
    def spell_out(document):
        document["questions"][0] |= {"kind": "choice", "covers": [], "help": ""}
        document["questions"][0]["answers"][0] |= {"unsure": False, "hint": ""}
        document["codes"][0] |= {"namespace": "status", "checked_on": None}

    assert changed(spell_out) == ()


def test_the_guide_itself_changes():
    change = only(changed(lambda document: document["guide"].update(start="code")))
    assert (change.place, change.kind) == ("guide", "changed")
    assert change.fields == (Field("start", "report", "code"),)


def test_an_answer_that_goes_elsewhere_is_named_with_its_number():
    def redirect(document):
        document["questions"][0]["answers"][1]["to"] = "lost"

    question = only(changed(redirect))
    assert (question.place, question.key, question.fields) == ("question", "report", ())
    answer = only(question.parts)
    assert (answer.key, answer.was, answer.now) == ("recent", 2, 2)
    assert answer.fields == (Field("to", "wait", "lost"),)


def test_an_added_answer_holds_all_that_it_says():
    new = {"key": "new", "label": "New", "unsure": True, "to": "lost", "rules": [RULES[0]]}
    change = only(changed(lambda document: document["questions"][1]["answers"].insert(0, new)))
    answer = only(change.parts)
    assert (answer.kind, answer.was, answer.now, answer.moved) == ("added", 0, 1, False)
    assert {field.name: field.after for field in answer.fields} == {
        "label": "New",
        "unsure": True,
        "to": "lost",
        "rules": (RULES[0],),
    }


def test_the_fewest_answers_are_said_to_have_moved():
    def last_first(document):
        answers = document["questions"][0]["answers"]
        answers.insert(0, answers.pop())

    answer = only(only(changed(last_first)).parts)
    assert (answer.key, answer.was, answer.now, answer.moved) == ("failed", 4, 1, True)


def test_what_is_removed_before_others_does_not_move_them():
    change = only(changed(lambda document: document["questions"][0]["answers"].pop(0)))
    assert [(answer.key, answer.kind) for answer in change.parts] == [("delivered", "removed")]


def test_a_removed_question_lists_what_is_lost():
    change = only(changed(lambda document: document["questions"].pop()))
    assert (change.kind, change.key, change.was, change.now) == ("removed", "code", 2, 0)
    assert Field("text", "Which code?", "") in change.fields
    assert [answer.kind for answer in change.parts] == ["removed"]


def test_a_question_that_becomes_an_outcome_is_removed_and_added():
    def swap(document):
        document["questions"].pop()
        document["outcomes"].append(outcome("code"))

    places = [(change.place, change.key, change.kind) for change in changed(swap)]
    assert places == [("question", "code", "removed"), ("outcome", "code", "added")]


STEPS = [
    {"audience": "admin", "text": "Open the console and look at the balance."},
    {"audience": "recipient", "text": "Switch the phone off and on."},
    {"audience": "developer", "text": "Send the message once more."},
]


def stepped(steps):
    before = toy(outcomes=[outcome("junk", steps=STEPS)])
    after = toy(outcomes=[outcome("junk", steps=steps)])
    return [
        (step.kind, step.was, step.now, step.moved)
        for change in compare(before, after)
        for step in change.parts
    ]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (STEPS[1:], [("removed", 1, 0, False)]),
        (STEPS[::-1][:1], [("removed", 1, 0, False), ("removed", 2, 0, False)]),
        ([STEPS[2], STEPS[0], STEPS[1]], [("changed", 3, 1, True)]),
        ([*STEPS, {"text": "Wait."}], [("added", 0, 4, False)]),
        ([STEPS[0], {"text": "Wait."}, STEPS[2]], [("changed", 2, 2, False)]),
        (
            [STEPS[1] | {"text": "Switch the phone off."}, STEPS[2]],
            [("changed", 2, 1, False), ("removed", 1, 0, False)],
        ),
    ],
)
def test_steps_are_recognised_by_what_they_say(steps, found):
    assert stepped(steps) == found


def test_a_code_is_the_same_one_in_capitals():
    change = only(changed(lambda document: document["codes"][0].update(code="Expired")))
    assert (change.place, change.key, change.kind) == ("code", "status:Expired", "changed")
    assert change.fields == (Field("code", "EXPIRED", "Expired"),)


def test_a_code_in_another_list_is_another_one():
    found = changed(lambda document: document["codes"][0].update(namespace="api"))
    assert [(one.key, one.kind) for one in found] == [
        ("api:EXPIRED", "added"),
        ("status:EXPIRED", "removed"),
    ]


def test_changes_stand_in_the_order_of_the_guide_and_what_is_gone_comes_last():
    def edit(document):
        document["outcomes"][2]["title"] = "Gone for good"
        document["outcomes"].pop(0)
        document["codes"].pop(0)
        document["guide"]["title"] = "Other"

    found = [(one.place, one.key) for one in changed(edit)]
    assert found == [
        ("guide", ""), ("outcome", "lost"), ("outcome", "junk"), ("code", "status:EXPIRED"),
    ]  # fmt: skip


def test_a_guide_of_six_thousand_questions_turned_round_is_compared_at_once():
    questions = [{"key": f"q{number}", "text": f"Number {number}?"} for number in range(6000)]
    found = compare(toy(questions=questions), toy(questions=questions[::-1]))
    assert len(found) == 5999
    assert all(isinstance(change, Change) and change.moved for change in found)
