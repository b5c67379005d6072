"""Starting points: a guide, a branch, a branch of another guide; shown first, then made."""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.admin.forms import filled
from tests.benchmarks.guides import document
from tests.engine.toys import toy
from tests.factories import CaseFactory, UserFactory
from wizard.authoring import audit, copying, drafts, loading, publishing
from wizard.engine.copying import AtNewAnswer, NotThere
from wizard.engine.copying import copy_guide as copy_of
from wizard.models import Answer, Case, Guide, Publication
from wizard.models.translation import translations_of


@pytest.fixture
def other(db):
    """Another guide, whose keys and texts have nothing in common with the tiny one."""
    return loading.load(toy())


def copy_url(guide):
    return reverse("admin:wizard_guide_copy", args=[guide.pk])


def branch_url(guide, key):
    rows = (guide.questions.filter(key=key), guide.outcomes.filter(key=key))
    [node] = [row for found in rows for row in found]
    kind = node._meta.model_name
    return reverse("admin:wizard_guide_copy_branch", args=[guide.pk, kind, node.pk])


def reuse_url(guide, source, key):
    return reverse("admin:wizard_guide_bring_in", args=[guide.pk, source.pk, key])


def confirm(client, url, **choices):
    """What a browser sends that has been shown what will be made by these choices."""
    sent = {"follow": "all", "at": "", "question": "", "label": "", **choices}
    shown = client.post(url, sent)
    seen = filled(shown.content)["seen"]
    return client.post(url, {**sent, "seen": seen, "confirm": "Copy"}, follow=True)


def target(question, answer):
    row = Answer.objects.select_related("to_question", "to_outcome").get(
        question=question, key=answer
    )
    node = row.to_question or row.to_outcome
    return node and node.key


def somebody(client, *codenames):
    """Staff with these permissions and no others, on `client`."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


BRANCHES = ("add_question", "add_outcome", "change_guide")


# --- a guide --------------------------------------------------------------------------------------


def test_a_copied_guide_has_the_draft_of_the_original_and_nothing_that_is_live(
    client, author, guide
):
    publishing.publish(guide, by=None)
    CaseFactory(publication=guide.publications.get())
    Guide.objects.update(order=7)
    page = client.get(copy_url(guide))
    assert "2 questions,\n" in page.content.decode()
    assert filled(page.content)["title"] == "Tiny guide (copy)"
    answer = client.post(copy_url(guide), filled(page.content, title="Landlines"), follow=True)
    assert "“Landlines” is a copy of “Tiny guide”." in answer.content.decode()
    copy = Guide.objects.get(slug="tiny-2")
    assert (copy.title, copy.live) == ("Landlines", None)
    # Like every new guide it stands last.
    assert copy.order > 7
    assert drafts.document_of(copy) == copy_of(
        drafts.document_of(guide), slug="tiny-2", title="Landlines"
    )
    assert set(Publication.objects.values_list("guide", flat=True)) == {guide.pk}
    assert set(Case.objects.values_list("publication__guide", flat=True)) == {guide.pk}
    assert answer.redirect_chain[-1][0] == reverse("admin:wizard_guide_change", args=[copy.pk])


def test_the_original_is_not_touched_by_what_happens_to_the_copy(client, author, guide):
    before = drafts.document_of(guide)
    copy = copying.copy_guide(guide, slug="other", title="Other")
    copy.questions.update(text="Something else?")
    copy.outcomes.all().delete()
    assert drafts.document_of(guide) == before


def test_translations_of_a_guide_come_along(guide):
    [row] = translations_of(guide, "zh-hans", {"The phone is off": "手机关机"})
    row.save()
    copy = copying.copy_guide(guide, slug="other", title="Other")
    assert copy.translations.get().translation == "手机关机"


def test_an_address_that_another_guide_has_is_refused_and_that_guide_left_alone(
    client, author, guide, other
):
    page = client.get(copy_url(guide))
    answer = client.post(copy_url(guide), filled(page.content, slug="toy"))
    assert "Nothing was copied. Please correct the error below." in answer.content.decode()
    with pytest.raises(copying.Taken):
        copying.copy_guide(guide, slug="toy", title="Other")
    assert Guide.objects.count() == 2
    assert Guide.objects.get(slug="toy").title == "Toy"


def test_the_second_copy_is_offered_an_address_and_a_title_that_fit(client, author, guide):
    copying.copy_guide(guide, slug="tiny-2", title="Other")
    Guide.objects.filter(pk=guide.pk).update(title="x" * 120)
    fields = filled(client.get(copy_url(guide)).content)
    assert fields["slug"] == "tiny-3"
    assert len(fields["title"]) == 120


def test_a_guide_that_has_changed_since_it_was_shown_is_shown_again(client, author, guide):
    sent = filled(client.get(copy_url(guide)).content)
    guide.questions.filter(key="start").update(text="What else do you see?")
    answer = client.post(copy_url(guide), sent)
    assert "somebody has changed the draft" in answer.content.decode()
    assert Guide.objects.count() == 1
    client.post(copy_url(guide), filled(answer.content))
    assert Guide.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "x", None])
def test_nothing_is_copied_that_was_not_shown(client, author, guide, seen):
    sent = {"title": "Other", "slug": "other"} | ({} if seen is None else {"seen": seen})
    assert client.post(copy_url(guide), sent).status_code == 200
    assert Guide.objects.count() == 1


@pytest.mark.parametrize("title", ["", "x" * 121, "a\x07b"])
def test_a_title_that_cannot_be_kept_is_refused(client, author, guide, title):
    page = client.get(copy_url(guide))
    answer = client.post(copy_url(guide), filled(page.content, title=title))
    assert 'class="errorlist"' in answer.content.decode()
    assert Guide.objects.count() == 1


# --- a branch -------------------------------------------------------------------------------------


def test_the_page_shows_what_will_be_made_and_makes_nothing(client, author, guide):
    page = client.get(branch_url(guide, "code")).content.decode()
    for shown in (
        "(1 node)",
        "<code>code-2</code>",
        "Which code? – None → The template is not active",
    ):
        assert shown in page
    assert "1 node is reached by no answer." in page
    assert "1 question asks with the same words as another" in page
    assert guide.questions.count() == 2


def test_it_is_said_that_codes_go_on_leading_where_they_lead(client, author, guide, other):
    said = "each code leads where it leads now"
    assert said in client.get(branch_url(guide, "code")).content.decode()
    assert said not in client.get(branch_url(guide, "phone-off")).content.decode()
    assert said not in client.get(reuse_url(guide, other, "code")).content.decode()


def test_a_branch_is_copied_and_leads_where_the_original_leads(client, author, guide):
    answer = confirm(client, branch_url(guide, "code"), follow="own")
    copy = guide.questions.get(key="code-2")
    assert (copy.text, copy.kind) == ("Which code?", "code")
    assert target(copy, "no-code") == "template"
    change = reverse("admin:wizard_question_change", args=[copy.pk])
    assert answer.redirect_chain[-1][0] == change
    said = answer.content.decode()
    assert "Copied the branch “Which code?”. 1 node was made:" in said
    assert f'<a href="{change}">Which code?</a> (code-2)' in said


def test_all_that_follows_is_copied_where_that_is_wanted(client, author, guide):
    confirm(client, branch_url(guide, "code"), follow="all")
    assert target(guide.questions.get(key="code-2"), "no-code") == "template-2"
    assert guide.outcomes.get(key="template-2").steps.get().text == "Activate the template."
    # The catalogue leads a code to one node, and that stays the original.
    assert guide.codes.get().to_outcome.key == "template"


def test_what_was_there_is_left_as_it_is(client, author, guide):
    before = drafts.document_of(guide)
    confirm(client, branch_url(guide, "start"), follow="all")
    after = drafts.document_of(guide)
    assert after["questions"][:2] == before["questions"]
    assert after["outcomes"][:2] == before["outcomes"]
    assert (after["guide"], after["codes"]) == (before["guide"], before["codes"])


def test_a_copy_hangs_at_an_answer_that_led_nowhere(client, author, guide):
    Answer.objects.filter(key="error").update(to_outcome=None)
    url = branch_url(guide, "phone-off")
    page = client.get(url).content.decode()
    assert '<option value="start.error">What do you see? – An error</option>' in page
    confirm(client, url, at="start.error")
    assert target(guide.start, "error") == "phone-off-2"


def test_a_copy_hangs_at_a_new_answer(client, author, guide):
    url = branch_url(guide, "phone-off")
    shown = client.post(
        url, {"follow": "all", "question": "start", "label": "A dead  line"}
    ).content.decode()
    assert "“What do you see?” gets a new answer that leads there: “A dead line”." in shown
    # All that the checks would say of a copy that hangs is nothing.
    assert "What the checks will say" not in shown
    confirm(client, url, question="start", label="A dead  line")
    assert target(guide.start, "a-dead-line") == "phone-off-2"
    assert guide.start.answers.last().label == "A dead line"


def test_a_circle_is_told_before_it_is_made(client, author, guide):
    sent = {"follow": "none", "question": "code", "label": "Begin again"}
    shown = client.post(branch_url(guide, "start"), sent).content.decode()
    assert "The guide goes in a circle" in shown


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"follow": "some"}, "Select a valid choice"),
        ({"at": "start.nothing"}, "Select a valid choice"),
        ({"at": "start"}, "Select a valid choice"),
        ({"question": "gone", "label": "Else"}, "no question with this key"),
        ({"question": "phone-off", "label": "Else"}, "no question with this key"),
        ({"question": "start"}, "Say what the new answer is."),
        ({"label": "Else"}, "Say which question gets the new answer."),
        ({"question": "start", "label": "a\x07b"}, "control character"),
        ({"question": "start", "label": "x" * 201}, "at most 200 characters"),
        ({"at": "code.open", "question": "start", "label": "Else"}, "Choose one place"),
    ],
)
def test_a_place_that_is_none_is_refused(client, author, guide, choices, words):
    Answer.objects.create(question=guide.questions.get(key="code"), key="open")
    url = branch_url(guide, "phone-off")
    before = drafts.document_of(guide)
    answer = client.post(url, {"follow": "all", **choices, "seen": "x", "confirm": "Copy"})
    assert words in answer.content.decode()
    assert 'name="confirm"' not in answer.content.decode()
    assert drafts.document_of(guide) == before


def test_a_branch_that_has_changed_since_it_was_shown_is_shown_again(client, author, guide):
    url = branch_url(guide, "phone-off")
    sent = filled(client.get(url).content, follow="all", confirm="Copy")
    guide.outcomes.filter(key="phone-off").update(title="The phone is flat")
    answer = client.post(url, sent)
    shown = answer.content.decode()
    assert "Nothing was made yet" in shown
    assert "<td>The phone is flat</td>" in shown
    assert guide.outcomes.count() == 2
    assert client.post(url, filled(answer.content, follow="all", confirm="Copy")).status_code == 302
    assert guide.outcomes.get(key="phone-off-2").title == "The phone is flat"


def test_other_choices_than_those_that_were_shown_are_shown_first(client, author, guide):
    url = branch_url(guide, "code")
    sent = filled(client.get(url).content, follow="all", confirm="Copy")
    shown = client.post(url, sent).content.decode()
    assert "you have chosen otherwise" in shown
    assert "(2 nodes)" in shown
    assert guide.questions.count() == 2


def test_what_changes_elsewhere_in_the_guide_is_no_reason_to_ask_again(client, author, guide):
    url = branch_url(guide, "phone-off")
    sent = filled(client.get(url).content, follow="all", confirm="Copy")
    guide.questions.filter(key="code").update(text="Which code is it?")
    assert client.post(url, sent).status_code == 302
    assert guide.questions.get(key="code").text == "Which code is it?"


def test_a_change_between_the_look_and_the_lock_is_told_as_well(client, author, guide, monkeypatch):
    url = branch_url(guide, "phone-off")
    sent = filled(client.get(url).content, follow="all", confirm="Copy")
    make = copying.copy_branch

    def slow(*args, **kwargs):
        guide.outcomes.filter(key="phone-off").update(title="The phone is flat")
        return make(*args, **kwargs)

    monkeypatch.setattr(copying, "copy_branch", slow)
    shown = client.post(url, sent).content.decode()
    assert "Nothing was made yet" in shown
    assert "<td>The phone is flat</td>" in shown
    assert guide.outcomes.count() == 2


def test_translations_of_texts_that_wait_are_not_forgotten(client, author, guide):
    for row in translations_of(guide, "zh-hans", {"The phone is off": "关机", "An old text": "旧"}):
        row.save()
    before = set(guide.translations.values_list("pk", "text"))
    confirm(client, branch_url(guide, "phone-off"))
    assert set(guide.translations.values_list("pk", "text")) == before


def test_many_new_nodes_are_counted_and_the_first_linked(client, author):
    guide = loading.load(document(60))
    answer = confirm(client, branch_url(guide, "n0"), follow="all").content.decode()
    assert "60 nodes were made:" in answer
    assert "and 50 more" in answer


def test_texts_of_authors_are_no_html(client, author, guide):
    guide.outcomes.filter(key="phone-off").update(title="<b>off</b>")
    answer = confirm(client, branch_url(guide, "phone-off"))
    assert "<b>off</b>" not in answer.content.decode()
    assert "&lt;b&gt;off&lt;/b&gt;" in answer.content.decode()


def test_copying_stands_in_the_history_of_the_guide(client, author, guide):
    confirm(client, branch_url(guide, "phone-off"))
    copied = guide.outcomes.get(key="phone-off-2")
    history = reverse("admin:wizard_outcome_history", args=[copied.pk])
    page = client.get(history, follow=True).content.decode()
    assert author.username in page
    assert f"Outcome: {copied.title}" in page


def test_what_was_made_stands_in_the_audit_log_and_nothing_else(client, author, guide):
    LogEntry.objects.all().delete()
    confirm(client, branch_url(guide, "phone-off"), question="start", label="A dead line")
    lines = audit.changes_of(guide.pk)
    assert {line.actor for line in lines} == {author}
    made = {(line.action, line.additional_data["node"]) for line in lines}
    create = LogEntry.Action.CREATE
    assert made == {(create, "outcome:phone-off-2"), (create, "question:start")}


def test_the_copies_alone_have_the_same_words_and_the_draft_stays_publishable(guide):
    copying.copy_branch(guide, "code", follow="all", hook=AtNewAnswer("start", "Another code"))
    publishing.publish(guide, by=None)


# --- a branch of another guide --------------------------------------------------------------------


def choose_url(guide):
    return reverse("admin:wizard_guide_choose_branch", args=[guide.pk])


def test_a_branch_is_chosen_from_another_guide_by_words(client, author, guide, other):
    page = client.get(choose_url(guide))
    assert f'<option value="{other.pk}">Toy</option>' in page.content.decode()
    assert f'<option value="{guide.pk}">' not in page.content.decode()
    found = client.get(choose_url(guide), {"source": other.pk, "q": "JUN"}).content.decode()
    assert f'<a href="{reuse_url(guide, other, "junk")}">Junk</a>' in found
    assert reuse_url(guide, other, "wait") not in found
    assert "None has these words." in found


def test_a_long_list_of_nodes_says_that_there_are_more(client, author, guide):
    source = loading.load(document(600))
    page = client.get(choose_url(guide), {"source": source.pk}).content.decode()
    assert "These are the first 50; more words find the others." in page
    assert page.count(f"/bring-in/{source.pk}/") == 100


def test_a_site_with_one_guide_says_that_there_is_none_to_bring_in_from(client, author, guide):
    assert "There is no other guide" in client.get(choose_url(guide)).content.decode()


@pytest.mark.parametrize("source", ["", "x", "999999", str(10**30), "self"])
def test_a_source_that_is_none_is_refused(client, author, guide, other, source):
    source = guide.pk if source == "self" else source
    page = client.get(choose_url(guide), {"source": source})
    assert page.status_code == 200
    assert 'class="errorlist"' in page.content.decode()


def test_a_branch_is_brought_in_with_its_codes_and_leaves_its_guide_as_it_is(
    client, author, guide, other
):
    before = drafts.document_of(other)
    url = reuse_url(guide, other, "code")
    page = client.get(url).content.decode()
    assert "From the guide “Toy”. What is brought in is a copy with a life of its own" in page
    assert "3 codes come along" in page
    assert "will know them, too: Which code?" in page
    answer = confirm(client, url, question="start", label="A status")
    assert "Brought in the branch “Which code?” of “Toy”." in answer.content.decode()
    # The tiny guide has a question of that key; the outcomes keep theirs.
    assert target(guide.start, "a-status") == "code-2"
    assert guide.codes.get(code="EXPIRED").to_outcome.key == "wait"
    assert drafts.document_of(other) == before


def test_codes_that_the_guide_has_already_stay_and_are_named(client, author, guide, other):
    guide.codes.update(code="expired", meaning="Ours.")
    url = reuse_url(guide, other, "code")
    assert "1 code stays as it is here" in client.get(url).content.decode()
    confirm(client, url)
    assert guide.codes.get(code__iexact="expired").meaning == "Ours."
    assert not guide.outcomes.filter(key="wait").exists()


def test_a_code_that_was_read_as_a_family_is_named(client, author, guide, other):
    guide.codes.update(code="MK:00*")
    page = client.get(reuse_url(guide, other, "code")).content.decode()
    assert "They will be read by what they say themselves: MK:0044 (MK:00*)" in page


def test_a_node_alone_leads_nowhere_in_the_other_guide(client, author, guide, other):
    url = reuse_url(guide, other, "report")
    page = client.post(url, {"follow": "none"}).content.decode()
    assert "Leads nowhere in this guide" in page
    confirm(client, url, follow="none")
    assert target(guide.questions.get(key="report"), "delivered") is None


def test_translations_come_along(client, author, guide, other):
    for row in translations_of(other, "zh-hans", {"Junk": "垃圾"}):
        row.save()
    url = reuse_url(guide, other, "junk")
    assert "Translations that come along: Simplified Chinese: 1" in client.get(url).content.decode()
    confirm(client, url)
    assert guide.translations.get().translation == "垃圾"


def test_a_branch_begins_a_guide_that_has_no_start(client, author, other):
    empty = Guide.objects.create(slug="empty", title="Empty")
    confirm(client, reuse_url(empty, other, "report"), at="start")
    empty.refresh_from_db()
    assert empty.start.key == "report"
    publishing.publish(empty, by=None)


def test_texts_in_another_language_are_told(client, author, guide, other):
    Guide.objects.filter(pk=other.pk).update(language="zh-hans")
    page = client.get(reuse_url(guide, other, "junk")).content.decode()
    assert "texts are written in another language than this guide" in page


def test_a_translation_too_long_for_its_field_is_refused_in_words(client, author, guide, other):
    Guide.objects.filter(pk=other.pk).update(language="zh-hans")
    [row] = translations_of(other, "en", {"Junk": "x" * 201})
    row.save()
    url = reuse_url(guide, other, "junk")
    page = client.post(url, {"follow": "all", "seen": "x", "confirm": "Copy"}).content.decode()
    assert "This cannot be copied." in page
    assert "title is longer than 200 characters" in page
    assert guide.outcomes.count() == 2


# --- who may --------------------------------------------------------------------------------------


def test_those_who_may_not_are_refused_and_see_no_button(client, reader, guide, other):
    urls = (
        copy_url(guide),
        branch_url(guide, "code"),
        choose_url(guide),
        reuse_url(guide, other, "junk"),
    )
    for url in urls:
        assert client.get(url).status_code == 403, url
        assert client.post(url, {"confirm": "Copy"}).status_code == 403, url
    forms = (
        reverse("admin:wizard_guide_change", args=[guide.pk]),
        reverse("admin:wizard_question_change", args=[guide.start.pk]),
        reverse("admin:wizard_outcome_change", args=[guide.outcomes.first().pk]),
    )
    for form in forms:
        page = client.get(form).content.decode()
        assert not [url for url in urls if url in page]
        assert "copy-branch" not in page
    client.logout()
    assert all(client.get(url).status_code == 302 for url in urls)


@pytest.mark.parametrize("lacking", BRANCHES)
def test_a_branch_needs_all_of_its_permissions(client, guide, lacking):
    somebody(client, *(set(BRANCHES) - {lacking}))
    assert client.get(branch_url(guide, "code")).status_code == 403
    assert client.get(choose_url(guide)).status_code == 403


def test_somebody_with_these_permissions_alone_copies_a_branch(client, guide):
    somebody(client, *BRANCHES)
    answer = confirm(client, branch_url(guide, "code"))
    assert answer.status_code == 200
    # They may not see questions, so they are led back to the guide.
    assert answer.redirect_chain[-1][0] == reverse("admin:wizard_guide_change", args=[guide.pk])
    assert guide.questions.filter(key="code-2").exists()


def test_copying_a_guide_needs_to_see_one_and_to_add_one(client, guide):
    somebody(client, "add_guide")
    assert client.get(copy_url(guide)).status_code == 403
    somebody(client, "add_guide", "view_guide")
    assert client.get(copy_url(guide)).status_code == 200


def test_the_forms_lead_there(client, author, guide):
    page = client.get(reverse("admin:wizard_guide_change", args=[guide.pk])).content.decode()
    assert f'href="{copy_url(guide)}"' in page
    assert f'href="{choose_url(guide)}"' in page
    for row in (*guide.questions.all(), *guide.outcomes.all()):
        form = reverse(f"admin:wizard_{row._meta.model_name}_change", args=[row.pk])
        page = client.get(form).content.decode()
        assert f'href="{branch_url(guide, row.key)}"' in page
        assert "History" in page


def test_a_post_without_its_token_makes_nothing(guide):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(admin=True))
    for url in (copy_url(guide), branch_url(guide, "code")):
        assert client.post(url, {"confirm": "Copy"}).status_code == 403


def test_what_is_not_there_is_not_found(client, author, guide, other):
    gone = Guide(pk=10**30)
    for url in (
        copy_url(gone),
        branch_url(guide, "code").replace("question", "guide"),
        branch_url(guide, "code").replace(f"/{guide.pk}/", f"/{other.pk}/", 1),
        branch_url(guide, "code").replace(f"/{guide.pk}/", f"/{10**30}/", 1),
        choose_url(gone),
        reuse_url(guide, gone, "junk"),
        reuse_url(gone, other, "junk"),
        reuse_url(guide, other, "gone"),
    ):
        assert client.get(url).status_code == 404, url


# --- the verbs ------------------------------------------------------------------------------------


def test_a_guide_that_was_deleted_is_not_copied(guide):
    stale = Guide.objects.get(pk=guide.pk)
    guide.delete()
    for make in (
        lambda: copying.copy_guide(stale, slug="other", title="Other"),
        lambda: copying.copy_branch(stale, "code", follow="all"),
    ):
        with pytest.raises(NotThere):
            make()
    assert not Guide.objects.exists()


def test_a_fault_in_the_middle_leaves_no_trace(guide, other, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(loading, "_load_codes", broken)
    before = drafts.document_of(guide)
    for make in (
        lambda: copying.copy_guide(guide, slug="other", title="Other"),
        lambda: copying.copy_branch(guide, "code", follow="all"),
        lambda: copying.bring_in(guide, other, "code", follow="all"),
    ):
        with pytest.raises(ZeroDivisionError):
            make()
    assert drafts.document_of(guide) == before
    assert Guide.objects.count() == 2


# --- what it costs --------------------------------------------------------------------------------


def test_the_pages_take_few_queries_for_a_guide_of_600_nodes(
    client, db, django_assert_max_num_queries
):
    guide, source = loading.load(document(600)), loading.load(toy())
    somebody(client, *BRANCHES, "add_guide", "view_guide", "view_question", "view_outcome")
    for url in (
        copy_url(guide),
        branch_url(guide, "n0"),
        branch_url(guide, "n599"),
        choose_url(source) + f"?source={guide.pk}",
        reuse_url(source, guide, "n0"),
        reuse_url(guide, source, "report"),
        reuse_url(guide, source, "junk"),
    ):
        # Two drafts are read for a branch that is brought in, each by seven queries.
        with django_assert_max_num_queries(22):
            assert client.get(url).status_code == 200
