"""The desk over HTTP: who gets in, what the box finds, the lists, and the screen of a case."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    CaseFactory,
    PublicationFactory,
    QueueFactory,
    StatusReportFactory,
    UserFactory,
)
from tests.support.guides import publish
from tests.support.messages import MESSAGE
from wizard.cases import answering, opening
from wizard.desk.links import share
from wizard.desk.presence import looks, watch_token
from wizard.desk.work import add_note, jump
from wizard.models import Case, Flag
from wizard.pasted.reader import read
from wizard.sms.recipients import recipient_hash

pytestmark = pytest.mark.django_db
NUMBER = "+86 138 1234 5678"


@pytest.fixture(autouse=True)
def publication():
    cache.clear()
    yield publish()
    cache.clear()


@pytest.fixture
def agent():
    return AgentFactory(username="ada", password="secret")


@pytest.fixture
def at_desk(client, agent):
    client.force_login(agent)
    return client


def opened(text="nothing special", **more):
    return opening.open_case(read(text), now=timezone.now(), **more)


def url(case, name="case"):
    return reverse(f"wizard:desk_{name}", args=[case.reference])


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def sent(client, case, name, **form):
    response = client.post(url(case, name), form)
    assert response.status_code == 302
    assert response.url == url(case)
    return shown(client, response.url)


# --- who gets in ----------------------------------------------------------------------------------


def addresses(case):
    names = ("answers", "back", "jump", "tried", "notes", "claim", "hand_over", "link", "flags")
    posts = [url(case, name) for name in names]
    posts += [reverse(f"wizard:desk_{name}") for name in ("find", "open", "keys")]
    return posts, [reverse("wizard:desk"), url(case), url(case, "transcript")]


def test_strangers_are_asked_to_log_in_everywhere(client):
    case = opened()
    posts, gets = addresses(case)
    answers = [client.post(one) for one in posts] + [client.get(one) for one in gets]
    assert {answer.status_code for answer in answers} == {302}
    login = reverse("wizard:desk_login")
    assert [answer.url for answer in answers if not answer.url.startswith(login)] == []


def test_whoever_is_logged_in_and_no_agent_is_refused_everywhere(client):
    client.force_login(UserFactory())
    posts, gets = addresses(opened())
    answers = [client.post(one) for one in posts] + [client.get(one) for one in gets]
    assert {answer.status_code for answer in answers} == {403}


def test_admins_get_in_as_well(client):
    client.force_login(UserFactory(is_superuser=True))
    assert "Mine" in shown(client, reverse("wizard:desk"))


def test_an_agent_logs_in_and_comes_to_the_page_they_wanted(client, agent):
    wanted = url(opened())
    login = client.get(wanted).url
    page = shown(client, login)
    assert f'name="next" value="{wanted}"' in page
    form = {"username": "ada", "password": "secret", "next": wanted}
    assert client.post(reverse("wizard:desk_login"), form).url == wanted


def test_a_wrong_password_is_told_without_blame_and_guessing_is_slowed_down(
    client, agent, settings
):
    settings.LOGINS_PER_MINUTE = 3
    form = {"username": "ada", "password": "wrong"}
    answers = [client.post(reverse("wizard:desk_login"), form) for _ in range(4)]
    assert "do not fit together" in answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) > 0


def test_a_log_in_never_leads_to_another_site(client, agent):
    form = {"username": "ada", "password": "secret", "next": "https://evil.example/"}
    assert client.post(reverse("wizard:desk_login"), form).url == reverse("wizard:desk")


def test_logging_out_closes_the_desk(at_desk):
    at_desk.post(reverse("wizard:desk_logout"))
    assert at_desk.get(reverse("wizard:desk")).status_code == 302


def test_forms_of_other_sites_do_nothing(agent):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    case = opened()
    assert client.post(url(case, "notes"), {"note": "x"}).status_code == 403


def test_no_cache_keeps_a_page_of_the_desk(at_desk):
    case = opened()
    for address in addresses(case)[1]:
        assert "no-store" in at_desk.get(address).headers["Cache-Control"]


# --- the box --------------------------------------------------------------------------------------


def found(client, text):
    return client.post(reverse("wizard:desk_find"), {"text": text})


def test_a_message_without_a_case_opens_one_at_once_and_the_agent_works_on_it(at_desk, agent):
    response = found(at_desk, MESSAGE)
    case = Case.objects.get()
    assert response.url == url(case)
    assert (case.message_id, case.agent) == (MESSAGE, agent)


def test_a_message_with_a_case_shows_it_and_offers_a_new_one(at_desk):
    case = opened(MESSAGE)
    page = found(at_desk, MESSAGE).content.decode()
    assert url(case) in page
    assert "Open a new case with this" in page
    assert Case.objects.count() == 1


@pytest.mark.parametrize("writing", ["{}", " {} ", "{:lower}", "{:bare}"])
def test_a_reference_leads_to_its_case_as_people_write_it(at_desk, writing):
    case = opened()
    text = {
        "{:lower}": case.reference.lower().replace("-", " "),
        "{:bare}": case.reference.removeprefix("SMS-"),
    }.get(writing) or writing.format(case.reference)
    assert found(at_desk, text).url == url(case)


@pytest.mark.parametrize("writing", [NUMBER, "0086 13812345678", "13812345678"])
def test_a_number_finds_its_reports_and_cases_and_is_in_no_address(at_desk, writing):
    hashed = recipient_hash(NUMBER)
    StatusReportFactory(message_id=MESSAGE, recipient_hash=hashed, recipient_masked="+86 138***")
    case = opened(recipient_hash=hashed)
    response = found(at_desk, writing)
    page = response.content.decode()
    assert response.status_code == 200
    assert MESSAGE in page
    assert url(case) in page
    assert "12345678" not in page.replace(" ", "")


def test_a_case_opened_from_a_number_is_found_by_it_again(at_desk):
    page = found(at_desk, NUMBER)
    if page.status_code == 200:
        fields = dict(
            re.findall(r'name="(understood|number)" value="([^"]*)"', page.content.decode())
        )
        at_desk.post(reverse("wizard:desk_open"), fields)
    assert Case.objects.of_recipient(recipient_hash(NUMBER)).count() == 1
    assert "12345678" not in str(Case.objects.values().get())


def test_a_message_of_a_number_opens_its_case(at_desk):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now())
    at_desk.post(reverse("wizard:desk_open"), {"message": MESSAGE})
    assert Case.objects.get().place == "ask"


def test_a_code_opens_a_case_that_begins_with_it(at_desk):
    response = found(at_desk, "EXPIRED")
    assert response.url == url(Case.objects.get())


@pytest.mark.parametrize("text", ["", "   ", "the phone of my aunt"])
def test_words_open_nothing_by_themselves(at_desk, text):
    response = found(at_desk, text)
    assert response.status_code == 200
    assert "Open a new case with this" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_seal_that_was_made_up_is_worth_nothing(at_desk):
    at_desk.post(reverse("wizard:desk_open"), {"understood": "x:y:z", "number": "a:b:c"})
    case = Case.objects.get()
    assert (case.message_id, case.recipient_hash) == ("", "")


def test_the_desk_without_a_guide_says_so(at_desk, publication):
    from wizard.models import Guide
    from wizard.published.live import live

    Guide.objects.update(live=None)
    live.forget()
    assert found(at_desk, MESSAGE).status_code == 404


# --- the lists ------------------------------------------------------------------------------------


def test_the_lists_show_what_is_in_them_and_how_much(at_desk, agent, publication):
    mine = opened(agent=agent)
    other = opened(agent=AgentFactory(username="ben"))
    over = CaseFactory(publication=publication, state="handed-over", queue=QueueFactory(name="Q1"))
    page = shown(at_desk, reverse("wizard:desk"))
    assert mine.reference in page
    assert other.reference not in page
    counts = re.findall(r'tabs__count">(\d+)<', page)
    assert counts == ["1", "2", "1", "3"]
    assert over.reference in shown(at_desk, f"{reverse('wizard:desk')}?show=handed-over")
    assert "Where was the parcel seen last?" in page


def test_a_list_is_filtered_by_queue(at_desk, publication):
    one, two = QueueFactory(), QueueFactory()
    cases_of = [
        CaseFactory(publication=publication, state="handed-over", queue=queue)
        for queue in (one, two)
    ]
    page = shown(at_desk, f"{reverse('wizard:desk')}?show=handed-over&queue={one.pk}")
    assert cases_of[0].reference in page
    assert cases_of[1].reference not in page


def test_a_list_is_filtered_by_agent_on_every_page_of_it(at_desk, publication):
    ben = AgentFactory(username="ben")
    for _ in range(26):
        CaseFactory(publication=publication, agent=ben)
    other = CaseFactory(publication=publication)
    page = shown(at_desk, f"{reverse('wizard:desk')}?show=open&agent={ben.pk}")
    assert other.reference not in page
    older = re.search(r'href="([^"]*page=2)"', page)[1].replace("&amp;", "&")
    assert shown(at_desk, reverse("wizard:desk") + older).count("cases__row") == 1


@pytest.mark.parametrize(
    "query", ["show=x", "queue=x", "page=x", "page=-1", "queue=99999999999999", "queue=²"]
)
def test_what_was_made_up_in_the_address_shows_a_list_all_the_same(at_desk, query):
    assert "Mine" in shown(at_desk, f"{reverse('wizard:desk')}?{query}")


def test_a_list_costs_the_same_queries_with_one_case_and_with_a_page_full(
    at_desk, agent, publication, django_assert_max_num_queries
):
    for _ in range(30):
        CaseFactory(publication=publication, agent=agent, place="seen")
    shown(at_desk, reverse("wizard:desk"))
    with django_assert_max_num_queries(10):
        page = shown(at_desk, reverse("wizard:desk"))
    assert page.count("cases__row") == 25
    assert "Page 1 of 2" in page


# --- the screen of a case -------------------------------------------------------------------------


def test_the_screen_has_what_to_say_the_note_for_agents_and_the_way_so_far(at_desk):
    case = opened()
    page = shown(at_desk, url(case))
    assert "SECRET-AGENT-NOTE" in page
    assert "Say:" in page
    page = sent(at_desk, case, "answers", _continue="seen", seen="shop")
    assert "In the shop" in page
    assert "SECRET-REPLY" in page
    assert "It waits to be packed" in page
    assert case.events.filter(kind="answered", by="ada").count() == 1


def test_an_unanswered_question_is_asked_for_and_a_typed_code_that_is_none_is_told(at_desk):
    case = opened()
    page = at_desk.post(url(case, "answers"), {"_continue": "seen"}).content.decode()
    assert "Choose an answer to go on" in page
    jump(case.token, key="slip", by="ada", now=timezone.now())
    page = at_desk.post(url(case, "answers"), {"_continue": "slip", "code": "XYZ"}).content.decode()
    assert "We do not know this code yet" in page


def test_evidence_is_overruled_and_restored_at_the_desk_too(at_desk):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now())
    case = opened(MESSAGE)
    assert "settled--overruled" in sent(at_desk, case, "answers", overrule="seen")
    assert "settled--overruled" not in sent(at_desk, case, "answers", withdraw="seen")
    assert case.events.get(kind="overruled").by == "ada"


def test_the_way_tells_the_record_from_what_was_pasted(at_desk):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now())
    assert "from the record" in shown(at_desk, url(opened(MESSAGE)))
    page = shown(at_desk, url(opened('{"smsMsgId": "x1", "status": "DELIVRD", "source": "2"}')))
    assert "from what was pasted" in page


def test_raw_reports_are_shown_to_agents(at_desk):
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now(), org_code="ORG-77")
    assert "ORG-77" in shown(at_desk, url(opened(MESSAGE)))


def test_a_note_a_jump_and_back_work_by_plain_forms(at_desk):
    case = opened()
    assert "Rang &lt;twice&gt;" in sent(at_desk, case, "notes", note="Rang <twice>")
    assert "· jumped to" in sent(at_desk, case, "jump", question="slip")
    assert "· jumped to" not in sent(at_desk, case, "back")
    assert at_desk.post(url(case, "jump"), {"question": "nothing"}).status_code == 404


def test_remedies_are_ticked_at_once(at_desk):
    case = opened()
    sent(at_desk, case, "answers", _continue="seen", seen="shop")
    page = sent(at_desk, case, "tried", step=["packed/1"])
    assert "tried before" in page
    page = sent(at_desk, case, "tried", outcome=["packed"])
    assert "Which code is on the slip?" in page


def test_a_case_is_taken_on_and_handed_over(at_desk, agent):
    case, ben, queue = opened(), AgentFactory(username="ben"), QueueFactory(name="Carriers")
    assert "ada works on it" in sent(at_desk, case, "claim")
    assert "ben works on it" in sent(at_desk, case, "hand_over", to=f"agent-{ben.pk}", text="hi")
    assert "With Carriers" in sent(at_desk, case, "hand_over", to=f"queue-{queue.pk}")


@pytest.mark.parametrize("to", ["", "agent-", "queue-x", "agent-²", "nonsense"])
def test_a_hand_over_to_nobody_is_asked_about(at_desk, to):
    response = at_desk.post(url(opened(), "hand_over"), {"to": to})
    assert "Choose who takes over" in response.content.decode()


def test_nobody_hands_over_to_somebody_who_is_no_agent(at_desk):
    stranger = UserFactory()
    response = at_desk.post(url(opened(), "hand_over"), {"to": f"agent-{stranger.pk}"})
    assert response.status_code == 404


def test_a_link_is_made_shown_with_its_picture_and_revoked(at_desk, client):
    case = opened()
    page = sent(at_desk, case, "link", make="1")
    address = re.search(r'value="http://testserver(/cases/[^"]+)"', page)[1]
    assert "<svg" in page
    assert client.get(address).status_code == 200
    assert case.token not in page
    page = sent(at_desk, case, "link", revoke="1")
    assert address not in page
    assert client.get(address).status_code == 404


def test_a_wrong_step_is_flagged_with_where_it_is(at_desk):
    case = opened()
    assert "Flagged as wrong" in sent(at_desk, case, "flags", at="seen", text="It is old")
    flag = Flag.objects.get()
    assert (flag.node, flag.by, flag.case) == ("seen", "ada", case)
    empty = at_desk.post(url(case, "flags"), {"at": "seen", "text": " "})
    assert "Say what is wrong" in empty.content.decode()


def test_a_flag_never_lands_on_a_step_that_the_agent_did_not_see(at_desk):
    response = at_desk.post(url(opened(), "flags"), {"at": "slip", "text": "Wrong"})
    page = response.content.decode()
    assert "The case has moved on" in page
    assert ">Wrong</textarea>" in page
    assert Flag.objects.count() == 0


def test_transcripts_come_in_two_forms_and_two_kinds(at_desk):
    case = opened()
    add_note(case.token, text="PRIVATE", by="ada", now=timezone.now())
    address = url(case, "transcript")
    internal, public = at_desk.get(address), at_desk.get(f"{address}?form=customer&as=markdown")
    assert "PRIVATE" in internal.content.decode()
    assert "PRIVATE" not in public.content.decode()
    assert internal.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert public.headers["Content-Type"] == "text/markdown; charset=utf-8"


def test_the_keys_are_switched_off_for_as_long_as_one_is_logged_in(at_desk):
    case = opened()
    assert " data-keys" in shown(at_desk, url(case))
    at_desk.post(reverse("wizard:desk_keys"), {"off": "1", "case": case.reference})
    assert " data-keys" not in shown(at_desk, url(case))


def test_a_second_agent_is_warned_and_not_locked_out(at_desk):
    case, ben = opened(), AgentFactory(username="ben")
    looks(case, ben, timezone.now())
    assert "ben is looking at this too" in shown(at_desk, url(case))
    assert "In the van" in sent(at_desk, case, "answers", _continue="seen", seen="van")


def test_two_agents_who_write_at_the_same_moment_both_keep_their_words(agent):
    from django.test import Client

    ben = AgentFactory(username="ben")
    case, clients = opened(), []
    for who in (agent, ben):
        client = Client()
        client.force_login(who)
        shown(client, url(case))
        clients.append(client)
    for client, words in zip(clients, ("From Ada", "From Ben"), strict=True):
        sent(client, case, "notes", note=words)
    page = shown(clients[0], url(case))
    assert "From Ada" in page
    assert "From Ben" in page


@pytest.mark.parametrize("length", [1, 40])
def test_the_screen_costs_the_same_queries_however_long_the_story(
    at_desk, length, django_assert_max_num_queries
):
    case = opened(MESSAGE)
    for number in range(length):
        add_note(case.token, text=f"note {number}", by="ada", now=timezone.now())
    shown(at_desk, url(case))
    with django_assert_max_num_queries(15):
        shown(at_desk, url(case))


# --- news -----------------------------------------------------------------------------------------


def test_a_screen_without_news_gets_no_content_and_with_news_is_told_to_look(at_desk, agent):
    case = opened()
    page = shown(at_desk, url(case))
    seen = re.search(r"\?seen=([0-9-]+)", page)[1]
    address = reverse("wizard:desk_changes", args=[watch_token(case.pk, agent.pk)])
    response = at_desk.get(f"{address}?seen={seen}")
    assert (response.status_code, response.headers.get("HX-Trigger")) == (204, None)
    answering.give(case.token, key="seen", value="van", now=timezone.now())
    assert at_desk.get(f"{address}?seen={seen}").headers["HX-Trigger"] == "case-changed"


def test_a_report_that_comes_in_is_news(at_desk, agent):
    case = opened(MESSAGE)
    shown(at_desk, url(case))
    StatusReportFactory(message_id=MESSAGE, received_at=timezone.now())
    address = reverse("wizard:desk_changes", args=[watch_token(case.pk, agent.pk)])
    response = at_desk.get(f"{address}?seen={case.version}&reports")
    assert response.headers["HX-Trigger"] == "case-changed"


def test_what_was_made_up_watches_nothing(client):
    assert client.get(reverse("wizard:desk_changes", args=["a:b:c"])).status_code == 404


# --- the customer's side --------------------------------------------------------------------------


def test_a_customer_by_link_sees_the_step_answers_it_and_is_told_of_news(client, agent):
    case = opened(agent=agent)
    token = share(case.token, by="ada", now=timezone.now()).token
    page = shown(client, f"/cases/{token}/")
    assert case.reference in page
    assert case.token not in page
    seen = re.search(r"changes/\?seen=(\d+)", page)[1]
    assert client.get(f"/cases/{token}/changes/?seen={seen}&at=seen").status_code == 204
    response = client.post(f"/cases/{token}/answers/", {"_continue": "seen", "seen": "van"})
    assert response.url == f"/cases/{token}/"
    news = client.get(f"/cases/{token}/changes/?seen={seen}&at=seen").content.decode()
    assert "Which code is on the slip?" in news


def test_a_customer_alone_is_not_asked_for_news_all_the_time(client):
    case = opened()
    assert "changes/?seen" not in shown(client, f"/cases/{case.token}/")


def test_a_customer_keeps_a_transcript_of_their_own(client, agent):
    case = opened(agent=agent)
    add_note(case.token, text="PRIVATE", by="ada", now=timezone.now())
    text = shown(client, f"/cases/{case.token}/transcript.txt")
    assert case.reference in text
    assert "PRIVATE" not in text
    assert "ada" not in text


def test_a_link_that_has_ended_opens_nothing(client):
    case = opened()
    then = timezone.now() - timedelta(days=30)
    token = share(case.token, by="ada", now=then).token
    assert client.get(f"/cases/{token}/").status_code == 404
    assert client.get(f"/cases/{token}/changes/?seen=1").status_code == 404
    assert client.get(f"/cases/{token}/changes/?seen=None").status_code == 404


def test_cases_of_an_older_publication_stand_in_the_lists_with_their_own_words(at_desk, agent):
    old = PublicationFactory()
    CaseFactory(publication=old, agent=agent, place="gone")
    assert "cases__row" in shown(at_desk, reverse("wizard:desk"))
