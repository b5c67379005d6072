"""The checks: each finding on a toy that has it, and not on the toy beside it that has not."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import (
    NOON,
    answers,
    evidences,
    guides,
    outcome,
    snapshot,
    sound_documents,
    sound_guides,
    toy,
)
from wizard.engine import languages
from wizard.engine.checks import PLACEHOLDERS, check, errors
from wizard.engine.document import compile_document
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Lost, walk
from wizard.wording.problems import PROBLEMS, problem

Document = dict[str, Any]


def spoil(path: str, value: Any) -> Callable[[Document], None]:
    """An edit of a document: a path such as `questions.0.answers.1.to`, and the value there."""

    def edit(document: Document) -> None:
        *way, last = path.split(".")
        part: Any = document
        for name in way:
            part = part[int(name)] if name.isdigit() else part[name]
        part[int(last) if last.isdigit() else last] = value

    return edit


def names(document: Document) -> list[str]:
    return [found.name for found in check(compile_document(document))]


def test_a_sound_guide_has_no_findings():
    assert check(snapshot()) == []


FAULTS = [
    ("questions.0.answers.0.to", "", "no-target", "report"),
    ("questions.0.answers.0.to", "gone", "broken-target", "report"),
    ("outcomes.0.otherwise", "gone", "broken-otherwise", "junk"),
    ("codes.0.to", "", "code-no-target", "status:EXPIRED"),
    ("codes.0.to", "gone", "code-broken-target", "status:EXPIRED"),
    ("questions.0.answers.3.to", "lost", "unreachable-question", "code"),
    ("outcomes.1.otherwise", "report", "cycle", ""),
    ("questions.1.answers", [], "no-answers", "code"),
    (
        "questions.0.answers",
        [{"key": "only", "label": "Only", "to": "code"}],
        "one-answer",
        "report",
    ),
    ("questions.1.answers.0.unsure", False, "no-way-without-code", "code"),
    ("questions.0.text", " ", "question-without-text", "report"),
    ("questions.1.text", "Is there a report?", "same-text", "code"),
    ("questions.0.why", "", "question-without-why", "report"),
    ("questions.0.answers.0.label", "", "answer-without-label", "report"),
    ("questions.1.fact", "report.colour", "unknown-fact", "code"),
    ("questions.0.answers.3.rules", ["report.colour is red"], "rule-unknown-fact", "report"),
    ("questions.0.answers.3.rules", ["nonsense"], "rule-no-condition", "report"),
    (
        "questions.0.answers.3.rules",
        ["report.status is DELIVRD and report.present is true"],
        "overlap",
        "report",
    ),
    ("outcomes.1.steps", [], "dead-end", "wait"),
    ("outcomes.1.hand_over", "never", "no-way-on", "wait"),
    ("outcomes.1.next_actor", "nobody", "first-step-audience", "wait"),
    ("outcomes.2.steps", [], "nothing-to-do", "lost"),
    ("outcomes.1.title", "", "outcome-without-title", "wait"),
    ("outcomes.1.happened", "", "outcome-without-happened", "wait"),
    ("outcomes.1.certainty_note", "", "outcome-without-certainty_note", "wait"),
    ("outcomes.1.come_back", "", "outcome-without-come_back", "wait"),
    ("outcomes.1.certainty", "surely", "not-one-of", "wait"),
    ("outcomes.1.next_actor", "somebody", "not-one-of", "wait"),
    ("outcomes.1.steps.0.text", "", "step-text", "wait"),
    ("outcomes.1.steps.0.audience", "nobody", "step-audience", "wait"),
    ("outcomes.1.steps.0.link", "javascript:alert(1)", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "//elsewhere.example", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "/\\elsewhere.example", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "/\t/elsewhere.example", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "/path with blanks", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "http://example.com", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "https://", "step-link", "wait"),
    ("outcomes.1.steps.0.link", "example.com", "step-link", "wait"),
    ("outcomes.1.reply", "The name is {name}.", "reply-placeholder", "wait"),
    ("outcomes.1.reply", "The code is { code }.", "reply-placeholder", "wait"),
    ("outcomes.1.reply", "The code is {{code}}.", "reply-placeholder", "wait"),
    ("outcomes.1.reply", "The code is {code.", "reply-placeholder", "wait"),
    ("codes.0.meaning", "", "code-without-meaning", "status:EXPIRED"),
    ("codes.0.next_actor", "somebody", "code-not-one-of", "status:EXPIRED"),
    ("codes.0.namespace", "api", "codes-not-asked", ""),
    ("codes.0.cause", "bad-luck", "code-not-one-of", "status:EXPIRED"),
    ("causes", [{"cause": "bad-luck", "to": "wait"}], "cause-not-known", "bad-luck"),
    ("causes", [{"cause": "expired"}], "cause-no-target", "expired"),
    ("causes", [{"cause": "expired", "to": "gone"}], "cause-broken-target", "expired"),
    ("codes", [{"code": "E1", "meaning": "It.", "cause": "expired"}], "cause-not-led", ""),
]


@pytest.mark.parametrize(("path", "value", "name", "key"), FAULTS)
def test_one_edit_away_from_a_sound_guide_this_fault_alone_is_found(path, value, name, key):
    document = toy()
    spoil(path, value)(document)
    (found,) = check(compile_document(document))
    assert found.name == name
    assert key in ("", found.key)
    assert problem(found)


@pytest.mark.parametrize(
    ("start", "name"), [("", "no-start"), ("gone", "broken-start"), ("junk", "broken-start")]
)
def test_a_guide_that_starts_nowhere_reaches_nothing_either(start, name):
    found = names(toy(guide={"slug": "toy", "start": start}))
    assert found[0] == name
    assert set(found[1:]) <= {"unreachable-question", "unreachable-outcome"}


@pytest.mark.parametrize("link", ["https://example.com/a?b=c#d", "/", "/codes/E200030/", ""])
def test_a_link_to_a_secure_page_or_into_this_site_is_fine(link):
    document = toy()
    spoil("outcomes.1.steps.0.link", link)(document)
    assert names(document) == []


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_reply_may_have_every_placeholder_that_can_be_filled_in(placeholder):
    document = toy()
    spoil("outcomes.1.reply", f"It is {{{placeholder}}}, {{{placeholder}}}.")(document)
    assert names(document) == []


def test_a_placeholder_that_nothing_fills_in_is_told_at_the_field_of_the_reply():
    document = toy()
    spoil("outcomes.1.reply", "Dear {first\n name}, the code is {code}.")(document)
    (found,) = check(compile_document(document))
    assert (found.level, found.place, found.field) == ("error", "outcome", "reply")
    assert "{first name}" in problem(found)
    assert "{come_back}" in problem(found)


def test_a_finding_names_the_field_and_the_part_at_fault():
    document = toy()
    spoil("questions.0.answers.2.to", "gone")(document)
    (found,) = check(compile_document(document))
    assert (found.place, found.key, found.field, found.part) == ("question", "report", "to", "old")
    assert (
        problem(found) == "The answer “None after 72 hours” leads to “gone”, which does not exist."
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("nonsense", "no-condition"),
        ("report.colour is red", "unknown-fact"),
        ("report.status < 5", "operator"),
        ("report.status is DELIVRD, EXPIRED", "one-value"),
        ("report.status from E2 to E1", "order"),
        ("report.status in DELIVRD,", "comma"),
        ("report.source is 4", "choice"),
        ("report.present is yes", "yes-no"),
        ("message.age < soon", "number"),
    ],
)
def test_a_rule_that_cannot_be_read_is_found_with_its_reason(line, name):
    document = toy()
    document["questions"][0]["answers"][3]["rules"] = [line]
    (found,) = check(compile_document(document))
    assert (found.name, found.key, found.field, found.part) == (
        "rule-" + name, "report", "rules", "failed",
    )  # fmt: skip
    assert line in problem(found)


# --- circles --------------------------------------------------------------------------------------


def circle(*ways: tuple[str, str], **changes: Any) -> list[str]:
    """The circle that the checks find when these outcomes go on to these nodes."""
    document = toy(**changes)
    for key, target in ways:
        next(row for row in document["outcomes"] if row["key"] == key)["otherwise"] = target
    return [
        one.params["circle"] for one in check(compile_document(document)) if one.name == "cycle"
    ]


def test_a_circle_is_told_node_by_node():
    assert circle(("wait", "wait")) == ["wait → wait"]
    (found,) = circle(("lost", "junk"))
    assert found in ("junk → lost → junk", "lost → junk → lost")


def test_a_circle_through_a_list_of_codes_is_found():
    (found,) = circle(("wait", "code"))
    assert found in ("code → wait → code", "wait → code → wait")


def test_a_code_that_leads_to_the_question_which_asks_for_it_is_no_circle():
    row = {"code": "E000510", "meaning": "See each number.", "to": "code"}
    assert circle(codes=[*toy()["codes"], row]) == []


def test_two_code_questions_that_lead_to_each_other_by_the_same_list_are_a_circle():
    second = {**toy()["questions"][1], "key": "again", "text": "Which code, again?"}
    codes = [{"code": key, "meaning": "See there.", "to": key} for key in ("code", "again")]
    assert len(circle(questions=[*toy()["questions"], second], codes=codes)) == 1


# --- the checks as a whole ------------------------------------------------------------------------


def test_many_unsure_answers_are_one_too_many():
    document = toy()
    for answer in document["questions"][0]["answers"][2:]:
        answer["unsure"] = True
    assert names(document) == ["many-unsure"]


def test_an_outcome_that_nothing_leads_to_is_found():
    document = toy()
    document["outcomes"].append(outcome("alone"))
    assert names(document) == ["unreachable-outcome"]


def test_every_finding_has_words_and_every_word_a_finding():
    tested = {name for _, _, name, _ in FAULTS} | {
        "many-unsure", "unreachable-outcome", "no-start", "broken-start", "no-translation",
        "untranslated",
    }  # fmt: skip
    assert {name for name in tested if not name.startswith("rule-")} == set(PROBLEMS)


def test_a_guide_in_one_language_is_told_once_that_it_lacks_another():
    found = check(compile_document(toy()), ["en", "zh-hans"])
    assert [(one.name, one.level, one.place) for one in found] == [
        ("no-translation", "warning", "guide")
    ]


def test_each_node_that_is_not_all_translated_is_found():
    document = toy()
    texts = {text.text for text in languages.texts(compile_document(document))}
    pairs = [
        {"text": text, "translation": f"{text} 译"}
        for text in sorted(texts - {"None yet", "Junk"})
    ]  # fmt: skip
    document["translations"] = {"zh-hans": pairs}
    found = check(compile_document(document), ["en", "zh-hans"])
    assert [(one.name, one.place, one.key, one.params["text"]) for one in found] == [
        ("untranslated", "question", "report", "None yet"),
        ("untranslated", "outcome", "junk", "Junk"),
    ]


def test_errors_stand_first_and_warnings_refuse_nothing():
    document = toy()
    document["questions"][0]["why"] = ""
    assert errors(check(compile_document(document))) == []
    document["guide"]["start"] = ""
    assert check(compile_document(document))[0].level == "error"


@settings(max_examples=60, deadline=None)
@given(guides())
def test_no_guide_breaks_the_checks_and_every_finding_has_words(guide):
    for found in check(guide):
        assert problem(found)


@settings(max_examples=60, deadline=None)
@given(sound_guides())
def test_in_a_sound_guide_nothing_is_found(guide):
    assert check(guide) == []


GRAPH = {"no-start", "broken-start", "no-target", "broken-target", "broken-otherwise", "cycle"} | {
    "code-no-target", "code-broken-target",
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(guides(), answers(), evidences())
def test_where_the_checks_find_no_fault_in_the_graph_nobody_is_lost(guide, given_answers, evidence):
    faults = {found.name for found in check(guide)} & GRAPH
    lost = isinstance(walk(guide, given_answers, evidence, NOON).at, Lost)
    assert faults or not lost


@settings(max_examples=60, deadline=None)
@given(guides())
def test_a_circle_is_found_exactly_where_there_is_one(guide):
    found = "cycle" in [one.name for one in check(guide)]
    assert found == any(_comes_back(guide, key) for key in (*guide.questions, *guide.outcomes))


def _comes_back(guide: Snapshot, start: str) -> bool:
    seen: set[str] = set()
    ahead = [target for _, target in guide.exits(start)]
    while ahead:
        key = ahead.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            ahead += [target for _, target in guide.exits(key)]
    return False


@settings(max_examples=50, deadline=None)
@given(sound_documents(), st.data())
def test_a_sound_guide_with_one_target_gone_is_refused_at_that_very_place(document, data):
    question = data.draw(st.sampled_from(document["questions"]))
    answer = data.draw(st.sampled_from(question["answers"]))
    answer["to"] = "gone"
    found = [one for one in check(compile_document(document)) if one.name == "broken-target"]
    assert [(one.key, one.part) for one in found] == [(question["key"], answer["key"])]


# --- what they cost -------------------------------------------------------------------------------


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls, Python's own included: a cost without a clock."""
    calls = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def sized(size: int) -> Document:
    """A guide with as many questions, outcomes and codes as it is large, all in one long chain."""
    questions = [
        {
            "key": f"q{number}",
            "text": f"Question {number}?",
            "why": "So.",
            "answers": [
                {"key": "on", "label": "On", "to": f"q{number + 1}"},
                {
                    "key": "out",
                    "label": "Out",
                    "to": f"o{number}",
                    "rules": ["api.code is A", "api.code is B"],
                },
            ],
        }
        for number in range(size)
    ]
    questions[-1]["answers"][0]["to"] = "code"
    questions.append(toy()["questions"][1])
    outcomes = [outcome(f"o{number}", otherwise=f"o{number + 1}") for number in range(size)]
    outcomes[-1]["otherwise"] = "lost"
    codes = [{"code": f"E{number}", "meaning": "So.", "to": f"o{number}"} for number in range(size)]
    guide = {"slug": "chain", "start": "q0"}
    outcomes.append(outcome("lost", hand_over="always"))
    return toy(guide=guide, questions=questions, outcomes=outcomes, codes=codes)


@pytest.mark.parametrize(
    "work",
    [
        lambda document: compile_document(document),
        lambda document: check(compile_document(document)),
        lambda document: compile_document(document).way_to("lost"),
    ],
    ids=["compile", "check", "way_to"],
)
def test_the_work_grows_in_proportion_to_the_guide(work):
    assert names(sized(50)) == []
    costs = [calls_of(partial(work, sized(size))) for size in (100, 200, 400)]
    assert costs[1] <= 2.1 * costs[0]
    assert costs[2] <= 2.1 * costs[1]


def test_a_walk_costs_what_its_trail_is_long_not_what_the_guide_is_large():
    few, many = (compile_document(sized(size)) for size in (100, 400))
    given_answers = {f"q{number}": "on" for number in range(20)}
    costs = [calls_of(partial(walk, guide, given_answers, {}, NOON)) for guide in (few, many)]
    assert costs[0] == costs[1]
