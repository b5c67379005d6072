"""Replay: what a draft does to a case, and that many cases are told as each of them would be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import (
    NOON,
    aged,
    answers,
    delivered,
    evidences,
    guides,
    known,
    outcome,
    snapshot,
    toy,
)
from wizard.engine import replay as engine_replay
from wizard.engine.document import compile_document
from wizard.engine.evidence import Stored, to_json
from wizard.engine.replay import (
    Place,
    Recorded,
    Replayer,
    Result,
    asked,
    place_of,
    replay,
    routing,
)
from wizard.engine.walk import ASK, walk

many = settings(max_examples=60, deadline=None)
moments = st.datetimes(timezones=st.just(NOON.tzinfo))
starts = st.sampled_from(["", "n0", "n1", "n7", "missing"])


def case(answers=None, evidence=None, now=NOON, start=""):
    return Recorded(answers or {}, evidence or {}, now, start)


def counted(monkeypatch):
    """What is walked from now on."""
    walked = []
    walk_both = engine_replay._replay
    monkeypatch.setattr(
        engine_replay, "_replay", lambda *given_: walked.append(given_) or walk_both(*given_)
    )
    return walked


cases = st.builds(Recorded, answers(), evidences(), moments, starts)


def draft(**changes):
    """The toy guide with other parts of its first question, or with other answers of it."""
    document = toy()
    question = document["questions"][0]
    for key, parts in changes.items():
        [answer] = [one for one in question["answers"] if one["key"] == key]
        answer.update(parts)
    return compile_document(document)


# --- what holds for every guide -------------------------------------------------------------------


@many
@given(guides(), cases)
def test_a_draft_that_is_the_publication_leaves_every_case_the_same(guide, recorded):
    found = replay(recorded, guide, guide)
    assert found.result is Result.SAME
    assert found.before == found.after
    assert found.gone == ()


@many
@given(guides(), guides(), cases)
def test_the_first_walk_is_the_one_of_the_case(publication, other, recorded):
    start = recorded.start if publication.node(recorded.start) is not None else ""
    expected = walk(publication, recorded.answers, recorded.evidence, recorded.now, start)
    assert replay(recorded, publication, other).before == expected


@many
@given(guides(), guides(), cases)
def test_the_result_follows_from_the_two_ends_and_what_was_asked(publication, other, recorded):
    found = replay(recorded, publication, other)
    same_place = place_of(found.before) == place_of(found.after)
    assert same_place is (found.result in {Result.SAME, Result.SHORTER, Result.LONGER})
    if found.result is Result.SHORTER:
        assert asked(found.after) < asked(found.before)
    if found.result is Result.LONGER:
        assert asked(found.after) > asked(found.before)
    if found.result is Result.NOT_YET:
        assert "question" in {place_of(found.before).kind, place_of(found.after).kind}


@many
@given(guides(), guides(), st.lists(cases, max_size=8))
def test_cases_that_are_alike_are_told_as_each_of_them_would_be(publication, other, recorded):
    replayer = Replayer(publication, other)
    for one in [*recorded, *recorded]:
        found = replay(one, publication, other)
        verdict = replayer.verdict(one)
        assert verdict.result is found.result
        assert (verdict.before, verdict.after) == (place_of(found.before), place_of(found.after))


@many
@given(guides(), guides(), answers(), st.lists(evidences(), min_size=2, max_size=12))
def test_evidence_that_differs_is_never_taken_for_the_same(publication, other, given_, evidence):
    replayer = Replayer(publication, other)
    for one in evidence:
        recorded = Recorded(given_, one, NOON)
        assert replayer.verdict(recorded).result is replay(recorded, publication, other).result


@many
@given(guides(), guides(), st.lists(cases, max_size=8))
def test_cases_are_told_alike_as_they_are_stored_and_as_they_are_read(publication, other, recorded):
    replayer = Replayer(publication, other)
    for one in recorded:
        stored = Stored(to_json(one.evidence.values()), [], [])
        as_stored = Recorded(one.answers, stored, one.now, one.start)
        assert replayer.verdict(as_stored) == Replayer(publication, other).verdict(one)


@many
@given(guides(), st.lists(cases, max_size=4))
def test_versions_of_one_routing_lead_every_case_alike(guide, recorded):
    questions = {
        key: replace(question, text="Other words", why="Because")
        for key, question in guide.questions.items()
    }
    reworded = replace(guide, questions=questions, digest="another")
    assert routing(reworded) == routing(guide)
    for one in recorded:
        assert replay(one, guide, reworded).result is Result.SAME


# --- the results, one by one ----------------------------------------------------------------------


def test_a_case_that_ends_at_another_outcome_ends_elsewhere():
    found = replay(case(evidence=delivered()), snapshot(), draft(delivered={"to": "lost"}))
    assert found.result is Result.ELSEWHERE
    assert place_of(found.before) == Place("outcome", "junk")
    assert place_of(found.after) == Place("outcome", "lost")


def test_a_draft_that_leads_nowhere_ends_elsewhere():
    found = replay(case({"report": "failed"}), snapshot(), draft(failed={"to": ""}))
    assert found.result is Result.ELSEWHERE
    assert place_of(found.after).kind == "lost"


def test_a_case_that_evidence_answers_now_is_shorter():
    rules = ["report.present is true and report.status starts with MK:"]
    evidence = known(report_present=True, report_status="MK:0044")
    found = replay(case({"report": "failed"}, evidence), snapshot(), draft(failed={"rules": rules}))
    assert found.result is Result.SHORTER
    assert (asked(found.before), asked(found.after)) == (1, 0)


def test_an_answer_that_nobody_would_be_asked_for_does_not_hide_where_the_rule_leads():
    rules = ["report.status is EXPIRED"]
    evidence = known(report_status="EXPIRED")
    found = replay(
        case({"report": "failed"}, evidence), snapshot(), draft(delivered={"rules": rules})
    )
    assert place_of(found.before).key == "wait"
    assert place_of(found.after).key == "junk"
    assert found.result is Result.ELSEWHERE


def test_an_answer_that_overruled_the_evidence_overrules_it_in_the_draft():
    found = replay(case({"report": "old"}, delivered()), snapshot(), draft(recent={"label": "New"}))
    assert found.result is Result.SAME
    assert place_of(found.after).key == "lost"


def test_a_question_that_somebody_asked_to_be_asked_waits_in_the_draft_too():
    found = replay(case({"report": ASK}, delivered()), snapshot(), draft(recent={"label": "New"}))
    assert found.result is Result.SAME
    assert place_of(found.after) == Place("question", "report")


def test_a_case_that_is_asked_more_on_the_way_is_longer():
    found = replay(case({"report": "failed", "code": "none"}), _direct(), snapshot())
    assert found.result is Result.LONGER
    assert (asked(found.before), asked(found.after)) == (1, 2)


def _without_rules():
    return draft(delivered={"rules": []}, recent={"rules": []}, old={"rules": []})


def _direct():
    return draft(failed={"to": "lost"})


def test_a_draft_that_asks_what_the_case_has_not_answered_is_not_at_an_end_yet():
    found = replay(case(evidence=delivered()), snapshot(), _without_rules())
    assert found.result is Result.NOT_YET
    assert place_of(found.after) == Place("question", "report")


def test_a_case_that_waited_and_arrives_in_the_draft_is_not_compared():
    found = replay(case({"report": "failed"}), snapshot(), _direct())
    assert found.result is Result.NOT_YET
    assert place_of(found.after) == Place("outcome", "lost")


def test_a_case_that_waits_at_the_same_question_is_the_same():
    found = replay(case({"report": "failed"}), snapshot(), draft(old={"to": "junk"}))
    assert found.result is Result.SAME


def test_a_question_that_became_an_outcome_is_another_place():
    document = toy(outcomes=[*toy()["outcomes"], outcome("code")])
    document["questions"].pop()
    found = replay(case({"report": "failed"}), snapshot(), compile_document(document))
    assert place_of(found.before) == Place("question", "code")
    assert place_of(found.after) == Place("outcome", "code")
    assert found.result is Result.NOT_YET


# --- what is gone ---------------------------------------------------------------------------------


def test_an_answer_that_the_draft_no_longer_has_is_named():
    document = toy()
    document["questions"][0]["answers"].pop(2)
    found = replay(case({"report": "old"}), snapshot(), compile_document(document))
    assert [(one.key, one.value, one.reason) for one in found.gone] == [
        ("report", "old", "no such answer")
    ]
    assert found.result is Result.NOT_YET


def test_an_answer_to_a_question_that_the_draft_no_longer_has_is_named():
    document = toy()
    document["questions"].pop()
    given_answers = {"report": "failed", "code": "none"}
    found = replay(case(given_answers), snapshot(), compile_document(document))
    assert [(one.key, one.reason) for one in found.gone] == [("code", "no such question")]


def test_what_the_publication_refused_already_is_not_gone():
    found = replay(case({"never": "was", "report": "delivered"}), snapshot(), draft())
    assert found.gone == ()


# --- the clock and the start ----------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "end"), [(71.98, "wait"), (72, "lost")])
def test_the_clock_stands_where_the_case_was_last_changed(hours, end):
    later = draft(recent={"label": "Changed"})
    found = replay(case(evidence=aged(hours)), snapshot(), later)
    assert found.result is Result.SAME
    assert place_of(found.after).key == end


def test_hours_on_both_sides_of_a_rule_are_not_alike():
    replayer = Replayer(snapshot(), draft(old={"to": "junk"}))
    evidence = aged(0)
    found = [
        replayer.verdict(case(evidence=evidence, now=NOON + timedelta(hours=hours))).after.key
        for hours in (1, 71, 71.99, 72, 72.01, 100)
    ]
    assert found == ["wait", "wait", "wait", "junk", "junk", "junk"]


def test_cases_that_are_alike_are_walked_once(monkeypatch):
    walked = counted(monkeypatch)
    replayer = Replayer(snapshot(), draft())
    for hours in range(60):
        replayer.verdict(case(evidence=aged(hours)))
    assert len(walked) == 1


def test_versions_that_differ_in_words_lead_alike_and_those_that_differ_in_a_target_do_not():
    assert routing(snapshot()) == routing(draft(recent={"label": "New", "hint": "Newer"}))
    assert routing(snapshot()) != routing(draft(recent={"to": "junk"}))
    assert routing(snapshot()) != routing(draft(recent={"rules": ["report.present is false"]}))


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("wizard.engine.replay._KEPT", 2)
    replayer = Replayer(snapshot(), draft())
    for answer in ("delivered", "recent", "old", "failed", "delivered"):
        replayer.verdict(case({"report": answer}))
    assert len(replayer._known) <= 2


def test_a_case_begins_where_it_began_if_the_draft_still_has_that_question():
    began = case({"code": "none"}, start="code")
    assert replay(began, snapshot(), draft()).result is Result.SAME
    document = toy()
    document["questions"].pop()
    found = replay(began, snapshot(), compile_document(document))
    assert place_of(found.after) == Place("question", "report")
