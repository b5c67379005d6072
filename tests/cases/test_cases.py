"""Cases: a walk that is kept, with what is known, and every single answer to be overruled."""

import copy
from datetime import timedelta

import pytest

from tests.factories import StatusReportFactory
from tests.support import messages
from tests.support.guides import DOCUMENT, publish
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from wizard.cases import answering, looked_up, opening
from wizard.cases import standing as cases_standing
from wizard.engine.evidence import EMPTY, Finding
from wizard.engine.walk import ASK, AtOutcome, AtQuestion
from wizard.lookups.base import CallResult, LookupFailed
from wizard.models import Case, CaseEvent, Guide
from wizard.pasted.reader import read
from wizard.published.live import live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_guide_with_rules():
    document = copy.deepcopy(DOCUMENT)
    answers = document["questions"][0]["answers"]
    answers[0]["rules"] = ["account.arrears is true and report.present is absent"]
    answers[1]["rules"] = ["report.present is true"]
    publish(document)


def opened(text=MESSAGE, now=NOON):
    return opening.open_case(read(text), now=now)


def stands(case, now=NOON):
    return cases_standing.standing(Case.objects.get(pk=case.pk), now)


def reported(status="DELIVRD"):
    return StatusReportFactory(message_id=MESSAGE, status=status, received_at=NOON)


def events(case):
    return [(event.kind, event.key, event.value) for event in case.events.all()]


# --- opening --------------------------------------------------------------------------------------


def test_a_case_opens_with_what_its_reports_say():
    reported()
    standing = stands(opened())
    assert isinstance(standing.walk.at, AtOutcome | AtQuestion)
    assert [step.origin for step in standing.walk.answered] == ["evidence", "evidence"]


def test_a_case_keeps_what_was_understood_and_never_the_text():
    reading = read(messages.accepted(NOON, templateId="t1"))
    case = opening.open_case(reading, now=NOON)
    kept = str(Case.objects.filter(pk=case.pk).values())
    assert "13812345678" not in kept
    assert case.recipient_masked == "+86 138****5678"
    assert case.subject == {"template_id": "t1", "channel_number": "csms10000001"}
    assert {row["fact"] for row in case.pasted} >= {"api.code", "message.accepted_at"}


def test_without_a_published_guide_no_case_is_opened():
    Guide.objects.update(live=None)
    live.forget()
    with pytest.raises(LookupError):
        opened()
    assert not Case.objects.exists()


def test_tokens_cannot_be_guessed_and_references_are_short_and_readable():
    some = [opened() for _ in range(20)]
    assert len({case.token for case in some}) == 20
    assert min(len(case.token) for case in some) >= 32
    for case in some:
        assert case.reference.startswith("SMS-")
        assert len(case.reference) == 10
        assert not set(case.reference[4:]) & set("01IOU")


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    first = opened()
    drawn = iter([first.reference, "SMS-222222"])
    monkeypatch.setattr(Case._meta.get_field("reference"), "default", lambda: next(drawn))
    monkeypatch.setattr(
        Case._meta.get_field("reference"), "_get_default", lambda: next(drawn), raising=False
    )
    assert opened().reference == "SMS-222222"


def test_a_new_publication_changes_no_running_case():
    case = opened()
    before = stands(case).walk
    changed = copy.deepcopy(DOCUMENT)
    changed["questions"][0]["text"] = "Where on earth is it?"
    publish(changed)
    assert stands(case).walk == before
    assert stands(opened()).walk.at.question.text == "Where on earth is it?"


# --- answering ------------------------------------------------------------------------------------


def test_a_persons_answer_wins_over_evidence_and_the_rest_is_kept():
    reported()
    case = opened()
    answering.give(case.token, key="seen", value="shop", now=NOON)
    assert stands(case).place == "packed"


def test_overruling_asks_that_question_and_withdrawing_restores_the_case_exactly():
    reported()
    case = opened()
    before = stands(case)
    answering.give(case.token, key="seen", value=ASK, now=NOON)
    asked = stands(case).walk.at
    assert isinstance(asked, AtQuestion)
    assert asked.question.key == "seen"
    assert [finding.fact for finding in asked.found] == ["report.present"]
    answering.withdraw(case.token, key="seen", now=NOON)
    after = stands(case)
    assert (after.walk, after.case.answers) == (before.walk, before.case.answers)


def test_overruling_one_question_keeps_the_answers_that_people_gave():
    case = opened("ab")
    answering.give(case.token, key="seen", value="van", now=NOON)
    answering.give(case.token, key="slip", value="no-code", now=NOON)
    answering.give(case.token, key="seen", value=ASK, now=NOON)
    assert stands(case).walk.kept == {"seen": ASK, "slip": "no-code"}
    answering.give(case.token, key="seen", value="van", now=NOON)
    assert stands(case).place == "ask"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seen", "nonsense"),
        ("seen", ""),
        ("nobody", "van"),
        ("slip", "\0"),
        ("packed", "perhaps"),
        ("", ""),
    ],
)
def test_what_is_no_answer_is_refused_and_changes_nothing(key, value):
    case = opened()
    with pytest.raises(answering.NotAnAnswer):
        answering.give(case.token, key=key, value=value, now=NOON)
    assert Case.objects.get(pk=case.pk).version == 1
    assert events(case) == [("opened", "", "message_id")]


def test_every_change_is_an_event_and_raises_the_version_once():
    case = opened()
    answering.give(case.token, key="seen", value="shop", now=NOON)
    answering.give(case.token, key="packed", value="no", now=NOON)
    answering.withdraw(case.token, key="packed", now=NOON)
    answering.withdraw(case.token, key="packed", now=NOON)
    assert events(case)[1:] == [
        ("answered", "seen", "shop"),
        ("feedback", "packed", "no"),
        ("withdrawn", "packed", ""),
    ]
    assert Case.objects.get(pk=case.pk).version == 4


def test_an_event_is_never_changed():
    event = opened().events.get()
    with pytest.raises(TypeError):
        event.save()


# --- looking up -----------------------------------------------------------------------------------


def test_a_report_that_comes_later_is_read_and_noted_once():
    case = opened()
    assert stands(case).place == "seen"
    reported()
    for _ in range(3):
        looked_up.read_reports(Case.objects.get(pk=case.pk), now=NOON)
    assert stands(case).place != "seen"
    assert events(case)[1:] == [("looked-up", "reports", "")]


def test_reports_that_were_purged_go_on_counting():
    report = reported()
    case = opened()
    report.delete()
    looked_up.read_reports(Case.objects.get(pk=case.pk), now=NOON)
    assert stands(case).evidence["report.present"].value is True


def test_what_a_look_up_says_answers_questions_and_a_failed_one_says_why():
    case = opened("ab")
    looked_up.begin_lookups(case.token, ["balance", "packages"], now=NOON)
    assert stands(case).running == ["balance", "packages"]
    owed = Finding("account.arrears", True, "balance", NOON)
    calls = [
        CallResult("balance", findings=(owed,), observed_at=NOON),
        CallResult("packages", failure=LookupFailed("timeout"), seconds=3.04),
    ]
    looked_up.looked_up(case.token, calls, now=NOON)
    standing = stands(case)
    assert standing.place == "packed"
    assert standing.case.lookups["packages"] == {
        "state": "failed",
        "reason": "timeout",
        "seconds": 3.0,
        "findings": [],
    }
    assert "package.remaining" not in standing.evidence
    assert events(case)[1:] == [
        ("looked-up", "balance", "done"),
        ("looked-up", "packages", "failed"),
    ]


def test_empty_unknown_and_known_never_mix():
    case = opened("ab")
    nothing = Finding("template.status", EMPTY, "templates", NOON)
    looked_up.looked_up(case.token, [CallResult("templates", findings=(nothing,))], now=NOON)
    found = stands(case).evidence
    assert found["template.status"].is_empty
    assert "signature.status" not in found


@pytest.mark.parametrize(("seconds", "running"), [(15, True), (16, False)])
def test_a_look_up_that_nobody_will_finish_has_failed_after_a_while(seconds, running):
    case = opened("ab")
    looked_up.begin_lookups(case.token, ["balance"], now=NOON)
    later = NOON + timedelta(seconds=seconds)
    found = looked_up.give_up_lost(Case.objects.get(pk=case.pk), now=later)
    assert (found.lookups["balance"]["state"] == "running") is running


# --- forgetting -----------------------------------------------------------------------------------


def test_cases_are_purged_with_their_events_when_their_time_is_over(settings):
    settings.CASE_RETENTION_DAYS = 365
    old = opened(now=NOON - timedelta(days=365, seconds=1))
    kept = opened(now=NOON - timedelta(days=364))
    assert opening.purge(now=NOON) == 1
    assert list(Case.objects.all()) == [kept]
    assert not CaseEvent.objects.filter(case_id=old.pk).exists()
