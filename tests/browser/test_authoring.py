"""An author who never saw code changes a guide, from the first idea to the roll-back."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.person import WALK, Person, log_in
from tests.factories import AuthorFactory
from wizard.cases import answering, opening
from wizard.models import Guide, Outcome, Question
from wizard.pasted.reader import read

QUESTION = "Is the shop open today?"


@pytest.fixture
def guide(toy):
    return Guide.objects.get()


@pytest.fixture
def author(guide, new_context) -> Page:
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    log_in(page, AuthorFactory(username="ada"))
    return page


@pytest.fixture
def stored(guide):
    """Two cases: one of a parcel in the shop, and one of somebody who does not know where it is."""
    for answer in ("shop", "dont-know"):
        case = opening.open_case(read("nothing special"), now=timezone.now())
        answering.give(case.token, key="seen", value=answer, now=timezone.now())


def picks(page: Page, field: str, name: str) -> None:
    """Choose a question or outcome in a search box of the admin, by what it says."""
    page.locator(f"#{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(name[:12])
    page.locator(".select2-results__option", has_text=name).click()


def number_of(page: Page, question: Question, key: str) -> int:
    """Which of the answers on a form has a key."""
    return next(
        number
        for number in range(question.answers.count())
        if page.locator(f"#id_answers-{number}-key").input_value() == key
    )


def saves(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()


def adds_an_answer(page: Page, number: int, label: str, goes_to: str = "") -> None:
    page.get_by_text("Add another Answer").click()
    row = f"id_answers-{number}"
    page.locator(f"#{row}-label").press_sequentially(label)
    expect(page.locator(f"#{row}-key")).not_to_have_value("")
    if goes_to:
        picks(page, f"{row}-to_outcome", goes_to)


def test_an_author_adds_a_question_and_takes_it_back(guide, author, stored, new_context):
    visitor = Person(new_context().new_page())

    # She finds the guide, and adds a question. One answer does not lead anywhere yet.
    author.goto("/admin/")
    author.get_by_role("link", name="Guides", exact=True).first.click()
    author.get_by_role("link", name=guide.title).click()
    author.get_by_role("link", name="Questions", exact=True).first.click()
    author.get_by_role("link", name="Add question").click()
    author.locator("#id_key").fill("shop-open")
    author.locator("#id_text").fill(QUESTION)
    author.locator("#id_why").fill("A closed shop packs nothing.")
    adds_an_answer(author, 0, "Yes", "It waits to be packed")
    adds_an_answer(author, 1, "No")
    saves(author)

    # She hangs it between the first question and where its answer led until now.
    start = Question.objects.get(key="seen")
    author.goto(reverse("admin:wizard_question_change", args=[start.pk]))
    shop, unsure = number_of(author, start, "shop"), number_of(author, start, "dont-know")
    author.locator(f"#id_answers-{shop}-to_outcome + .select2 .select2-selection__clear").click()
    author.keyboard.press("Escape")
    picks(author, f"id_answers-{shop}-to_question", QUESTION)
    # Who does not know is to hear of the shop as well.
    picks(author, f"id_answers-{unsure}-to_outcome", "It waits to be packed")
    saves(author)

    # The preview shows it; visitors still see what is live.
    author.goto(reverse("admin:wizard_guide_preview", args=[guide.pk]))
    expect(author.get_by_text("Preview, not published")).to_be_visible()
    previewed = Person(author)
    previewed.answers_with("seen", "shop")
    previewed.reads(QUESTION)
    visitor.opens(f"{WALK}?seen=shop")
    visitor.reads("It waits to be packed")

    # The checks complain when she publishes, and lead to the field.
    author.goto(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    author.get_by_role("button", name="Publish").click()
    expect(author.get_by_role("alert")).to_contain_text("Not published")
    author.get_by_role("link", name=QUESTION).first.click()
    expect(author).to_have_url(re.compile("#answers-1$"))
    picks(author, "id_answers-1-to_outcome", "Somebody has to look")
    saves(author)

    # One case would end elsewhere, and one would be asked more: she has to look at the one.
    author.goto(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    author.get_by_role("button", name="Publish").click()
    expect(author.get_by_role("alert")).to_be_visible()
    author.goto(reverse("admin:wizard_guide_replay", args=[guide.pk]))
    expect(author.get_by_text(QUESTION).first).to_be_visible()
    author.goto(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    author.get_by_label(re.compile("I have looked at the 1 case")).check()
    author.get_by_label("What has changed").fill("A closed shop packs nothing")
    author.get_by_role("button", name="Publish").click()
    expect(author.get_by_text("Publication 2 is live.")).to_be_visible()

    # It is live.
    visitor.opens(f"{WALK}?seen=shop")
    visitor.reads(QUESTION)
    visitor.answers_with("shop-open", "no")
    assert Outcome.objects.filter(title=visitor.heading.inner_text()).exists()

    # The log says who it was.
    author.goto(reverse("admin:wizard_question_history", args=[start.pk]))
    expect(author.locator("#result_list")).to_contain_text("ada")

    # And it is taken back in a click.
    first = guide.publications.get(number=1)
    author.goto(reverse("admin:wizard_publication_roll_back", args=[first.pk]))
    expect(author.get_by_text(QUESTION).first).to_be_visible()
    author.get_by_role("button", name="Roll back").click()
    expect(author.get_by_text("Publication 3 is live")).to_be_visible()
    visitor.opens(f"{WALK}?seen=shop")
    visitor.reads("It waits to be packed")
