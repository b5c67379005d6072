"""WCAG 2.2 AA on every type of page: by axe-core, by keyboard, by size, zoom and colours."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import axe_playwright_python
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.page_types import NOT_FOUND, PAGE_TYPES
from tests.browser.person import WALK
from tests.support import guides

AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: Final = {"width": 375, "height": 700}
DESK: Final = {"width": 1280, "height": 800}

every_page_type = pytest.mark.parametrize("name", PAGE_TYPES)
in_chinese = pytest.mark.parametrize("language", ["zh-hans"], indirect=True)


@pytest.fixture
def visit(toy, complaints):
    """Open a type of page, with all that is folded away unfolded."""
    complaints.expect(NOT_FOUND)

    def go(page: Page, name: str) -> None:
        PAGE_TYPES[name](page)
        unfold(page)

    return go


@pytest.fixture
def visits(visit):
    """Open every type of page in turn, where a test needs too little of each to begin anew."""

    def go(page: Page) -> Iterator[str]:
        for name in PAGE_TYPES:
            visit(page, name)
            yield name

    return go


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


# --- axe ------------------------------------------------------------------------------------------


@every_page_type
def test_axe_finds_nothing(name, visit, new_context):
    # axe is put into the page, which the site's own policy rightly forbids.
    page = new_context(bypass_csp=True).new_page()
    visit(page, name)
    page.add_script_tag(content=AXE)
    for size in (PHONE, DESK):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            assert findings(page) == [], f"at {size['width']} in {scheme}"


@in_chinese
def test_axe_finds_nothing_in_chinese(visits, new_context):
    page = new_context(bypass_csp=True, viewport=PHONE).new_page()
    for name in visits(page):
        assert page.locator("html").get_attribute("lang") == "zh-hans", name
        page.add_script_tag(content=AXE)
        assert findings(page) == [], name


def findings(page: Page) -> list[str]:
    found = page.evaluate(
        "(tags) => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{one['id']}: {node['failureSummary']} in {node['html']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


# --- structure ------------------------------------------------------------------------------------


def test_headings_step_down_one_level_at_a_time(visits, page):
    for name in visits(page):
        levels = page.locator("main :is(h1, h2, h3, h4, h5, h6)").evaluate_all(
            "(all) => all.map((one) => Number(one.tagName[1]))"
        )
        assert levels.count(1) == 1, name
        # The list of problems stands before the heading of the page it is about.
        first = levels.index(1)
        assert first == 0 or (levels[:first] == [2] and "error" in name), name
        steps = zip(levels[first:], levels[first + 1 :], strict=False)
        assert all(after <= before + 1 for before, after in steps), name


# --- by keyboard ----------------------------------------------------------------------------------


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press it by Enter."""
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def test_the_whole_walk_by_keyboard_alone(person):
    page = person.page
    person.opens("/")
    tab_to(page, page.get_by_role("link", name="In the shop"))
    page.keyboard.press("Enter")
    person.reads("It waits to be packed")
    expect(person.heading).to_be_focused()
    press(page, "No, still nothing")

    person.reads("Which code is on the slip?")
    expect(person.heading).to_be_focused()
    tab_to(page, page.get_by_label("The code"))
    page.keyboard.type("delivrd")
    page.keyboard.press("Enter")

    person.reads("Somebody has to look")
    expect(person.heading).to_be_focused()
    tab_to(page, page.get_by_text("A summary to copy into your message"))
    page.keyboard.press("Space")
    expect(page.get_by_label("Summary")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="I can't do this step")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    person.reads("Good, it works again")
    expect(person.heading).to_be_focused()


def test_answers_are_chosen_by_arrows_and_space(person):
    page = person.page
    person.opens(WALK)
    tab_to(page, page.get_by_label("In the shop"))
    expect(page.locator("input:checked")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("In the van")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("In the shop")).to_be_checked()
    press(page, "Continue")
    person.reads("It waits to be packed")

    person.opens(f"{WALK}?seen=van")
    tab_to(page, page.get_by_label("There is no code"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    person.reads("Somebody has to look")


def test_the_first_tab_leads_past_the_top_of_the_page(person):
    page = person.page
    person.opens(f"{WALK}?seen=shop")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


LOOKS: Final = r"""
() => {
    // What the eye sees of the focus is drawn on the element, or on the card around a radio.
    const element = document.activeElement;
    if (element === document.body || element.dataset.visited) return null;
    element.dataset.visited = "yes";
    const drawn = [element, element.parentElement];
    const looks = () => drawn.map((one) => {
        const style = getComputedStyle(one);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
            style.backgroundColor].join(" ");
    }).join("; ");
    const focused = looks();
    const box = element.getBoundingClientRect();
    const line = element.getClientRects()[0];
    const x = Math.min(Math.max(line.left + line.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(line.top + line.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const covered = !(element.contains(top) || element.parentElement.contains(top));
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const {backgroundColor} = getComputedStyle(element);
    const texts = [element, ...element.querySelectorAll("*")].filter((one) =>
        [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
    const readable = !backgroundColor.startsWith("rgb(") || texts.every((one) => {
        const [dark, bright] = [light(getComputedStyle(one).color), light(backgroundColor)]
            .sort((one, other) => one - other);
        return (bright + 0.05) / (dark + 0.05) >= 4.5;
    });
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && !covered;
    element.blur();
    const plain = looks();
    element.focus({preventScroll: true});
    const name = element.outerHTML.slice(0, 100);
    return {name, differs: focused !== plain, seen, readable};
}
"""


@every_page_type
def test_the_focus_can_be_seen_on_everything_that_takes_it(name, visit, page):
    page.set_viewport_size({"width": 1280, "height": 500})
    visit(page, name)
    # The page's script gives the focus to an error; before that has happened it could take it away.
    if page.locator("#page .error-summary").count():
        expect(page.locator("#page [data-focus]").first).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    stops = 0
    for key, scheme in (("Tab", "light"), ("Shift+Tab", "dark")):
        page.emulate_media(color_scheme=scheme)
        for _ in range(80):
            page.keyboard.press(key)
            look = page.evaluate(LOOKS)
            if look is None:
                break
            stops += 1
            assert look["differs"], look["name"]
            assert look["seen"], look["name"]
            assert look["readable"], look["name"]
        page.locator("[data-visited]").evaluate_all(
            "(all) => all.forEach((one) => delete one.dataset.visited)"
        )
    assert stops > 4


# --- size and zoom --------------------------------------------------------------------------------

STICKS_OUT: Final = """
() => [...document.querySelectorAll("body *")].filter((element) => {
    const scrolls = (one) => one && (["auto", "scroll"].includes(getComputedStyle(one).overflowX)
        || scrolls(one.parentElement));
    const box = element.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1) && !scrolls(element.parentElement);
}).map((element) => element.outerHTML.slice(0, 120))
"""


def assert_no_sideways_scrolling(page: Page, name: str) -> None:
    assert page.evaluate(STICKS_OUT) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_nothing_scrolls_sideways_on_a_small_screen_or_at_200_percent(visits, new_context):
    page = new_context(device_scale_factor=2, viewport=PHONE).new_page()
    for name in visits(page):
        # 640 wide is what a screen of 1280 has left at 200 %, and 320 what it has left at 400 %.
        for width in (640, 375, 320):
            page.set_viewport_size({"width": width, "height": 400})
            assert_no_sideways_scrolling(page, name)


@in_chinese
def test_nothing_of_a_page_in_chinese_sticks_out_or_is_cut_off(visits, page):
    for name in visits(page):
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert_no_sideways_scrolling(page, name)
            assert cut_off(page) == [], name


def test_more_space_between_letters_lines_and_words_loses_nothing(visits, page):
    for name in visits(page):
        space_out(page)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert_no_sideways_scrolling(page, name)
            assert cut_off(page) == [], name


def space_out(page: Page) -> None:
    """What WCAG 1.4.12 lets a reader do."""
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
                word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
            document.adoptedStyleSheets = [sheet];
        }"""
    )


def cut_off(page: Page) -> list[str]:
    return page.locator("button:visible, a:visible, .tag:visible, label:visible").evaluate_all(
        """(all) => all.filter((one) => getComputedStyle(one).position !== "absolute"
            && getComputedStyle(one).overflow !== "visible"
            && (one.scrollWidth > one.clientWidth + 1
                || one.scrollHeight > one.clientHeight + 1)).map((one) => one.outerHTML)"""
    )


def test_long_words_and_wide_tables_of_an_author_stay_on_the_page(toy, page):
    document = copy.deepcopy(guides.DOCUMENT)
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller" * 2
    document["questions"][0]["text"] = f"Where is {word}?"
    document["questions"][0]["answers"][0] |= {"label": word, "hint": word}
    document["outcomes"][0] |= {
        "title": word,
        "happened": f"`{word}`\n\n```\n{word}\n```\n\n| {word} | {word} |\n|---|---|\n| 1 | 2 |\n",
        "certainty_note": word,
        "attach": [word],
    }
    document["outcomes"][0]["steps"][0] |= {"text": f"https://{word}.example/", "see": word}
    document["codes"][2]["meaning"] = word
    guides.publish(document)
    for address in ("/", WALK, f"{WALK}?seen=shop", "/codes/", "/codes/E000101/"):
        page.goto(address)
        unfold(page)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert_no_sideways_scrolling(page, address)


def test_what_is_pressed_is_large_enough_for_a_finger(visits, page):
    page.set_viewport_size(PHONE)
    for name in visits(page):
        assert too_small(page) == [], name


def too_small(page: Page) -> list[str]:
    return page.locator(
        "a:visible, button:visible, input:visible, textarea:visible, summary:visible"
    ).evaluate_all(
        """(all) => all.filter((one) => {
            // A link within a sentence is as high as its line.
            const inSentence = one.tagName === "A" && getComputedStyle(one).display === "inline"
                && [...one.parentElement.childNodes].some((node) => node.nodeType === 3
                    && node.textContent.trim());
            const box = one.getBoundingClientRect();
            return !inSentence && !one.classList.contains("skip")
                && (box.width < 24 || box.height < 24);
        }).map((one) => `${one.getBoundingClientRect().height} ${one.outerHTML}`)"""
    )


# --- colours, motion, paper -----------------------------------------------------------------------


@pytest.mark.parametrize("setting", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_the_walk_works_with_forced_colours_and_without_motion(setting, person):
    page = person.page
    page.emulate_media(**setting)
    person.opens(WALK)
    person.chooses("seen", "shop")
    radio = page.get_by_label("In the shop")
    expect(radio).to_be_checked()
    ticked, unticked = (one.screenshot() for one in (radio, page.get_by_label("In the van")))
    assert ticked != unticked
    person.goes_on()
    for part in (".stations", ".sure", ".step", ".come-back", ".fixed button", ".hand-over"):
        expect(page.locator(part).first).to_be_visible()


def test_without_motion_nothing_moves(person):
    page = person.page
    page.emulate_media(reduced_motion="reduce")
    person.opens(f"{WALK}?seen=shop")
    moving = page.locator("body *").evaluate_all(
        """(all) => all.flatMap((one) => ["", "::before", "::after"].map(
            (part) => getComputedStyle(one, part || null))).filter((style) =>
            style.animationName !== "none" || style.transitionDuration.split(", ").some(
                (duration) => parseFloat(duration))).length"""
    )
    assert moving == 0


def test_paper_shows_the_steps_and_nothing_to_press(person):
    page = person.page
    person.opens(f"{WALK}?seen=shop")
    page.emulate_media(media="print", color_scheme="dark")
    for part in ("nav", ".back", ".skip", ".foot"):
        assert page.locator(part).locator("visible=true").count() == 0
    assert page.locator("button:visible").count() == 0
    for part in (".step", ".sure", ".come-back", ".hand-over", ".why-we-think ul"):
        expect(page.locator(part).first).to_be_visible()
    expect(page.get_by_text(page.url)).to_be_visible()
    paper, ink = page.evaluate(
        "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_a_printed_outcome_takes_a_sheet_or_two(person):
    person.opens(f"{WALK}?seen=shop")
    pdf = person.page.pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
