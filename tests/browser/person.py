"""A person at the browser: reads the heading, chooses labels, presses buttons.

Tests write in English what a person reads; a page in Chinese is held to the Chinese for it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.support.languages import say

WALK = "/guides/toy/"


def log_in(page: Page, user) -> None:
    """Give a browser the session of somebody, without their password."""
    client = Client()
    client.force_login(user)
    page.goto("/")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**session, "url": page.url}])


class Person:
    """What a person does and sees, the same with JavaScript and without."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # --- sees

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(name), exact=True)

    def labelled(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True)

    @property
    def address(self) -> str:
        """Path and query of the address."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def answers(self) -> dict[str, str]:
        """What the address says was answered."""
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def say(self, text: str, **words: object) -> str:
        """A text of the site or of the toy guide in the language of the page."""
        return say(text, self.page.locator("html").get_attribute("lang"), **words)

    def reads(self, heading: str, **words: object) -> None:
        expect(self.heading).to_have_text(self.say(heading, **words))

    def sees_title(self, *parts: str) -> None:
        """The words of the browser's tab, the name of the site last."""
        words = " – ".join(self.say(part) for part in (*parts, "SMS Doctor"))
        expect(self.page).to_have_title(words)

    def is_at(self, address: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(address) + "$"))

    # --- does

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def chooses(self, question: str, answer: str) -> None:
        """Click the visible label of an answer."""
        field = self.page.locator(f'input[name="{question}"][value="{answer}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').click()

    def presses(self, name: str) -> None:
        self.button(name).click()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=self.say(name), exact=True).first.click()

    def goes_on(self) -> None:
        with self.next_page():
            self.presses("Continue")

    def answers_with(self, question: str, answer: str) -> None:
        """Choose an answer and go on to the next page."""
        self.chooses(question, answer)
        self.goes_on()

    def types_code(self, code: str) -> None:
        self.labelled("The code").fill(code)
        self.goes_on()

    def pastes(self, text: str) -> None:
        """Put a text into the box on the home page and send it."""
        self.page.locator("#text").fill(text)
        with self.next_page():
            self.presses("Find out")

    def changes(self, question: str) -> None:
        change, about = re.escape(self.say("Change")), re.escape(self.say(question))
        link = self.page.get_by_role("link", name=re.compile(f"^{change}.*{about}"))
        with self.next_page():
            link.click()

    @contextmanager
    def next_page(self) -> Iterator[None]:
        """No two pages that follow each other have the same heading."""
        before = self.heading.inner_text()
        yield
        expect(self.heading).not_to_have_text(before)
