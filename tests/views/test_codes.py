"""The pages of the catalogue."""

import pytest

from tests.support.guides import CALLS, publish
from wizard.authoring import publishing
from wizard.models import Code, UnknownCode

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guide():
    return publish()


def page_of(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_code_has_a_permanent_page_with_meaning_causes_steps_and_start(client):
    page = page_of(client, "/codes/DELIVRD/")
    for words in (
        "It was handed over.",
        "The door was open",
        "Look behind the door.",
        "The person waiting for the SMS",
        "Start here",
        'href="/guides/toy/?at=ask&amp;_from=DELIVRD"',
        "Checked on",
        "23 November 2026",
    ):
        assert words in page


def test_start_here_leads_to_the_place_that_the_code_leads_to(client):
    response = client.get("/guides/toy/?at=ask&_from=DELIVRD")
    assert "Somebody has to look" in response.content.decode()


def test_a_code_is_found_in_any_case(client):
    assert "It was handed over." in page_of(client, "/codes/delivrd/")


def test_a_code_that_is_not_listed_falls_to_its_family_and_says_so(client):
    page = page_of(client, "/codes/MK:0001/")
    assert "We do not list MK:0001 itself" in page
    assert "The van says so." in page
    assert '_from=MK:0001"' in page


@pytest.mark.parametrize("address", ["/codes/MK:/", "/codes/mk:*/"])
def test_a_family_has_a_page_of_its_own(client, address):
    page = page_of(client, address)
    assert "The van says so." in page
    assert "We do not list" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("E000999", "the request itself was refused"),
        ("E299999", "By its form it is a status"),
        ("QQ:0001", "By its form it comes from a carrier"),
        ("hello world", "This does not look like a code"),
    ],
)
def test_an_unknown_code_gets_an_honest_page_by_its_form_that_leads_on(client, code, words):
    page = page_of(client, f"/codes/{code}/", 404)
    assert words in page
    assert 'href="/guides/toy/"' in page


def test_only_what_has_the_form_of_a_code_is_recorded(client):
    for code in ("E000999", "hello world", "13812345678", "+8613812345678", "<b>"):
        page_of(client, f"/codes/{code}/", 404)
    assert [row.code for row in UnknownCode.objects.all()] == ["E000999"]


def test_the_list_shows_every_code_once(client):
    page = page_of(client, "/codes/")
    assert page.count('class="codes__code"') == 3
    assert "3 codes." in page


@pytest.mark.parametrize(
    ("words", "found"), [("deliv", "DELIVRD"), ("handed OVER", "DELIVRD"), ("van", "MK:*")]
)
def test_codes_are_found_by_their_beginning_and_by_words(client, words, found):
    page = client.post("/codes/", {"words": words}, follow=True).content.decode()
    assert "1 code fits" in page
    assert f">{found}</a>" in page


def test_what_is_searched_for_has_an_address(client):
    page = page_of(client, "/codes/?words=handed+OVER")
    assert "1 code fits" in page
    assert 'value="handed OVER"' in page


def test_a_search_without_result_says_so_and_leads_on(client):
    page = client.get("/codes/?words=%3Cb%3Enothing").content.decode()
    assert "0 codes fit “&lt;b&gt;nothing”" in page
    assert "Try the box" in page


def test_breaking_a_codes_link_is_refused_at_publication():
    code = Code.objects.get(code="DELIVRD")
    code.to_outcome = None
    code.save()
    with pytest.raises(publishing.NotPublishable) as refused:
        publishing.publish(code.guide, by=None)
    assert [problem.name for problem in refused.value.problems] == ["code-no-target"]


# --- a code that several guides list --------------------------------------------------------------


@pytest.fixture
def calls(guide):
    """A second guide, published."""
    return publish(CALLS)


def test_a_code_that_two_guides_list_has_one_entry_with_the_way_of_the_one_that_fits(client, calls):
    response = client.get("/codes/E000101/")
    [entry] = response.context["entries"]
    assert entry.start_url == "/guides/calls/?at=ring&_from=E000101"
    assert entry.also == (("My parcel did not arrive", "/guides/toy/?at=packed&_from=E000101"),)
    assert 'href="/guides/toy/?at=packed&amp;_from=E000101"' in response.content.decode()


def test_the_list_shows_a_code_of_two_guides_once(client, calls):
    assert page_of(client, "/codes/").count(">E000101</a>") == 1


def test_a_code_itself_counts_more_than_its_family_in_a_guide_that_fits_better(client, guide):
    publish({**CALLS, "codes": CALLS["codes"][1:]})
    [entry] = client.get("/codes/E000101/").context["entries"]
    assert entry.row.code == "E000101"
    assert entry.start_url.startswith("/guides/toy/")


def test_an_unknown_code_leads_first_to_the_guide_that_fits_its_form(client, guide):
    publish({**CALLS, "codes": CALLS["codes"][:1]})
    ways = client.get("/codes/E000999/").context["ways_on"]
    assert [url for _, url in ways] == ["/guides/calls/", "/guides/toy/"]
    ways = client.get("/codes/QQ:0001/").context["ways_on"]
    assert [url for _, url in ways] == ["/guides/toy/", "/guides/calls/"]
