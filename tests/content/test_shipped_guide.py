"""The guide that ships with the product: complete, sound, short, and every code leads to a fix."""

import statistics
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.moments import NOON
from wizard import guidefile
from wizard.engine.checks import check
from wizard.engine.snapshot import Code, Outcome, Question, Snapshot, compile_document
from wizard.engine.walk import AtOutcome, AtQuestion, walk

# The vendor's FAQ item by item (`facts/knowledge.md`, part a), and what it lacks (part c).
FAQ = """
    S0 S1 S1.1 S1.2 S2 S2.1 S2.2 S2.3 S2.4 S2.5 S2.6 S2.7 S2.8 S2.9 S2.9a S2.9b S3 S3.1 S3.2
    S4 S4.1 S4.2 S4.3 S4.4 S4.5 S4.6 S5 S5.1 S5.2 S5.3 S5.4 S5.5 S6 S6.1 S6.2 S6.3
""".split()
BEYOND = [f"X{number}" for number in range(1, 29)]

# Every row of `facts/api_codes.json` and `facts/status_codes.csv`.
API_CODES = """
    000000 E000000 E000001 E000002 E000003 E000004 E000005 E000006 E000007 E000008 E000020
    E000021 E000022 E000023 E000024 E000025 E000026 E000027 E000040 E000041 E000042 E000043
    E000044 E000045 E000101 E000102 E000103 E000104 E000105 E000106 E000109 E000110 E000111
    E000112 E000503 E000510 E000620 E000623 E000630 E200015 E200028 E200029 E200030 E200031
    E200033 E200041 E200048
""".split()
STATUS_CODES = """
    DELIVRD EXPIRED DELETED UNDELIV ACCEPTD UNKNOWN REJECTD E200018 E200019 E200020 E200021
    E200022 E200023 E200024 E200025 E200026 E200027 E200032 E200034 E200035 E200036 E200038
    E200051 E000503 E000628 E000629 E000632 SC:0001 SC:0003 SC:0004 SC:0005 SC:0013 SC:0014
    MILIMIT LIMIT BEYONDN CTLIMIT KEYWORD BLACK MBBLACK TDBLACK TSBLACK DJ:0255 MK:* MK:0055
    MK:0056 MK:0057 MK:0196 MK:0208 MK:0209 MK:1004 MK:1006 MK:1007 MB:0100 MB:0101 MB:0102
    MA:* MN:* DA:* SGIP:22 SGIP:23 SGIP:216
""".split()


@cache
def guide() -> Snapshot:
    documents = {document["guide"]["slug"]: document for document in guidefile.shipped()}
    return compile_document(documents["sms-not-received"])


def codes() -> tuple[Code, ...]:
    return guide().catalogue.codes


def named(code: Code) -> str:
    return f"{code.namespace}-{code.code}"


def ways(key: str, asked: int = 0) -> Iterator[tuple[str, int]]:
    """Every way on from a node by answers (codes count as one way): the end, questions asked."""
    node = guide().node(key)
    if isinstance(node, Outcome):
        yield key, asked
        return
    targets = {target for _, target in guide().exits(key)}
    for target in targets:
        yield from ways(target, asked + 1)


def nodes() -> list[Question | Outcome]:
    return [*guide().questions.values(), *guide().outcomes.values()]


# --- sound and complete ---------------------------------------------------------------------------


def test_the_checks_find_nothing():
    assert check(guide()) == []


@pytest.mark.parametrize("item", [*FAQ, *BEYOND])
def test_every_item_of_the_faq_and_beyond_is_settled_by_a_node_that_can_be_reached(item):
    settling = [node.key for node in nodes() if item in node.covers]
    assert settling
    assert set(settling) & guide().reachable


def test_nothing_is_cited_that_is_no_item():
    cited = {item for node in nodes() for item in node.covers}
    assert cited - {*FAQ, *BEYOND} == set()


def test_a_typical_walk_asks_at_most_five_questions():
    counts = [asked for _, asked in ways(guide().start)]
    assert statistics.median(counts) <= 5
    assert max(counts) <= 7


def test_the_shortest_way_to_each_outcome_asks_at_most_six_questions():
    shortest: dict[str, int] = {}
    for key, asked in ways(guide().start):
        shortest[key] = min(asked, shortest.get(key, asked))
    assert {key: asked for key, asked in shortest.items() if asked > 6} == {}


def test_every_question_says_why_it_is_asked():
    assert [question.key for question in guide().questions.values() if not question.why] == []


def test_every_answer_of_every_question_leads_on_when_it_is_given():
    for question in guide().questions.values():
        way = guide().way_to(question.key)
        for answer in question.answers:
            at = walk(guide(), {**way, question.key: answer.key}, {}, NOON).at
            assert isinstance(at, AtQuestion | AtOutcome), (question.key, answer.key)
            arrived = at.question.key if isinstance(at, AtQuestion) else at.outcome.key
            assert arrived == answer.to


# --- outcomes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["happened", "certainty_note", "come_back", "still_failing", "reply", "covers"]
)
def test_every_outcome_has(part):
    assert [
        outcome.key for outcome in guide().outcomes.values() if not getattr(outcome, part)
    ] == []


def test_every_outcome_has_a_step_or_says_why_none_is_needed():
    bare = [o.key for o in guide().outcomes.values() if not o.steps and not o.no_steps]
    assert bare == []


def test_every_outcome_that_can_be_handed_over_says_when_and_what_to_send_along():
    outcomes = [o for o in guide().outcomes.values() if o.hand_over != "never"]
    assert [o.key for o in outcomes if not o.hand_over_when or not o.attach] == []


def test_each_role_has_something_it_can_do():
    audiences = {step.audience for o in guide().outcomes.values() for step in o.steps}
    assert audiences >= {"recipient", "developer", "admin", "support"}


def test_a_recipient_is_never_sent_to_the_platform():
    """They have no account there (`facts/knowledge.md`, roles)."""
    for outcome in guide().outcomes.values():
        for step in outcome.steps:
            if step.audience == "recipient":
                assert "operation manager" not in step.text.lower()


# --- the catalogue --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", API_CODES)
def test_every_code_of_the_api_is_listed(code):
    assert guide().catalogue.find(code, "api").code == code


@pytest.mark.parametrize("code", STATUS_CODES)
def test_every_code_of_the_status_report_is_listed(code):
    assert guide().catalogue.find(code, "status").code == code


@pytest.mark.parametrize("code", codes(), ids=named)
def test_every_code_leads_to_an_outcome_with_a_step_or_a_reason_why_none_is_needed(code):
    """By walking, with the code given at a question that a person can reach."""
    assert code.steps
    asking = [
        question
        for question in guide().questions.values()
        if question.kind == "code" and code in guide().codes_of(question)
    ]
    assert asking
    for question in asking:
        way = guide().way_to(question.key)
        at = walk(guide(), {**way, question.key: code.prefix}, {}, NOON).at
        ends = [at.outcome.key] if isinstance(at, AtOutcome) else []
        if isinstance(at, AtQuestion):
            ends = [key for key, _ in ways(at.question.key)]
        assert ends
        for key in ends:
            outcome = guide().outcomes[key]
            assert outcome.steps or outcome.no_steps, key


@pytest.mark.parametrize("code", codes(), ids=named)
def test_every_code_says_when_and_with_what_it_was_compared(code):
    assert code.checked_on
    assert code.sources
