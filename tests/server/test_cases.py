"""Cases as processes serve them: look-ups run beside the page, writers follow each other."""

import copy
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.server.conftest import Site, copied, served
from tests.support.guides import DOCUMENT
from tests.support.messages import MESSAGE
from tests.support.simulated import simulated_platform

pytestmark = pytest.mark.server


def by_the_account() -> dict:
    """The toy guide, going by the account first."""
    document = copy.deepcopy(DOCUMENT)
    first = document["questions"][0]
    first["text"] = "Where is the parcel?"
    first["answers"][2]["rules"] = ["account.arrears is true and report.present is absent"]
    return document


@contextmanager
def looking_up(folder: Path, prepared, budget: str) -> Iterator[Site]:
    """A site that asks a simulated platform, for so many seconds at most."""
    with simulated_platform() as platform:
        more = {"SIMULATOR_URL": platform.url, "LOOKUP_BUDGET_SECONDS": budget}
        site = copied(prepared(by_the_account()), folder, more)
        with served(site):
            yield site


@pytest.fixture(scope="module")
def site(tmp_path_factory, prepared):
    """One for all tests here: each opens cases of its own."""
    with looking_up(tmp_path_factory.mktemp("cases"), prepared, "3") as site:
        yield site


@pytest.fixture
def patient_site(tmp_path, prepared):
    """One that has time enough for a machine that does other things as well."""
    with looking_up(tmp_path, prepared, "14") as site:
        yield site


def opened(site, sample: str) -> requests.Response:
    return requests.post(f"{site.url}/cases/", data={"sample": sample}, timeout=20)


def until(url: str, words: str) -> str:
    """The page as soon as it says so."""
    deadline = time.monotonic() + 15
    while words not in (page := requests.get(url, timeout=20).text):
        assert time.monotonic() < deadline, page
        time.sleep(0.02)
    return page


def test_the_page_comes_at_once_and_what_is_looked_up_follows(site):
    page = opened(site, "fault-slow")
    assert "We are still reading" in page.text
    assert "Where is the parcel?" in page.text
    assert '<noscript><p><a href="/cases/' in page.text
    page = until(page.url, "it did not answer within 3 s")
    assert "We are still reading" not in page


def test_what_is_found_answers_the_question_while_the_page_is_open(patient_site):
    page = opened(patient_site, "s5-arrears")
    until(page.url, "Money is owed")
    assert "Which code is on the lock?" in requests.get(page.url, timeout=20).text


def test_answers_that_come_at_the_same_moment_are_all_kept_in_the_order_of_their_coming(site):
    url = opened(site, "s1-tls").url
    with ThreadPoolExecutor(8) as people:
        answers = [
            people.submit(
                requests.post,
                f"{url}answers/",
                data={"_continue": "seen", "seen": ("shop", "van")[number % 2]},
                timeout=30,
            )
            for number in range(24)
        ]
    assert {answer.result().status_code for answer in answers} == {200}
    events = site.run(
        "shell",
        "--no-imports",
        "-c",
        "from wizard.models import Case\n"
        f"case = Case.objects.get(token='{url.split('/')[4]}')\n"
        "print(*case.events.filter(kind='answered').values_list('value', flat=True))\n"
        "print(case.answers['seen'])",
    )
    values, kept = (line.split() for line in events.strip().splitlines()[-2:])
    assert set(values) == {"shop", "van"}
    # The same once more is no event, so each one changed what the one before had said.
    assert all(one != other for one, other in pairwise(values))
    assert kept == values[-1:]


def test_a_message_id_is_looked_up_by_every_process_alike(site):
    site.post("/callbacks/huawei/status/", {"smsMsgId": MESSAGE, "status": "DELIVRD"})
    barrier = threading.Barrier(4)

    def open_one(_: int) -> str:
        barrier.wait()
        return requests.post(f"{site.url}/cases/", data={"text": MESSAGE}, timeout=20).text

    with ThreadPoolExecutor(4) as people:
        assert all("DELIVRD" in page for page in people.map(open_one, range(4)))


# --- agents ---------------------------------------------------------------------------------------


def logged_in(site, name: str) -> requests.Session:
    """The session of a new agent, logged in by the form."""
    site.run(
        "shell",
        "--no-imports",
        "-c",
        "from django.contrib.auth.models import Group, User\n"
        f"agent = User.objects.create_user('{name}', password='secret')\n"
        "agent.groups.add(Group.objects.get(name='Agents'))",
    )
    session = requests.Session()
    sent(session, f"{site.url}/desk/login/", username=name, password="secret")
    return session


def sent(session: requests.Session, url: str, **form: str) -> requests.Response:
    """Send a form with the token that its page has set."""
    if "csrftoken" not in session.cookies:
        session.get(url, timeout=20)
    token = session.cookies["csrftoken"]
    return session.post(url, data={**form, "csrfmiddlewaretoken": token}, timeout=30)


def test_notes_that_two_agents_write_at_the_same_moment_are_all_kept(site):
    sessions = [logged_in(site, name) for name in ("ada", "ben")]
    case = sent(sessions[0], f"{site.url}/desk/open/").url
    with ThreadPoolExecutor(8) as hands:
        written = [
            hands.submit(sent, session, f"{case}notes/", note=f"note {name}-{number}.")
            for number in range(10)
            for name, session in zip("ab", sessions, strict=True)
        ]
    assert {one.result().status_code for one in written} == {200}
    page = sessions[0].get(case, timeout=20).text
    notes = [f"note {name}-{number}." for number in range(10) for name in "ab"]
    assert [one for one in notes if page.count(f'timeline__text">{one}') != 1] == []
