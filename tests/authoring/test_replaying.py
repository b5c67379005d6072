"""Replaying stored cases and the labelled samples through a draft."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.engine.toys import toy
from tests.factories import CaseFactory, PublicationFactory, publishable_guide
from tests.support import shipped
from wizard.authoring import drafts, loading, publishing, replaying
from wizard.cases import standing as cases_standing
from wizard.engine import evidence
from wizard.engine.document import compile_document
from wizard.engine.evidence import Finding
from wizard.engine.replay import Place, Result
from wizard.engine.walk import walk
from wizard.models import Case
from wizard.sample_messages import SAMPLES

pytestmark = pytest.mark.django_db

CODES = ("EXPIRED", "UNDELIV", "REJECTD", "BLACK", "MK:0001")
BROKEN = "REJECTD"


@pytest.fixture
def guide():
    """The toy guide, published."""
    guide = loading.load(toy())
    publishing.publish(guide, by=None)
    guide.refresh_from_db()
    return guide


@pytest.fixture(name="shipped")
def shipped_guide():
    """The shipped guide, published."""
    return shipped.published()


def said(now, **values):
    names = {name.replace("_", ".", 1): value for name, value in values.items()}
    return evidence.to_json(Finding(name, value, "test", now) for name, value in names.items())


def stored(guide, **fields):
    return CaseFactory(publication=guide.live, **fields)


def reported(guide, status):
    now = timezone.now()
    return stored(guide, reports=said(now, report_present=True, report_status=status))


def edited(guide, change):
    """The live publication after an author's change."""
    document = deepcopy(guide.live.snapshot)
    change(document)
    return compile_document(document)


def break_one_code(document):
    """What an author does by mistake: one code leads to another outcome."""
    [row] = [code for code in document["codes"] if code["code"] == BROKEN]
    assert row["to"] != "expired"
    row["to"] = "expired"


def replayed(guide, draft, **kwargs):
    *_, tally = replaying.through(draft, replaying.cases_of(guide, **kwargs))
    return tally


# --- a seeded regression --------------------------------------------------------------------------


def test_a_draft_that_breaks_one_answer_is_found_exactly(shipped):
    found = {code: [reported(shipped, code) for _ in range(3)] for code in CODES}
    tally = replayed(shipped, edited(shipped, break_one_code))
    assert tally.counts == {Result.SAME: 12, Result.ELSEWHERE: 3}
    [move] = tally.of(Result.ELSEWHERE)
    assert move.verdict.before == Place("outcome", "rejected-by-carrier")
    assert move.verdict.after == Place("outcome", "expired")
    assert sorted(move.examples) == [case.pk for case in found[BROKEN]]


def test_both_trails_of_a_case_are_there(shipped):
    case = reported(shipped, BROKEN)
    draft = edited(shipped, break_one_code)
    example = replaying.examples(draft, [case.pk])[case.pk]
    assert (example.reference, example.number) == (case.reference, shipped.live.number)
    assert example.replayed.before == cases_standing.standing(case, case.changed_at).walk
    assert example.replayed.after.at.outcome.key == "expired"


def test_a_draft_that_is_live_leaves_all_cases_the_same(shipped):
    for code in CODES:
        reported(shipped, code)
    assert replayed(shipped, edited(shipped, lambda document: None)).counts == {Result.SAME: 5}


def test_every_case_is_walked_as_the_case_itself_walks(shipped):
    now = timezone.now()
    case = stored(
        shipped,
        pasted=said(now, message_accepted_at=now - timedelta(hours=80), report_present=True),
        reports=said(now, report_present=True, report_status="EXPIRED"),
        lookups={"account": {"state": "done", "findings": said(now, account_arrears=False)}},
        changed_at=now,
    )
    standing = cases_standing.standing(case, now)
    draft = edited(shipped, break_one_code)
    found = replaying.examples(draft, [case.pk])[case.pk].replayed
    assert found.before == standing.walk
    assert found.after == walk(draft, case.answers, standing.evidence, now)


# --- the clock, publications, other guides --------------------------------------------------------


@pytest.mark.parametrize(("hours", "end"), [(71.98, "wait"), (72, "lost")])
def test_the_clock_is_put_back_to_the_last_change_of_the_case(guide, hours, end):
    then = timezone.now() - timedelta(days=200)
    accepted = then - timedelta(hours=hours)
    pasted = said(then, report_present=False, message_accepted_at=accepted)
    stored(guide, pasted=pasted, changed_at=then)
    [move] = replayed(guide, edited(guide, lambda document: None)).moves.values()
    assert move.verdict.after == Place("outcome", end)


def test_each_case_is_compared_with_its_own_publication(guide):
    old = guide.live
    CaseFactory(publication=old, answers={"report": "old"})
    answer = guide.questions.get(key="report").answers.get(key="old")
    answer.to_outcome = guide.outcomes.get(key="junk")
    answer.save()
    new = publishing.publish(guide, by=None)
    CaseFactory(publication=new, answers={"report": "old"})
    tally = replayed(guide, compile_document(new.snapshot))
    assert tally.counts == {Result.SAME: 1, Result.ELSEWHERE: 1}


def test_cases_of_another_guide_are_left_alone(guide):
    CaseFactory(publication=PublicationFactory(), answers={"report": "old"})
    assert replayed(guide, edited(guide, lambda document: None)).total == 0


def test_only_what_has_changed_since_is_replayed_where_that_suffices(guide):
    now = timezone.now()
    stored(guide, changed_at=now - timedelta(hours=2))
    stored(guide, changed_at=now)
    draft = edited(guide, lambda document: None)
    assert replayed(guide, draft, since=now - timedelta(hours=1)).done == 1
    assert replayed(guide, draft, since=now + timedelta(hours=1)).done == 0


# --- many cases -----------------------------------------------------------------------------------


def test_how_far_it_is_is_told_after_each_chunk(guide, monkeypatch):
    monkeypatch.setattr(replaying, "_CHUNK", 2)
    for _ in range(5):
        stored(guide)
    draft = edited(guide, lambda document: None)
    seen = [
        (tally.done, tally.total) for tally in replaying.through(draft, replaying.cases_of(guide))
    ]
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("count", [3, 4, 5])
def test_no_case_is_lost_between_two_chunks(guide, monkeypatch, count):
    monkeypatch.setattr(replaying, "_CHUNK", 2)
    for _ in range(count):
        stored(guide, answers={"report": "old"})
    draft = edited(guide, lambda document: document["codes"].pop())
    assert replayed(guide, draft).done == count


def test_the_queries_do_not_grow_with_the_cases(guide, django_assert_num_queries):
    for _ in range(30):
        stored(guide)
    draft = edited(guide, lambda document: None)
    cases_standing.standing(
        Case.objects.first(), timezone.now()
    )  # its publication is in memory now
    with django_assert_num_queries(4):
        # How many there are, of which publications, the live guides, and one chunk.
        assert replayed(guide, draft).done == 30


def _lead_elsewhere(document):
    document["questions"][0]["answers"][2]["to"] = "junk"


def test_of_many_cases_the_newest_few_are_kept_as_examples(guide, monkeypatch):
    monkeypatch.setattr(replaying, "_EXAMPLES", 2)
    kept = [stored(guide, answers={"report": "old"}).pk for _ in range(5)]
    [move] = replayed(guide, edited(guide, _lead_elsewhere)).of(Result.ELSEWHERE)
    assert (move.count, move.examples) == (5, [kept[4], kept[3]])


def test_the_examples_of_all_moves_together_are_bounded(guide, monkeypatch):
    monkeypatch.setattr(replaying, "_ALL_EXAMPLES", 3)
    for _ in range(5):
        stored(guide, answers={"report": "old"})
    tally = replayed(guide, edited(guide, _lead_elsewhere))
    assert sum(len(move.examples) for move in tally.moves.values()) == 3
    assert tally.counts == {Result.ELSEWHERE: 5}


def test_a_case_that_was_deleted_meanwhile_is_no_example(guide):
    assert replaying.examples(edited(guide, _lead_elsewhere), [4711]) == {}


# --- samples --------------------------------------------------------------------------------------


def test_samples_whose_evidence_needs_no_network_lead_where_their_label_says(shipped):
    found = replaying.samples_of(shipped, compile_document(shipped.live.snapshot), timezone.now())
    assert len(found) >= 0.7 * len(SAMPLES)
    assert all(sample.is_right for sample in found)
    assert {sample.sample.scenario for sample in found} >= {"S1", "S2", "S3", "S4"}


def test_samples_that_a_draft_leads_astray_are_found_exactly(shipped):
    draft = edited(shipped, break_one_code)
    found = replaying.samples_of(shipped, draft, timezone.now())
    assert [one.sample.key for one in found if not one.is_right] == ["s3-refused"]


def test_no_sample_is_about_a_guide_that_knows_none_of_their_outcomes():
    guide = publishable_guide()
    draft = compile_document(publishing.publish(guide, by=None).snapshot)
    guide.refresh_from_db()
    assert replaying.samples_of(guide, draft, timezone.now()) == []


def test_a_guide_that_was_never_published_has_nothing_to_compare(db):
    guide = loading.load(toy())
    draft = drafts.snapshot_of(guide)
    assert replaying.samples_of(guide, draft, timezone.now()) == []
    assert replayed(guide, draft).total == 0
