"""The library that ships: every code of it reaches a fix that is true of its cause."""

import re
from functools import cache

import pytest

from tests.support.moments import NOON
from wizard.authoring import files, libraries
from wizard.engine.document import compile_document
from wizard.engine.languages import read_in
from wizard.engine.library import LibraryRow
from wizard.engine.lists import ACTORS, CARRIERS, CAUSES, CONFIDENCES, RETRIES
from wizard.engine.snapshot import CODE, Outcome, Question, Snapshot
from wizard.engine.walk import AtOutcome, AtQuestion, walk
from wizard.wording.codes import LIBRARIES, meaning_of

FIRST = "sms-not-received"


@cache
def guide() -> Snapshot:
    (document,) = [one for one in files.shipped() if one["guide"]["slug"] == FIRST]
    return compile_document(document)


def rows() -> list[LibraryRow]:
    library = guide().catalogue.library
    assert library is not None
    return list(library.rows)


def ends(to: str) -> list[Outcome]:
    """The outcomes that a cause leads to: at once, or by the answers to a question."""
    node = guide().node(to)
    if isinstance(node, Outcome):
        return [node]
    assert isinstance(node, Question)
    return [end for answer in node.answers for end in ends(answer.to)]


def test_each_library_has_its_table():
    assert [name for name in LIBRARIES if libraries.shipped(name) is None] == []


def test_the_library_has_the_codes_of_the_carriers_lists():
    assert len(rows()) > 2_900
    assert {carrier for row in rows() for carrier in row.carriers} == set(CARRIERS)


def test_every_row_says_why_who_acts_whether_a_retry_helps_how_sure_it_is_and_where_it_was_seen():
    faulty = [
        row.code
        for row in rows()
        if not (
            CODE.fullmatch(row.code)
            and row.cause in CAUSES
            and row.who in ACTORS
            and row.retry in ("", *RETRIES)
            and row.confidence in CONFIDENCES
            and row.meaning
            and row.carriers
            and row.sources
            and all(cause in CAUSES and meaning for cause, meaning in row.others)
        )
    ]
    assert faulty == []


def test_every_code_of_the_library_leads_to_an_outcome_with_a_step_or_a_reason_why_none_is_needed():
    way = guide().way_to("status-code")
    lost = []
    for row in guide().catalogue.of_library():
        at = walk(guide(), {**way, "status-code": row.prefix}, {}, NOON).at
        arrived = at.outcome.key if isinstance(at, AtOutcome) else ""
        arrived = at.question.key if isinstance(at, AtQuestion) else arrived
        found = guide().catalogue.find(row.prefix, "status")
        fixed = all(end.steps or end.no_steps for end in ends(row.to))
        if not (row.steps and fixed and arrived == found.to and found.to != "status-code"):
            lost.append(row.code)
    assert lost == []


@pytest.mark.parametrize("cause", ["number-invalid"])
def test_no_dead_number_is_told_to_restart_a_phone(cause):
    steps = [step.text for end in ends(guide().to_of_cause(cause)) for step in end.steps]
    said = " ".join([*steps, *guide().causes[cause].steps])
    assert not re.search(r"restart|switch|signal", said, re.IGNORECASE)


@pytest.mark.parametrize("cause", ["carrier-network-fault", "platform-fault", "no-route"])
def test_no_fault_of_a_network_sends_people_to_the_phone(cause):
    steps = [step for end in ends(guide().to_of_cause(cause)) for step in end.steps]
    assert [step.text for step in steps if step.audience == "recipient"] == []
    assert not re.search(r"phone|restart", " ".join(guide().causes[cause].steps), re.IGNORECASE)


def test_a_number_that_may_be_dead_is_not_counted_among_phones_that_are_off():
    dead = re.compile(r"does not exist|\bdead\b|unassigned", re.IGNORECASE)
    phone = {"phone-off-or-out-of-range", "phone-cannot-take"}
    assert [row.code for row in rows() if row.cause in phone and dead.search(row.meaning)] == []


def test_what_one_list_alone_says_is_told_as_that():
    single = [row for row in rows() if row.confidence == "one-source"]
    assert len(single) > 1_000
    said = {meaning_of(row.meaning, row.cause, row.confidence)[:22] for row in single}
    assert said == {"One public list says: "}


def test_a_code_whose_sources_differ_has_both_meanings():
    row = guide().catalogue.library.find("MK:0012")
    assert (row.cause, row.confidence) == ("number-invalid", "two-sources")
    assert "phone-off-or-out-of-range" in dict(row.others)


def test_every_code_of_the_library_says_something_in_chinese():
    chinese = read_in(guide(), "zh-hans")
    said = [meaning_of(row.meaning, row.cause, "") for row in chinese.catalogue.of_library()]
    assert all(said)
    assert all(step for row in chinese.catalogue.of_library() for step in row.steps)
