"""The Map page: the tree of a guide as a picture and as an outline."""

import re
from html import unescape
from itertools import pairwise

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse

from tests.benchmarks.guides import document
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    CodeFactory,
    GuideFactory,
    OutcomeFactory,
    QuestionFactory,
    RemediationStepFactory,
    UserFactory,
)
from tests.support import shipped
from wizard.admin.links import preview_url, url_of
from wizard.authoring import loading, publishing
from wizard.models import Answer


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    cache.clear()


def url(guide, query=""):
    return reverse("admin:wizard_guide_map", args=[guide.pk]) + query


def read(client, guide, query=""):
    answer = client.get(url(guide, query))
    assert answer.status_code == 200
    return answer.content.decode()


def picture(page):
    return re.search(r"<svg preserve.*?</svg>", page, re.DOTALL)[0]


def outline(page):
    return page[page.index('id="outline"') :]


def drawn(page):
    """The keys of the nodes in the picture."""
    return set(re.findall(r'<g id="n-([a-z0-9-]+)"', picture(page)))


def written(page):
    """The keys of the nodes that the outline writes out, each as often as it does."""
    return re.findall(r'<div id="o-([a-z0-9-]+)"', outline(page))


def node(page, key):
    """A node of the picture."""
    [_, rest] = picture(page).split(f'<g id="n-{key}"')
    return rest.split('<g id="n-')[0]


def links(part):
    return {unescape(href) for href in re.findall(r'<a\b[^>]* ?href="([^"]*)"', part)}


def text(part):
    """What a person reads of a part."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())


# --- the picture and the outline ------------------------------------------------------------------


def test_every_node_is_drawn_once_and_written_out_once(client, author, guide):
    page = read(client, guide)
    assert drawn(page) == {"start", "code", "phone-off", "template"}
    assert sorted(written(page)) == ["code", "phone-off", "start", "template"]
    assert "All 4 nodes are shown." in page


def test_each_node_leads_to_its_form_and_to_its_preview(client, author, guide):
    page = read(client, guide)
    for row in (*guide.questions.all(), *guide.outcomes.all()):
        for part in (node(page, row.key), outline(page)):
            assert url_of(row) in links(part)
            assert preview_url(guide.pk, row.key) in links(part)


def test_the_outline_has_every_link_of_the_picture(client, author, guide):
    page = read(client, guide, "?fold=code")
    of_the_picture = {href.replace("#n-", "#o-") for href in links(picture(page))}
    of_the_outline = {href.replace("#n-", "#o-") for href in links(outline(page))}
    within = {href for href in of_the_picture if href.startswith("#")}
    assert of_the_picture - within <= of_the_outline
    assert all(f'id="{href[1:]}"' in outline(page) for href in within)


def test_the_links_of_the_picture_are_left_out_of_the_order_of_tab(client, author, guide):
    shown = picture(read(client, guide))
    assert 'aria-hidden="true"' in shown
    assert shown.count("<a ") == shown.count('tabindex="-1"')


def test_answers_stand_in_their_box_and_lead_to_their_target(client, author, guide):
    page = read(client, guide)
    start = node(page, "start")
    assert "What do you see? Nothing An error A code" in " ".join(
        re.findall(r">([^<>\s][^<>]*)</t(?:span|ext)>", start)
    )
    assert {"#n-phone-off", "#n-template", "#n-code"} <= links(start)


def test_a_list_of_codes_is_one_way_and_its_codes_stand_at_their_targets(client, author, guide):
    for number in range(6):
        CodeFactory(
            guide=guide, code=f"E20004{number}", to_outcome=guide.outcomes.get(key="phone-off")
        )
    page = read(client, guide)
    assert "7 codes of the list" in node(page, "code")
    assert "E200040, E200041, E200042 +3" in node(page, "phone-off")
    assert "E200040, E200041, E200042, E200043, E200044, E200045 →" in text(outline(page))
    # Two answers of “start”, one more to the same node; of the list none is drawn across.
    assert picture(page).count('class="line more"') == 1


def test_a_node_that_stands_elsewhere_is_linked(client, author, guide):
    page = read(client, guide)
    assert outline(page).count('<a href="#o-template">The template is not active</a>') == 2


def test_long_words_are_wrapped_and_cut_but_told_in_full(client, author, guide):
    title = "The phone is off, or it is out of reach, or it lies in a drawer " * 3
    guide.outcomes.filter(key="phone-off").update(title=title[:200].strip())
    shown = node(read(client, guide), "phone-off")
    assert shown.count("<tspan") == 3
    assert "…</tspan>" in shown
    assert f"<title>{title[:200].strip()} (phone-off)" in shown


def test_what_an_author_writes_is_text_and_not_html(client, author, guide):
    guide.outcomes.filter(key="template").update(title="<img src=x>")
    Answer.objects.filter(key="nothing").update(label="<b>bold</b>")
    page = read(client, guide)
    assert "<img src=x>" not in page
    assert "<b>bold" not in page
    assert "&lt;img src=x&gt;" in picture(page)


def test_headings_of_the_outline_step_down_one_level_at_a_time(client, author, db):
    guide = loading.load(document(600))
    page = read(client, guide, "?whole=1")
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


# --- what is folded, and what is not --------------------------------------------------------------


def test_a_folded_branch_is_a_stub_that_says_how_much_it_hides(client, author, guide):
    RemediationStepFactory(outcome=OutcomeFactory(guide=guide, key="only-here"))
    AnswerFactory(
        question=guide.questions.get(key="code"), to_outcome=guide.outcomes.get(key="only-here")
    )
    page = read(client, guide, "?fold=code")
    assert drawn(page) == {"start", "code", "phone-off", "template"}
    assert "4 of 5 nodes are shown; the others are folded away." in page
    assert ">+1<" in node(page, "code")
    assert "Unfold 1 node" in outline(page)
    assert "?unfold=code#n-code" in links(node(page, "code"))
    assert drawn(read(client, guide, "?unfold=code")) == drawn(read(client, guide))


def test_a_stub_says_that_it_hides_errors(client, author, guide):
    OutcomeFactory(guide=guide, key="only-here", title="")
    AnswerFactory(
        question=guide.questions.get(key="code"), to_outcome=guide.outcomes.get(key="only-here")
    )
    page = read(client, guide, "?fold=code")
    assert "Unfold 1 node, 1 with errors" in outline(page)
    assert ">+1 !<" in node(page, "code")


def test_a_large_guide_begins_with_folded_branches_and_says_so(client, author, db):
    guide = loading.load(document(150))
    page = read(client, guide)
    assert 90 < len(drawn(page)) <= 100
    assert f"{len(drawn(page))} of 150 nodes are shown; the others are folded away." in page
    assert "?whole=1" in links(page)
    whole = read(client, guide, "?whole=1")
    assert len(drawn(whole)) == len(written(whole)) == 150
    assert "Fold again" in whole


def test_only_the_branch_from_a_node(client, author, guide):
    page = read(client, guide, "?at=code")
    assert drawn(page) == {"code", "template"}
    assert "Only what follows from “Which code?”." in text(page)


def test_links_keep_everything_else_that_was_asked_for(client, author, guide):
    page = read(client, guide, "?zoom=50&q=phone&path=template")
    for href in links(node(page, "code")):
        if href.startswith("?"):
            assert "zoom=50" in href
            assert "q=phone" in href
    assert '<input type="hidden" name="path" value="template">' in page


# --- searching, and the way -----------------------------------------------------------------------


def test_a_search_marks_what_it_finds_and_lists_it(client, author, guide):
    page = read(client, guide, "?q=PHONE+off")
    assert '<a href="#n-phone-off">The phone is off</a>' in page
    assert "1 node has “PHONE off”:" in text(page)
    assert " hit" in node(page, "phone-off").split(">")[0]
    assert " hit" not in node(page, "template").split(">")[0]


@pytest.mark.parametrize("words", ["e200030", "an error", "start"])
def test_a_search_looks_at_codes_and_answers_and_keys(client, author, guide, words):
    assert f"1 node has “{words}”" in text(read(client, guide, f"?q={words}"))


def test_what_is_found_in_a_folded_branch_is_a_link_that_unfolds_the_way(client, author, db):
    guide = loading.load(document(600))
    page = read(client, guide, "?q=cause+of+case+599")
    assert "n599" not in drawn(page)
    [href] = [href for href in links(page) if href.endswith("#n-n599")]
    page = read(client, guide, href.partition("#")[0])
    assert "n599" in drawn(page)
    assert " lit" in node(page, "n599").split(">")[0]


def test_a_shortest_way_is_shown_in_the_picture_and_told_in_words(client, author, guide):
    page = read(client, guide, "?path=template")
    assert "A shortest way, 2 nodes:" in page
    assert "What do you see? An error The template is not active" in text(page)
    lit = {key for key in drawn(page) if " lit" in node(page, key).split(">")[0]}
    assert lit == {"start", "template"}
    assert picture(page).count('class="line tree lit"') == 1
    assert outline(page).count("on the way") == 2


def test_a_way_by_a_code_is_shown(client, author, guide):
    Answer.objects.filter(key__in=["error", "no-code"]).update(
        to_outcome=guide.outcomes.get(key="phone-off")
    )
    page = read(client, guide, "?path=template")
    assert "Which code? E200030" in text(page)
    assert '<g class="row lit">' in node(page, "code")


def test_of_two_ways_between_the_same_nodes_the_one_that_is_told_is_shown(client, author, guide):
    # By “None” as well as by the code E200030.
    page = read(client, guide, "?at=code&path=template")
    assert "Which code? None The template is not active" in text(page)
    assert picture(page).count('class="row lit"') == 1
    assert len(re.findall(r'class="line \w+ lit"', picture(page))) == 1


def test_of_a_branch_the_way_begins_with_it(client, author, guide):
    page = read(client, guide, "?at=code&path=template")
    lit = {key for key in drawn(page) if " lit" in node(page, key).split(">")[0]}
    assert lit == {"code", "template"}


def test_a_way_that_is_shown_is_not_folded_away(client, author, db):
    guide = loading.load(document(60))
    assert "n59" in drawn(read(client, guide, "?path=n59&fold=n0&fold=n19"))


@pytest.mark.parametrize(
    "query", ["?path=x", "?at=x", "?fold=x", "?colour=x", "?zoom=x", "?zoom=0"]
)
def test_what_makes_no_sense_changes_nothing(client, author, guide, query):
    assert drawn(read(client, guide, query)) == drawn(read(client, guide))


# --- colours --------------------------------------------------------------------------------------


def test_findings_colour_a_node_and_say_what_they_are(client, author, guide):
    guide.outcomes.filter(key="template").update(title="", come_back="")
    page = read(client, guide)
    assert "level-error" in node(page, "template").split(">")[0]
    assert ">1 error, 1 warning<" in node(page, "template")
    assert "The outcome has no title." in node(page, "template")
    assert "The outcome has no title." in outline(page)
    assert "level-" not in node(page, "phone-off").split(">")[0]


def test_findings_that_are_no_nodes_lead_to_the_publish_page(client, author, guide):
    guide.codes.update(meaning="", to_outcome=None)
    page = read(client, guide)
    assert re.search(r"\d findings are about the guide or its codes\.", page)
    assert reverse("admin:wizard_guide_publish", args=[guide.pk]) in links(page)


@pytest.fixture
def told(guide):
    """The tiny guide, published; three cases have met the phone that is off, and one said more."""
    publishing.publish(guide, by=None)
    guide.refresh_from_db()
    for given in ({}, {"start": "nothing"}, {"start": "nothing"}):
        CaseFactory(publication=guide.live, answers=given)
    for said in ("yes", "no", "yes"):
        CaseFactory(publication=guide.live, answers={"start": "nothing", "phone-off": said})
    return guide


def test_visits_colour_a_node_and_say_how_many(client, author, told):
    page = read(client, told, "?colour=visits")
    assert ">6 visits, 100 %<" in node(page, "start")
    assert "level-1" in node(page, "start").split(">")[0]
    assert ">5 visits, 83 %<" in node(page, "phone-off")
    assert ">no visits<" in node(page, "template")
    assert "6 visits, 100 %" in outline(page)
    assert "From the 6 newest stored cases of this guide." in text(page)


def test_the_solved_rate_colours_an_outcome_and_says_of_how_many(client, author, told):
    page = read(client, told, "?colour=solved")
    assert ">67 % solved of 3<" in node(page, "phone-off")
    assert "level-rate-2" in node(page, "phone-off").split(">")[0]
    assert "% solved" not in node(page, "template")


def test_without_cases_the_page_says_that_there_is_nothing_to_show(client, author, guide):
    for colour in ("visits", "solved"):
        assert "No case is stored for this guide" in read(client, guide, f"?colour={colour}")


def test_who_may_not_see_cases_sees_no_visits(client, told):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_guide"))
    client.force_login(user)
    page = read(client, told, "?colour=visits")
    assert "visits" not in picture(page)
    assert 'value="visits"' not in page


# --- versions, and drafts that are not sound ------------------------------------------------------


def test_a_publication_can_be_shown(client, author, told):
    told.outcomes.get(key="phone-off").delete()
    assert "phone-off" not in drawn(read(client, told))
    page = read(client, told, f"?version={told.live.number}")
    assert "phone-off" in drawn(page)
    # The draft has it no longer, so there is no form to lead to.
    assert "/change/" not in node(page, "phone-off")
    assert f"version={told.live.number}" in " ".join(links(node(page, "start")))


@pytest.mark.parametrize("version", ["9", "x", "-1", "9" * 40])
def test_a_publication_that_is_not_there_is_not_found(client, author, guide, version):
    assert client.get(url(guide, f"?version={version}")).status_code == 404


def test_an_answer_that_leads_nowhere_says_so(client, author, guide):
    Answer.objects.filter(key="nothing").update(to_outcome=None)
    page = read(client, guide)
    assert "Nothing: leads nowhere" in node(page, "start")
    assert "Nothing → leads nowhere" in text(outline(page))


def test_a_circle_is_drawn_and_named(client, author, guide):
    code = guide.questions.get(key="code")
    AnswerFactory(question=code, key="again", label="Again", to_question=guide.start)
    page = read(client, guide)
    assert picture(page).count('class="line back"') == 1
    assert "Again → What do you see? (leads back: a circle)" in text(outline(page))


def test_what_nothing_leads_to_stands_apart(client, author, guide):
    lonely = QuestionFactory(guide=guide, key="lonely")
    end = OutcomeFactory(guide=guide, key="lonely-end")
    AnswerFactory(question=lonely, to_outcome=end)
    page = read(client, guide)
    assert {"lonely", "lonely-end"} <= drawn(page)
    assert "Nothing leads here" in picture(page)
    before, after = outline(page).split("Nothing leads here")
    assert 'id="o-lonely"' not in before
    assert 'id="o-lonely"' in after
    assert 'id="o-lonely-end"' in after


def test_a_draft_without_a_start_is_drawn(client, author, guide):
    guide.start = None
    guide.save()
    assert len(drawn(read(client, guide))) == 4


def test_a_guide_without_nodes_says_so(client, author, db):
    assert "there is nothing to draw" in read(client, GuideFactory())


def test_a_draft_that_cannot_be_read_is_told_in_words(client, author, guide):
    guide.questions.filter(key="start").update(help="a\x0bb")
    assert "The draft cannot be read" in read(client, guide)


# --- who may look, and how much it costs ----------------------------------------------------------


def test_readers_find_the_map_at_the_guide(client, reader, guide):
    assert url(guide) in links(client.get(url_of(guide)).content.decode())
    assert drawn(read(client, guide)) == {"start", "code", "phone-off", "template"}


def test_who_may_not_see_guides_sees_no_map(client, guide):
    assert client.get(url(guide)).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url(guide)).status_code == 403


def test_a_guide_that_is_not_there_has_no_map(client, author, db):
    assert client.get(reverse("admin:wizard_guide_map", args=[9])).status_code == 404


@pytest.mark.parametrize("query", ["", "?whole=1&colour=visits&q=case&path=n599"])
def test_a_large_guide_takes_no_more_queries(
    client, author, db, django_assert_max_num_queries, query
):
    guide = loading.load(document(600))
    with django_assert_max_num_queries(20):
        read(client, guide, query)


def test_the_shipped_guide_is_drawn_whole(client, author, db):
    guide, document = shipped.published(), shipped.document()
    page = read(client, guide, "?whole=1")
    keys = {row["key"] for row in (*document["questions"], *document["outcomes"])}
    assert drawn(page) == set(written(page)) == keys
    assert len(written(page)) == len(keys)
