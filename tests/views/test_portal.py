"""The home page, its box, and what it says it understood."""

import pytest

from tests.support.guides import CALLS, publish
from wizard.models import Case, UnansweredSearch, UnknownCode

pytestmark = pytest.mark.django_db

RESPONSE = (
    '{"code":"E000510","description":"SMS fail","result":[{"originTo":"+8613812345678",'
    '"createTime":"2026-11-23T09:00:00Z","smsMsgId":"4b4b34e7-1a9e-42ac-b309-d10997148905_85496076",'
    '"status":"E200030"}]}'
)
REPORT = (
    "sequence=1&total=1&updateTime=2026-11-23T09%3A31%3A46Z&source=2"
    "&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD&extend=a&to=%2B8613812345678"
)


@pytest.fixture
def guide():
    return publish()


def say(client, text: str) -> str:
    response = client.post("/", {"text": text})
    assert response.status_code == 200
    return response.content.decode()


def test_the_home_page_offers_the_box_and_the_first_answers_of_each_guide(client, guide):
    page = client.get("/").content.decode()
    assert '<form class="box" action="/" method="post"' in page
    assert "My parcel did not arrive" in page
    assert 'href="/guides/toy/?seen=van"' in page


def test_a_site_without_a_guide_says_so(client):
    assert "No guide is published yet" in client.get("/").content.decode()


def test_an_empty_box_is_asked_for_again(client, guide):
    page = say(client, "   \n")
    assert "Type or paste something first" in page
    assert "<title>Error" in page


def test_a_code_is_said_back_with_its_meaning_and_where_to_start(client, guide):
    page = say(client, "delivrd")
    assert '<h1 tabindex="-1" data-focus>Code DELIVRD</h1>' in page
    assert "It was handed over." in page
    assert 'href="/guides/toy/?seen=van&amp;slip=DELIVRD"' in page


def test_a_pasted_answer_names_its_code_and_the_number_masked(client, guide):
    page = say(client, RESPONSE)
    assert "Code E200030 for +86 138****5678" in page
    assert "13812345678" not in page


def test_a_pasted_report_is_understood(client, guide):
    page = say(client, REPORT)
    assert "Code DELIVRD for +86 138****5678" in page
    assert "a status report" in page


def test_nothing_that_was_pasted_is_kept_by_a_cache_or_stands_in_a_link(client, guide):
    response = client.post("/", {"text": RESPONSE})
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    for link in page.split('href="')[1:]:
        assert "138" not in link.split('"')[0]
        assert "4b4b34e7" not in link.split('"')[0]


def test_an_unknown_code_is_recorded_and_leads_on(client, guide):
    page = say(client, "E000999")
    assert "E000999 is not in our list yet" in page
    assert 'href="/codes/E000999/"' in page
    assert UnknownCode.objects.get().code == "E000999"


def test_the_same_unknown_code_is_counted_not_repeated(client, guide):
    say(client, "E000999")
    say(client, "e000999")
    assert UnknownCode.objects.get().times == 2


def test_no_more_unknown_codes_are_kept_than_allowed(client, guide, settings):
    settings.UNKNOWN_CODES_KEPT = 2
    for code in ("E000991", "E000992", "E000993"):
        say(client, code)
    assert UnknownCode.objects.count() == 2


def test_a_symptom_in_words_leads_to_outcomes_that_speak_of_it(client, guide):
    page = say(client, "it still waits to be packed, I think")
    assert "It may be one of these" in page
    assert "It waits to be packed" in page


def test_words_that_fit_nothing_lead_to_the_guide(client, guide):
    page = say(client, "qwertz uiop")
    assert "We found no code in that" in page
    assert 'href="/guides/toy/"' in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\x00\x01\x02" * 100,
        "{" * 100_000,
        "x" * 1_000_000,
        '{"code": ["<b>"], "result": {"a": 1}}',
        "E000101" * 5_000,
        "\ud800",
        "+8613812345678 " * 1000,
    ],
)
def test_whatever_is_pasted_a_page_comes_back_and_nothing_of_it_runs(client, guide, text):
    sent = text.encode("utf-8", "surrogatepass")
    response = client.post("/", b"text=" + sent, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_ten_thousand_fields_are_refused_with_a_page_not_an_error(client, guide):
    response = client.post("/", {f"k{n}": "v" for n in range(10_000)})
    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()


def test_healthz_says_when_no_guide_is_published(client):
    assert client.get("/healthz").status_code == 503


def test_healthz_is_well_once_a_guide_is_published(client, guide):
    assert client.get("/healthz").status_code == 200


def test_healthz_says_which_version_runs_well_or_not(client, settings):
    settings.VERSION = "7.8.9"
    assert client.get("/healthz").content.decode().splitlines() == [
        "no guide is published",
        "version 7.8.9",
    ]


@pytest.mark.parametrize(("path", "words"), [("/", "Version 7.8.9"), ("/zh-hans/", "版本 7.8.9")])
def test_the_foot_of_a_page_says_which_version_made_it(client, settings, path, words):
    settings.VERSION = "7.8.9"
    assert words in client.get(path).content.decode()


def test_words_that_lead_nowhere_are_listed_for_the_authors_and_others_are_not(client, guide):
    for text in ("pigeon post", "it still waits to be packed", "ZZ:0001", "+8613812345678"):
        say(client, text)
    assert [row.words for row in UnansweredSearch.objects.all()] == ["pigeon post"]


# --- and on to a case -----------------------------------------------------------------------------


def sealed(page: str) -> str:
    return page.partition('name="understood" value="')[2].partition('"')[0]


def test_what_was_understood_goes_on_into_a_case_without_the_text(client, guide):
    page = say(client, RESPONSE)
    assert "13812345678" not in page
    case = client.post("/cases/", {"understood": sealed(page)}, follow=True)
    assert case.redirect_chain
    kept = Case.objects.get()
    assert kept.message_id == "4b4b34e7-1a9e-42ac-b309-d10997148905_85496076"
    assert kept.recipient_masked == "+86 138****5678"
    assert "E200030" in case.content.decode()


def test_a_broken_seal_opens_nothing(client, guide):
    broken = sealed(say(client, RESPONSE))[:-1] + "?"
    assert client.post("/cases/", {"understood": broken}).url == "/"
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", ["E200030", "+8613812345678", "my phone is dead", ""])
def test_a_case_is_offered_only_for_what_is_about_one_message(client, guide, text):
    assert sealed(say(client, text)) == ""


# --- several guides -------------------------------------------------------------------------------

REFUSED = '{"code":"E000101","description":"Authentication failed."}'


@pytest.fixture
def guides(guide):
    """Two guides, in the order in which they were published."""
    return [guide, publish(CALLS)]


def test_every_guide_has_a_door_in_the_order_of_the_home_page(client, guides):
    doors = client.get("/").context["doors"]
    assert [door.url for door in doors] == ["/guides/toy/", "/guides/calls/"]


@pytest.mark.parametrize(
    ("text", "first"),
    [(REFUSED, "/guides/calls/"), (REPORT, "/guides/toy/"), ("qwe", "/guides/toy/")],
)
def test_the_guide_that_fits_what_was_pasted_comes_first(client, guides, text, first):
    ways = client.post("/", {"text": text}).context["page"].ways_on
    assert ways[0].url.startswith(first)
    assert len(ways) == 2


@pytest.mark.parametrize(("text", "publication"), [(REFUSED, 1), (REPORT, 0), (RESPONSE, 1)])
def test_a_case_is_opened_in_the_guide_that_fits_best(client, guides, text, publication):
    client.post("/cases/", {"text": text})
    assert Case.objects.get().publication == guides[publication]


def test_outcomes_found_by_words_name_their_guide_where_there_are_several(client, guides):
    match, *_others = client.post("/", {"text": "the bell has to ring"}).context["page"].matches
    assert match.guide_title == "The shop does not answer"


def test_with_one_guide_an_outcome_found_by_words_stands_alone(client, guide):
    page = client.post("/", {"text": "it still waits to be packed, I think"}).context["page"]
    assert {match.guide_title for match in page.matches} == {""}
