"""Every type of page that the portal has, and how to get to it. They all show the toy guide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.person import WALK, Person, log_in
from tests.factories import QueueFactory, StatusReportFactory
from tests.support.messages import MESSAGE
from wizard.cases import opening
from wizard.desk.links import share
from wizard.desk.work import add_note
from wizard.models import Answer, Case, Guide, StatusReport
from wizard.pasted.reader import read

Visit = Callable[[Page], None]


def _at(address: str) -> Visit:
    return lambda page: Person(page).opens(address)


def _home_with_an_error(page: Page) -> None:
    person = Person(page)
    person.opens("/")
    person.presses("Find out")
    page.locator(".error-summary").wait_for()


def _understood(page: Page) -> None:
    person = Person(page)
    person.opens("/")
    person.pastes(
        '{"code": "E000510", "result": [{"originTo": "+8613800001234", "status": "E000101",'
        ' "createTime": "2026-11-23T08:00:00Z"}]}'
    )


def _not_understood(page: Page) -> None:
    person = Person(page)
    person.opens("/")
    person.pastes("the parcel that waits in the shop")


def _code_question_with_an_error(page: Page) -> None:
    person = Person(page)
    person.opens(f"{WALK}?seen=van")
    person.labelled("The code").fill("SC:9999")
    person.presses("Continue")
    page.locator(".error-summary").wait_for()


def _codes_found(page: Page) -> None:
    person = Person(page)
    person.opens("/codes/")
    person.labelled("A code, its beginning, or a word").fill("nothing fits this")
    person.presses("Search")
    page.locator("[role=status]", has_text="nothing fits this").wait_for()


def _author():
    users = get_user_model().objects
    return users.filter(username="author").first() or users.create_superuser("author")


def _logged_in(page: Page) -> None:
    """Log in somebody who may do everything."""
    log_in(page, _author())


def _preview(query: str) -> Visit:
    def visit(page: Page) -> None:
        _logged_in(page)
        page.goto(reverse("admin:wizard_guide_preview", args=[Guide.objects.get().pk]) + query)

    return visit


def _case(status: str, **more: str) -> Visit:
    """A case about a message with this status, or with none yet; then a form of the case sent."""

    def visit(page: Page) -> None:
        StatusReport.objects.all().delete()
        if status:
            StatusReportFactory(message_id=MESSAGE, status=status, received_at=timezone.now())
        person = Person(page)
        person.opens("/")
        person.pastes(MESSAGE)
        with person.next_page():
            person.presses("Look it up")
        for name in more:
            page.wait_for_load_state()  # before htmx is there, a form that is sent makes a new page
            page.locator(".known > details").evaluate("(details) => { details.open = true; }")
            page.locator(f'button[name="{name}"][value="{more[name]}"]').first.click()
            page.locator(".settled--overruled").wait_for()
            if page.evaluate("'htmx' in window"):
                # The page's script moves the focus there, a little later.
                expect(page.locator("#page [data-focus]").first).to_be_focused()

    return visit


def _case_in_trouble(page: Page) -> None:
    """A case whose look-ups have failed."""
    _case("")(page)
    Case.objects.update(
        lookups={
            "balance": {"state": "failed", "reason": "timeout", "seconds": 3.0},
            "packages": {"state": "failed", "reason": "connection"},
        }
    )
    page.reload()


def _case_looking_up(page: Page) -> None:
    """A case whose look-ups are still running."""
    _case("")(page)
    since = (timezone.now() + timedelta(minutes=5)).isoformat()
    Case.objects.update(lookups={"balance": {"state": "running", "since": since}})
    page.reload()


def _what_if(query: str) -> Visit:
    def visit(page: Page) -> None:
        log_in(page, _author())
        page.goto(reverse("admin:wizard_guide_suppose", args=[Guide.objects.get().pk]) + query)
        page.locator(".what-if").evaluate("(details) => { details.open = true; }")

    return visit


def _desk(page: Page) -> None:
    """The lists with a case in them, one of them with a queue."""
    _logged_in(page)
    author = get_user_model().objects.get(username="author")
    QueueFactory(name=f"Queue {timezone.now()}")
    opening.open_case(read(MESSAGE), now=timezone.now(), agent=author)
    page.goto("/desk/")


def _desk_found(page: Page) -> None:
    _desk(page)
    page.locator("#find").fill(MESSAGE)
    Person(page).presses("Find")
    page.get_by_role("heading", name=MESSAGE).wait_for()


def _desk_case(status: str, press: str = "") -> Visit:
    """A case at the desk with every panel open, and a button of it pressed."""

    def visit(page: Page) -> None:
        StatusReport.objects.all().delete()
        if status:
            StatusReportFactory(message_id=MESSAGE, status=status, received_at=timezone.now())
        _desk(page)
        case = Case.objects.order_by("pk").last()
        add_note(case.token, text="Rang twice.", by="ada", now=timezone.now())
        share(case.token, by="ada", now=timezone.now())
        page.goto(f"/desk/cases/{case.reference}/")
        if press:
            page.get_by_role("button", name=Person(page).say(press)).click()
            page.locator(".error-summary").wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    return visit


def _case_by_link(page: Page) -> None:
    case = opening.open_case(read("nothing special"), now=timezone.now())
    page.goto(f"/cases/{share(case.token, by='ada', now=timezone.now()).token}/")


def _lost(page: Page) -> None:
    """A draft in which an answer leads nowhere, as its author sees it."""
    Answer.objects.filter(key="shop").update(to_outcome=None)
    _preview("?seen=shop")(page)


PAGE_TYPES: Final[dict[str, Visit]] = {
    "home": _at("/"),
    "home with an error": _home_with_an_error,
    "understood": _understood,
    "not understood": _not_understood,
    "question": _at(WALK),
    "question with an error": _at(f"{WALK}?_continue=seen"),
    "question with a notice": _at(f"{WALK}?gone=1"),
    "code question": _at(f"{WALK}?seen=van"),
    "code question with an error": _code_question_with_an_error,
    "outcome": _at(f"{WALK}?seen=shop"),
    "outcome of a code": _at(f"{WALK}?seen=van&slip=DELIVRD"),
    "solved": _at(f"{WALK}?seen=shop&packed=yes"),
    "hand-over": _at(f"{WALK}?seen=van&slip=no-code&ask=no"),
    "can't do this step": _at(f"{WALK}?seen=shop&packed=cannot"),
    "list of codes": _at("/codes/"),
    "list without a code": _codes_found,
    "code": _at("/codes/DELIVRD/"),
    "family of a code": _at("/codes/MK:0055/"),
    "unknown code": _at("/codes/SC:9999/"),
    "page that does not exist": _at("/nowhere/"),
    "preview": _preview("?seen=shop"),
    "preview of what if": _what_if("?report.present=true&message.age=soon"),
    "preview for an agent": _what_if("?start=packed&skin=agent"),
    "lost": _lost,
    "case at a question": _case(""),
    "case at an outcome": _case("DELIVRD"),
    "case with an overruled answer": _case("DELIVRD", overrule="slip"),
    "case whose look-ups failed": _case_in_trouble,
    "case whose look-ups run": _case_looking_up,
    "case by link": _case_by_link,
    "log-in": _at("/desk/login/"),
    "desk": _desk,
    "desk with a choice": _desk_found,
    "desk case at a question": _desk_case(""),
    "desk case at an outcome": _desk_case("DELIVRD"),
    "desk case with an error": _desk_case("", press="Continue"),
}
NOT_FOUND: Final = r"status of 404 \(Not Found\)"
"""What the browser notes of a page that says 404, as two of these do."""
