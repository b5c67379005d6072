"""The case door: open, read, answer, overrule, restore; hostile input; privacy; limits."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories import StatusReportFactory
from tests.support import messages
from tests.support.guides import publish
from tests.support.messages import MESSAGE
from wizard.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_guide_and_an_empty_cache():
    cache.clear()
    publish()
    yield
    cache.clear()


def opened(client, text=MESSAGE):
    response = client.post("/cases/", {"text": text})
    assert response.status_code == 302
    return response.url


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def answered(client, url, **form):
    response = client.post(f"{url}answers/", form)
    assert response.status_code == 302
    assert response.url == url
    return shown(client, url)


def reported(status="DELIVRD", **fields):
    now = timezone.now()
    return StatusReportFactory(message_id=MESSAGE, status=status, received_at=now, **fields)


def test_a_message_id_leads_to_its_outcome_with_what_is_known_and_no_question(client):
    reported()
    page = shown(client, opened(client))
    assert "Somebody has to look" in page
    assert "What we already know" in page
    assert "DELIVRD" in page
    assert page.count("That's not right") == 2
    assert "status reports of the platform" in page


def test_the_one_answer_that_is_not_right_is_asked_and_can_be_restored(client):
    reported()
    url = opened(client)
    page = answered(client, url, overrule="seen")
    assert "Where was the parcel seen last?" in page
    assert "settled--overruled" in page
    assert 'type="radio"' in page
    assert "checked" not in page
    page = answered(client, url, withdraw="seen")
    assert "Somebody has to look" in page
    assert "settled--overruled" not in page


def test_questions_are_answered_changed_and_given_feedback_by_post(client):
    url = opened(client, "Something odd")
    page = answered(client, url, _continue="seen", seen="shop")
    assert "It waits to be packed" in page
    assert "Your answers" in page
    page = answered(client, url, outcome="packed", feedback="no")
    assert "Which code is on the slip?" in page
    page = answered(client, url, _continue="slip", code="delivrd")
    assert "Your answers" in page
    page = answered(client, url, withdraw="seen")
    assert "Where was the parcel seen last?" in page


def test_continue_without_a_choice_is_an_error_that_names_the_field(client):
    url = opened(client, "Something odd")
    response = client.post(f"{url}answers/", {"_continue": "seen"})
    page = response.content.decode()
    assert "Choose an answer to go on" in page
    assert 'href="#choice-1"' in page


def test_a_code_that_nobody_knows_is_an_error_and_is_kept_in_the_field(client):
    url = opened(client, "Something odd")
    answered(client, url, _continue="seen", seen="van")
    response = client.post(f"{url}answers/", {"_continue": "slip", "code": "ZZ:9999"})
    assert "We do not know this code yet" in response.content.decode()
    assert 'value="ZZ:9999"' in response.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"overrule": "nobody"},
        {"overrule": "packed"},
        {"withdraw": "nobody"},
        {"outcome": "packed", "feedback": "perhaps"},
        {"outcome": "seen", "feedback": "no"},
        {"feedback": "no"},
        {"_continue": "nobody", "nobody": "x"},
        {"_continue": "seen", "seen": "\0<script>"},
        {"_continue": "slip", "code": "\0" * 5000},
        {"_continue": "seen", "seen": "x" * 100_000},
    ],
)
def test_no_form_is_a_server_error_and_what_does_not_fit_changes_nothing(client, form):
    url = opened(client, "Something odd")
    response = client.post(f"{url}answers/", form)
    assert response.status_code in (200, 302)
    assert "<script>" not in response.content.decode().partition("<body")[2]
    assert Case.objects.get().answers == {}


def test_an_unknown_address_is_not_found_whatever_is_asked_there(client):
    for path in ("", "answers/", "lookups/"):
        assert client.get(f"/cases/nobody/{path}").status_code in (404, 405)
        assert client.post(f"/cases/nobody/{path}", {"overrule": "seen"}).status_code in (404, 405)


def test_a_case_is_kept_by_no_cache_found_by_no_search_engine_and_sets_no_cookie(client):
    url = opened(client)
    for path in (url, f"{url}lookups/"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert not response.cookies


def test_nothing_that_was_pasted_gets_into_an_address(client):
    url = opened(client, f"{MESSAGE} +8613812345678 E000101")
    assert MESSAGE not in url
    assert "13812345678" not in shown(client, url)


def test_a_guessed_message_id_looks_like_any_unknown_one(client):
    reported()
    StatusReportFactory()
    near, far = MESSAGE[:-1] + "7", "00000000-0000-4000-8000-000000000000_1"

    def words(text):
        case = opened(client, text)
        page = shown(client, case)
        for secret in (case, Case.objects.get(token=case.split("/")[2]).reference, text):
            page = page.replace(secret, "…")
        return re.sub(r"\d\d:\d\d:\d\d\.\d+", "", page)

    assert words(near) == words(far)


def test_an_empty_box_opens_nothing(client):
    assert client.post("/cases/", {"text": "  "}).url == "/"
    assert not Case.objects.exists()


def test_a_case_page_needs_few_queries_however_long_its_trail(
    client, django_assert_max_num_queries
):
    reported()
    url = opened(client)
    shown(client, url)
    for _ in range(5):
        answered(client, url, overrule="seen")
        answered(client, url, withdraw="seen")
    with django_assert_max_num_queries(3):  # the case, its reports; one for new publications
        shown(client, url)


# --- news -----------------------------------------------------------------------------------------


def news(client, url, page):
    address = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith(url)
    return client.get(address)


def test_a_page_that_waits_for_a_report_asks_for_news_and_gets_none_while_there_is_none(
    client, settings
):
    settings.REPORTS_ALWAYS_PUSHED = True
    url = opened(client)
    response = news(client, url, shown(client, url))
    assert (response.status_code, response.content) == (204, b"")


def test_a_report_that_comes_moves_the_page_on(client, settings):
    settings.REPORTS_ALWAYS_PUSHED = True
    url = opened(client)
    page = shown(client, url)
    reported()
    response = news(client, url, page)
    assert "Somebody has to look" in response.content.decode()


def test_news_that_do_not_move_the_page_change_only_what_is_known(client, settings):
    settings.REPORTS_ALWAYS_PUSHED = True
    url = opened(client)
    answered(client, url, overrule="seen")
    page = shown(client, url)
    reported()
    response = news(client, url, page)
    assert response.headers["HX-Retarget"] == "#known"
    assert "<fieldset" not in response.content.decode()


def test_a_young_message_is_told_when_to_come_back_by_the_clock(client, settings):
    settings.REPORTS_ALWAYS_PUSHED = True
    accepted = timezone.now() - timedelta(minutes=20)
    page = shown(client, opened(client, messages.accepted(accepted)))
    assert "It waits to be packed" in page
    assert "From the time" in page
    until = accepted + timedelta(hours=1)
    assert f'Come back at <time datetime="{until:%Y-%m-%dT%H:%M:%S}+00:00"' in page


# --- limits ---------------------------------------------------------------------------------------


def test_too_many_cases_from_one_client_are_answered_with_a_page_and_a_time(client, settings):
    settings.CASES_PER_MINUTE = 2
    answers = [client.post("/cases/", {"text": MESSAGE}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert "A short pause, please" in answers[2].content.decode()
    assert client.post("/cases/", {"text": MESSAGE}, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_too_many_answers_from_one_client_are_refused_too(client, settings):
    settings.ANSWERS_PER_MINUTE = 1
    url = opened(client)
    client.post(f"{url}answers/", {"overrule": "seen"})
    assert client.post(f"{url}answers/", {"overrule": "seen"}).status_code == 429
