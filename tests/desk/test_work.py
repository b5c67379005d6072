"""What agents do with a case: notes, hand-overs, jumps, remedies tried before, links, presence."""

from datetime import timedelta

import pytest

from tests.factories import AgentFactory, QueueFactory, StatusReportFactory
from tests.support.guides import publish
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from wizard.cases import answering, opening
from wizard.cases import standing as cases_standing
from wizard.desk import handing_over, presence, work
from wizard.desk.links import current_link, revoke, share
from wizard.engine.walk import ASK, AtEnd, AtOutcome, AtQuestion
from wizard.models import Case, CaseEvent, CaseLink, Delivery
from wizard.pasted.reader import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_guide():
    publish()


@pytest.fixture
def agent():
    return AgentFactory(username="ada")


def opened(text=MESSAGE, agent=None):
    return opening.open_case(read(text), now=NOON, agent=agent)


def stands(case):
    return cases_standing.standing(Case.objects.get(pk=case.pk), NOON)


def place(case):
    return stands(case).place


def events(case, *kinds):
    return [
        (event.kind, event.key, event.value, event.by, event.text)
        for event in case.events.all()
        if not kinds or event.kind in kinds
    ]


# --- notes ----------------------------------------------------------------------------------------


def test_a_note_is_added_to_the_timeline_with_its_writer_and_is_news_for_other_screens():
    case = opened()
    changed = work.add_note(case.token, text="  Rang twice.\0 ", by="ada", now=NOON)
    assert events(case, "noted") == [("noted", "", "", "ada", "Rang twice.")]
    assert changed.version == case.version + 1


def test_an_empty_note_is_none_and_no_news():
    case = opened()
    changed = work.add_note(case.token, text=" \n ", by="ada", now=NOON)
    assert events(case, "noted") == []
    assert changed.version == case.version


def test_a_note_can_never_be_changed():
    case = opened()
    work.add_note(case.token, text="One", by="ada", now=NOON)
    event = case.events.last()
    event.text = "Another"
    with pytest.raises(TypeError):
        event.save()


# --- who works on it ------------------------------------------------------------------------------


def test_whoever_opens_a_case_at_the_desk_works_on_it(agent):
    case = opened(agent=agent)
    assert list(Case.objects.of(agent)) == [case]
    assert events(case, "opened")[0][3] == "ada"


def test_a_case_that_was_handed_over_is_open_again_once_somebody_takes_it_on(agent):
    case = opened()
    queue = QueueFactory()
    handing_over.hand_to_queue(case.token, to=queue, text="", by=agent, url="https://x/", now=NOON)
    assert list(Case.objects.handed_over()) == [case]
    changed = work.claim(case.token, agent=agent, now=NOON)
    assert (changed.state, changed.agent, changed.queue) == ("open", agent, None)


def test_taking_on_what_is_mine_already_changes_nothing(agent):
    case = opened(agent=agent)
    assert work.claim(case.token, agent=agent, now=NOON).version == case.version


def test_a_case_is_given_to_another_agent_with_a_word(agent):
    case, ben = opened(agent=agent), AgentFactory(username="ben")
    handing_over.hand_to_agent(case.token, to=ben, text="Speaks Czech", by=agent, now=NOON)
    assert list(Case.objects.of(ben)) == [case]
    assert events(case, "handed-over") == [("handed-over", "", "ben", "ada", "Speaks Czech")]


def test_a_hand_over_to_a_queue_leaves_what_is_to_be_sent_in_the_same_transaction(agent):
    case = opened()
    queue = QueueFactory(name="Carriers", email="c@example.org", webhook_url="https://example.org/")
    handing_over.hand_to_queue(
        case.token, to=queue, text="Look", by=agent, url="https://s/d", now=NOON
    )
    mail, webhook = sorted(Delivery.objects.all(), key=lambda one: one.kind)
    assert case.reference in mail.subject
    assert "https://s/d" in mail.text
    assert webhook.payload["url"] == "https://s/d"
    assert webhook.payload["reference"] == case.reference


# --- jumps ----------------------------------------------------------------------------------------


def test_a_jump_to_a_question_beside_the_way_lets_the_walk_begin_there():
    case = opened("nothing special")
    work.jump(case.token, key="slip", by="ada", now=NOON)
    assert place(case) == "slip"
    assert stands(case).walk.answered == ()
    work.jump(case.token, key="", by="ada", now=NOON)
    assert place(case) == "seen"


def test_a_jump_back_to_a_question_on_the_way_opens_only_that_one_again():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="van", now=NOON)
    answering.give(case.token, key="slip", value="no-code", now=NOON)
    work.jump(case.token, key="seen", by="ada", now=NOON)
    assert place(case) == "seen"
    answering.give(case.token, key="seen", value="van", now=NOON)
    assert place(case) == "ask"


def test_a_question_that_evidence_answers_is_asked_all_the_same_after_a_jump():
    StatusReportFactory(message_id=MESSAGE, received_at=NOON)
    case = opened()
    assert place(case) == "ask"
    work.jump(case.token, key="slip", by="ada", now=NOON)
    assert place(case) == "slip"


def test_nobody_jumps_to_what_is_no_question():
    case = opened()
    with pytest.raises(answering.NotAnAnswer):
        work.jump(case.token, key="packed", by="ada", now=NOON)


# --- back -----------------------------------------------------------------------------------------


def test_back_undoes_one_step_after_the_other_and_then_nothing():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="van", now=NOON)
    answering.give(case.token, key="slip", value="no-code", now=NOON)
    places = []
    for _ in range(3):
        work.back(case.token, by="ada", now=NOON)
        places.append(place(case))
    assert places == ["slip", "seen", "seen"]
    assert len(events(case, "withdrawn")) == 2


def test_back_from_a_jump_is_where_one_was_before():
    case = opened("nothing special")
    work.jump(case.token, key="slip", by="ada", now=NOON)
    work.back(case.token, by="ada", now=NOON)
    assert place(case) == "seen"
    assert ASK not in stands(case).case.answers.values()


def test_back_from_what_was_overruled_believes_the_record_again():
    StatusReportFactory(message_id=MESSAGE, received_at=NOON)
    case = opened()
    answering.give(case.token, key="seen", value=ASK, now=NOON)
    work.back(case.token, by="ada", now=NOON)
    assert place(case) == "ask"


# --- tried before ---------------------------------------------------------------------------------


def test_steps_and_remedies_that_were_tried_before_are_ticked_at_once():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="shop", now=NOON)
    work.mark_tried(
        case.token, steps=["packed/1", "packed/9", "x"], outcomes=["packed"], by="ada", now=NOON
    )
    standing = stands(case)
    assert standing.case.tried == ["packed/1"]
    assert standing.place == "slip"
    assert [event[:4] for event in events(case, "tried", "feedback")] == [
        ("tried", "packed", "packed/1", "ada"),
        ("feedback", "packed", "no", "ada"),
    ]


def test_what_is_ticked_twice_is_kept_once():
    case = opened("nothing special")
    for _ in range(2):
        work.mark_tried(case.token, steps=["packed/1"], outcomes=["ask"], by="ada", now=NOON)
    assert len(events(case, "tried")) == 1
    assert len(events(case, "feedback")) == 1


def test_the_remedies_ahead_are_those_that_come_up_while_nothing_helps():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="shop", now=NOON)
    answering.give(case.token, key="slip", value="no-code", now=NOON)
    assert work.remedies_ahead(stands(case)) == ["packed", "ask"]


# --- state ----------------------------------------------------------------------------------------


def test_a_case_is_solved_when_somebody_says_so_and_open_when_it_is_taken_back():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="shop", now=NOON)
    assert isinstance(stands(case).walk.at, AtOutcome)
    assert answering.give(case.token, key="packed", value="yes", now=NOON).state == "solved"
    assert isinstance(stands(case).walk.at, AtEnd)
    assert answering.withdraw(case.token, key="packed", now=NOON).state == "open"


def test_the_same_feedback_counts_once_however_often_it_is_sent():
    case = opened("nothing special")
    answering.give(case.token, key="seen", value="shop", now=NOON)
    for _ in range(3):
        answering.give(case.token, key="packed", value="cannot", now=NOON)
    assert len(events(case, "feedback")) == 1


def test_the_lists_know_where_a_case_stands():
    case = opened("nothing special")
    assert Case.objects.get().place == "seen"
    answering.give(case.token, key="seen", value="shop", now=NOON)
    assert Case.objects.get().place == "packed"
    assert isinstance(stands(case).walk.at, AtOutcome | AtQuestion)


# --- links ----------------------------------------------------------------------------------------


def reached(token, at=NOON):
    return Case.objects.reached_by(token, at).first()


def test_a_link_opens_the_case_until_it_ends(settings):
    settings.LINK_HOURS = 2
    case = opened()
    link = share(case.token, by="ada", now=NOON)
    assert reached(link.token) == case
    assert reached(link.token, NOON + timedelta(hours=2)) is None
    assert reached(case.token, NOON + timedelta(hours=2)) == case


def test_revoking_closes_every_link_and_not_the_customers_own_address():
    case = opened()
    links = [share(case.token, by="ada", now=NOON) for _ in range(2)]
    revoke(case.token, by="ada", now=NOON)
    assert [reached(link.token) for link in links] == [None, None]
    assert reached(case.token) == case
    assert current_link(case, NOON) is None
    assert len(events(case, "revoked")) == 1


def test_the_token_of_a_link_says_nothing_of_the_case():
    case = opened()
    tokens = {share(case.token, by="ada", now=NOON).token for _ in range(20)}
    assert len(tokens) == 20
    assert not any(case.token in token or case.reference in token for token in tokens)
    assert CaseLink._meta.get_field("token").max_length >= max(map(len, tokens))


# --- who is looking -------------------------------------------------------------------------------


def test_an_agent_sees_who_else_has_the_case_on_screen(agent):
    case, ben = opened(), AgentFactory(username="ben")
    presence.looks(case, agent, NOON)
    presence.looks(case, ben, NOON)
    presence.looks(case, ben, NOON)
    assert [name for _pk, name in presence.others(case, agent, NOON)] == ["ben"]
    assert presence.others(case, agent, NOON + timedelta(minutes=1)) == []


def test_a_screen_learns_of_news_and_of_others_and_keeps_saying_that_it_is_there(agent):
    case, ben = opened(), AgentFactory(username="ben")
    presence.looks(case, agent, NOON)
    seen, screen = presence.seen(case.version, []), (case.pk, agent.pk)
    assert presence.watch([screen], NOON) == {screen: seen}
    presence.looks(case, ben, NOON)
    assert presence.watch([screen], NOON) == {screen: presence.seen(case.version, [ben.pk])}
    later = NOON + timedelta(seconds=40)
    presence.watch([screen], later)
    assert [name for _pk, name in presence.others(case, ben, later)] == ["ada"]
    work.add_note(case.token, text="News", by="ben", now=later)
    assert presence.watch([screen], later + timedelta(seconds=30)) != {screen: seen}


def test_a_case_keeps_the_hash_of_the_number_that_its_report_names():
    StatusReportFactory(message_id=MESSAGE, recipient_hash="a" * 64, recipient_masked="+86 1")
    case = opened()
    assert list(Case.objects.of_recipient("a" * 64)) == [case]
    assert case.recipient_masked == "+86 1"
    assert not Case.objects.of_recipient("").exists()


def test_every_kind_of_event_fits_its_column():
    longest = max(len(kind) for kind in CaseEvent.Kind.values)
    assert longest <= CaseEvent._meta.get_field("kind").max_length
