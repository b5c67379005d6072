"""The home page, its box, and what it says it understood."""

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from tests.support.guides import CALLS, DOCUMENT, publish
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
    response = client.post("/", {"text": text}, follow=True)
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
    assert 'href="/guides/toy/?at=ask&amp;_from=DELIVRD"' in page


def test_a_pasted_answer_names_its_code_and_the_number_masked(client, guide):
    page = say(client, RESPONSE)
    assert "Code E200030 for +86 138****5678" in page
    assert "13812345678" not in page


def test_a_pasted_report_is_understood(client, guide):
    page = say(client, REPORT)
    assert "Code DELIVRD for +86 138****5678" in page
    assert "What it is" not in page


def test_nothing_that_was_pasted_is_kept_by_a_cache_or_stands_in_a_link(client, guide):
    response = client.post("/", {"text": RESPONSE}, follow=True)
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    for link in [*page.split('href="')[1:], response.redirect_chain[-1][0]]:
        assert "13812345678" not in link.split('"')[0]
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
    assert "What we found for “it still waits to be packed, I think”" in page
    assert "It waits to be packed" in page


def test_words_that_fit_nothing_lead_to_the_guide(client, guide):
    page = say(client, "qwertz uiop")
    assert "We found nothing that fits" in page
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
    form = "application/x-www-form-urlencoded"
    response = client.post("/", b"text=" + sent, content_type=form, follow=True)
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
    ways = client.post("/", {"text": text}, follow=True).context["page"].ways_on
    assert ways[0].url.startswith(first)


@pytest.mark.parametrize(("text", "publication"), [(REFUSED, 1), (REPORT, 0), (RESPONSE, 1)])
def test_a_case_is_opened_in_the_guide_that_fits_best(client, guides, text, publication):
    client.post("/cases/", {"text": text})
    assert Case.objects.get().publication == guides[publication]


def test_outcomes_found_by_words_name_their_guide_where_there_are_several(client, guides):
    match, *_others = client.get("/?q=the+bell+has+to+ring").context["page"].matches
    assert match.guide_title == "The shop does not answer"


def test_with_one_guide_an_outcome_found_by_words_stands_alone(client, guide):
    page = client.get("/?q=it+still+waits+to+be+packed").context["page"]
    assert {match.guide_title for match in page.matches} == {""}


# --- two doors ------------------------------------------------------------------------------------


def test_two_doors_stand_before_the_box_and_the_guides(client, guide):
    page = client.get("/").content.decode()
    places = [
        page.index(words)
        for words in ("I am waiting for an SMS", "I send SMS", 'class="box"', 'class="door"')
    ]
    assert places == sorted(places)


def test_whoever_waits_begins_at_the_answer_that_says_so_and_senders_are_not_asked_it(client):
    start = {
        **DOCUMENT["questions"][0],
        "answers": [
            *DOCUMENT["questions"][0]["answers"],
            {"key": "recipient", "label": "It is for me", "to": "ask"},
        ],
    }
    publish({**DOCUMENT, "questions": [start, *DOCUMENT["questions"][1:]]})
    response = client.get("/")
    assert response.context["waiting_url"] == "/guides/toy/?seen=recipient"
    assert "It is for me" not in response.content.decode()


# --- what was understood has an address -----------------------------------------------------------


def address_after(client, text: str) -> str:
    response = client.post("/", {"text": text})
    assert response.status_code == 302
    return response.url


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("delivrd", "/?q=delivrd"),
        (" the code does not come ", "/?q=the+code+does+not+come"),
        ("我没收到验证码", "/?q=%E6%88%91%E6%B2%A1%E6%94%B6%E5%88%B0%E9%AA%8C%E8%AF%81%E7%A0%81"),
    ],
)
def test_words_that_are_not_personal_stand_in_the_address(client, guide, text, address):
    assert address_after(client, text) == address


@pytest.mark.parametrize(
    "text",
    [
        "+8613812345678",
        "my number 138 1234 5678 gets no code",
        "me@example.com gets nothing",
        RESPONSE,
        REPORT,
        "two\nlines of words",
    ],
)
def test_what_is_personal_or_pasted_stands_encrypted_in_the_address(client, guide, text):
    address = address_after(client, text)
    assert address.startswith("/?read=")
    token = address.removeprefix("/?read=").replace("%3D", "=")
    opened = urlsafe_b64decode(token + "==")
    assert b"1381" not in opened
    assert b"example.com" not in opened
    assert client.get(address)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("text", ["delivrd", RESPONSE, REPORT, "packed it", "+8613812345678"])
def test_what_was_understood_survives_reload_and_change_of_language(client, guide, text):
    address = address_after(client, text)
    first, again = client.get(address), client.get(address)
    assert first.context["page"].heading == again.context["page"].heading
    chinese = client.get("/zh-hans" + address)
    assert chinese.templates[0].name == "portal/understood.html"
    assert f'href="/zh-hans{address}"'.replace("&", "&amp;") in first.content.decode()


def test_an_address_of_what_was_understood_keeps_nothing_and_sets_no_cookie(client, guide):
    for address in (address_after(client, REPORT), "/?q=E000999", "/?q=packed"):
        assert not client.get(address).cookies
    assert not UnknownCode.objects.exists()


def test_a_number_in_the_address_is_led_out_of_it(client, guide):
    assert client.get("/?q=%2B8613812345678").url.startswith("/?read=")


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "é" * 9, "A" * 20_000])
def test_a_token_that_is_old_or_made_up_asks_to_paste_again(client, guide, token):
    page = client.get("/", {"read": token}).content.decode()
    assert "Paste it again" in page
    assert 'id="text"' in page


def test_what_was_pasted_is_forgotten_after_an_hour(client, guide):
    now = datetime.now(UTC)
    with mock.patch("time.time", return_value=(now - timedelta(minutes=61)).timestamp()):
        address = address_after(client, RESPONSE)
    assert "Paste it again" in client.get(address).content.decode()


# --- one button, and honest words -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["delivrd", RESPONSE, REPORT, "E000999", "DELIVRED", "packed", "qwertz", "+8613812345678"],
)
def test_the_page_has_at_most_one_button_that_stands_out(client, guide, text):
    publish(CALLS)
    page = say(client, text)
    assert page.count('class="button"') <= 1


def test_a_number_alone_is_no_dead_end(client, guide):
    page = say(client, "+8613812345678")
    assert "A number alone tells us nothing" in page
    assert "I am waiting for an SMS on this number" in page


def test_a_result_begins_there_and_knows_the_words_it_was_found_by(client, guide):
    match, *_others = client.get("/?q=waits+to+be+packed").context["page"].matches
    assert match.url == "/guides/toy/?at=packed&_by=waits+to+be+packed"


# --- did you mean ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["DELIVRED", "DELIVRDD", "delvird", "E00101", "E0001O1", "EOOO1O1", "E 000101", "E000110"],
)
def test_a_mistyped_code_is_answered_with_the_one_that_is_near(client, guide, typed):
    code = "E000101" if "1" in typed else "DELIVRD"
    page = client.post("/", {"text": typed}, follow=True).context["page"]
    assert page.heading == f"Did you mean {code}?"
    assert [one.code for one in page.near] == [code]


@pytest.mark.parametrize(
    "typed", ["E000101", "E000909", "MK:0017", "delivered", "time out", "MK:9"]
)
def test_what_is_a_code_or_none_at_all_is_not_corrected(client, guide, typed):
    page = client.post("/", {"text": typed}, follow=True).context["page"]
    assert not page.near


# --- texts of other providers ---------------------------------------------------------------------

TWILIO = (
    '{"sid": "SM0123456789abcdef0123456789abcdef", "status": "undelivered", "error_code": 30003,'
    ' "to": "+14155550123", "account_sid": "AC0123456789abcdef0123456789abcdef"}'
)


def test_a_text_of_another_provider_is_named_with_its_code_and_gets_no_advice(client, guide):
    page = say(client, TWILIO)
    assert "This is a text of Twilio" in page
    assert "30003" in page
    assert "The phone was off or out of range." in page
    main = page.partition("<main")[2].partition("</main>")[0]
    for words in ("/codes/", "Look it up", "Start here", "_from="):
        assert words not in main
    assert not UnknownCode.objects.exists()
