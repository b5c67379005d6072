"""The pages of authors in a browser, under the site's own rules for scripts and styles."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.person import log_in
from tests.factories import UserFactory
from wizard.models import Code, Question

CODES = reverse("admin:wizard_code_changelist")


@pytest.fixture
def desk(toy, page):
    """The page of an admin who is logged in."""
    log_in(page, UserFactory(admin=True))
    return page


def test_codes_go_out_and_come_in_again(desk, tmp_path):
    desk.goto(CODES)
    desk.get_by_role("link", name="Export").click()
    desk.get_by_label("Format").select_option("CSV")
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Export").click()
    file = tmp_path / "codes.csv"
    download.value.save_as(file)
    code = Code.objects.order_by("namespace", "code").first()
    file.write_text(file.read_text().replace(code.meaning, "Another meaning.", 1))
    desk.goto(CODES)
    desk.get_by_role("link", name="Import").click()
    desk.get_by_label("File").set_input_files(file)
    desk.get_by_role("button", name="Show what would change").click()
    expect(desk.locator(".counts")).to_contain_text("1 changed")
    expect(desk.locator(".marked ins")).to_contain_text("Another")
    desk.get_by_role("button", name="Import").click()
    expect(desk.locator(".messagelist")).to_contain_text("The file is imported: 0 new, 1 changed")
    code.refresh_from_db()
    assert code.meaning == "Another meaning."


def test_the_checks_follow_what_an_author_types(desk):
    question = Question.objects.get(key="seen")
    desk.goto(reverse("admin:wizard_question_change", args=[question.pk]))
    panel = desk.locator("#found")
    expect(panel).not_to_contain_text("Error")
    desk.locator("#id_text").fill("")
    expect(panel).to_contain_text("Error")
    panel.get_by_role("link").first.click()
    expect(desk).to_have_url(re.compile("#id_text$"))
    desk.locator("#id_text").fill("Where was it seen?")
    expect(panel).not_to_contain_text("Error")
    # A search box tells the page as well.
    box = desk.locator("#id_answers-0-to_question, #id_answers-0-to_outcome").locator(
        "xpath=following-sibling::*//*[contains(@class, 'select2-selection__clear')]"
    )
    box.first.click()
    expect(panel).to_contain_text("Error")
    question.refresh_from_db()
    assert question.text == "Where was the parcel seen last?"
