"""The README's pictures. `PICTURES=1 pytest tests/browser/test_pictures.py` renews docs/images/."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page

from tests.browser.person import Person, log_in
from tests.factories import AgentFactory, StatusReportFactory
from tests.support import shipped as shipped_guides
from tests.support.messages import MESSAGE
from tests.support.moments import NOON
from wizard.cases import opening
from wizard.desk.work import add_note
from wizard.models import Answer, Case, Guide
from wizard.pasted.reader import read

DOCS = Path(__file__).parents[2] / "docs/images"
MOST = 300_000
LEAST = 5_000
WALK = "/guides/sms-not-received/"
ARREARS = f"{WALK}?what-happened=stopped&account=arrears&service=mainland&signature=to-activate"
PHONE_OFF = f"{WALK}?what-happened=accepted&report=none-recent&dial=unreachable"


@pytest.fixture
def shipped(monkeypatch) -> Guide:
    """The shipped guide, published, in a world where it is always noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    shipped_guides.publish()
    return Guide.objects.get(slug=shipped_guides.FIRST)


@pytest.fixture
def folder(tmp_path) -> Path:
    if not os.environ.get("PICTURES"):
        return tmp_path
    DOCS.mkdir(parents=True, exist_ok=True)
    return DOCS


@pytest.fixture
def desk(new_context) -> Page:
    return new_context(viewport={"width": 1200, "height": 750}, reduced_motion="reduce").new_page()


def take(of: Page | Locator, path: Path, **options) -> None:
    picture = of.screenshot(path=path, animations="disabled", **options)
    assert LEAST < len(picture) < MOST


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("home", "/"),
        ("question", f"{WALK}?what-happened=accepted&report=delivered"),
        ("outcome", ARREARS),
        ("code", "/codes/EXPIRED/"),
    ],
)
def test_a_page_at_a_desk(name, address, shipped, desk, folder):
    Person(desk).opens(address)
    take(desk, folder / f"{name}.png")


def test_an_outcome_on_a_phone_in_the_dark(shipped, new_context, folder):
    phone = new_context(
        viewport={"width": 375, "height": 812}, color_scheme="dark", reduced_motion="reduce"
    ).new_page()
    Person(phone).opens(PHONE_OFF)
    take(phone, folder / "outcome-phone-dark.png")


def test_a_case_that_was_diagnosed_without_a_question(shipped, desk, folder, settings):
    reported = NOON - timedelta(minutes=40)
    StatusReportFactory(message_id=MESSAGE, status="MK:0055", source="2", received_at=reported)
    person = Person(desk)
    person.opens("/")
    person.pastes(MESSAGE)
    with person.next_page():
        person.presses("Look it up")
    # Drawn by lot, and so another one in every picture.
    desk.evaluate("document.querySelector('.case__name').textContent = 'Case SMS-7F3K2Q'")
    take(desk, folder / "case.png")


def test_the_publish_page_of_the_admin(shipped, desk, folder, admin_user):
    Answer.objects.filter(question__key="sim-swap", key="other-phone").update(to_outcome=None)
    log_in(desk, admin_user)
    desk.goto(reverse("admin:wizard_guide_publish", args=[shipped.pk]))
    desk.get_by_label("What has changed").fill("The restart comes before the other phone")
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_role("alert").wait_for()
    take(desk, folder / "admin-publish.png")


def test_the_map_in_the_admin(shipped, desk, folder, admin_user):
    Answer.objects.filter(question__key="signature", key="approved").update(to_outcome=None)
    shipped.outcomes.filter(key="template-off").update(come_back="")
    log_in(desk, admin_user)
    address = reverse("admin:wizard_guide_map", args=[shipped.pk])
    desk.goto(f"{address}?at=send-answer&zoom=75&path=limit-kind")
    desk.set_viewport_size({"width": 1400, "height": 900})
    take(desk.locator(".map-side").first, folder / "admin-map.png")


def test_a_case_at_the_agent_desk(shipped, desk, folder):
    agent = AgentFactory(username="ada")
    reported = NOON - timedelta(minutes=40)
    StatusReportFactory(
        message_id=MESSAGE,
        status="MK:0055",
        source="2",
        recipient_masked="+86 138****0001",
        received_at=reported,
    )
    case = opening.open_case(read(MESSAGE), now=NOON, agent=agent)
    # Drawn by lot, and so another one in every picture.
    Case.objects.update(reference="SMS-7F3K2Q")
    add_note(case.token, text="Rang back, no answer. Tries again at four.", by="ada", now=NOON)
    log_in(desk, agent)
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto("/desk/cases/SMS-7F3K2Q/")
    take(desk, folder / "desk-case.png")
