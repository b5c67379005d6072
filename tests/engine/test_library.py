"""The library: rows beside a guide's own, which lead by their causes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.toys import NOON, toy
from wizard.engine.checks import check
from wizard.engine.differences import compare
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.languages import missing, read_in
from wizard.engine.library import COLUMNS, library_of
from wizard.engine.lists import CAUSES
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import AtOutcome, walk


def row(code: str, cause: str = "expired", **changes: str) -> list[str]:
    cells = dict.fromkeys(COLUMNS, "") | {
        "code": code,
        "cause": cause,
        "carriers": "china-mobile",
        "who": "recipient",
        "confidence": "carrier-list",
        "meaning": f"{code} of the list.",
        "zh-hans": "列表",
    }
    return list((cells | changes).values())


def library(*rows: list[str]) -> dict[str, Any]:
    return {
        "name": "carriers",
        "checked_on": "2026-11-26",
        "columns": list(COLUMNS),
        "rows": list(rows),
    }


def with_library(*rows: list[str], **changes: Any) -> dict[str, Any]:
    """A sound guide that leads two causes, with these rows beside its own."""
    causes = [
        {"cause": "expired", "to": "wait", "steps": ["Wait a little."]},
        {"cause": "unknown", "to": "lost"},
    ]
    return toy(**{"causes": causes, "library": library(*rows), **changes})


def guide(*rows: list[str], **changes: Any) -> Snapshot:
    return compile_document(with_library(*rows, **changes))


# --- which row a code finds -----------------------------------------------------------------------


def test_an_exact_row_goes_before_a_family_and_the_guides_own_before_the_librarys():
    rows = [row(code) for code in ("MK:0044", "MK:0045", "MK:*", "MI:0001", "MI:*")]
    catalogue = guide(*rows).catalogue
    found = {
        code: catalogue.find(code, "status").meaning
        for code in ("MK:0044", "MK:0045", "MK:0046", "MK:*", "mi:0001", "MI:0002", "MI:*")
    }
    assert found == {
        "MK:0044": "More exactly.",
        "MK:0045": "MK:0045 of the list.",
        "MK:0046": "The carrier says so.",
        "MK:*": "The carrier says so.",
        "mi:0001": "MI:0001 of the list.",
        "MI:0002": "MI:* of the list.",
        "MI:*": "MI:* of the list.",
    }


def test_a_library_is_about_reports_alone():
    catalogue = guide(row("MI:0001"), row("MI:*")).catalogue
    assert catalogue.find("MI:0001", "api") is None
    assert catalogue.find("MI:*", "api") is None


@given(st.text(max_size=40))
def test_what_no_list_has_is_found_in_no_library(text):
    found = guide(row("MI:0001"), row("QQ:*")).catalogue.find(text, "status")
    own = toy()["codes"]
    assert found is None or found.code in {"MI:0001", "QQ:*", *(code["code"] for code in own)}


def test_another_spelling_finds_its_row_unless_it_is_a_row_itself_or_two_rows_have_it():
    made = library_of(
        "carriers",
        "2026-11-26",
        [
            row("MI:0001", spellings="MI-1 | 10 | 7"),
            row("10"),
            row("MI:0002", spellings="7"),
        ],
    )
    found = {code: made.find(code) for code in ("MI-1", "MI0001", "10", "7")}
    assert {code: one and one.code for code, one in found.items()} == {
        "MI-1": "MI:0001",
        "MI0001": "MI:0001",
        "10": "10",
        "7": None,
    }


# --- where it leads -------------------------------------------------------------------------------


@pytest.mark.parametrize(("cause", "end"), [("expired", "wait"), ("unknown", "lost")])
def test_a_code_of_the_library_leads_where_the_guide_leads_its_cause(cause, end):
    one = guide(row("MI:0001", cause))
    at = walk(one, {"report": "failed", "code": "MI:0001"}, {}, NOON).at
    assert isinstance(at, AtOutcome)
    assert at.outcome.key == end == one.to_of_cause(cause)


def test_a_code_of_the_guide_leads_by_its_cause_unless_it_has_a_target_of_its_own():
    codes = [
        {"code": "A1", "meaning": "By cause.", "cause": "expired"},
        {"code": "A2", "meaning": "By itself.", "cause": "expired", "to": "junk", "steps": ["Do."]},
    ]
    one = guide(codes=codes)
    first, second = (one.catalogue.find(code, "status") for code in ("A1", "A2"))
    assert (first.to, first.steps) == ("wait", ("Wait a little.",))
    assert (second.to, second.steps) == ("junk", ("Do.",))


def test_an_outcome_that_codes_of_the_library_alone_lead_to_is_reached():
    alone = {**toy()["outcomes"][1], "key": "alone"}
    causes = [{"cause": "expired", "to": "alone"}]
    one = guide(row("MI:0001"), causes=causes, outcomes=[*toy()["outcomes"], alone])
    assert one.way_to("alone") == {"report": "failed", "code": "MI:0001"}
    assert check(one) == []


def test_a_cause_of_the_library_that_the_guide_leads_nowhere_is_an_error():
    (found,) = check(guide(row("MI:0001", "portability")))
    assert (found.name, found.level, found.params["cause"]) == (
        "cause-not-led",
        "error",
        "portability",
    )


def test_a_circle_through_the_library_is_found():
    document = with_library(row("MI:0001"))
    document["outcomes"][1]["otherwise"] = "code"
    assert [one.name for one in check(compile_document(document))] == ["cycle"]


# --- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        "carriers",
        [],
        {},
        library() | {"columns": list(reversed(COLUMNS))},
        library() | {"checked_on": None},
        library() | {"checked_on": "soon"},
        library() | {"rows": None},
        library() | {"more": 1},
        library(row("MI:0001")[:-1]),
        library([*row("MI:0001")[:-1], 1]),  # type: ignore[list-item] # what a file may hold
        library(row("MI:0001", meaning="\x00")),
        library(row("no code")),
        library(row("MI:0001"), row("mi:0001")),
    ],
)
def test_a_library_of_another_form_is_refused(part):
    with pytest.raises(DocumentError, match="library"):
        compile_document({**toy(), "library": part})


@pytest.mark.parametrize(
    "causes", [[{"to": "wait"}], [{"cause": 1}], [{"cause": "expired", "meaning": "x"}], {}]
)
def test_causes_of_another_form_are_refused(causes):
    with pytest.raises(DocumentError, match="cause"):
        compile_document({**toy(), "causes": causes})


def test_a_cause_that_stands_twice_is_refused():
    twice = [{"cause": "expired", "to": "wait"}] * 2
    with pytest.raises(DocumentError, match="stands twice"):
        compile_document({**toy(), "causes": twice})


def test_versions_of_a_guide_share_the_rows_that_they_have_in_common():
    here, there = guide(row("MI:0001")), guide(row("MI:0001"), codes=[])
    assert here.digest != there.digest
    assert here.catalogue.library is there.catalogue.library


def test_what_a_library_says_is_part_of_the_digest():
    one, other = guide(row("MI:0001")), guide(row("MI:0001", meaning="Something else."))
    assert one.digest != other.digest
    assert other.catalogue.find("MI:0001", "status").meaning == "Something else."


def test_another_library_and_another_target_of_a_cause_are_differences():
    before = with_library(row("MI:0001"))
    after = with_library(row("MI:0001"), row("MI:0002"))
    after["causes"][0] = {**after["causes"][0], "to": "lost"}
    assert [(one.place, one.key, one.kind) for one in compare(before, after)] == [
        ("cause", "expired", "changed"),
        ("library", "", "changed"),
    ]
    assert compare(before, with_library(row("MI:0001"))) == ()


# --- languages ------------------------------------------------------------------------------------


def test_in_chinese_a_row_says_its_label_and_its_other_meanings_as_causes():
    others = "unknown = Nobody knows. | expired = Too late."
    document = with_library(row("MI:0001", others=others))
    document["translations"] = {"zh-hans": [{"text": "Wait a little.", "translation": "稍等。"}]}
    written = compile_document(document)
    english, chinese = (
        one.catalogue.find("MI:0001", "status") for one in (written, read_in(written, "zh-hans"))
    )
    assert english.others == ("Nobody knows.", "Too late.")
    assert (chinese.meaning, chinese.others) == ("列表", ("unknown", "expired"))
    assert chinese.steps == ("稍等。",)


def test_the_rows_of_a_library_are_not_the_authors_to_translate():
    lacking = {text.text for text in missing(guide(row("MI:0001")), "zh-hans")}
    assert "Wait a little." in lacking
    assert "MI:0001 of the list." not in lacking


def test_each_cause_has_one_name():
    assert len(set(CAUSES)) == len(CAUSES)
