"""A case as text: everything for colleagues, what is theirs for customers, and no broken form."""

import copy
import dataclasses
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.engine.toys import answers, evidences, guides
from tests.support.guides import DOCUMENT
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from tests.support.standings import event, found, stands
from wizard.cases.standing import Standing
from wizard.engine.evidence import EMPTY
from wizard.engine.walk import ASK, walk
from wizard.models import Case, CaseEvent, Publication, Queue
from wizard.transcripts.facts import page_of
from wizard.transcripts.transcript import transcript
from wizard.transcripts.writing import TextSection, as_lines, escaped, moment, one_line, write

Kind = CaseEvent.Kind

REPORT = (found("report.present", True), found("report.status", "MK:0012"))
ACCEPTED = found("message.accepted_at", NOON - timedelta(minutes=20), "pasted text")


def internal(standing, *events, markdown=False):
    return transcript(standing, page_of(standing), events, form="internal", markdown=markdown)


def for_customer(standing, *events, markdown=False):
    return transcript(standing, page_of(standing), events, form="customer", markdown=markdown)


def part(text, heading):
    """The lines under a heading of a plain text; none where it is not there."""
    _, _, after = text.partition(f"\n{heading}:\n")
    return after.partition("\n\n")[0].splitlines()


# --- for colleagues -------------------------------------------------------------------------------


def test_a_colleague_reads_which_case_it_is_who_has_it_and_by_which_version_of_the_guide():
    agent = get_user_model()(username="anna")
    standing = stands(agent=agent, queue=Queue(name="Carriers"), state=Case.State.HANDED_OVER)
    lines = internal(standing).splitlines()
    assert lines[0] == "Case SMS-7F3K2Q"
    assert lines[2:12] == [
        "- State: Handed over",
        "- Agent: anna",
        "- Queue: Carriers",
        "- Guide: My parcel did not arrive",
        f"- Publication: 3 ({standing.snapshot.digest[:12]})",
        f"- Message ID: {MESSAGE}",
        "- Recipient: +86 138****5678",
        "- Opened: 2026-11-23 12:00 UTC",
        "- Changed: 2026-11-23 12:00 UTC",
        "- As of: 2026-11-23 12:00 UTC",
    ]


def test_everything_known_stands_there_with_its_source_its_time_and_its_age():
    nothing = found("template.status", EMPTY, "list of templates")
    assert part(internal(stands({}, [*REPORT, ACCEPTED, nothing])), "What is known") == [
        "- Status report: has come "
        "(status reports of the platform, 2026-11-23 12:00 UTC, just now)",
        "- Status in the status report: MK:0012 "
        "(status reports of the platform, 2026-11-23 12:00 UTC, just now)",
        "- Accepted by the platform: 2026-11-23 11:40 UTC "
        "(what was pasted, 2026-11-23 12:00 UTC, just now)",
        "- State of the template: looked up, nothing there "
        "(list of templates, 2026-11-23 12:00 UTC, just now)",
        "- Time since it was accepted: 20 minutes "
        "(what was pasted, 2026-11-23 12:00 UTC, just now)",
    ]


def test_a_finding_of_a_text_without_a_time_has_its_source_alone():
    undated = dataclasses.replace(REPORT[0], source="pasted text", observed_at=None)
    (line,) = part(internal(stands({}, [undated])), "What is known")
    assert line == "- Status report: has come (what was pasted)"


def test_a_look_up_that_failed_says_why_and_one_that_runs_says_so():
    lookups = {
        "balance": {"state": "failed", "reason": "timeout", "seconds": 3.0},
        "packages": {"state": "running", "since": NOON.isoformat()},
        "templates": {"state": "done", "findings": []},
    }
    assert part(internal(stands(lookups=lookups)), "What could not be read") == [
        "- the balance of the account: it did not answer within 3 s",
        "- the SMS packages: still being read",
    ]


def test_the_way_says_for_each_step_who_or_what_has_answered():
    given_by = [
        event(Kind.ANSWERED, key="seen", value="shop", by="anna"),
        event(Kind.FEEDBACK, key="packed", value="no"),
    ]
    text = internal(stands({"seen": "shop", "packed": "no"}, REPORT), *given_by)
    assert part(text, "The way there") == [
        "1. Where was the parcel seen last? In the shop",
        "   answered by agent anna, 2026-11-23 12:00 UTC",
        "   set aside: In the van (Status report: has come)",
        "2. It waits to be packed: No, still nothing",
        "   answered by the customer, 2026-11-23 12:00 UTC",
        "3. Which code is on the slip? MK:0012",
        "   from the record: Status in the status report: MK:0012",
    ]


def test_what_was_pasted_and_what_the_clock_says_are_told_apart_from_the_record():
    pasted = [dataclasses.replace(one, source="pasted text") for one in REPORT]
    assert "   from what was pasted: Status report: has come" in internal(stands({}, pasted))
    young = [found("report.present", False), ACCEPTED]
    text = internal(stands({}, young))
    assert "   from the time: Status report: none so far; Time since it was accepted: 20" in text


def test_at_a_question_that_was_opened_again_it_says_what_was_set_aside():
    assert part(internal(stands({"seen": ASK}, REPORT)), "Where it stands") == [
        "Asked now: Where was the parcel seen last?",
        "set aside: In the van (Status report: has come)",
    ]


def test_at_an_outcome_it_says_how_sure_that_is_and_what_the_code_means():
    assert part(internal(stands({"seen": "locked", "lock": "e000101"})), "Where it stands") == [
        "- Outcome: It waits to be packed",
        "- How sure we are: Most likely. You saw it on the shelf.",
        "- Code: E000101 (The shop is locked.)",
        "- Who acts next: The admin of the sending account",
        "- Come back: 2026-11-23 13:00 UTC",
    ]


def test_at_the_end_it_says_what_came_of_it():
    stands_at = part(internal(stands({"seen": "dont-know", "ask": "cannot"})), "Where it stands")
    assert stands_at[-1] == "- What came of it: I can't do this step"


def test_a_draft_that_leads_nowhere_says_so():
    document = copy.deepcopy(DOCUMENT)
    document["questions"][0]["answers"][0]["to"] = "gone"
    standing = stands({"seen": "shop"}, document=document)
    assert part(internal(standing), "Where it stands") == ["The guide does not go on from here."]
    assert "In the shop" in for_customer(standing)


def test_a_jump_stands_at_the_beginning_of_the_way():
    text = internal(stands({"slip": "MK:1"}, start="slip"))
    assert part(text, "The way there")[0] == "1. An agent jumped here: Which code is on the slip?"


def test_what_was_set_aside_is_looked_for_from_where_the_case_begins_whatever_is_there():
    given = {"packed": "no", "slip": "no-code"}
    standing = stands(given, [found("report.status", "MK:0012")], start="packed")
    assert part(internal(standing), "The way there")[-1] == (
        "   set aside: MK:0012 (Status in the status report: MK:0012)"
    )


def test_a_case_that_begins_where_its_guide_has_no_node_begins_at_the_start():
    standing = stands({"seen": "dont-know"}, start="gone")
    assert standing.place == "ask"
    assert part(internal(standing), "The way there")[0].startswith("1. Where was the parcel")


def test_steps_that_were_tried_before_are_named_and_what_is_no_step_is_not():
    standing = stands(tried=["packed/1", "packed/2", "packed/0", "packed/x", "gone/1", "packed"])
    assert part(internal(standing), "Tried before") == ["- Pack it."]


def test_the_timeline_says_when_who_and_what_in_the_words_of_the_guide():
    told = part(
        internal(
            stands(),
            event(Kind.OPENED, value="message_id"),
            event(Kind.LOOKED_UP, key="reports"),
            event(Kind.LOOKED_UP, key="balance", value="failed"),
            event(Kind.ANSWERED, key="slip", value="MK:1", by="anna"),
            event(Kind.OVERRULED, key="seen"),
            event(Kind.WITHDRAWN, key="seen"),
            event(Kind.WITHDRAWN, by="anna"),
            event(Kind.FEEDBACK, key="packed", value="no"),
            event(Kind.CLAIMED, by="anna"),
            event(Kind.JUMPED, key="slip", by="anna"),
            event(Kind.JUMPED, by="anna"),
            event(Kind.TRIED, key="packed", value="packed/1", by="anna"),
            event(Kind.SHARED, value="link-secret", by="anna"),
            event(Kind.REVOKED, by="anna"),
            event(Kind.FLAGGED, key="packed", by="anna"),
        ),
        "What happened in this case",
    )
    prefix = "- 2026-11-23 12:00 UTC, "
    assert [line.removeprefix(prefix) for line in told] == [
        "the customer: opened the case",
        "the site: looked up the status reports: there is news",
        "the site: looked up the balance of the account: it could not be read",
        "agent anna: answered “Which code is on the slip?” with “MK:1”",
        "the customer: set aside what the record says of “Where was the parcel seen last?”",
        "the customer: took back the answer to “Where was the parcel seen last?”",
        "agent anna: took back the last step",
        "the customer: said of “It waits to be packed”: No, still nothing",
        "agent anna: took on the case",
        "agent anna: jumped to “Which code is on the slip?”",
        "agent anna: took back the jump",
        "agent anna: marked as tried before: Pack it.",
        "agent anna: made a link for the customer",
        "agent anna: closed the links for the customer",
        "agent anna: flagged “It waits to be packed” as wrong",
    ]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_has_words_whatever_its_parts(kind):
    text = internal(stands(), event(kind), event(kind, key="gone", value="gone", by="anna"))
    assert text.count("2026-11-23 12:00 UTC, ") == 2


def test_notes_and_words_of_a_hand_over_stand_there_in_full():
    text = internal(
        stands(),
        event(Kind.NOTED, by="anna", text="Called twice.\n\nNo answer."),
        event(Kind.HANDED_OVER, by="anna", value="Carriers", text="Please ask them."),
    )
    assert part(text, "What happened in this case") == [
        "- 2026-11-23 12:00 UTC, agent anna: noted",
        "  Called twice.",
        "  No answer.",
        "- 2026-11-23 12:00 UTC, agent anna: handed over to Carriers",
        "  Please ask them.",
    ]


def test_what_to_attach_is_the_list_of_the_outcome_or_what_support_always_asks_for():
    assert part(internal(stands({"seen": "shop"})), "To attach") == ["- the order number"]
    for at_no_list in ({}, {"seen": "dont-know"}):
        asked = part(internal(stands(at_no_list)), "To attach")
        assert "- the message ID (smsMsgId)" in asked
        assert len(asked) == 6


# --- for customers --------------------------------------------------------------------------------


def test_a_customer_reads_what_happened_how_sure_that_is_what_to_do_and_when_to_come_back():
    assert for_customer(stands({"seen": "shop"}, REPORT)).splitlines() == [
        "Case SMS-7F3K2Q",
        "",
        "- About: My parcel did not arrive",
        f"- Message ID: {MESSAGE}",
        "- Recipient: +86 138****5678",
        "",
        "What happened:",
        "It waits to be packed",
        "The shop has not packed it yet.",
        "",
        "How sure we are:",
        "Most likely. You saw it on the shelf.",
        "",
        "What to do:",
        "Who acts next: The admin of the sending account",
        "1. Account admin: Pack it.",
        "   You should see: A box.",
        "   It takes: 5 minutes",
        "",
        "When to come back:",
        "Not before: 13:00 UTC on Monday 23 November",
        "Look again then.",
        "",
        "If it still fails:",
        "Ring the shop.",
        "",
        "What you told us:",
        "- Where was the parcel seen last? In the shop",
    ]


def test_a_customer_reads_why_nothing_has_to_be_done_and_what_the_code_means():
    text = for_customer(stands({"seen": "van", "slip": "MK:1"}))
    assert part(text, "What happened")[-1] == "- Code: MK:1 (The van says so.)"
    assert part(text, "What to do")[-1] == "There is nothing for you to do."


def test_at_a_question_a_customer_reads_what_we_need_to_know():
    text = for_customer(stands({"seen": "van"}))
    assert part(text, "What we need to know next") == ["Which code is on the slip?"]
    assert part(text, "What happened") == []


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize(
    "given_answers", [{}, {"seen": "shop"}, {"seen": "shop", "packed": "no"}, {"seen": "dont-know"}]
)
def test_nothing_that_is_internal_gets_into_the_form_for_customers(given_answers, markdown):
    standing = stands(
        given_answers,
        [found("account.arrears", True), found("report.present", True, "SECRET-SOURCE")],
        agent=get_user_model()(username="SECRET-AGENT"),
        queue=Queue(name="SECRET-QUEUE"),
        token="SECRET-TOKEN",
        recipient_hash="SECRET-HASH",
        sample="SECRET-SAMPLE",
        lookups={"balance": {"state": "failed", "reason": "refused"}},
        subject={"template_id": "SECRET-TEMPLATE"},
        tried=["packed/1"],
    )
    happened = [
        event(kind, key="seen", value="SECRET-VALUE", by="SECRET-AGENT", text="SECRET-NOTE")
        for kind in Kind
    ]
    text = for_customer(standing, *happened, markdown=markdown)
    assert b"SECRET" not in text.encode()
    assert standing.snapshot.digest[:12] not in text
    assert "owed" not in text
    assert "balance" not in text
    assert text == for_customer(standing, markdown=markdown)


def test_what_a_link_of_a_step_leads_to_is_written_out_if_it_leads_there_from_a_mail():
    document = copy.deepcopy(DOCUMENT)
    step = document["outcomes"][0]["steps"][0]
    standing = stands({"seen": "shop"}, document=document)
    assert "/codes/" not in for_customer(standing)
    step["link"] = "https://shop.example/help"
    standing = stands({"seen": "shop"}, document=document)
    assert "   https://shop.example/help" in for_customer(standing)


# --- author's Markdown as text --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("", ()),
        ("One **bold** `code` *word*.", ("One bold code word.",)),
        ("One\ntwo\n\nthree", ("One", "two", "three")),
        ("Do:\n\n- this\n- that\n\nThen go.", ("Do:", "- this", "- that", "Then go.")),
        ("1. this\n2. that\n   - more", ("- this", "- that", "- more")),
        ("- this\n\n- that", ("- this", "- that")),
        ("Open [the page](https://a.example/?b=c&d=e).", ("Open the page (https://a.example/?b=c&d=e).",)),
        ("See <https://a.example/>.", ("See https://a.example/.",)),
        ("Run [it](javascript:alert(1)).", ("Run [it](javascript:alert(1)).",)),
        ("Type <b> & go", ("Type <b> & go",)),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ("a | b", "1 | 2")),
        ("Open [it](http://a.example/) or [that](/codes/).", ("Open it or that (/codes/).",)),
        ("See ![a picture](/a.png)it.", ("See it.",)),
        ("> quoted", ("quoted",)),
        ("- > quoted\n  > twice", ("- quoted", "twice")),
        ("```\na\n  b\n```", ("a", "b")),
    ],
)  # fmt: skip
def test_markdown_of_authors_reads_as_plain_text(markdown, lines):
    assert as_lines(markdown) == lines


# --- hostile values -------------------------------------------------------------------------------

HOSTILE = [
    "](javascript:alert(1))",
    "![x](https://evil.example/pixel)",
    "# Timeline",
    "Setext\n===",
    "- one\n- two",
    "1. one",
    "> quoted",
    "```\ncode",
    "~~~",
    "    code",
    "\tcode",
    "a | b\n:-|-:",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "&lt;b&gt; &#35;",
    "*a* _b_ **c** __d__ ~~e~~",
    "\\# \\",
    "line\rbreak\u2028and\u2029more\x0b\x0c\x85",
    "\x00\x1b[31mred\u202egnp.exe\ud800",
    "***",
    "[x]: https://evil.example",
    "- [ ] task",
    "`",
    "",
]
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tree(text):
    """The structure of a Markdown text without its words, and its words in order."""
    tokens = _PARSER.parse(text)
    shape = [one.type for one in tokens if one.type != "inline"]
    inside = [child for one in tokens for child in one.children or []]
    marks = [child.type for child in inside if child.type != "text"]
    return shape, marks, [child.content for child in inside if child.type == "text"]


def assert_form_is_kept(value):
    """With this value everywhere, the text has the form that it has with a harmless one."""
    shapes = []
    for word in (value, "word"):
        standing = stands(
            {"seen": "shop"},
            [found("report.status", word), found("signature.status", "APPROVED", word)],
            message_id=f"a{word}",
            recipient_masked=f"a{word}",
        )
        note = event(Kind.NOTED, by=f"a{word}", text=f"a{word}")
        for form in ("internal", "customer"):
            shapes.append(
                tree(transcript(standing, page_of(standing), [note], form=form, markdown=True))[:2]
            )
    assert shapes[:2] == shapes[2:]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_anybody_changes_the_form_of_the_markdown(value):
    # But for the lines of a note, which it keeps: they are tried apart.
    assert_form_is_kept(" ".join(value.split()))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_takes_one_line_of_the_plain_text(value):
    standing = stands({}, [found("report.status", value)])
    (line,) = part(internal(standing), "What is known")
    assert line.startswith("- Status in the status report: ")
    text = internal(standing)
    assert all(one.isprintable() or one == "\n" for one in text)


def test_lines_of_a_note_cannot_pass_for_the_parts_of_the_text():
    note = event(
        Kind.NOTED, by="anna", text="x\n# What is known\n\n- Status: fine\nTo attach:\n==="
    )
    plain = internal(stands(), note)
    assert plain.count("\nTo attach:\n") == 1
    shape, marks, words = tree(internal(stands(), note, markdown=True))
    assert shape.count("heading_open") == 4
    assert marks.count("hardbreak") == 5
    assert "# What is known" in words


@given(
    st.text(
        st.characters() | st.sampled_from("\\`*_[]<>~|&#-+=.:!()1 \n\t\u2028\u202e"), max_size=40
    )
)
def test_escaped_text_reads_in_markdown_as_it_stands(value):
    line = one_line(value)
    for start in ("", "- ", "12. ", "# ", "- word\\\n  "):
        before = tree(f"{start}word")
        shape, marks, words = tree(start + escaped(value))
        if line:
            assert (shape, marks) == before[:2]
            assert words[-1] == line


@given(st.text(st.characters(), max_size=40))
def test_one_line_is_one_line_that_can_be_encoded(value):
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    line.encode()
    assert one_line(line) == line


@given(st.lists(st.lists(st.text(max_size=10), min_size=1, max_size=3), min_size=1, max_size=5))
def test_a_list_has_as_many_entries_as_were_given_whatever_stands_in_them(entries):
    text = write("Title", [TextSection("Part", entries=entries)], markdown=True)
    assert tree(text)[0].count("list_item_open") == len(entries)


@settings(max_examples=60, deadline=None)
@given(guides(), answers(), evidences(), st.sampled_from(["internal", "customer"]), st.booleans())
def test_any_case_can_be_told(snapshot, given_answers, evidence, form, markdown):
    case = Case(reference="SMS-7F3K2Q", publication=Publication(number=1), answers=given_answers)
    trail = walk(snapshot, given_answers, evidence, NOON)
    standing = Standing(case, snapshot, evidence, trail, NOON)
    text = transcript(standing, page_of(standing), [], form=form, markdown=markdown)
    assert text.encode().startswith(b"# Case" if markdown else b"Case")


def test_a_time_without_its_zone_says_so():
    assert moment(NOON.replace(tzinfo=None)) == "2026-11-23 12:00 (zone not known)"
