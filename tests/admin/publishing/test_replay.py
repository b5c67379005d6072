"""The Replay page, and what the Publish page makes of it."""

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import CaseFactory, UserFactory
from tests.support import shipped
from wizard.admin.publishing import replay_gate
from wizard.authoring import publishing
from wizard.models import Answer, Publication


@pytest.fixture
def live(guide):
    """The tiny guide, published."""
    publishing.publish(guide, by=None)
    guide.refresh_from_db()
    return guide


@pytest.fixture
def url(live):
    return reverse("admin:wizard_guide_replay", args=[live.pk])


@pytest.fixture
def publish_url(live):
    return reverse("admin:wizard_guide_publish", args=[live.pk])


def lead_elsewhere(guide):
    """What an author does by mistake: “Nothing” leads to the other outcome."""
    template, phone_off = guide.outcomes.get(key="template"), guide.outcomes.get(key="phone-off")
    Answer.objects.filter(question__guide=guide, key="nothing").update(to_outcome=template)
    # So that both outcomes can still be reached, and nothing but a look stands in the way.
    Answer.objects.filter(question__guide=guide, key="no-code").update(to_outcome=phone_off)


def read(client, url):
    """The whole page, once it has come to its end."""
    answer = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def stored(guide, count=1, **fields):
    fields = {"answers": {"start": "nothing"}} | fields
    return [CaseFactory(publication=guide.live, **fields) for _ in range(count)]


class _Balanced(HTMLParser):
    """Whether every element that is opened is closed, in its order: a tree would mend it."""

    _VOID = frozenset("area base br col hr img input link meta source wbr path use circle".split())

    def __init__(self, html):
        super().__init__()
        self.open, self.scripts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "script":
            self.scripts.append(dict(attrs))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self._VOID:
            assert self.open.pop() == tag


# --- the page -------------------------------------------------------------------------------------


def test_a_draft_that_breaks_an_answer_is_told_in_one_sentence_and_case_by_case(
    client, author, live, url
):
    stored(live, 3)
    [other] = stored(live, answers={"start": "error"})
    lead_elsewhere(live)
    page = read(client, url)
    assert "4 cases: 1 the same, 3 end elsewhere" in page
    assert "The phone is off → The template is not active" in page
    assert "Ends at: The phone is off" in page
    assert "Ends at: The template is not active" in page
    assert other.reference not in page


def test_each_case_is_named_and_linked_with_both_its_trails(client, author, live, url):
    [case] = stored(live)
    lead_elsewhere(live)
    page = read(client, url)
    change = reverse("admin:wizard_case_change", args=[case.pk])
    assert f'<a href="{change}">{case.reference}</a>' in page
    assert f"<p>Publication {live.live.number}</p>" in page
    assert "<p>Draft</p>" in page
    assert page.count("What do you see? <strong>Nothing</strong> (Given by a person)") == 2


def test_what_differs_is_marked_by_a_sign_and_not_by_colour_alone(client, author, live, url):
    stored(live)
    lead_elsewhere(live)
    assert read(client, url).count("<strong>≠</strong>") == 2


def test_answers_that_the_draft_no_longer_has_are_named(client, author, live, url):
    stored(live)
    live.start.answers.get(key="nothing").delete()
    page = read(client, url)
    assert "1 case: 1 not at an end yet" in page
    assert "the answer “Nothing” to “What do you see?”" in page


def test_without_cases_the_page_says_so(client, author, url):
    assert "No case is stored for this guide." in read(client, url)


def test_large_numbers_are_grouped():
    from wizard.admin.publishing.replay_words import summary
    from wizard.engine.replay import Result

    counts = {Result.ELSEWHERE: 6, Result.SHORTER: 31, Result.SAME: 4_173}
    assert summary(counts) == "4,210 cases: 4,173 the same, 31 shorter, 6 end elsewhere"


def test_progress_comes_while_it_goes_on(client, author, live, url, monkeypatch):
    monkeypatch.setattr("wizard.authoring.replaying._CHUNK", 2)
    stored(live, 5)
    answer = client.get(url)
    assert answer.streaming
    assert answer["X-Accel-Buffering"] == "no"
    parts = [part.decode() for part in answer.streaming_content]
    told = [part for part in parts if "replay-progress" in part]
    assert ["of 5 cases" in part for part in told] == [True] * 3
    assert "5 cases: 5 the same" in parts[-2]
    assert parts[0].rstrip().endswith("</p>")


def test_the_page_is_whole_and_needs_no_script(client, author, live, url, monkeypatch):
    monkeypatch.setattr("wizard.authoring.replaying._CHUNK", 2)
    stored(live, 5)
    lead_elsewhere(live)
    page = _Balanced(read(client, url))
    assert page.open == []
    assert all(script.get("src", "").startswith("/static/admin/") for script in page.scripts)


def test_what_an_author_writes_is_text_and_not_html(client, author, live, url):
    stored(live)
    live.outcomes.filter(key="template").update(title="<img src=x>")
    lead_elsewhere(live)
    page = read(client, url)
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_the_page_shows_nothing_that_opens_a_case_or_names_its_recipient(client, author, live, url):
    [case] = stored(live, recipient_masked="+86 138****0001", recipient_hash="a" * 64)
    lead_elsewhere(live)
    page = read(client, url)
    assert case.reference in page
    for secret in (case.token, case.message_id, "138****0001", "a" * 64):
        assert secret not in page


def test_a_draft_that_cannot_be_read_is_told_in_words(client, author, live, url):
    live.questions.filter(key="start").update(help="a\x0bb")
    page = client.get(url)
    assert page.status_code == 200
    assert "The draft cannot be read" in page.content.decode()


def test_the_page_takes_as_many_queries_for_many_cases(
    client, author, live, url, django_assert_max_num_queries
):
    stored(live, 30)
    lead_elsewhere(live)
    # Three of them only here, where each look at the live guides asks the database.
    with django_assert_max_num_queries(22):
        assert "30 cases" in read(client, url)


def test_who_may_not_see_cases_sees_no_replay(client, live, url):
    assert client.get(url).status_code == 302
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_guide"))
    client.force_login(user)
    assert client.get(url).status_code == 403
    form = client.get(reverse("admin:wizard_guide_change", args=[live.pk])).content.decode()
    assert url not in form


def test_readers_may_look(client, reader, live, url):
    assert "No case is stored" in read(client, url)
    form = client.get(reverse("admin:wizard_guide_change", args=[live.pk])).content.decode()
    assert url in form


def test_a_guide_that_is_not_there_has_no_replay(client, author, db):
    assert client.get(reverse("admin:wizard_guide_replay", args=[9])).status_code == 404


# --- publishing -----------------------------------------------------------------------------------


def publications():
    return Publication.objects.count()


def test_without_cases_nothing_is_in_the_way(client, author, live, publish_url):
    lead_elsewhere(live)
    client.post(publish_url, {"note": ""})
    assert publications() == 2


def test_cases_that_stay_the_same_are_not_in_the_way(client, author, live, publish_url):
    stored(live, answers={"start": "error"})
    lead_elsewhere(live)
    page = client.get(publish_url).content.decode()
    assert "1 case: 1 the same" in page
    assert replay_gate.PublishGate().field not in page
    client.post(publish_url, {"note": ""})
    assert publications() == 2


def test_cases_that_end_elsewhere_have_to_be_looked_at_first(client, author, live, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    page = client.post(publish_url, {"note": "Mine", replay_gate.PublishGate().field: "anything"})
    assert "Not published: look at the replay of this draft first." in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    assert publications() == 1


def test_whoever_has_looked_has_to_say_so(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    read(client, url)
    page = client.get(publish_url).content.decode()
    assert "2 cases: 2 end elsewhere" in page
    assert "You have looked at this 0" in page
    assert "I have looked at the 2 cases that end elsewhere" in page
    refused = client.post(publish_url, filled(page.encode(), note="")).content.decode()
    assert "Not published: say that you have looked at what ends elsewhere." in refused
    assert publications() == 1


def ticked(client, publish_url):
    gate = client.get(publish_url).context["gate"]
    return {"note": "", gate.field: gate.look.digest}


def test_whoever_has_looked_and_says_so_publishes(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    read(client, url)
    client.post(publish_url, ticked(client, publish_url))
    assert publications() == 2


def test_a_look_at_another_draft_does_not_count(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    read(client, url)
    sent = ticked(client, publish_url)
    live.outcomes.filter(key="template").update(title="Another title")
    answer = client.post(publish_url, sent).content.decode()
    assert "look at the replay of this draft first" in answer
    assert publications() == 1


def test_a_tick_for_another_draft_does_not_count(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    read(client, url)
    sent = ticked(client, publish_url)
    live.outcomes.filter(key="template").update(title="Another title")
    read(client, url)
    assert "say that you have looked" in client.post(publish_url, sent).content.decode()
    assert publications() == 1


def test_a_look_of_somebody_else_does_not_count(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    other = Client()
    other.force_login(UserFactory(admin=True))
    read(other, url)
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.UNSEEN


def test_a_look_that_was_broken_off_does_not_count(client, author, live, url, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    answer = client.get(url)
    parts = answer.streaming_content
    while "2 end elsewhere" not in next(parts).decode():
        pass
    # Nobody reads the rest. To close the answer here would close the test's connection with it.
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.UNSEEN


def test_a_look_of_somebody_who_has_logged_out_meanwhile_is_forgotten(
    client, author, live, url, publish_url
):
    stored(live, 2)
    answer = client.get(url)
    client.logout()
    assert b"2 cases" in b"".join(answer.streaming_content)
    client.force_login(author)
    assert "replays" not in client.session


def test_samples_that_no_longer_lead_where_they_must_have_to_be_looked_at(client, author, db):
    guide = shipped.published()
    guide.codes.filter(code="REJECTD").update(to_outcome=guide.outcomes.get(key="expired"))
    publish_url = reverse("admin:wizard_guide_publish", args=[guide.pk])
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.UNSEEN
    page = read(client, reverse("admin:wizard_guide_replay", args=[guide.pk]))
    assert "1 no longer does" in page
    assert "Samples that no longer lead where they must" in page
    label = "I have looked at the 1 case or sample that ends elsewhere"
    assert label in client.get(publish_url).content.decode()


# --- many cases, and publishing -------------------------------------------------------------------


def test_too_many_cases_are_not_replayed_in_passing(
    client, author, live, url, publish_url, monkeypatch
):
    monkeypatch.setattr(replay_gate, "_AT_ONCE", 2)
    stored(live, 3, answers={"start": "error"})
    lead_elsewhere(live)
    monkeypatch.setattr("wizard.authoring.replaying.through", None)
    page = client.post(publish_url, {"note": ""}).content.decode()
    assert "There are too many cases to replay them in passing." in page
    assert "Not published: look at the replay of this draft first." in page
    assert publications() == 1


def test_many_cases_that_stay_the_same_are_not_in_the_way_once_they_are_replayed(
    client, author, live, url, publish_url, monkeypatch
):
    monkeypatch.setattr(replay_gate, "_AT_ONCE", 2)
    stored(live, 3, answers={"start": "error"})
    lead_elsewhere(live)
    read(client, url)
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.CLEAR
    client.post(publish_url, {"note": ""})
    assert publications() == 2


def test_a_case_that_came_after_the_replay_and_ends_elsewhere_is_found(
    client, author, live, url, publish_url, monkeypatch
):
    monkeypatch.setattr(replay_gate, "_AT_ONCE", 2)
    stored(live, 3, answers={"start": "error"})
    lead_elsewhere(live)
    read(client, url)
    stored(live)
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.UNSEEN


def test_the_publish_page_replays_nothing_where_its_reader_has_looked(
    client, author, live, url, publish_url, monkeypatch
):
    stored(live, 3)
    lead_elsewhere(live)
    read(client, url)
    monkeypatch.setattr("wizard.authoring.replaying.through", None)
    assert client.get(publish_url).context["gate"].state is replay_gate.GateState.SEEN


def test_the_publish_page_takes_as_many_queries_for_many_cases(
    client, author, live, publish_url, django_assert_max_num_queries
):
    stored(live, 30)
    lead_elsewhere(live)
    with django_assert_max_num_queries(20):
        assert client.get(publish_url).context["gate"].look.elsewhere == 30


def test_errors_come_before_a_look(client, author, live, publish_url):
    stored(live, 2)
    lead_elsewhere(live)
    live.outcomes.update(title="")
    page = client.post(publish_url, {"note": ""}).content.decode()
    assert "errors stand in the way" in page
    assert "look at the replay of this draft first" not in page


def test_commands_publish_without_a_look(live):
    stored(live, 2)
    lead_elsewhere(live)
    assert publishing.publish(live, by=None).number == 2
