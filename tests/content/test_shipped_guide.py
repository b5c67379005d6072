"""The guides that ship with the product: complete, sound, short, and every code leads to a fix."""

import statistics
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.support.moments import NOON
from wizard.authoring import files
from wizard.engine.checks import check
from wizard.engine.document import compile_document
from wizard.engine.fitting import fit
from wizard.engine.snapshot import Outcome, Question, Snapshot
from wizard.engine.walk import AtOutcome, AtQuestion, walk
from wizard.pasted.reader import read

# `docs/facts/troubleshooting.md`, "The vendor's FAQ, item by item" and "What the FAQ lacks".
FAQ = """
    S0 S1 S1.1 S1.2 S2 S2.1 S2.2 S2.3 S2.4 S2.5 S2.6 S2.7 S2.8 S2.9 S2.9a S2.9b S3 S3.1 S3.2
    S4 S4.1 S4.2 S4.3 S4.4 S4.5 S4.6 S5 S5.1 S5.2 S5.3 S5.4 S5.5 S6 S6.1 S6.2 S6.3
""".split()
BEYOND = [f"X{number}" for number in range(1, 29)]

# Every row of `docs/facts/codes.md`, "Send call" and "Status codes".
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


FIRST = "sms-not-received"
CALLS = "sms-api-call-fails"


@cache
def guides() -> Mapping[str, Snapshot]:
    return {one.slug: one for one in map(compile_document, files.shipped())}


every_guide = pytest.mark.parametrize("guide", guides().values(), ids=list(guides()))
every_code = pytest.mark.parametrize(
    ("guide", "code"),
    [
        pytest.param(guide, code, id=f"{guide.slug}-{code.namespace}-{code.code}")
        for guide in guides().values()
        for code in guide.catalogue.codes
    ],
)


def ways(guide: Snapshot, key: str, asked: int = 0) -> Iterator[tuple[str, int]]:
    """Every way on from a node by answers (codes count as one way): the end, questions asked."""
    node = guide.node(key)
    if isinstance(node, Outcome):
        yield key, asked
        return
    targets = {target for _, target in guide.exits(key)}
    for target in targets:
        yield from ways(guide, target, asked + 1)


def nodes(guide: Snapshot) -> list[Question | Outcome]:
    return [*guide.questions.values(), *guide.outcomes.values()]


def best(code: str) -> str:
    """The guide that a code alone leads to."""
    known = read(code, known=is_listed).evidence
    return max(guides().values(), key=lambda guide: fit(guide, known, NOON)).slug


def is_listed(namespace: str, code: str) -> bool:
    return any(guide.catalogue.find(code, namespace) for guide in guides().values())


# --- sound and complete ---------------------------------------------------------------------------


@every_guide
def test_the_checks_find_nothing_in_any_language_that_it_has(guide):
    assert check(guide, [*guide.translations]) == []


def test_the_guide_about_calls_can_be_read_in_chinese():
    assert "zh-hans" in guides()[CALLS].translations


@pytest.mark.parametrize("item", [*FAQ, *BEYOND])
def test_every_item_of_the_faq_and_beyond_is_settled_by_a_node_that_can_be_reached(item):
    guide = guides()[FIRST]
    settling = [node.key for node in nodes(guide) if item in node.covers]
    assert settling
    assert set(settling) & guide.reachable


@every_guide
def test_nothing_is_cited_that_is_no_item(guide):
    cited = {item for node in nodes(guide) for item in node.covers}
    assert cited - {*FAQ, *BEYOND} == set()


@every_guide
def test_a_typical_walk_asks_at_most_five_questions(guide):
    counts = [asked for _, asked in ways(guide, guide.start)]
    assert statistics.median(counts) <= 5
    assert max(counts) <= 7


def test_a_typical_walk_about_a_call_asks_two_to_four_questions():
    guide = guides()[CALLS]
    counts = [asked for _, asked in ways(guide, guide.start)]
    assert 2 <= statistics.median(counts) <= 4
    assert max(counts) <= 4


@every_guide
def test_the_shortest_way_to_each_outcome_asks_at_most_six_questions(guide):
    shortest: dict[str, int] = {}
    for key, asked in ways(guide, guide.start):
        shortest[key] = min(asked, shortest.get(key, asked))
    assert {key: asked for key, asked in shortest.items() if asked > 6} == {}


@every_guide
def test_every_outcome_is_reached_by_answers_or_when_another_did_not_help(guide):
    assert guide.outcomes.keys() - guide.reachable == set()


@every_guide
def test_every_question_says_why_it_is_asked(guide):
    assert [question.key for question in guide.questions.values() if not question.why] == []


@every_guide
def test_every_answer_of_every_question_leads_on_when_it_is_given(guide):
    for question in guide.questions.values():
        way = guide.way_to(question.key)
        for answer in question.answers:
            at = walk(guide, {**way, question.key: answer.key}, {}, NOON).at
            assert isinstance(at, AtQuestion | AtOutcome), (question.key, answer.key)
            arrived = at.question.key if isinstance(at, AtQuestion) else at.outcome.key
            assert arrived == answer.to


# --- outcomes -------------------------------------------------------------------------------------


@every_guide
@pytest.mark.parametrize(
    "part", ["happened", "certainty_note", "come_back", "still_failing", "reply", "covers"]
)
def test_every_outcome_has(guide, part):
    assert [outcome.key for outcome in guide.outcomes.values() if not getattr(outcome, part)] == []


@every_guide
def test_every_outcome_has_a_step_or_says_why_none_is_needed(guide):
    bare = [o.key for o in guide.outcomes.values() if not o.steps and not o.no_steps]
    assert bare == []


@every_guide
def test_every_outcome_that_can_be_handed_over_says_when_and_what_to_send_along(guide):
    outcomes = [o for o in guide.outcomes.values() if o.hand_over != "never"]
    assert [o.key for o in outcomes if not o.hand_over_when or not o.attach] == []


@pytest.mark.parametrize(
    ("slug", "roles"),
    [
        (FIRST, {"recipient", "developer", "admin", "support"}),
        (CALLS, {"developer", "admin", "support"}),
    ],
)
def test_each_role_has_something_it_can_do(slug, roles):
    audiences = {step.audience for o in guides()[slug].outcomes.values() for step in o.steps}
    assert audiences >= roles


@every_guide
def test_a_recipient_is_never_sent_to_the_platform(guide):
    """They have no account there (`docs/facts/troubleshooting.md`, "Roles")."""
    for outcome in guide.outcomes.values():
        for step in outcome.steps:
            if step.audience == "recipient":
                assert "operation manager" not in step.text.lower()


# --- the catalogue --------------------------------------------------------------------------------


@every_guide
@pytest.mark.parametrize("code", API_CODES)
def test_every_code_of_the_api_is_listed(guide, code):
    assert guide.catalogue.find(code, "api").code == code


@pytest.mark.parametrize("code", STATUS_CODES)
def test_every_code_of_the_status_report_is_listed(code):
    assert guides()[FIRST].catalogue.find(code, "status").code == code


@every_code
def test_every_code_leads_to_an_outcome_with_a_step_or_a_reason_why_none_is_needed(guide, code):
    """By walking, with the code given at a question that a person can reach."""
    assert code.steps
    asking = [
        question
        for question in guide.questions.values()
        if question.kind == "code" and code in guide.codes_of(question)
    ]
    assert asking
    for question in asking:
        way = guide.way_to(question.key)
        at = walk(guide, {**way, question.key: code.prefix}, {}, NOON).at
        ends = [at.outcome.key] if isinstance(at, AtOutcome) else []
        if isinstance(at, AtQuestion):
            ends = [key for key, _ in ways(guide, at.question.key)]
        assert ends
        for key in ends:
            outcome = guide.outcomes[key]
            assert outcome.steps or outcome.no_steps, key


@every_code
def test_every_code_says_when_and_with_what_it_was_compared(guide, code):
    assert code.checked_on
    assert code.sources


# --- side by side ---------------------------------------------------------------------------------

ABOUT_THE_ACCOUNT = {"E000109", "E000112"}
"""The call is right, and what else is known of the account counts: the first guide uses that."""


@pytest.mark.parametrize("code", [one for one in API_CODES if one != "000000"])
def test_a_code_of_a_refused_call_leads_to_the_guide_about_calls(code):
    assert best(code) == (FIRST if code in ABOUT_THE_ACCOUNT else CALLS)


@pytest.mark.parametrize("code", ["000000", *sorted({*STATUS_CODES} - {*API_CODES})])
def test_what_became_of_an_accepted_message_leads_to_the_first_guide(code):
    assert best(code.removesuffix("*")) == FIRST


@pytest.mark.parametrize(
    "text",
    [
        "requests.exceptions.ConnectTimeout: timed out",
        "requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired",
        "java.net.UnknownHostException: smsapi.example.com",
        "read ECONNRESET",
        *(f"HTTP/1.1 {status}" for status in (400, 401, 403, 404, 405, 408, 411, 413, 415)),
        *(f"HTTP/1.1 {status}" for status in (407, 429, 500, 502, 503, 504)),
    ],
)
def test_how_a_call_ended_leads_to_an_outcome_of_the_guide_about_calls(text):
    assert best(text) == CALLS
    at = walk(guides()[CALLS], {}, read(text, known=is_listed).evidence, NOON).at
    assert isinstance(at, AtOutcome)
