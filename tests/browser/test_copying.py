"""An author copies a branch and hangs it in, and brings one in from another guide."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.person import log_in
from tests.engine.toys import toy as other_document
from wizard.authoring import loading
from wizard.models import Answer, Guide, Outcome

ways = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


@pytest.fixture
def guide(toy):
    Answer.objects.filter(key="dont-know").update(to_outcome=None)
    return Guide.objects.get()


@pytest.fixture
def admin(new_context, admin_user, javascript) -> Page:
    page = new_context(java_script_enabled=javascript).new_page()
    log_in(page, admin_user)
    return page


@ways
def test_an_author_copies_a_branch_and_hangs_it_in(guide, admin):
    packed = Outcome.objects.get(key="packed")
    admin.goto(reverse("admin:wizard_outcome_change", args=[packed.pk]))
    admin.get_by_role("link", name="Copy branch").click()
    expect(admin.get_by_role("cell", name="packed-2")).to_be_visible()
    expect(admin.get_by_text("It hangs nowhere yet")).to_be_visible()

    admin.get_by_label("Where it hangs").select_option(
        label="Where was the parcel seen last? – I don't know"
    )
    # The button at once: it is not what was shown, so it is shown first.
    admin.get_by_role("button", name="Copy branch").click()
    expect(admin.get_by_role("alert")).to_contain_text("Nothing was made yet")
    expect(admin.get_by_text("leads there by “I don't know”, which led nowhere")).to_be_visible()

    admin.get_by_role("button", name="Copy branch").click()
    expect(admin.get_by_text("Copied the branch “It waits to be packed”.")).to_be_visible()
    expect(admin.get_by_label("Key:")).to_have_value("packed-2")
    assert Answer.objects.get(key="dont-know").to_outcome.key == "packed-2"


@ways
def test_an_author_asks_to_be_shown_a_new_answer_and_goes_on_by_enter(guide, admin):
    slip = guide.questions.get(key="slip")
    admin.goto(reverse("admin:wizard_guide_copy_branch", args=[guide.pk, "question", slip.pk]))
    admin.get_by_label("or at a new answer to").fill("seen")
    admin.get_by_label("which says").fill("At a neighbour's")
    # Enter shows, and never makes.
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("gets a new answer that leads there")).to_be_visible()
    assert guide.questions.count() == 3
    admin.get_by_role("button", name="Copy branch").click()
    expect(admin.get_by_text("Copied the branch")).to_be_visible()
    assert Answer.objects.get(key="at-a-neighbours").to_question.key == "slip-2"


@ways
def test_an_author_brings_in_a_branch_of_another_guide(guide, admin):
    loading.load(other_document(guide={"slug": "other", "title": "Other", "start": "report"}))
    admin.goto(reverse("admin:wizard_guide_change", args=[guide.pk]))
    admin.get_by_role("link", name="Bring in a branch").click()
    admin.get_by_label("Guide:").select_option("Other")
    admin.get_by_label("Question or outcome").fill("report")
    admin.get_by_role("button", name="Show", exact=True).click()
    admin.get_by_role("link", name="Is there a report?").click()
    expect(admin.get_by_text("a copy with a life of its own")).to_be_visible()
    admin.get_by_role("button", name="Bring in a branch").click()
    expect(admin.get_by_text("Brought in the branch “Is there a report?”")).to_be_visible()
    assert guide.questions.filter(key="report").exists()
