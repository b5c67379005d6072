"""What has changed between two versions, in words."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_differences import edited
from tests.engine.toys import RULES, outcome, toy
from wizard.authoring import differences
from wizard.authoring.differences import Piece, marked
from wizard.engine.differences import compare

many = settings(max_examples=60, deadline=None)

LONG = "The message waits at the carrier until the phone can be reached, for at most three days."


def said(change, **fields):
    """The sentences about the toy guide and what `change` makes of it, by kind."""
    after = copy.deepcopy(toy(**fields))
    change(after)
    groups = differences.between(toy(**fields), after)
    return [(line.kind, line.sentence) for group in groups for line in group.lines]


def pieces(change):
    after = copy.deepcopy(toy())
    change(after)
    [group] = differences.between(toy(), after)
    return [line.pieces for line in group.lines]


# --- targets --------------------------------------------------------------------------------------


def test_an_answer_that_goes_elsewhere_is_said_with_both_targets_by_their_titles():
    def redirect(document):
        document["questions"][0]["answers"][1]["to"] = "lost"

    words = "Answer 2 of “Is there a report?” now goes to “Lost” (before: “Wait”)"
    assert said(redirect) == [("changed", words)]


def test_a_target_is_called_what_it_was_called_in_its_own_version():
    def rename(document):
        document["outcomes"][2]["title"] = "Gone"
        document["questions"][0]["answers"][1]["to"] = "lost"

    assert ("changed", "Title changed: “Lost” → “Gone”") in said(rename)
    words = "Answer 2 of “Is there a report?” now goes to “Gone” (before: “Wait”)"
    assert ("changed", words) in said(rename)


def test_nowhere_is_a_target_too():
    def cut(document):
        document["guide"]["start"] = ""
        document["outcomes"][0]["otherwise"] = ""
        document["codes"][0]["to"] = "missing"

    assert [words for _, words in said(cut)] == [
        "The guide now starts at nowhere (before: “Is there a report?”)",
        "“Still failing” now goes to nowhere (before: “Lost”)",
        "The code now leads to “missing” (before: “Wait”)",
    ]


# --- texts ----------------------------------------------------------------------------------------


def test_a_short_text_stands_in_the_sentence():
    def retitle(document):
        document["questions"][0]["text"] = "Is there a status report?"

    words = "Text changed: “Is there a report?” → “Is there a status report?”"
    assert said(retitle) == [("changed", words)]


def test_a_text_that_was_empty_is_added_and_one_that_is_empty_now_removed():
    def swap(document):
        document["questions"][0] |= {"why": "", "help": "Look at the log."}

    assert said(swap) == [
        ("removed", "Why we ask removed: “It says what became of it.”"),
        ("added", "Help added: “Look at the log.”"),
    ]


def test_a_long_text_shows_which_words_have_changed():
    def lengthen(document):
        document["outcomes"][1]["happened"] = LONG

    def shorten(document):
        document["outcomes"][1]["happened"] = LONG.replace("three", "two")

    before, after = copy.deepcopy(toy()), copy.deepcopy(toy())
    lengthen(before)
    shorten(after)
    [group] = differences.between(before, after)
    [line] = group.lines
    assert line.sentence == "What happened changed:"
    assert line.pieces == (
        Piece("same", LONG.partition("three")[0]),
        Piece("removed", "three "),
        Piece("added", "two "),
        Piece("same", "days."),
    )


def test_lists_are_compared_line_by_line():
    def rules(document):
        document["questions"][0]["answers"][0]["rules"].append(RULES[1])

    [[same, added]] = pieces(rules)
    assert same.kind == "same"
    assert added == Piece("added", f"{RULES[1]}\n")


def test_a_choice_is_shown_in_the_words_of_the_form():
    def sure(document):
        document["outcomes"][0]["certainty"] = "likely"

    assert said(sure) == [("changed", "How sure changed: “Possible” → “Most likely”")]


def test_words_of_chinese_are_its_characters():
    assert marked("短信没有送达", "短信尚未送达") == (
        Piece("same", "短信"),
        Piece("removed", "没有"),
        Piece("added", "尚未"),
        Piece("same", "送达"),
    )


def test_words_that_are_added_at_the_end_leave_the_last_word_alone():
    assert [piece.kind for piece in marked("Look.", "Look. Then wait.")] == ["same", "added"]
    assert [piece.kind for piece in marked("Look again", "Look again now")] == ["same", "added"]


def test_a_change_of_spaces_alone_is_shown():
    assert {piece.kind for piece in marked("one two\n\nthree", "one two three")} != {"same"}


def test_a_text_without_end_is_not_compared_word_by_word():
    before, after = "word " * 5000, "other " * 5000
    assert marked(before, after) == (Piece("removed", before), Piece("added", after))


@many
@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_make_the_new_text_whatever_the_texts_are(before, after):
    found = marked(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "removed") == after
    assert marked(before, before) == ((Piece("same", before),) if before else ())


# --- answers, steps, nodes ------------------------------------------------------------------------


def test_an_added_answer_is_one_line_and_what_else_it_says():
    def add(document):
        new = {"key": "new", "label": "New", "hint": "A hint", "unsure": True, "to": "lost"}
        document["questions"][0]["answers"].append(new)

    assert said(add) == [
        ("added", "Answer 5 of “Is there a report?” added: “New”, goes to “Lost”"),
        ("added", "Answer 5 of “Is there a report?”: hint added: “A hint”"),
        ("added", "Answer 5 of “Is there a report?”: “I don't know” added: “yes”"),
    ]


def test_a_removed_answer_keeps_its_old_number():
    found = said(lambda document: document["questions"][0]["answers"].pop(3))
    assert found[0] == (
        "removed",
        "Answer 4 of “Is there a report?” removed: “Yes, failed”, went to “Which code?”",
    )


def test_an_answer_that_has_moved_says_where_it_was():
    def last_first(document):
        answers = document["questions"][0]["answers"]
        answers.insert(0, answers.pop())

    words = "Answer 1 of “Is there a report?” has moved: it was number 4"
    assert said(last_first) == [("changed", words)]


def test_steps_are_said_with_their_outcome():
    def steps(document):
        document["outcomes"][1]["steps"] = [{"audience": "admin", "text": "Look again."}]
        document["outcomes"][2]["steps"].append({"audience": "recipient", "text": "Wait."})

    assert said(steps) == [
        ("changed", "Step 1 of “Wait”: text changed: “Look.” → “Look again.”"),
        ("added", "Step 2 of “Lost” added: “Wait.”"),
        ("added", "Step 2 of “Lost”: who does it added: “The person waiting for the SMS”"),
    ]


def test_groups_name_their_node_and_what_became_of_it():
    before = toy()
    after = toy(
        questions=before["questions"][:1],
        outcomes=[*before["outcomes"], outcome("new")],
        codes=[*before["codes"], {"code": "E1", "namespace": "api", "to": "new"}],
    )
    groups = differences.between(before, after)
    assert [(group.place, group.key, group.kind, group.title) for group in groups] == [
        ("question", "code", "removed", "Which code?"),
        ("outcome", "new", "added", "New"),
        ("code", "api:E1", "added", "E1 (Answer of the send call)"),
    ]


def test_nodes_in_another_order_are_said_to_stand_elsewhere():
    found = said(lambda document: document["outcomes"].reverse())
    assert found == [
        ("changed", "Stands elsewhere in the lists of authors; visitors see no difference")
    ] * 2  # fmt: skip


def test_the_counts_leave_out_what_did_not_happen():
    before = toy()
    after = toy(questions=before["questions"][:1], outcomes=[*before["outcomes"], outcome("new")])
    assert differences.count(compare(before, after)) == "1 added, 1 removed"
    assert differences.count(()) == ""


@many
@given(edited())
def test_whatever_has_changed_is_said_in_at_least_one_line(pair):
    for group in differences.between(*pair):
        assert group.lines or group.kind != "changed"
        assert all(line.sentence for line in group.lines)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("see", "what they should see added: “x”"),
        ("time", "how long it takes added: “x”"),
        ("link", "link added: “x”"),
        ("audience", "who does it changed: “The admin of the sending account” → “x”"),
    ],
)
def test_every_part_of_a_step_is_called_what_its_form_calls_it(part, words):
    def edit(document):
        document["outcomes"][0]["steps"][0][part] = "x"

    [(_, sentence)] = said(edit)
    assert sentence == f"Step 1 of “Junk”: {words}"
