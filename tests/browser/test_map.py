"""The map in the browser: zoom, search, fold, drag, by keyboard, and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.benchmarks.guides import document
from tests.browser.person import log_in
from tests.browser.test_accessibility import AXE, RULES
from wizard.authoring import loading


@pytest.fixture
def guide():
    return loading.load(document(150))


@pytest.fixture
def opened(guide, admin_user, new_context):
    """Open the map in a browser of its own."""

    def open_map(query: str = "", **options) -> Page:
        page = new_context(viewport={"width": 1280, "height": 900}, **options).new_page()
        log_in(page, admin_user)
        page.goto(reverse("admin:wizard_guide_map", args=[guide.pk]) + query)
        return page

    return open_map


def box_of(page: Page):
    """The box to search in."""
    return page.get_by_label("Find a node")


def size(page: Page) -> float:
    """How large the picture is, in percent."""
    return page.evaluate(
        "() => { const map = document.querySelector('.map');"
        " return 100 * map.getBoundingClientRect().width / map.viewBox.baseVal.width; }"
    )


def is_in_view(page: Page, key: str) -> bool:
    """Whether a node of the picture can be seen where the picture is now."""
    return page.evaluate(
        """(key) => {
          const node = document.getElementById(`n-${key}`).getBoundingClientRect();
          const view = document.querySelector('.map-view').getBoundingClientRect();
          return node.left >= view.left && node.right <= view.right
            && node.top >= view.top && node.bottom <= view.bottom;
        }""",
        key,
    )


def test_zoom_by_link_wheel_and_key_without_a_new_page(opened):
    page = opened()
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("link", name="50 %", exact=True).click()
    assert round(size(page)) == 50
    expect(page.get_by_role("link", name="50 %", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("group", name="Picture of the guide").focus()
    page.keyboard.press("+")
    assert 60 < size(page) < 65
    page.keyboard.down("Control")
    page.locator(".map-view").hover()
    page.mouse.wheel(0, 100)
    page.keyboard.up("Control")
    page.wait_for_function(
        "document.querySelector('.map').getBoundingClientRect().width < 0.6 *"
        " document.querySelector('.map').viewBox.baseVal.width"
    )
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_a_size_that_was_chosen_stays_on_the_next_page(opened):
    page = opened()
    page.get_by_role("link", name="50 %", exact=True).click()
    page.get_by_role("link", name="Unfold all").click()
    expect(page.get_by_text("All 150 nodes are shown.")).to_be_visible()
    assert round(size(page)) == 50
    page.get_by_role("link", name="25 %", exact=True).click()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("zoom=25"))
    assert round(size(page)) == 25


def test_to_drag_moves_the_picture_and_means_no_link(opened):
    page = opened()
    address = page.url
    title = page.locator("#n-n1 .box")
    title.hover(position={"x": 60, "y": 10})
    page.mouse.down()
    page.mouse.move(500, 500, steps=4)
    page.mouse.move(400, 300, steps=4)
    page.mouse.up()
    assert page.url == address
    assert page.locator(".map-view").evaluate("(view) => view.scrollTop") > 50
    page.locator("#n-n4 .box").click(position={"x": 60, "y": 10})
    page.wait_for_url(re.compile("/question/"))


def test_what_is_typed_is_found_at_once(opened):
    page = opened()
    assert not is_in_view(page, "n12")
    box_of(page).fill("report of case 12")
    expect(page.locator("#n-n12")).to_have_class(re.compile(r"\bhit\b"))
    assert is_in_view(page, "n12")
    assert page.locator(".node.hit").count() == 1
    page.keyboard.press("Enter")
    page.get_by_role("link", name="What does the report of case 12 say?").first.click()
    assert is_in_view(page, "n12")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_fold_keeps_its_place(opened, scripted):
    page = opened(java_script_enabled=scripted)
    page.locator("#n-n12 .sign[href*=fold]").click()
    expect(page.get_by_text("are folded away")).to_be_visible()
    expect(page.locator("#n-n12 .stub")).to_be_visible()
    if scripted:
        assert is_in_view(page, "n12")
    page.locator("#n-n12 .stub").click()
    expect(page.locator("#n-n12 .stub")).to_have_count(0)


def test_without_javascript_every_thing_is_a_link(opened):
    page = opened(java_script_enabled=False)
    page.get_by_role("link", name="50 %", exact=True).click()
    expect(page.locator(".map")).to_have_attribute("width", re.compile(r"^\d+$"))
    box_of(page).fill("cause of case 149")
    page.keyboard.press("Enter")
    expect(page.locator("#n-n149")).to_have_count(0)
    page.get_by_role("link", name="The cause of case 149").click()
    expect(page.locator("#n-n149")).to_have_class(re.compile(r"\blit\b"))


def test_the_outline_by_keyboard(opened):
    page = opened()
    page.get_by_role("link", name="Go on to the outline").focus()
    page.keyboard.press("Enter")
    # The picture between is one stop, for its arrow keys, and has none of its own.
    page.keyboard.press("Tab")
    first = page.locator("#o-n0").get_by_role("link").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/question/"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?q=case+1&path=n20&fold=n2", "?colour=visits&at=n1"])
def test_axe_finds_nothing_in_the_page_s_own_part(opened, query, scheme):
    page = opened(query, bypass_csp=True, color_scheme=scheme)
    page.add_script_tag(content=AXE)
    found = page.evaluate(
        """(tags) => axe.run('.map-page', {
          runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
        })""",
        RULES,
    )
    assert [
        f"{one['id']}: {node['failureSummary']} in {node['html']}"
        for one in found["violations"]
        for node in one["nodes"]
    ] == []


def test_on_paper_the_outline_follows_the_picture(opened):
    page = opened("?at=n12")
    page.emulate_media(media="print")
    expect(box_of(page)).to_be_hidden()
    box = page.locator(".map").bounding_box()
    assert box["width"] <= page.viewport_size["width"]
    assert page.locator(".map-outline").bounding_box()["y"] >= box["y"] + box["height"]
