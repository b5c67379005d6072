"""What the shipped guides say is true on every way: who reads it, and by what they came.

`python -m tests.content.ways sms-not-received` lists the shared outcomes with their ways.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.content.ways import asked_before, below, doors, guide_of, report, sentences
from wizard.engine.snapshot import Outcome, Snapshot

FIRST, CALLS = "sms-not-received", "sms-api-call-fails"

guide_of = cache(guide_of)
every_guide = pytest.mark.parametrize("slug", [FIRST, CALLS])


def outcomes() -> Iterator[tuple[Snapshot, Outcome]]:
    for slug in (FIRST, CALLS):
        yield from ((guide_of(slug), one) for one in guide_of(slug).outcomes.values())


def saying(pattern: str, texts: Iterator[str]) -> list[str]:
    return [text for text in texts if re.search(pattern, text, re.IGNORECASE)]


# --- who reads it ---------------------------------------------------------------------------------


def test_whoever_waits_is_never_told_what_only_the_record_of_the_sender_says():
    guide = guide_of(FIRST)
    for key in below(guide, "recipient-phone"):
        if key in guide.outcomes:
            one = guide.outcomes[key]
            told = [one.title, one.happened, one.certainty_note, one.come_back, one.still_failing]
            told += [step.text for step in one.steps if step.audience == "recipient"]
            assert not saying(
                r"although it is reported|reach the recipient|Sending Details", iter(told)
            ), key


def test_what_a_phone_shows_is_shared_by_both_ways_and_named_with_them():
    guide = guide_of(FIRST)
    assert {"recipient", "accepted"} <= asked_before(guide, "phone-or-line")
    assert "phone-shows=junk" in [*doors(guide, "junk")]
    assert any(
        line.startswith("## junk: phone-shows=junk, recipient-phone=junk") for line in report(guide)
    )


@every_guide
def test_i_do_not_know_leads_to_a_question_that_anybody_can_answer(slug):
    guide = guide_of(slug)
    start = guide.questions[guide.start]
    (unsure,) = [answer for answer in start.answers if answer.unsure]
    asked = guide.questions[unsure.to]
    words = " ".join([asked.text, *(answer.label for answer in asked.answers)])
    assert not re.search(r"Sending Details|Send Result|status report|HTTP|code", words)


def test_whoever_waits_for_an_sms_is_the_first_choice():
    assert guide_of(FIRST).questions["what-happened"].answers[0].key == "recipient"


@every_guide
def test_what_the_reader_asks_customer_service_is_a_step_of_the_reader(slug):
    for one in guide_of(slug).outcomes.values():
        for step in one.steps:
            if step.audience == "support":
                asks = r"^(apply|report it|report the|ask (?!the (supplier|carrier)))|^have "
                assert not saying(asks, iter([step.text])), (one.key, step.text)


# --- by what they came ----------------------------------------------------------------------------


def test_an_outcome_that_no_code_leads_to_does_not_speak_of_a_code_that_names_it():
    for guide, one in outcomes():
        by_code = any(re.match(r"(api|status):|template=", door) for door in doors(guide, one.key))
        if not by_code:
            assert not saying(r"^the code (names|says|comes|means)", iter([one.certainty_note])), (
                one.key
            )


def test_an_outcome_that_is_reached_without_a_code_as_well_names_that_way_too():
    for guide, one in outcomes():
        ways = [*doors(guide, one.key)]
        codes = [door for door in ways if re.match(r"(api|status):", door)]
        answered = [door for door in ways if "=" in door and ":" not in door]
        if codes and answered:
            assert not re.match(r"The code (names|says)\b[^,]*$", one.certainty_note), one.key


# --- carriers' codes ------------------------------------------------------------------------------

NO_PHONE_TO_RESTART = {
    "carrier-dead-number", "carrier-blocklist", "carrier-line", "carrier-limit",
    "carrier-registration", "carrier-fault", "carrier-code", "blocklist", "dead-number",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(NO_PHONE_TO_RESTART))
def test_a_number_that_is_dead_or_listed_is_not_told_to_restart_a_phone(key):
    one = guide_of(FIRST).outcomes[key]
    assert not saying(r"restart|delete some|switch the phone", iter([*sentences(one), one.reply]))


def test_no_code_for_a_dead_or_listed_number_tells_to_restart_a_phone():
    for code in guide_of(FIRST).catalogue.codes:
        if code.to in NO_PHONE_TO_RESTART - {"carrier-fault", "carrier-code"}:
            assert not saying(r"restart|delete some", iter(code.steps)), code.code


@pytest.mark.parametrize(
    ("codes", "to"),
    [
        (
            "DB:0141 DB:0144 DB:0145 DB:0146 ID:0069 ID:0097 ID:0141 MOBFAIL 2:70",
            "carrier-blocklist",
        ),
        ("DB:0142 DB:0143 ID:0142 ID:0143", "carrier-limit"),
        ("DB:0139 ID:0139", "time-window"),
        ("DB:0102 DB:0103 ID:0102 ID:0103", "carrier-line"),
        ("DB:0105 DB:0109 DB:0114 DB:0134 ID:0135 ID:0112", "carrier-registration"),
        ("CB:0014 CB:0018 CB:0026", "carrier-fault"),
        ("MK:0001 MK:0012 MB:1043 DB:0100", "carrier-dead-number"),
        ("MB:1047 MK:0004", "carrier-service"),
        ("MK:0024 MI:0024 SGIP:56", "carrier-phone"),
        ("MY:0004 AP:3 CMPP30ERR:169 SMGPERR:20 SMGPERR:22 SWITCH UT:0023 CM:4001 M:00122", ""),
    ],
)
def test_a_code_of_a_carrier_leads_to_what_it_means(codes, to):
    catalogue = guide_of(FIRST).catalogue
    for code in codes.split():
        found = catalogue.find(code, "status")
        assert found is not None, code
        assert not to or found.to == to, code


@pytest.mark.parametrize("code", ["E000503", "E000623", "E000630"])
def test_one_code_says_the_same_in_both_guides(code):
    """Whichever guide somebody starts from."""
    first, second = (
        guide.outcomes[guide.catalogue.find(code, "api").to]
        for guide in (guide_of(FIRST), guide_of(CALLS))
    )
    assert [*sentences(first)] == [*sentences(second)]
    assert first.reply == second.reply


# --- plain words, and where to look ---------------------------------------------------------------

EDITORS = r"our own (figure|advice|reading)|cut off|was (not )?seen|copies (that )?we saw|our guess"


def test_visitors_do_not_read_the_notes_of_editors():
    for _, one in outcomes():
        assert not saying(EDITORS, sentences(one)), one.key
    for slug in (FIRST, CALLS):
        for question in guide_of(slug).questions.values():
            assert not saying(EDITORS, iter([question.text, question.why, question.help]))
        for code in guide_of(slug).catalogue.codes:
            texts = [code.meaning, code.note, *code.causes, *code.steps]
            assert not saying(EDITORS, iter(texts)), code.code


PAGES = ("Sending Details", "General Settings", "Application Management", "Blocklist Management")


@every_guide
def test_a_step_on_a_page_that_the_vendor_describes_links_there(slug):
    for one in guide_of(slug).outcomes.values():
        for step in one.steps:
            if any(f"**{page}**" in step.text for page in PAGES):
                assert step.link, (one.key, step.text)


def test_a_deactivated_template_is_not_said_to_be_lost_for_ever():
    """The vendor's FAQ and its user guide differ: both are said."""
    for slug in (FIRST, CALLS):
        texts = [*sentences(guide_of(slug).outcomes["template-withdrawn"])]
        assert saying("for now", iter(texts))
        assert saying("switch .* off", iter(texts))
        for code in guide_of(slug).catalogue.codes:
            assert not saying("cannot be activated again", iter(code.steps))
