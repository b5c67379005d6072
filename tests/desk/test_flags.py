"""Flags: what an agent says is wrong is kept with all that an author needs to see why."""

import copy
from datetime import timedelta

import pytest
from django.db import DatabaseError

from tests.factories import FlagFactory, StatusReportFactory
from tests.support.guides import DOCUMENT, publish
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from wizard.cases import answering, changing, opening
from wizard.cases import standing as cases_standing
from wizard.desk import flags
from wizard.models import Case, CaseEvent, Flag
from wizard.pasted.reader import read
from wizard.published.live import Live

pytestmark = pytest.mark.django_db
WRONG = "The shelf is empty since Monday."


@pytest.fixture
def publication():
    return publish()


def opened(publication, text="Something odd"):
    return opening.open_case(read(text), now=NOON)


def stands(case):
    return cases_standing.standing(Case.objects.get(pk=case.pk), NOON)


def flagged(case, text=WRONG):
    return flags.flag(stands(case), text=text, by="ann", now=NOON)


def events(case):
    rows = case.events.filter(kind=CaseEvent.Kind.FLAGGED)
    return list(rows.values_list("key", "value", "text", "by", "at"))


# --- flagging -------------------------------------------------------------------------------------


def test_a_flag_knows_the_question_its_text_and_the_publication_by_itself(publication):
    case = opened(publication)
    flag = flagged(case)
    assert (flag.node, flag.title) == ("seen", "Where was the parcel seen last?")
    assert (flag.guide, flag.publication, flag.case) == (publication.guide, publication, case)
    assert (flag.text, flag.by, flag.at) == (WRONG, "ann", NOON)
    assert (flag.done_at, flag.done_by, flag.answers) == (None, "", [])


def test_a_flag_at_an_outcome_knows_the_answers_on_the_way_there(publication):
    case = opened(publication)
    answering.give(case.token, key="seen", value="shop", now=NOON)
    flag = Flag.objects.get(pk=flagged(case).pk)
    assert (flag.node, flag.title) == ("packed", "It waits to be packed")
    assert flag.answers == [["Where was the parcel seen last?", "In the shop", "person"]]


def test_a_flag_tells_answers_of_evidence_and_remedies_that_did_not_help_apart(publication):
    StatusReportFactory(message_id=MESSAGE, status="MK:0001", received_at=NOON)
    case = opened(publication, MESSAGE)
    assert flagged(case).answers == [
        ("Where was the parcel seen last?", "In the van", "evidence"),
        ("Which code is on the slip?", "MK:0001", "evidence"),
    ]
    answering.give(case.token, key="seen", value="shop", now=NOON)
    answering.give(case.token, key="packed", value="no", now=NOON)
    asked, tried, *_ = flagged(case).answers
    assert asked == ("Where was the parcel seen last?", "In the shop", "person")
    assert tried == ("It waits to be packed", "No, still nothing", "person")


def test_a_flag_belongs_to_the_publication_that_the_case_began_with(publication):
    case = opened(publication)
    changed = copy.deepcopy(DOCUMENT)
    changed["questions"][0]["text"] = "Where on earth is it?"
    publish(changed)
    flag = flagged(case)
    assert flag.publication == publication
    assert flag.title == "Where was the parcel seen last?"


def test_the_case_is_told_that_it_was_flagged_and_not_what_is_wrong(publication):
    case = opened(publication)
    version = case.version
    flagged(case)
    assert events(case) == [("seen", "", "", "ann", NOON)]
    case.refresh_from_db()
    assert case.version == version + 1


def test_a_flag_outlives_its_case(publication):
    flag = flagged(opened(publication))
    Case.objects.all().delete()
    flag.refresh_from_db()
    assert flag.case is None
    assert flag.text == WRONG


def test_both_the_flag_and_its_event_are_there_or_neither_is(publication, monkeypatch):
    case = opened(publication)

    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(changing, "note", broken)
    with pytest.raises(DatabaseError):
        flagged(case)
    assert not Flag.objects.exists()
    assert events(case) == []


def test_a_case_that_was_purged_is_not_flagged(publication):
    standing = stands(opened(publication))
    Case.objects.all().delete()
    with pytest.raises(Case.DoesNotExist):
        flags.flag(standing, text=WRONG, by="ann", now=NOON)
    assert not Flag.objects.exists()


# --- its text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\r\n\t ", "\0", " \0 "])
def test_a_flag_that_says_nothing_is_refused_and_leaves_no_trace(publication, text):
    case = opened(publication)
    with pytest.raises(ValueError, match="says what is wrong"):
        flagged(case, text)
    assert not Flag.objects.exists()
    assert events(case) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  two\nlines \n", "two\nlines"),
        ("x" * 2_000, "x" * 2_000),
        ("x" * 2_001, "x" * 2_000),
        (" " + "x" * 2_000, "x" * 2_000),
        ("<b>a</b>\0", "<b>a</b>"),
    ],
)
def test_a_text_is_kept_as_it_was_meant_up_to_its_length(publication, text, kept):
    assert flagged(opened(publication), text).text == kept


def test_a_case_is_flagged_as_often_as_something_is_wrong(publication):
    case = opened(publication)
    flagged(case)
    flagged(case, "And the picture is old.")
    assert Flag.objects.count() == 2
    assert len(events(case)) == 2


# --- settling -------------------------------------------------------------------------------------


def test_flags_are_done_once_and_say_by_whom():
    FlagFactory.create_batch(2)
    every = Flag.objects.all()
    assert flags.done(every, by="eve", now=NOON) == 2
    assert flags.done(every, by="bob", now=NOON + timedelta(hours=1)) == 0
    assert set(every.values_list("done_by", "done_at")) == {("eve", NOON)}


def test_only_the_flags_that_are_meant_are_done():
    meant, other = FlagFactory(), FlagFactory()
    flags.done(Flag.objects.filter(pk=meant.pk), by="eve", now=NOON)
    assert list(Flag.objects.filter(flags.OPEN)) == [other]


def test_flags_are_opened_again():
    FlagFactory(done_at=NOON, done_by="eve")
    FlagFactory()
    assert flags.reopen(Flag.objects.all()) == 1
    assert set(Flag.objects.values_list("done_by", "done_at")) == {("", None)}


# --- what it costs --------------------------------------------------------------------------------


def test_a_flag_costs_as_many_queries_on_a_long_way_as_on_a_short_one(
    publication, django_assert_num_queries, settings, monkeypatch
):
    # As in production: looking for a new publication is the thread's work.
    settings.PUBLICATION_POLL_SECONDS = 60
    monkeypatch.setattr(Live, "_watch", lambda self: None)
    case = opened(publication)
    standing = stands(case)
    # A savepoint's two, the case, its publication's guide, the flag, its event, and the version.
    with django_assert_num_queries(7):
        flags.flag(standing, text=WRONG, by="ann", now=NOON)
    answering.give(case.token, key="seen", value="shop", now=NOON)
    answering.give(case.token, key="packed", value="no", now=NOON)
    standing = stands(case)
    with django_assert_num_queries(7):
        flags.flag(standing, text=WRONG, by="ann", now=NOON)
