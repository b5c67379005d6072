"""What holds for every walk, whatever the guide, the answers and the evidence."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import NOON, answers, evidences, guides, sound_guides
from wizard.engine.walk import (
    ASK,
    FEEDBACK,
    Answered,
    AtEnd,
    AtOutcome,
    AtQuestion,
    Lost,
    Tried,
    Walk,
    walk,
)

many = settings(max_examples=60, deadline=None)
moments = st.datetimes(timezones=st.just(NOON.tzinfo))


@many
@given(guides(), answers(), evidences(), moments)
def test_a_walk_is_total_bounded_and_deterministic(guide, given_answers, evidence, now):
    found = walk(guide, given_answers, evidence, now)
    assert len(found.trail) <= len(guide.questions) + len(guide.outcomes)
    assert found == walk(guide, dict(reversed(given_answers.items())), evidence, now)


@many
@given(guides(), answers(), evidences())
def test_no_node_is_passed_twice(guide, given_answers, evidence):
    trail = walk(guide, given_answers, evidence, NOON).trail
    passed = [s.question.key if isinstance(s, Answered) else s.outcome.key for s in trail]
    assert len(set(passed)) == len(passed)


@many
@given(guides(), answers(), evidences(), st.text(min_size=3, max_size=9), st.text(max_size=9))
def test_unknown_keys_change_nothing_but_are_named(guide, given_answers, evidence, key, value):
    if guide.node(key) is not None or key in given_answers:
        return
    without = walk(guide, given_answers, evidence, NOON)
    found = walk(guide, {**given_answers, key: value}, evidence, NOON)
    assert (found.trail, found.at, found.kept) == (without.trail, without.at, without.kept)
    assert key in {one.key for one in found.rejected}


@many
@given(guides(), answers(), evidences())
def test_evidence_never_beats_a_person(guide, given_answers, evidence):
    for step in walk(guide, given_answers, evidence, NOON).answered:
        given_value = given_answers.get(step.question.key, "")
        if step.question.answer(given_value) is not None:
            assert (step.origin, step.value) == ("person", given_value)


@many
@given(guides(), answers(), evidences(), st.data())
def test_overruling_a_step_and_taking_it_back_restores_the_walk(
    guide, given_answers, evidence, data
):
    before = walk(guide, given_answers, evidence, NOON)
    decided = [step for step in before.answered if step.origin != "person"]
    if not decided:
        return
    step = data.draw(st.sampled_from(decided))
    key = step.question.key
    overruled = walk(guide, {**given_answers, key: ASK}, evidence, NOON)
    assert isinstance(overruled.at, AtQuestion)
    assert overruled.at.question == step.question
    assert overruled.at.found == step.because
    assert overruled.trail == before.trail[: before.trail.index(step)]
    restored = {name: value for name, value in given_answers.items() if name != key}
    assert walk(guide, restored, evidence, NOON).trail == before.trail


@many
@given(guides(), answers(), evidences())
def test_the_answers_of_a_walk_lead_to_the_same_walk(guide, given_answers, evidence):
    found = walk(guide, given_answers, evidence, NOON)
    again = walk(guide, found.answers, evidence, NOON)
    assert (again.trail, again.at) == (found.trail, found.at)
    assert again.rejected == ()


@many
@given(guides(), answers(), evidences())
def test_every_step_leads_to_the_next(guide, given_answers, evidence):
    found = walk(guide, given_answers, evidence, NOON)
    expected = guide.start
    for step in found.trail:
        node = step.question if isinstance(step, Answered) else step.outcome
        assert node.key == expected
        expected = step.to if isinstance(step, Answered) else step.outcome.otherwise


@many
@given(guides(), answers())
def test_without_evidence_a_person_gave_every_step(guide, given_answers):
    for step in walk(guide, given_answers, {}, NOON).trail:
        assert isinstance(step, Tried) or step.origin == "person"


@many
@given(guides(), answers(), evidences())
def test_what_evidence_decided_names_the_findings_that_decided_it(guide, given_answers, evidence):
    for step in walk(guide, given_answers, evidence, NOON).answered:
        assert bool(step.because) == (step.origin != "person")


@many
@given(guides(), answers(), evidences(), st.data())
def test_changing_one_answer_keeps_all_others(guide, given_answers, evidence, data):
    before = walk(guide, given_answers, evidence, NOON)
    asked = [step.question for step in before.answered if step.question.answers]
    if not asked:
        return
    question = data.draw(st.sampled_from(asked))
    other = data.draw(st.sampled_from(question.answers)).key
    after = walk(guide, {**before.answers, question.key: other}, evidence, NOON)
    assert after.answers == {**before.answers, question.key: other}
    assert after.rejected == ()


@many
@given(guides(), answers(), evidences(), answers())
def test_answers_beside_the_trail_never_change_it(guide, given_answers, evidence, others):
    found = walk(guide, given_answers, evidence, NOON)
    without = {key: value for key, value in given_answers.items() if key not in found.kept}
    assert _way(walk(guide, without, evidence, NOON)) == _way(found)
    beside = {key: value for key, value in others.items() if key not in _passed(found)}
    assert _way(walk(guide, {**without, **beside}, evidence, NOON)) == _way(found)


@many
@given(guides(), answers(), evidences())
def test_what_is_given_is_used_or_kept_or_refused_with_a_reason(guide, given_answers, evidence):
    found = walk(guide, given_answers, evidence, NOON)
    used = {key for key in found.answers if key not in found.kept}
    refused = [one.key for one in found.rejected]
    assert sorted([*used, *found.kept, *refused]) == sorted(given_answers)


@many
@given(sound_guides(), evidences(), st.data())
def test_in_a_sound_guide_every_way_ends_in_solved_or_hand_over(guide, evidence, data):
    given_answers: dict[str, str] = {}
    for _ in range(len(guide.questions) + len(guide.outcomes) + 1):
        at = walk(guide, given_answers, evidence, NOON).at
        if isinstance(at, AtEnd):
            return
        assert not isinstance(at, Lost)
        if isinstance(at, AtOutcome):
            given_answers[at.outcome.key] = data.draw(st.sampled_from(list(FEEDBACK)))
        else:
            exits = [given for given, _ in guide.exits(at.question.key)]
            given_answers[at.question.key] = data.draw(st.sampled_from(exits))
    raise AssertionError("the walk goes on and on")


@many
@given(guides())
def test_the_way_to_a_node_leads_to_it(guide):
    for key in guide.reachable:
        assert _resting(walk(guide, guide.way_to(key), {}, NOON)) == key


def _passed(found: Walk) -> list[str]:
    """Keys of all nodes that a walk has met, the one where it rests included."""
    passed = [s.question.key if isinstance(s, Answered) else s.outcome.key for s in found.trail]
    return [*passed, _resting(found)]


def _resting(found: Walk) -> str:
    if isinstance(found.at, Lost):
        return found.at.key
    node = found.at.question if isinstance(found.at, AtQuestion) else found.at.outcome
    return node.key


def _way(found: Walk) -> tuple:
    return found.trail, found.at
