"""Flags in the admin: listed by node, settled by authors, and shown at the node itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    CaseFactory,
    FlagFactory,
    GuideFactory,
    OutcomeFactory,
    QuestionFactory,
    UserFactory,
)
from tests.support.moments import NOON
from wizard.desk import flags
from wizard.models import Flag

LIST = "admin:wizard_flag_changelist"


def url_of(row):
    return reverse(f"admin:wizard_{row._meta.model_name}_change", args=[row.pk])


def shown(client, url, query=None):
    page = client.get(url, query)
    assert page.status_code == 200
    return page.content.decode()


def listed(client, name="flag", **query):
    page = client.get(reverse(f"admin:wizard_{name}_changelist"), query)
    assert page.status_code == 200
    return list(page.context["cl"].queryset)


def act(client, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(LIST), data, follow=True).content.decode()


def staff(client, *codenames):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


def done(**fields):
    return FlagFactory(done_at=NOON, done_by="eve", **fields)


# --- the list -------------------------------------------------------------------------------------


def test_open_flags_come_first_and_the_newest_of_them_at_the_top(client, author):
    settled = done(at=NOON + timedelta(days=2))
    old, new = FlagFactory(at=NOON), FlagFactory(at=NOON + timedelta(days=1))
    assert listed(client) == [new, old, settled]


def test_flags_are_found_by_state_guide_and_node(client, author):
    here, there = FlagFactory(node="start"), FlagFactory(node="code")
    settled = done(guide=here.guide)
    assert set(listed(client, state="open")) == {here, there}
    assert listed(client, state="done") == [settled]
    assert listed(client, guide__id__exact=there.guide_id) == [there]
    assert listed(client, node="code") == [there]
    assert listed(client, state="nonsense", node="code") == [there]


def test_the_filters_count_what_they_would_show(client, author):
    FlagFactory.create_batch(2)
    done()
    page = shown(client, reverse(LIST), {"_facets": "True"})
    assert "Open (2)" in page
    assert "Done (1)" in page


@pytest.mark.parametrize(
    "words", ["phone-off", "phone is off", "picture", "ann"], ids=["key", "title", "text", "by"]
)
def test_flags_are_found_by_the_words_of_their_node_what_is_wrong_and_by_whom(
    client, author, words
):
    wanted = FlagFactory(node="phone-off", title="The phone is off", text="Old picture", by="ann")
    FlagFactory()
    assert listed(client, q=words) == [wanted]


def test_a_node_is_linked_to_its_form_in_the_draft(client, author, guide):
    FlagFactory(guide=guide, node="start", title="What do you see?")
    outcome = guide.outcomes.get(key="phone-off")
    FlagFactory(guide=guide, node="phone-off", title="The phone is off")
    page = shown(client, reverse(LIST))
    assert f'<a href="{url_of(guide.start)}">What do you see?</a>' in page
    assert f'<a href="{url_of(outcome)}">The phone is off</a>' in page
    assert "no longer in the draft" not in page


def test_a_node_that_the_draft_lacks_is_named_without_a_link(client, author, guide):
    # Another guide has a question of that name.
    elsewhere = QuestionFactory(key="gone")
    FlagFactory(guide=guide, node="gone", title="Which van?")
    page = shown(client, reverse(LIST))
    assert "Which van? (no longer in the draft)" in page
    assert url_of(elsewhere) not in page


def test_a_row_tells_its_publication_and_its_state_in_a_word(client, author):
    flag = done(publication__number=17)
    page = shown(client, reverse(LIST))
    assert '<td class="field-number">17</td>' in page
    assert '<td class="field-state">Done</td>' in page
    flags.reopen(Flag.objects.filter(pk=flag.pk))
    assert '<td class="field-state">Open</td>' in shown(client, reverse(LIST))


def test_a_long_text_is_cut_in_the_list_and_whole_on_its_page(client, author):
    flag = FlagFactory(text="x" * 1_999 + "y")
    assert "xy" not in shown(client, reverse(LIST))
    assert "xy" in shown(client, url_of(flag))


# --- one flag -------------------------------------------------------------------------------------


def test_a_flag_shows_the_answers_on_the_way_there(client, author):
    flag = FlagFactory(
        answers=[
            ["What do you see?", "A code", "person"],
            ["Which code?", "E200030", "evidence"],
            ["Is it old?", "Yes", "time"],
        ]
    )
    page = " ".join(shown(client, url_of(flag)).split())
    assert "<td>What do you see?</td> <td>A code</td> <td>Given by a person</td>" in page
    assert "<td>Which code?</td> <td>E200030</td> <td>From the record</td>" in page
    assert "<td>Is it old?</td> <td>Yes</td> <td>From the time</td>" in page


def test_a_flag_where_the_walk_begins_says_that_there_are_no_answers(client, author):
    assert "None: the walk begins there." in shown(client, url_of(FlagFactory()))


def test_a_flag_leads_to_its_case_and_tells_no_token(client, author):
    case = CaseFactory()
    page = shown(client, url_of(FlagFactory(case=case)))
    assert f'<a href="{url_of(case)}">{case.reference}</a>' in page
    assert case.token not in page


def test_what_agents_type_is_shown_as_text(client, author, guide):
    markup = "<script>alert(1)</script>"
    flag = FlagFactory(
        guide=guide, text=markup, title=markup, by=markup, answers=[[markup, markup, markup]]
    )
    for url in (reverse(LIST), url_of(flag), url_of(guide.start)):
        assert markup not in shown(client, url)


# --- settling -------------------------------------------------------------------------------------


def test_flags_are_done_together_and_keep_by_whom(client, author):
    rows = FlagFactory.create_batch(2)
    assert "2 flags are done." in act(client, "mark_done", *rows)
    assert set(Flag.objects.values_list("done_by", flat=True)) == {author.username}
    assert "0 flags are done." in act(client, "mark_done", *rows)


def test_flags_are_opened_again(client, author):
    assert "1 flag is open again." in act(client, "open_again", done(), FlagFactory())
    assert Flag.objects.filter(flags.OPEN).count() == 2


@pytest.mark.parametrize("action", ["mark_done", "open_again"])
def test_only_those_who_may_change_questions_settle_flags(client, db, action):
    staff(client, "view_question", "view_flag", "change_flag", "change_outcome")
    rows = [FlagFactory(), done()]
    assert action not in shown(client, reverse(LIST))
    act(client, action, *rows)
    assert list(Flag.objects.filter(flags.OPEN)) == rows[:1]
    staff(client, "change_question")
    act(client, action, *rows)
    assert Flag.objects.filter(flags.OPEN).count() != 1


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codename", "status"),
    [
        ("view_flag", 200),
        ("view_question", 200),
        ("change_outcome", 200),
        ("view_code", 403),
        ("use_desk", 403),
    ],
)
def test_whoever_sees_questions_or_outcomes_sees_their_flags(client, db, codename, status):
    staff(client, codename)
    for url in (reverse(LIST), url_of(FlagFactory())):
        assert client.get(url).status_code == status


def test_nobody_adds_changes_or_deletes_a_flag(client, author):
    flag = FlagFactory()
    assert client.get(reverse("admin:wizard_flag_add")).status_code == 403
    assert client.post(url_of(flag), {"text": "changed"}).status_code == 403
    delete = reverse("admin:wizard_flag_delete", args=[flag.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    act(client, "delete_selected", flag)
    assert Flag.objects.get().text == flag.text


def test_strangers_are_asked_to_log_in(client, db):
    for url in (reverse(LIST), url_of(FlagFactory())):
        assert client.get(url).url.startswith(reverse("admin:login"))


# --- at the node ----------------------------------------------------------------------------------


@pytest.fixture(params=[QuestionFactory, OutcomeFactory], ids=["question", "outcome"])
def node(request, db):
    return request.param()


def name_of(node):
    return node._meta.model_name


def flag_at(node, **fields):
    return FlagFactory(guide=node.guide, node=node.key, **fields)


def test_the_list_of_nodes_counts_their_open_flags(client, author, node):
    flag_at(node)
    flag_at(node)
    flag_at(node, done_at=NOON)
    # The same name in another guide, and another name in the same one.
    FlagFactory(node=node.key)
    FlagFactory(guide=node.guide, node="other")
    (row,) = listed(client, name_of(node))
    assert row.flag_count == 2


def test_a_count_leads_to_these_flags(client, author, node):
    wanted = flag_at(node)
    flag_at(node, done_at=NOON)
    FlagFactory(node=node.key)
    page = client.get(reverse(f"admin:wizard_{name_of(node)}_changelist"))
    link = f"{reverse(LIST)}?guide__id__exact={node.guide_id}&node={node.key}&state=open"
    assert link.replace("&", "&amp;") in page.content.decode()
    assert list(client.get(link).context["cl"].queryset) == [wanted]


def test_a_node_without_open_flags_is_counted_without_a_link(client, author, node):
    flag_at(node, done_at=NOON)
    page = shown(client, reverse(f"admin:wizard_{name_of(node)}_changelist"))
    assert '<td class="field-flag_count">0</td>' in page


def test_nodes_are_found_and_ordered_by_their_open_flags(client, author, node):
    calm = type(node).objects.create(guide=node.guide, key="calm")
    flag_at(node)
    FlagFactory(guide=node.guide, node="calm", done_at=NOON)
    FlagFactory(guide=GuideFactory(), node="calm")
    assert listed(client, name_of(node), flags="open") == [node]
    column = client.get(reverse(f"admin:wizard_{name_of(node)}_changelist"))
    place = column.context["cl"].list_display.index("flag_count")
    assert listed(client, name_of(node), o=f"-{place}") == [node, calm]
    assert listed(client, name_of(node), o=str(place)) == [calm, node]


def test_the_form_of_a_node_lists_its_open_flags(client, author, node):
    flag = flag_at(node, text="The picture is old.", by="ann")
    settled = flag_at(node, done_at=NOON, text="Something else")
    page = shown(client, url_of(node))
    assert f'<a href="{url_of(flag)}">The picture is old.</a>' in page
    assert "<td>ann</td>" in page
    assert url_of(settled) not in page


def test_the_form_of_a_node_shows_ten_flags_and_leads_to_the_others(client, author, node):
    for _ in range(12):
        flag_at(node)
    page = shown(client, url_of(node))
    assert page.count("<td>agent</td>") == 10
    assert "and 2 flags more" in page


def test_a_form_without_flags_says_so(client, author, node):
    for url in (url_of(node), reverse(f"admin:wizard_{name_of(node)}_add")):
        page = shown(client, url)
        _, _, field = page.partition("Open flags:")
        assert '<div class="readonly">-</div>' in field.partition("form-row")[0]


# --- what it costs --------------------------------------------------------------------------------


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def flagged_node(factory):
    node = factory()
    for _ in range(3):
        flag_at(node, case=CaseFactory())


@pytest.mark.parametrize(
    ("name", "factory", "most"),
    [
        # The session, the user, two counts, the rows, and the choices of two filters; for nodes
        # seven to check their guides.
        ("flag", QuestionFactory, 7),
        ("question", QuestionFactory, 13),
        ("outcome", OutcomeFactory, 13),
    ],
)
def test_a_list_takes_as_many_queries_for_many_flags_as_for_few(
    client, author, name, factory, most
):
    url = reverse(f"admin:wizard_{name}_changelist")
    flagged_node(factory)
    flagged_node(factory)
    few = queries_of(client, url)
    for _ in range(15):
        flagged_node(factory)
    many = queries_of(client, url)
    assert len(many) == len(few) <= most, many


def test_a_form_takes_one_query_for_its_flags_however_many_and_none_without(client, author, node):
    without = queries_of(client, url_of(node))
    flag_at(node)
    one = queries_of(client, url_of(node))
    for _ in range(15):
        flag_at(node)
    assert len(one) == len(without) + 1
    assert len(queries_of(client, url_of(node))) == len(one)


def test_no_page_of_flags_reads_a_snapshot(client, author):
    flag = FlagFactory(case=CaseFactory())
    for url in (reverse(LIST), url_of(flag)):
        assert not any('"snapshot"' in query for query in queries_of(client, url))


def test_a_page_of_a_flag_costs_few_queries(client, author):
    # The session, the user, and the flag with all that belongs to it.
    assert len(queries_of(client, url_of(FlagFactory(case=CaseFactory())))) == 3
