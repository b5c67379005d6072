"""Two people at the same form: the second save is told, and nothing is silently lost."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import AnswerFactory, UserFactory, publishable_guide
from wizard.authoring import audit
from wizard.models import Answer, Question


@pytest.fixture
def start(guide):
    return guide.start


@pytest.fixture
def url(start):
    return reverse("admin:wizard_question_change", args=[start.pk])


@pytest.fixture
def maria(db):
    """Somebody else who is logged in."""
    client = Client()
    client.force_login(UserFactory(admin=True, username="maria"))
    return client


def opened(client, url):
    """What a browser would send if its reader pressed Save at once."""
    return filled(client.get(url).content) | {"_save": "Save"}


def number_of(data, key):
    """The number of an answer among the rows of a form."""
    [name] = [name for name, value in data.items() if value == key and name.endswith("-key")]
    return name.split("-")[1]


def test_a_form_that_nobody_else_touched_is_saved(client, author, url, start):
    assert client.post(url, opened(client, url) | {"why": "New"}).status_code == 302
    start.refresh_from_db()
    assert start.why == "New"


def test_line_breaks_of_a_browser_are_no_change(client, author, url, start):
    """A browser sends every line break of a text as two characters."""
    start.help = "Look here.\nOr there."
    start.save()
    answer = start.answers.get(key="nothing")
    answer.rules = "report.present is true\nreport.present is false"
    answer.save()
    last = audit.changes_of(start.guide_id).first().pk
    sent = {name: value.replace("\n", "\r\n") for name, value in opened(client, url).items()}
    assert client.post(url, sent | {"why": "New"}).status_code == 302
    [line] = audit.changes_of(start.guide_id).filter(pk__gt=last)
    assert set(line.changes) == {"why"}


def test_the_second_save_is_told_who_changed_what_and_changes_nothing(
    client, author, maria, url, start
):
    mine = opened(client, url)
    assert maria.post(url, opened(maria, url) | {"why": "Hers"}).status_code == 302
    answer = client.post(url, mine | {"text": "Mine?"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "maria changed this while you had it open" in page
    assert "Hers" in page
    start.refresh_from_db()
    assert (start.text, start.why) == ("What do you see?", "Hers")


def test_saving_again_stores_both_changes(client, author, maria, url, start):
    mine = opened(client, url)
    maria.post(url, opened(maria, url) | {"why": "Hers"})
    again = filled(client.post(url, mine | {"text": "Mine?"}).content) | {"_save": "Save"}
    assert client.post(url, again).status_code == 302
    start.refresh_from_db()
    assert (start.text, start.why) == ("Mine?", "Hers")


def test_of_a_field_that_both_changed_the_form_keeps_what_was_typed_and_shows_theirs(
    client, author, maria, url, start
):
    mine = opened(client, url)
    maria.post(url, opened(maria, url) | {"why": "Hers"})
    answer = client.post(url, mine | {"why": "Mine"})
    assert filled(answer.content)["why"] == "Mine"
    [clash] = answer.context["conflict"].clashes
    assert (clash.label, clash.theirs) == ("Why we ask", "Hers")
    client.post(url, filled(answer.content) | {"_save": "Save"})
    start.refresh_from_db()
    assert start.why == "Mine"


def test_a_third_change_is_told_as_well(client, author, maria, url, start):
    mine = opened(client, url)
    maria.post(url, opened(maria, url) | {"why": "Hers"})
    again = filled(client.post(url, mine | {"text": "Mine?"}).content) | {"_save": "Save"}
    maria.post(url, opened(maria, url) | {"help": "Later"})
    assert client.post(url, again).status_code == 200
    start.refresh_from_db()
    assert start.text == "What do you see?"


def test_answers_that_one_added_and_the_other_changed_all_stand(client, author, maria, url, start):
    mine = opened(client, url)
    added = {
        "answers-TOTAL_FORMS": "4",
        "answers-3-key": "hers",
        "answers-3-label": "Hers",
        "answers-3-question": str(start.pk),
    }
    assert maria.post(url, opened(maria, url) | added).status_code == 302
    row = number_of(mine, "nothing")
    new = {
        "answers-TOTAL_FORMS": "4",
        "answers-3-key": "mine",
        "answers-3-label": "Mine",
        "answers-3-question": str(start.pk),
    }
    told = client.post(url, mine | new | {f"answers-{row}-label": "Nothing at all"})
    assert told.status_code == 200
    assert start.answers.count() == 4
    assert client.post(url, filled(told.content) | {"_save": "Save"}).status_code == 302
    labels = dict(start.answers.values_list("key", "label"))
    assert labels == {
        "nothing": "Nothing at all",
        "error": "An error",
        "a-code": "A code",
        "hers": "Hers",
        "mine": "Mine",
    }


def test_an_answer_that_one_removed_and_the_other_changed_comes_back(
    client, author, maria, url, start
):
    mine = opened(client, url)
    row = number_of(mine, "nothing")
    assert maria.post(url, opened(maria, url) | {f"answers-{row}-DELETE": "on"}).status_code == 302
    told = client.post(url, mine | {f"answers-{row}-label": "Nothing at all"})
    assert told.context["conflict"].revived == 1
    assert client.post(url, filled(told.content) | {"_save": "Save"}).status_code == 302
    assert Answer.objects.get(question=start, key="nothing").label == "Nothing at all"


def test_an_answer_that_one_removed_and_the_other_left_alone_stays_removed(
    client, author, maria, url, start
):
    mine = opened(client, url)
    row = number_of(mine, "nothing")
    maria.post(url, opened(maria, url) | {f"answers-{row}-DELETE": "on"})
    told = client.post(url, mine | {"why": "Mine"})
    assert client.post(url, filled(told.content) | {"_save": "Save"}).status_code == 302
    assert set(start.answers.values_list("key", flat=True)) == {"error", "a-code"}


def test_a_tick_that_somebody_took_away_is_not_set_again(client, author, maria, guide):
    url = reverse("admin:wizard_question_change", args=[guide.questions.get(key="code").pk])
    mine = opened(client, url)
    hers = opened(maria, url)
    del hers["answers-0-unsure"]
    assert maria.post(url, hers).status_code == 302
    told = client.post(url, mine | {"why": "Mine"})
    assert "answers-0-unsure" not in filled(told.content)
    assert client.post(url, filled(told.content) | {"_save": "Save"}).status_code == 302
    assert not Answer.objects.get(question__key="code").unsure


@pytest.mark.parametrize("name", ["guide", "outcome", "code"])
def test_every_form_of_a_guide_is_careful(client, author, maria, guide, name):
    row = {"guide": guide, "outcome": guide.outcomes.first(), "code": guide.codes.first()}[name]
    field = {"guide": "summary", "outcome": "title", "code": "meaning"}[name]
    url = reverse(f"admin:wizard_{name}_change", args=[row.pk])
    mine = opened(client, url)
    assert maria.post(url, opened(maria, url) | {field: "Hers"}).status_code == 302
    answer = client.post(url, mine)
    assert "maria changed this while you had it open" in answer.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == "Hers"


def test_the_places_in_a_list_that_one_left_alone_stay_as_the_other_set_them(
    client, author, maria, guide
):
    url = reverse("admin:wizard_question_changelist")
    mine, hers = opened(client, url), opened(maria, url)
    [first, second] = [number for number in "01" if f"form-{number}-order" in mine]
    assert maria.post(url, hers | {f"form-{first}-order": "500"}).status_code == 302
    assert client.post(url, mine | {f"form-{second}-order": "400"}).status_code == 302
    assert set(guide.questions.values_list("order", flat=True)) == {400, 500}


def test_of_two_who_move_the_same_row_of_a_list_the_second_is_told(client, author, maria, guide):
    url = reverse("admin:wizard_question_changelist")
    mine = opened(client, url)
    assert maria.post(url, opened(maria, url) | {"form-0-order": "500"}).status_code == 302
    answer = client.post(url, mine | {"form-0-order": "400"})
    assert answer.status_code == 200
    assert "Somebody else has moved this since you opened the list" in answer.content.decode()
    assert guide.questions.filter(order=500).exists()
    # The page shows what is stored now, and the next press is meant.
    again = filled(answer.content) | {"_save": "Save"}
    assert client.post(url, again).status_code == 302
    assert guide.questions.filter(order=400).exists()


def test_a_new_place_in_a_list_is_all_that_is_written(client, author, guide, monkeypatch):
    """What somebody else stores in the same moment stays."""
    url = reverse("admin:wizard_question_changelist")
    sent = opened(client, url) | {"form-0-order": "500"}
    save = Question.save

    def late(row, *args, **kwargs):
        Question.objects.filter(pk=row.pk).update(why="Stored in between")
        save(row, *args, **kwargs)

    monkeypatch.setattr(Question, "save", late)
    assert client.post(url, sent).status_code == 302
    assert Question.objects.get(order=500).why == "Stored in between"


def test_who_saves_what_somebody_deleted_is_told_by_whom_and_keeps_what_was_typed(
    client, author, maria, url, start
):
    mine = opened(client, url)
    delete = reverse("admin:wizard_question_delete", args=[start.pk])
    assert maria.post(delete, {"post": "yes"}).status_code == 302
    row = number_of(mine, "nothing")
    typed = {"help": "An hour of work.", f"answers-{row}-label": "Nothing at all"}
    answer = client.post(url, mine | typed)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "maria" in page
    assert "An hour of work." in page
    assert "Nothing at all" in page
    assert not Question.objects.filter(pk=start.pk).exists()


def test_what_was_typed_is_shown_to_nobody_who_may_not_change_it(client, reader, start, url):
    start.delete()
    assert "An hour" not in client.post(url, {"help": "An hour of work."}).content.decode()


@pytest.mark.parametrize("key", ["9" * 30, "9" * 5000, "²", "x"])
def test_a_key_that_no_row_can_have_is_no_fault_of_the_site(client, author, url, key):
    for address in (url, reverse("admin:wizard_question_change", args=[key[:40]])):
        data = opened(client, url) | {"answers-TOTAL_FORMS": key, "answers-0-to_question": key}
        assert client.post(address, data).status_code in (200, 302, 410)


def test_a_form_that_claims_to_have_more_rows_than_fit_is_refused_and_keeps_what_was_typed(
    client, author, url, start
):
    answer = client.post(url, opened(client, url) | {"answers-TOTAL_FORMS": "900", "why": "New"})
    [answers] = [one.formset for one in answer.context["inline_admin_formsets"]]
    assert len(answers.forms) == 125
    assert "Please submit at most 125 forms." in answers.non_form_errors()
    assert filled(answer.content)["why"] == "New"
    start.refresh_from_db()
    assert start.why != "New"


@pytest.mark.parametrize("seen", ["", "forged"])
def test_a_form_that_does_not_say_what_was_seen_is_not_saved(client, author, url, start, seen):
    answer = client.post(url, opened(client, url) | {"why": "New", "seen": seen})
    assert "the page came incomplete" in answer.content.decode()
    start.refresh_from_db()
    assert start.why != "New"
    assert client.post(url, filled(answer.content) | {"_save": "Save"}).status_code == 302


def test_a_change_by_a_command_is_told_as_well(client, author, url, start):
    mine = opened(client, url)
    start.why = "By a command"
    start.save()
    page = client.post(url, mine | {"text": "Mine?"}).content.decode()
    assert "a command, or somebody who is gone changed this" in page


def test_what_a_field_refused_is_still_compared_with_what_was_seen(client, author, maria, url):
    """The page that says what is wrong shows what is stored now, so the next save is careful."""
    refused = client.post(url, opened(client, url) | {"key": "Not A Key"})
    maria.post(url, opened(maria, url) | {"why": "Hers"})
    again = filled(refused.content, key="start") | {"_save": "Save"}
    assert "maria changed this" in client.post(url, again).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told():
    guide = publishable_guide()
    AnswerFactory(question=guide.start, key="late", to_outcome=guide.outcomes.first())
    url = reverse("admin:wizard_question_change", args=[guide.start.pk])
    people = []
    for name in ("ada", "bob"):
        client = Client()
        client.force_login(UserFactory(admin=True, username=name))
        people.append((client, opened(client, url) | {"why": f"By {name}"}))
    both = threading.Barrier(2)
    codes = []

    def save(client, data):
        both.wait()
        codes.append(client.post(url, data).status_code)
        connections.close_all()

    threads = [threading.Thread(target=save, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 302]
    assert Question.objects.get(pk=guide.start.pk).why in {"By ada", "By bob"}
    assert audit.changes_of(guide.pk, "question:start").filter(actor__isnull=False).count() == 1
