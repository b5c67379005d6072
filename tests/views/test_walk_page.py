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
    assert f'<a href="{walk}?seen=van&amp;_change=seen">{say("Change")}' in text_of(response)


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


# --- a jump is not an answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "came", "code"),
    [
        ("at=ask", "You came here from a search.", ""),
        ("at=ask&_by=a+bell", "You came here from a search.", ""),
        ("at=ask&_from=text", "You came here from what you pasted.", ""),
        ("at=ask&_from=delivrd", "You came here from the code %(code)s.", "DELIVRD"),
        ("at=ask&_from=MK:0017", "You came here from the code %(code)s.", "MK:0017"),
        ("at=ask&_from=E000101", "You came here from a search.", ""),
        ("at=ask&_from=Buy+at+evil.example", "You came here from a search.", ""),
    ],
)
def test_who_begins_in_the_middle_is_told_so_and_has_answered_nothing(
    client, walk, say, query, came, code
):
    response = client.get(f"{walk}?{query}")
    page = text_of(response)
    assert heading(response) == say("Somebody has to look")
    assert response.context["page"].came == (say(came, code=code) if code else say(came))
    assert response.context["page"].rows == ()
    assert 'id="answers-heading"' not in page
    assert say("You told us:") not in page
    assert "evil" not in page.partition("<main")[2]


def test_a_jump_from_a_code_says_what_the_code_means(client, walk, say):
    page = text_of(client.get(f"{walk}?at=ask&_from=DELIVRD"))
    assert say("About %(typed)s", typed="DELIVRD") in page
    assert say("It was handed over.") in page


@pytest.mark.parametrize(
    ("query", "before"),
    [
        ("at=ask", "/"),
        ("at=ask&_by=a+bell", "/?q=a+bell"),
        ("at=ask&_from=text", "/"),
        ("at=ask&_from=DELIVRD", "/codes/DELIVRD/"),
        ("at=slip&slip=DELIVRD", "/guides/toy/?at=slip"),
        ("at=packed&_by=a&packed=no", "/guides/toy/?at=packed&amp;_by=a"),
    ],
)
def test_back_leads_to_where_somebody_came_from(client, walk, site, query, before):
    assert f'<a class="back" href="{site}{before}">' in text_of(client.get(f"{walk}?{query}"))


def test_answers_after_a_jump_stand_beside_it_and_start_again_leaves_both(client, walk, say):
    response = client.post(f"{walk}?at=slip&_by=a", {"code": "DELIVRD"})
    assert response.url == f"{walk}?at=slip&_by=a&slip=DELIVRD"
    page = client.get(response.url).context["page"]
    assert [row.key for row in page.rows] == ["slip"]
    assert page.start_url == walk
    form = text_of(client.get(f"{walk}?at=packed&_by=a"))
    assert '<input type="hidden" name="at" value="packed">' in form
    assert '<input type="hidden" name="_by" value="a">' in form
    assert (
        client.get(f"{walk}?at=packed&packed=no&_continue=x").url == f"{walk}?at=packed&packed=no"
    )


@pytest.mark.parametrize("query", ["at=gone", "at=%3Cb%3E", "at=gone&_from=DELIVRD&_by=x"])
def test_a_jump_to_what_the_guide_lacks_begins_at_its_start_and_says_so(client, walk, say, query):
    response = client.get(f"{walk}?{query}")
    assert heading(response) == say(SEEN)
    assert "at=gone" not in response.context["page"].url
    assert response.context["page"].notices


def test_a_jump_to_the_start_is_none(client, walk):
    page = client.get(f"{walk}?at=seen&_by=x").context["page"]
    assert (page.came, page.url) == ("", walk)


def test_a_jump_is_answered_304_to_those_who_have_it(client, walk):
    address = f"{walk}?at=ask&_from=DELIVRD"
    first = client.get(address)
    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


# --- changing an answer ---------------------------------------------------------------------------


def test_change_shows_the_answer_that_was_given(client, walk, say):
    response = client.get(f"{walk}?seen=van&slip=DELIVRD&_change=seen")
    assert heading(response) == say(SEEN)
    before = re.search(r'value="van" id="choice-\d" aria-describedby="before', text_of(response))
    assert before
    assert text_of(response).count(say("Your answer until now")) == 1
    assert " checked" not in text_of(response)
    assert f'<a class="back" href="{walk}?slip=DELIVRD&amp;seen=van">' in text_of(response)


def test_the_later_answers_are_still_listed_while_an_earlier_one_is_changed(client, walk, say):
    page = client.get(f"{walk}?seen=van&slip=DELIVRD&_change=seen").context["page"]
    assert [(row.key, row.answer) for row in page.kept] == [("slip", "DELIVRD")]
    assert page.hidden == {"slip": "DELIVRD"}


def test_change_shows_the_code_that_was_typed(client, walk):
    page = text_of(client.get(f"{walk}?seen=van&slip=DELIVRD&_change=slip"))
    assert 'name="code" value="DELIVRD"' in page


@pytest.mark.parametrize(
    "query", ["seen=van&slip=DELIVRD&_change=gone", "_change=seen", "_change="]
)
def test_a_change_of_nothing_is_an_ordinary_page(client, walk, query):
    assert client.get(f"{walk}?{query}", follow=True).status_code == 200


# --- what is typed into a code question -----------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        "smsMsgId=4b4b34e7-1a9e-42ac-b309-d10997148905_1&status=DELIVRD&source=2&to=8613812345678",
        '{"status": "DELIVRD", "smsMsgId": "4b4b34e7-1a9e-42ac-b309-d10997148905_1"}',
        "the report says DELIVRD",
    ],
)
def test_a_code_question_takes_what_the_box_takes(client, walk, pasted):
    response = client.post(f"{walk}?seen=van", {"code": pasted})
    assert response.url == f"{walk}?seen=van&slip=DELIVRD"


def test_a_mistyped_code_is_offered_as_the_one_that_is_near(client, walk, say):
    response = client.post(f"{walk}?seen=van", {"code": "DELIVRED"})
    page = text_of(response)
    assert response.context["page"].near == ("DELIVRD",)
    assert 'name="code" value="DELIVRED"' in page
    assert 'type="radio" name="slip" value="DELIVRD"' in page
    chosen = client.post(f"{walk}?seen=van", {"code": "DELIVRED", "slip": "DELIVRD"})
    assert chosen.url == f"{walk}?seen=van&slip=DELIVRD"


# --- who reads it ---------------------------------------------------------------------------------


def publish_with_a_reader():
    """The toy guide, in which somebody may say that the parcel's shop is theirs."""
    document = copy.deepcopy(IN_BOTH_LANGUAGES)
    seen = document["questions"][0]
    seen["answers"].append({"key": "admin", "label": "In the shop", "to": "mine"})
    mine = {"key": "dont-know", "label": "I don't know", "unsure": True, "to": "packed"}
    shelf = {"key": "shop", "label": "On the shelf", "to": "packed"}
    document["questions"].append({**seen, "key": "mine", "answers": [shelf, mine]})
    publish(document)


@pytest.mark.parametrize(
    ("query", "you"),
    [
        ("seen=admin&mine=dont-know", True),
        ("at=mine&mine=dont-know", True),
        ("seen=shop", False),
        ("at=packed", False),
    ],
)
def test_an_outcome_says_you_to_a_reader_who_is_known(client, walk, say, query, you):
    publish_with_a_reader()
    page = client.get(f"{walk}?{query}").context["page"]
    words = say("You") if you else say("The admin of the sending account")
    assert page.next_actor == words
    assert page.steps[0].tag == (say("You") if you else say("Account admin"))
