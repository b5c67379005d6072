"""Pages of the walk in both languages, through Django's test client."""

import copy
import re
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.guides import IN_BOTH_LANGUAGES, publish
from tests.support.languages import PREFIXES
from tests.support.languages import say as say_in
from wizard.models import UnknownCode
from wizard.wording.markdown import render

pytestmark = pytest.mark.django_db

SEEN = "Where was the parcel seen last?"
SLIP = "Which code is on the slip?"


@pytest.fixture(autouse=True)
def guide():
    return publish(IN_BOTH_LANGUAGES)


@pytest.fixture(params=PREFIXES)
def language(request):
    return request.param


@pytest.fixture
def site(language):
    """What the addresses of a language begin with."""
    return PREFIXES[language]


@pytest.fixture
def walk(site):
    """The address of the walk."""
    return f"{site}/guides/toy/"


@pytest.fixture
def say(language):
    """What the site and the guide say for words in English."""
    return partial(say_in, language=language)


def text_of(response) -> str:
    return response.content.decode()


def heading(response) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", text_of(response), re.DOTALL)[1]


def test_the_first_page_asks_the_start_question_and_says_why(client, walk, say):
    response = client.get(walk)
    assert heading(response) == say(SEEN)
    assert say("It tells us who has it.") in text_of(response)
    assert render(say("Look at the **slip**.")) in text_of(response)


def test_no_radio_is_ever_ticked_beforehand(client, walk):
    for address in (walk, f"{walk}?seen=van", f"{walk}?seen=nonsense"):
        assert "checked" not in text_of(client.get(address))


def test_an_answer_leads_on_and_is_listed_with_a_way_to_change_it(client, walk, say):
    response = client.get(f"{walk}?seen=van")
    assert heading(response) == say(SLIP)
    assert say("In the van") in text_of(response)
    assert f'<a href="{walk}">{say("Change")}' in text_of(response)


def test_changing_an_early_answer_keeps_the_later_ones(client, walk, say):
    response = client.get(f"{walk}?slip=DELIVRD")
    assert heading(response) == say(SEEN)
    assert '<input type="hidden" name="slip" value="DELIVRD">' in text_of(response)


def test_the_form_goes_on_to_an_address_without_its_own_parameter(client, walk):
    response = client.get(f"{walk}?seen=van&_continue=seen")
    assert (response.status_code, response["Location"]) == (302, f"{walk}?seen=van")


def test_going_on_without_an_answer_is_an_error_that_leads_to_the_field(client, walk, say):
    response = client.get(f"{walk}?_continue=seen")
    assert say("There is a problem") in text_of(response)
    assert '<a href="#choice-1"' in text_of(response)
    assert 'id="choice-1"' in text_of(response)
    title = re.search(r"<title>(.*) – .* – .*</title>", text_of(response))[1]
    assert title == say("Error: %(heading)s", heading=say(SEEN))


def test_an_outcome_says_what_how_sure_who_when_and_what_then(client, walk, say):
    page = text_of(client.get(f"{walk}?seen=shop"))
    for words in (
        say("It waits to be packed"),
        render(say("The shop has not packed it *yet*.")),
        say("Most likely") + say(". "),
        say("You saw it on the shelf."),
        say("The admin of the sending account"),
        render(say("Pack it.")),
        say("A box."),
        say("5 minutes"),
        say("Not before"),
        say("Ring the shop."),
        say("It is not packed tomorrow."),
        say("the order number"),
        say("stopped here"),
    ):
        assert words in page


def test_an_outcome_without_steps_says_why_none_is_needed(client, walk, say):
    assert say("There is nothing for you to do.") in text_of(client.get(f"{walk}?seen=dont-know"))


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ("yes", "Good, it works again"),
        ("no", SLIP),
        ("cannot", "Ask someone who can do this step"),
    ],
)
def test_feedback_leads_on(client, walk, say, feedback, words):
    assert heading(client.get(f"{walk}?seen=shop&packed={feedback}")) == say(words)


def test_still_failing_without_a_further_question_ends_in_a_hand_over(client, walk, say):
    response = client.get(f"{walk}?seen=dont-know&ask=no")
    assert heading(response) == say("Let customer service take over")
    assert say("Result: %(title)s", title=say("Somebody has to look")) in text_of(response)


def test_back_leads_to_the_question_before_with_its_answer_open(client, walk, site):
    page = text_of(client.get(f"{walk}?seen=van&slip=DELIVRD"))
    assert f'<a class="back" href="{walk}?seen=van">' in page
    assert f'<a class="back" href="{site}/">' in text_of(client.get(walk))


def test_what_agents_alone_may_read_is_on_no_page_of_the_walk(client, walk):
    for query in (
        "",
        "?seen=shop",
        "?seen=van",
        "?seen=van&slip=DELIVRD",
        "?seen=dont-know&ask=no",
    ):
        page = text_of(client.get(walk + query))
        assert "SECRET-AGENT-NOTE" not in page
        assert "SECRET-REPLY" not in page


# --- codes typed into a question ------------------------------------------------------------------


def test_a_typed_code_becomes_part_of_the_address_only_if_the_catalogue_has_it(client, walk):
    response = client.post(f"{walk}?seen=van", {"code": " delivrd "})
    assert response["Location"] == f"{walk}?seen=van&slip=DELIVRD"


def test_a_code_of_a_family_leads_where_the_family_leads(client, walk, say):
    response = client.post(f"{walk}?seen=van", {"code": "mk:0017"}, follow=True)
    assert say("About %(typed)s", typed="MK:0017") in text_of(response)
    assert say("The van says so.") in text_of(response)


def test_an_unknown_code_is_an_error_with_a_way_on_and_is_recorded(client, walk, site, say):
    response = client.post(f"{walk}?seen=van", {"code": "ZZ:0001"})
    assert say("We do not know this code yet. Check how it is spelt") in text_of(response)
    assert f'href="{site}/codes/ZZ:0001/"' in text_of(response)
    assert UnknownCode.objects.get().code == "ZZ:0001"


def test_a_code_of_the_other_list_is_named_as_such(client, walk, site, say):
    response = client.post(f"{walk}?seen=van", {"code": "E000101"})
    assert say("This code is known, but it belongs to another list") in text_of(response)
    assert f'href="{site}/codes/E000101/"' in text_of(response)


@pytest.mark.parametrize("typed", ["+8613812345678", "13812345678", "me@example.com", "<b>x</b>"])
def test_nothing_personal_is_ever_recorded_or_put_into_an_address(client, walk, typed):
    response = client.post(f"{walk}?seen=van", {"code": typed})
    assert response.status_code == 200
    assert not UnknownCode.objects.exists()
    assert f"/codes/{typed}" not in text_of(response)


def test_a_code_question_can_be_answered_without_a_code(client, walk):
    response = client.post(f"{walk}?seen=van", {"slip": "no-code"})
    assert response["Location"] == f"{walk}?seen=van&slip=no-code"


def test_sending_neither_code_nor_answer_is_an_error(client, walk, say):
    response = client.post(f"{walk}?seen=van", {})
    assert say("Type the code, or choose an answer to go on") in text_of(response)
    assert '<a href="#code"' in text_of(response)


# --- old links and bad input ----------------------------------------------------------------------


def test_an_old_link_lands_on_the_furthest_valid_question_with_a_notice(client, walk, say):
    changed = copy.deepcopy(IN_BOTH_LANGUAGES)
    changed["questions"][0]["answers"][1]["key"] = "truck"
    publish(changed)
    response = client.get(f"{walk}?seen=van&slip=DELIVRD&gone=1")
    assert heading(response) == say(SEEN)
    old = "The answers to “%(question)s” have changed since this link was made: choose again."
    assert say(old, question=say(SEEN)) in text_of(response)
    rest = (
        "Part of this link does not fit the guide as it is now, so we left it out. "
        "Your other answers are kept."
    )
    assert say(rest) in text_of(response)
    assert 'name="slip" value="DELIVRD"' in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "seen=van&seen=shop&seen=van",
        "&".join(f"k{n}=v{n}" for n in range(10_000)),
        "seen=" + "x" * 1_000_000,
        "seen=%00%ff%fe&%00=%00",
        "seen=<script>alert(1)</script>&<script>=<script>",
        "=&=&&&===",
        "seen[]=van&seen.van=1",
        "_continue=<script>&seen=van",
        "seen=%ED%A0%80",
        "%",
        "seen=?",
    ],
)
def test_whatever_stands_in_the_address_a_page_comes_back_and_nothing_of_it_runs(
    client, walk, say, query
):
    response = client.get(f"{walk}?{query}", follow=True)
    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)
    assert heading(response) in (say(SEEN), say(SLIP))


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    query=st.text(max_size=300), posted=st.dictionaries(st.text(max_size=20), st.text(max_size=80))
)
def test_no_address_and_no_form_is_ever_a_server_error(client, walk, query, posted):
    address = f"{walk}?{quote(query, safe='=&<>?+')}"
    assert client.get(address).status_code < 500
    assert client.post(address, {**posted, "code": query}).status_code < 500


def test_an_unknown_guide_is_a_page_that_leads_on(client, site, say):
    response = client.get(f"{site}/guides/nothing/")
    assert response.status_code == 404
    assert say("Go to the start page") in text_of(response)


def test_author_markup_is_never_run(client, site):
    changed = copy.deepcopy(IN_BOTH_LANGUAGES)
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"
    for question in changed["questions"]:
        question |= {"why": evil, "help": evil, "text": question["text"] + evil}
        for answer in question["answers"]:
            answer |= {"label": evil, "hint": evil}
    for outcome in changed["outcomes"]:
        outcome |= {"title": evil, "happened": evil, "certainty_note": evil, "come_back": evil}
    for code in changed["codes"]:
        code |= {"meaning": evil, "causes": [evil], "steps": [evil]}
    publish(changed)
    for path in (
        "/",
        "/guides/toy/",
        "/guides/toy/?seen=shop",
        "/guides/toy/?seen=van&slip=DELIVRD",
        "/codes/",
    ):
        page = text_of(client.get(f"{site}{path}"))
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page


# --- caching --------------------------------------------------------------------------------------


def test_a_page_is_answered_304_to_those_who_have_it(client, walk):
    first = client.get(f"{walk}?seen=van")
    again = client.get(f"{walk}?seen=van", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_new_publication_changes_the_page_and_its_etag(client, walk):
    first = client.get(walk)
    changed = copy.deepcopy(IN_BOTH_LANGUAGES)
    changed["questions"][0]["text"] = "Where is it?"
    publish(changed)
    again = client.get(walk, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert heading(again) == "Where is it?"


@pytest.mark.parametrize(
    ("language", "vary"),
    [("en", "HX-Request, Accept-Language"), ("zh-hans", "HX-Request")],
    indirect=["language"],
)
def test_page_and_fragment_are_told_apart_by_proxies(client, walk, vary):
    page, fragment = client.get(walk), client.get(walk, headers={"hx-request": "true"})
    assert page["Vary"] == fragment["Vary"] == vary
    assert "<!doctype html>" in text_of(page)
    assert text_of(fragment).startswith("<title>")
    assert page["ETag"] != fragment["ETag"]


def test_walk_pages_set_no_cookie_and_depend_on_none(client, site):
    for path in ("/guides/toy/", "/guides/toy/?seen=shop", "/", "/codes/", "/codes/DELIVRD/"):
        response = client.get(f"{site}{path}")
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Monday 23 November, 11:05 UTC", "Monday 23 November, 11:10 UTC"),
        ("zh-hans", "11月23日 星期一 11:05 UTC", "11月23日 星期一 11:10 UTC"),
    ],
    indirect=["language"],
)
def test_the_time_to_come_back_moves_on_with_the_clock(client, walk, early, late, monkeypatch):
    moments = [datetime(2026, 11, 23, 10, 2, tzinfo=UTC), datetime(2026, 11, 23, 10, 7, tzinfo=UTC)]
    pages = []
    for moment in moments:
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        monkeypatch.setattr("time.time", lambda moment=moment: moment.timestamp())
        pages.append(text_of(client.get(f"{walk}?seen=shop")))
    assert early in pages[0]
    assert late in pages[1]
