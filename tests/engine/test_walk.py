"""The walk, case by case, on toy guides."""

from datetime import timedelta

import pytest

from tests.engine.toys import NOON, aged, delivered, known, outcome, snapshot, toy
from wizard.engine.document import compile_document
from wizard.engine.evidence import EMPTY
from wizard.engine.walk import ASK, AtEnd, AtOutcome, AtQuestion, Lost, Tried, walk


def place(at) -> str:
    """Where a walk rests, in one word."""
    if isinstance(at, AtQuestion):
        return at.question.key
    if isinstance(at, AtOutcome):
        return at.outcome.key
    return f"{at.outcome.key}:{at.feedback}" if isinstance(at, AtEnd) else f"lost:{at.key}"


def arrive(answers=None, evidence=None, guide=None):
    return walk(guide or snapshot(), answers or {}, evidence or {}, NOON)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "report"),
        ({"report": "delivered"}, "junk"),
        ({"report": "failed"}, "code"),
        ({"report": "failed", "code": "EXPIRED"}, "wait"),
        ({"report": "failed", "code": "expired"}, "wait"),
        ({"report": "failed", "code": "MK:0044"}, "lost"),
        ({"report": "failed", "code": "MK:0001"}, "junk"),
        ({"report": "failed", "code": "none"}, "lost"),
        ({"report": "failed", "code": "MK:<b>"}, "code"),
        ({"report": "failed", "code": "UNHEARD"}, "code"),
        ({"code": "EXPIRED"}, "report"),
        ({"report": "nonsense"}, "report"),
        ({"report": "delivered", "junk": "yes"}, "junk:yes"),
        ({"report": "delivered", "junk": "cannot"}, "junk:cannot"),
        ({"report": "delivered", "junk": "no"}, "lost"),
        ({"report": "delivered", "junk": "no", "lost": "no"}, "lost:no"),
        ({"report": "delivered", "junk": "maybe"}, "junk"),
    ],
)
def test_answers_lead_on(answers, expected):
    assert place(arrive(answers).at) == expected


@pytest.mark.parametrize(
    ("evidence", "expected", "origin"),
    [
        (delivered(), "junk", "evidence"),
        (aged(71 + 59 / 60), "wait", "time"),
        (aged(72), "lost", "time"),
        (aged(-1), "wait", "time"),
    ],
)
def test_evidence_leads_on_and_every_step_says_why(evidence, expected, origin):
    found = arrive(evidence=evidence)
    assert place(found.at) == expected
    assert found.answered[0].origin == origin
    assert found.answered[0].because


def test_an_answer_by_the_clock_says_until_when_it_holds():
    recent = arrive(evidence=aged(70)).answered[0]
    assert recent.until == NOON + timedelta(hours=2)
    assert arrive(evidence=aged(72)).answered[0].until is None
    assert arrive(evidence=delivered()).answered[0].until is None


def test_of_two_rules_for_one_answer_the_longer_one_counts():
    document = toy()
    document["questions"][0]["answers"][1]["rules"] += ["message.age < 80"]
    found = arrive(evidence=aged(71), guide=compile_document(document)).answered[0]
    assert found.until == NOON + timedelta(hours=9)


def test_a_rule_for_longer_than_time_lasts_has_no_end():
    document = toy()
    document["questions"][0]["answers"][1]["rules"] = ["message.age < 999999999"]
    found = arrive(evidence=aged(71), guide=compile_document(document)).answered[0]
    assert (found.answer.key, found.until) == ("recent", None)


def test_a_code_in_the_evidence_answers_the_question_for_it():
    found = arrive({"report": "failed"}, known(report_status="MK:0044"))
    assert place(found.at) == "lost"
    assert found.answered[1].code.code == "MK:0044"


def test_two_rules_that_hold_decide_nothing():
    document = toy()
    document["questions"][0]["answers"][3]["rules"] = ["report.status starts with DELIV"]
    found = arrive(evidence=delivered(), guide=compile_document(document))
    assert place(found.at) == "report"


def test_a_person_wins_over_the_evidence():
    found = arrive({"report": "recent"}, delivered())
    assert (place(found.at), found.answered[0].origin) == ("wait", "person")


def test_an_overruled_question_is_asked_and_shows_what_was_found():
    found = arrive({"report": ASK}, delivered())
    assert place(found.at) == "report"
    assert [one.value for one in found.at.found] == [True, "DELIVRD"]


def test_changing_one_answer_keeps_the_others_for_later():
    found = arrive({"report": "delivered", "code": "EXPIRED"})
    assert found.kept == {"code": "EXPIRED"}
    assert found.answers == {"report": "delivered", "code": "EXPIRED"}


def test_what_the_guide_does_not_have_is_named_with_its_reason():
    found = arrive({"report": "gone", "nothing": "x", "lost": "perhaps"})
    reasons = {one.key: one.reason for one in found.rejected}
    assert reasons == {
        "report": "no such answer",
        "nothing": "no such question",
        "lost": "no such answer",
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"guide": {"slug": "x", "start": ""}}, "lost:"),
        ({"guide": {"slug": "x", "start": "gone"}}, "lost:gone"),
        ({"outcomes": [outcome("junk", otherwise="report")]}, "lost:report"),
    ],
)
def test_a_broken_draft_ends_a_walk_instead_of_breaking_it(change, expected):
    guide = compile_document(toy(**change))
    at = walk(guide, {"report": "delivered", "junk": "no"}, {}, NOON).at
    assert isinstance(at, Lost)
    assert place(at) == expected


def test_a_code_that_leads_to_the_question_being_asked_is_no_answer_to_it():
    codes = [{"code": "E000510", "meaning": "See each number.", "to": "code"}]
    found = arrive({"report": "failed", "code": "E000510"}, guide=snapshot(codes=codes))
    assert place(found.at) == "code"


def test_the_window_begins_when_the_platform_accepted_the_message():
    evidence = aged(71)
    guide = snapshot()
    assert place(walk(guide, {}, evidence, NOON).at) == "wait"
    assert place(walk(guide, {}, evidence, NOON + timedelta(hours=1)).at) == "lost"


# --- origins --------------------------------------------------------------------------------------


def origins(found) -> list[str]:
    return [step.origin for step in found.answered]


def test_each_step_has_the_origin_of_its_own_answer():
    evidence = known(report_status="MK:0044")
    assert origins(arrive({"report": "failed"}, evidence)) == ["person", "evidence"]
    assert origins(arrive(evidence=aged(80))) == ["time"]
    assert origins(arrive({"report": "old"}, aged(80))) == ["person"]


def test_a_step_by_time_names_the_age_and_the_source_of_the_time_that_it_follows_from():
    (step,) = arrive(evidence=aged(80)).answered
    assert [(one.fact, one.value) for one in step.because] == [
        ("report.present", False),
        ("message.age", 80.0),
    ]
    assert {one.source for one in step.because} == {"test"}


def test_a_step_by_a_person_names_no_finding_even_where_evidence_says_the_same():
    (step,) = arrive({"report": "delivered"}, delivered()).answered
    assert (step.origin, step.because) == ("person", ())


def ruled(*rules: str):
    """The toy guide with these rules on the answer `failed`, and no others."""
    document = toy()
    for answer in document["questions"][0]["answers"]:
        answer["rules"] = []
    document["questions"][0]["answers"][3]["rules"] = list(rules)
    return compile_document(document)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, "report"),
        (known(package_remaining=5), "report"),
        (known(api_code=EMPTY), "code"),
        (known(api_code="E000101"), "report"),
    ],
)
def test_who_knows_nothing_is_asked_even_where_a_rule_says_that_nothing_is_known(
    evidence, expected
):
    guide = ruled("api.code is absent")
    assert place(arrive(evidence=evidence, guide=guide).at) == expected


def test_the_rule_that_has_findings_gives_the_reason():
    guide = ruled("api.code is absent", "report.present is true")
    (step,) = arrive(evidence=known(report_present=True), guide=guide).answered
    assert [one.fact for one in step.because] == ["report.present"]


def test_two_rules_of_one_answer_decide_it_together():
    guide = ruled("report.present is true", "report.status is DELIVRD")
    assert place(arrive(evidence=delivered(), guide=guide).at) == "code"


def test_a_rule_that_cannot_be_read_never_holds():
    guide = ruled("report.present is perhaps")
    assert place(arrive(evidence=known(report_present="perhaps"), guide=guide).at) == "report"


# --- overruling -----------------------------------------------------------------------------------


def test_a_code_that_evidence_gave_can_be_overruled_too():
    evidence = known(report_status="MK:0044")
    found = arrive({"report": "failed", "code": ASK}, evidence)
    assert place(found.at) == "code"
    assert [one.value for one in found.at.found] == ["MK:0044"]
    assert place(arrive({"report": "failed", "code": "EXPIRED"}, evidence).at) == "wait"


def test_asking_stays_asked_when_earlier_answers_change():
    found = arrive({"code": ASK}, known(report_status="MK:0044"))
    assert found.kept == {"code": ASK}
    again = arrive({**found.answers, "report": "failed"}, known(report_status="MK:0044"))
    assert place(again.at) == "code"


def test_asking_where_nothing_is_known_is_just_the_question():
    found = arrive({"report": ASK})
    assert (place(found.at), found.at.found, found.rejected) == ("report", (), ())


def test_an_outcome_cannot_be_asked():
    found = arrive({"report": "delivered", "junk": ASK})
    assert place(found.at) == "junk"
    assert [one.reason for one in found.rejected] == ["no such answer"]


# --- codes ----------------------------------------------------------------------------------------

CODES = [
    {"code": "EXPIRED", "meaning": "Timed out.", "to": "wait"},
    {"code": "MK:*", "meaning": "The carrier says so.", "to": "junk"},
    {"code": "MK:0044", "meaning": "More exactly.", "to": "lost"},
    {"code": "E000101", "namespace": "api", "meaning": "Of the other list.", "to": "wait"},
    {"code": "BOTH", "namespace": "api", "meaning": "Of the other list.", "to": "wait"},
    {"code": "BOTH", "namespace": "status", "meaning": "Of this list.", "to": "junk"},
]


@pytest.mark.parametrize(
    ("typed", "expected", "value"),
    [
        ("EXPIRED", "wait", "EXPIRED"),
        ("eXpired", "wait", "EXPIRED"),
        ("  expired\n", "wait", "EXPIRED"),
        ("mk:0044", "lost", "MK:0044"),
        ("mk:0045", "junk", "MK:0045"),
        ("MK:", "junk", "MK:"),
        ("MK:*", "junk", "MK:*"),
        ("BOTH", "junk", "BOTH"),
        ("none", "lost", "none"),
    ],
)
@pytest.mark.parametrize("by", ["person", "evidence"])
def test_a_code_leads_where_its_row_or_its_family_leads(typed, expected, value, by):
    if (by, typed) == ("evidence", "none"):
        return
    answers = {"report": "failed"} | ({"code": typed} if by == "person" else {})
    evidence = known(report_status=typed) if by == "evidence" else {}
    found = arrive(answers, evidence, snapshot(codes=CODES))
    step = found.answered[-1]
    assert (place(found.at), step.value, step.origin) == (expected, value, by)
    assert (step.code is None) == (step.answer is not None)


@pytest.mark.parametrize(
    "typed",
    [
        "E000101",
        "UNHEARD",
        "NONE",
        "MK",
        "EXPIRED2",
        "",
        " ",
        "*",
        "MK:<script>",
        "MK:a b",
        "MK:" + "1" * 25,
        "MK:\x00",
        "MK:\ud800",
        "MK:短信",
        "../../etc/passwd",
        "E" * 10**6,
    ],
    ids=lambda typed: ascii(typed[:20]),
)
def test_what_is_no_code_of_this_list_is_not_taken(typed):
    guide = snapshot(codes=CODES)
    found = arrive({"report": "failed", "code": typed}, guide=guide)
    assert place(found.at) == "code"
    assert [(one.key, one.value) for one in found.rejected] == [("code", typed)]
    by_evidence = arrive({"report": "failed"}, known(report_status=typed), guide)
    assert place(by_evidence.at) == "code"


@pytest.mark.parametrize("value", [EMPTY, 5, True, NOON])
def test_only_a_text_is_a_code(value):
    found = arrive({"report": "failed"}, known(report_status=value))
    assert place(found.at) == "code"


def test_a_question_for_a_choice_takes_no_codes():
    assert place(arrive({"report": "EXPIRED"}).at) == "report"


# --- feedback -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome_key", "feedback", "expected", "solved"),
    [
        ("junk", "yes", "junk:yes", True),
        ("junk", "cannot", "junk:cannot", False),
        ("junk", "no", "lost", None),
        ("lost", "yes", "lost:yes", True),
        ("lost", "cannot", "lost:cannot", False),
        ("lost", "no", "lost:no", False),
    ],
)
def test_feedback_ends_the_walk_or_leads_on_where_the_outcome_goes_on(
    outcome_key, feedback, expected, solved
):
    answer = {"junk": "delivered", "lost": "old"}[outcome_key]
    found = arrive({"report": answer, outcome_key: feedback})
    assert place(found.at) == expected
    assert (found.at.solved if isinstance(found.at, AtEnd) else None) is solved
    assert found.trail[-1] == Tried(found.trail[-1].outcome, feedback)
    assert found.answers == {"report": answer, outcome_key: feedback}


@pytest.mark.parametrize("feedback", ["", "YES", "?", "maybe", " yes"])
def test_what_is_no_feedback_is_refused_and_the_outcome_waits(feedback):
    found = arrive({"report": "delivered", "junk": feedback})
    assert isinstance(found.at, AtOutcome)
    assert [(one.key, one.reason) for one in found.rejected] == [("junk", "no such answer")]


# --- what a step and a walk say of themselves -----------------------------------------------------


def test_a_step_says_its_key_its_title_what_was_given_and_by_whom():
    found = arrive({"junk": "no"}, delivered())
    told = [(one.key, one.title, one.value, one.origin, one.by_person) for one in found.trail]
    assert told == [
        ("report", "Is there a report?", "delivered", "evidence", False),
        ("junk", "Junk", "no", "person", True),
    ]


def test_an_answer_of_a_person_is_by_a_person():
    assert arrive({"report": "delivered"}).answered[0].by_person


def test_each_step_leads_to_the_next_one_and_the_last_to_where_the_walk_rests():
    found = arrive({"report": "delivered", "junk": "no"})
    assert [one.to for one in found.trail] == [*(one.key for one in found.trail[1:]), found.place]


def test_the_trail_is_what_was_answered_and_what_was_tried():
    found = arrive({"report": "delivered", "junk": "no", "lost": "cannot"})
    assert found.trail == (*found.answered, *found.tried)
    assert [one.key for one in found.tried] == ["junk", "lost"]


CIRCLE = [outcome("junk", otherwise="report")]


@pytest.mark.parametrize(
    ("answers", "changes", "expected"),
    [
        ({}, {}, "report question waits"),
        ({"report": "delivered"}, {}, "junk outcome waits"),
        ({"report": "delivered", "junk": "yes"}, {}, "junk outcome ended solved"),
        ({"report": "delivered", "junk": "cannot"}, {}, "junk outcome ended"),
        ({"report": "old", "lost": "no"}, {}, "lost outcome ended"),
        ({"report": "old"}, {"outcomes": CIRCLE}, "lost"),
        ({"report": "delivered", "junk": "no"}, {"outcomes": CIRCLE}, "report"),
    ],
)
def test_a_walk_says_where_it_rests_and_why(answers, changes, expected):
    found = arrive(answers, guide=snapshot(**changes))
    told = {
        "question": found.question is not None,
        "outcome": found.outcome is not None,
        "waits": found.waits,
        "ended": found.ended,
        "solved": found.solved,
    }
    assert " ".join([found.place, *(word for word, holds in told.items() if holds)]) == expected
    nodes = {found.question, found.outcome} - {None}
    assert ({found.node} - {None}) == nodes
    assert all(node.key == found.place for node in nodes)


@pytest.mark.parametrize("feedback", ["yes", "no", "cannot"])
def test_a_walk_that_is_over_says_with_what_word_it_ended(feedback):
    assert arrive({"report": "old", "lost": feedback}).feedback == feedback
    assert arrive({"report": "old"}).feedback is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [("", "report"), ("code", "code"), ("junk", "junk"), ("gone", "report")],
)
def test_a_walk_begins_where_it_is_told_to_if_the_guide_has_that_node(start, expected):
    assert walk(snapshot(), {}, {}, NOON, start).place == expected


# --- circles --------------------------------------------------------------------------------------


def test_a_circle_is_left_where_it_closes():
    questions = [
        {"key": "a", "answers": [{"key": "on", "to": "b"}]},
        {"key": "b", "answers": [{"key": "on", "to": "a"}, {"key": "self", "to": "b"}]},
    ]
    guide = snapshot(guide={"slug": "x", "start": "a"}, questions=questions)
    for second, expected in (("on", "lost:a"), ("self", "lost:b")):
        found = arrive({"a": "on", "b": second}, guide=guide)
        assert place(found.at) == expected
        assert found.answers == {"a": "on", "b": second}
