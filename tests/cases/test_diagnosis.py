"""The shipped guides and samples, over the network: reports pushed, look-ups answered."""

import threading

import pytest
import requests

from tests.support import shipped
from wizard.cases import standing as cases_standing
from wizard.engine.walk import AtQuestion
from wizard.models import Case
from wizard.sample_messages import SAMPLES, Sample
from wizard.simulator.seeding import seed
from wizard.simulator.server import SimulatedPlatform

CONCLUSIVE = [sample for sample in SAMPLES if sample.conclusive]


@pytest.fixture
def site(transactional_db, live_server, settings):
    """The site with the shipped guides, and the simulated platform beside it."""
    settings.REPORTS_ALWAYS_PUSHED = True
    shipped.publish()
    platform = SimulatedPlatform()
    platform.start()
    settings.SIMULATOR_URL = platform.url
    seed(live_server.url, None, sign=False, stopping=threading.Event())
    yield live_server.url
    platform.stop()


def diagnosed(site: str, sample: Sample) -> tuple[str, int, str]:
    """Where a sample leads, how many questions a person is asked on the way, and in which guide."""
    page = requests.post(f"{site}/cases/", data={"sample": sample.key}, timeout=20)
    assert page.status_code == 200, sample.key
    case = Case.objects.get(token=page.url.split("/")[4])
    standing = cases_standing.standing(case, case.changed_at)
    asked = int(isinstance(standing.walk.at, AtQuestion))
    return standing.place, asked, standing.snapshot.slug


def test_samples_of_every_scenario_are_diagnosed_without_a_question_and_never_wrongly(site):
    found = {sample.key: diagnosed(site, sample) for sample in SAMPLES}
    expected = {sample.key: sample.outcome for sample in SAMPLES}
    assert {key: place for key, (place, _, _) in found.items()} == expected
    asked_nothing = [sample for sample in CONCLUSIVE if found[sample.key][1] == 0]
    assert len(asked_nothing) >= 0.9 * len(CONCLUSIVE)
    about_calls = {key for key, (_, _, guide) in found.items() if guide == "sms-api-call-fails"}
    assert about_calls == {sample.key for sample in SAMPLES if sample.scenario == "S1"}


def test_there_are_samples_of_every_scenario_and_several_codes_each():
    scenarios = {sample.scenario for sample in SAMPLES}
    assert scenarios >= {"S1", "S2", "S3", "S4", "S5", "S6"}
    assert len(SAMPLES) >= 30
    for scenario in scenarios:
        assert len([sample for sample in SAMPLES if sample.scenario == scenario]) >= 2


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("slow", "it did not answer within 3 s"),
        ("trickle", "it did not answer within 3 s"),
        ("failing", "it answered with an error of its own"),
        ("busy", "it asked us to wait"),
        ("malformed", "its answer could not be read"),
        ("huge", "its answer was too long"),
        ("redirecting", "it sent us elsewhere, where we do not go"),
        ("closing", "it could not be reached"),
    ],
)
def test_a_platform_in_trouble_is_named_and_the_person_is_asked_instead(site, account, words):
    page = requests.post(f"{site}/cases/", data={"sample": f"fault-{account}"}, timeout=20)
    assert page.elapsed.total_seconds() < 4
    assert words in page.text
    assert "We could not read all of the record, so we ask you instead" in page.text
    assert "What does the account show?" in page.text


def test_a_platform_that_is_not_there_is_named_too(site, settings):
    settings.SIMULATOR_URL = "http://127.0.0.1:9"
    page = requests.post(f"{site}/cases/", data={"sample": "s5-arrears"}, timeout=20)
    assert "it could not be reached" in page.text
    assert "What does the account show?" in page.text


def test_without_the_simulated_platform_no_sample_is_offered_or_opened(site, settings):
    settings.SIMULATOR_URL = ""
    assert "Try with a sample message" not in requests.get(site, timeout=20).text
    requests.post(f"{site}/cases/", data={"sample": "s5-arrears"}, timeout=20)
    assert not Case.objects.exists()
