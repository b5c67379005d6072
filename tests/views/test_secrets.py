"""What belongs to agents reaches nobody else: every public page and answer, byte by byte.

A stranger follows every link and sends every form that they can reach, as a page and as a fragment,
beginning from the home page, from a case of their own and from a link that an agent gave them.
"""

from collections.abc import Iterator
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import AgentFactory, QueueFactory, StatusReportFactory, UserFactory
from tests.support import messages
from tests.support.guides import publish
from tests.support.messages import MESSAGE
from wizard.cases import answering, opening, standing
from wizard.desk import flags
from wizard.desk.handing_over import hand_to_queue
from wizard.desk.links import share
from wizard.desk.work import add_note
from wizard.models import Case
from wizard.pasted.reader import read
from wizard.sms.recipients import recipient_hash

pytestmark = pytest.mark.django_db

NUMBER = "+8613812345678"
SECRETS = (
    "SECRET-AGENT-NOTE",
    "SECRET-REPLY",
    "note-words",
    "hand-over-words",
    "flag-words",
    "agent-ada",
    "queue-name",
    "ORG-CODE",
    "vendor-words",
    "12345678",
)
"""None of them may be in anything that a stranger gets, whatever the case of its letters."""


def requests_of(page: str, address: str) -> Iterator[tuple[str, str, str]]:
    """Method, address and body of all that can be asked from a page."""
    read = BeautifulSoup(page, "html.parser")
    for name in ("href", "hx-get"):
        for link in read.select(f"[{name}]"):
            yield "GET", urljoin(address, str(link[name])).partition("#")[0], ""
    for form in read.select("form"):
        target = urljoin(address, str(form.get("action", "")))
        for body in map(urlencode, sent_by(form)):
            if str(form["method"]).lower() == "get":
                yield "GET", f"{target.partition('?')[0]}?{body}", ""
            else:
                yield "POST", target, body


def sent_by(form: Tag) -> list[list[tuple[str, str]]]:
    """What a form can send: once with each of its buttons and choices."""
    kept: list[tuple[str, str]] = []
    choices: list[tuple[str, str]] = []
    for control in form.select("[name]"):
        chosen = control.name == "button" or control.get("type") in {"radio", "submit", "checkbox"}
        pair = (str(control["name"]), str(control.get("value", "")))
        (choices if chosen else kept).append(pair)
    return [[*kept, choice] for choice in choices] or [kept]


def crawl(client: Client, starts: list[str], limit: int = 600) -> dict[tuple[str, str, str], bytes]:
    """All answers that can be got from some addresses, headers included."""
    waiting = [("GET", start, "") for start in starts]
    answers: dict[tuple[str, str, str], bytes] = {}
    while waiting and len(answers) < limit:
        asked = waiting.pop(0)
        if asked in answers:
            continue
        method, address, body = asked
        parts = urlsplit(address)
        if parts.netloc or parts.path.startswith(("/admin/", "/static/")):
            continue
        content = b""
        for fragment in ({}, {"HX-Request": "true"}):
            response = client.generic(
                method,
                address,
                body,
                content_type="application/x-www-form-urlencoded",
                headers=fragment,
            )
            content += response.serialize_headers() + b"".join(response)
            if response.headers.get("Location"):
                waiting.append(("GET", response.headers["Location"], ""))
            elif response.headers.get("Content-Type", "").startswith("text/html"):
                waiting += requests_of(response.content.decode(), address)
        answers[asked] = content
    return answers


@pytest.fixture
def case():
    """A case with everything that belongs to agents."""
    cache.clear()
    publish()
    now = timezone.now()
    StatusReportFactory(
        message_id=MESSAGE,
        status="MK:0055",
        org_code="ORG-CODE",
        status_text="vendor-words",
        recipient_hash=recipient_hash(NUMBER),
        recipient_masked="+86 138****78",
        received_at=now,
    )
    agent = AgentFactory(username="agent-ada")
    case = opening.open_case(read(MESSAGE), now=now, agent=agent)
    add_note(case.token, text="note-words", by="agent-ada", now=now)
    flags.flag(standing.standing(case, now), text="flag-words", by="agent-ada", now=now)
    queue = QueueFactory(name="queue-name", email="queue-name@example.org")
    hand_to_queue(
        case.token, to=queue, text="hand-over-words", by=agent, url="https://desk/", now=now
    )
    yield Case.objects.get(pk=case.pk)
    cache.clear()


def assert_no_secret(answers: dict[tuple[str, str, str], bytes]) -> None:
    for asked, content in answers.items():
        found = [one for one in SECRETS if one.lower().encode() in content.lower()]
        assert found == [], asked


def test_the_crawler_would_find_the_secrets_at_the_desk(case, client):
    """The test of the test: an agent is shown every one of them, but for the number."""
    client.force_login(UserFactory(is_superuser=True))
    other = opening.open_case(read("nothing special"), now=timezone.now())
    answering.give(other.token, key="seen", value="shop", now=timezone.now())
    starts = [reverse("wizard:desk_case", args=[one.reference]) for one in (case, other)]
    seen = b"".join(crawl(client, starts, limit=10).values())
    missing = [one for one in SECRETS if one.lower().encode() not in seen.lower()]
    assert missing == ["flag-words", "12345678"]


def test_nothing_of_the_agents_is_on_any_page_that_a_stranger_can_reach(case, client):
    link = share(case.token, by="agent-ada", now=timezone.now())
    starts = [
        "/",
        "/codes/",
        "/healthz",
        "/nowhere/",
        "/guides/toy/?seen=van&slip=MK:0055&ask=no",
        f"/cases/{case.token}/",
        f"/cases/{case.token}/transcript.txt",
        f"/cases/{case.token}/lookups/?seen=0&at=x",
        f"/cases/{case.token}/changes/?seen=0",
        f"/cases/{link.token}/",
        f"/cases/{link.token}/transcript.txt",
        f"/cases/{link.token}/changes/?seen=0",
        f"/cases/{case.reference}/",
        "/callbacks/huawei/status/",
        reverse("wizard:desk"),
        reverse("wizard:desk_case", args=[case.reference]),
        reverse("wizard:desk_transcript", args=[case.reference]),
    ]
    answers = crawl(client, starts)
    assert len(answers) > 100
    assert any("answers/" in address for _, address, _ in answers)
    assert_no_secret(answers)


def test_whoever_has_a_link_never_learns_the_own_token_of_the_case(case, client):
    link = share(case.token, by="agent-ada", now=timezone.now())
    answers = crawl(client, [f"/cases/{link.token}/"], limit=60)
    assert len(answers) > 5
    assert [asked for asked, content in answers.items() if case.token.encode() in content] == []


def test_somebody_who_is_logged_in_and_no_agent_learns_nothing_at_the_desk(case, client):
    client.force_login(UserFactory())
    addresses = [
        reverse("wizard:desk"),
        reverse("wizard:desk_case", args=[case.reference]),
        reverse("wizard:desk_transcript", args=[case.reference]),
    ]
    assert_no_secret(crawl(client, addresses, limit=20))


def test_what_is_pasted_never_comes_back_whole(case, client):
    pasted = messages.accepted(timezone.now())
    assert NUMBER in pasted
    understood = client.post("/", {"text": pasted})
    opened = client.post("/cases/", {"text": pasted})
    assert_no_secret({("POST", "/", ""): understood.content})
    assert_no_secret(crawl(client, [opened.headers["Location"]], limit=40))
