"""The pages of codes that no guide lists itself: by their carriers, and one by one."""

import re

import pytest

from tests.support import shipped
from tests.support.guides import DOCUMENT
from wizard.authoring import libraries, loading, publishing
from wizard.pasted.reader import read
from wizard.pasted.reading import TextKind
from wizard.published import catalogue
from wizard.published.live import live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guide():
    return shipped.published()


def page_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_names_the_carriers_and_not_their_thousands_of_codes(client):
    page = page_of(client, "/codes/")
    assert 'href="/codes/?carrier=china-mobile"' in page
    assert page.count('class="codes__code"') < 400


def test_the_codes_of_a_carrier_stand_by_their_causes_with_links_to_each(client):
    page = page_of(client, "/codes/?carrier=china-telecom")
    jumps = re.findall(r'href="#(cause-[a-z-]+)"', page)
    assert len(jumps) > 5
    assert all(f'id="{jump}"' in page for jump in jumps)
    assert '<a class="codes__code" href="/codes/UNDELIVS601S/">UNDELIVS601S</a>' in page
    assert "MB:1040" not in page


@pytest.mark.parametrize("carrier", ["nobody", "<script>", ""])
def test_a_carrier_that_is_none_shows_the_list(client, carrier):
    page = page_of(client, f"/codes/?carrier={carrier}")
    assert 'href="/codes/?carrier=china-mobile"' in page


def test_each_page_of_a_carrier_leads_to_pages_that_are_there(client):
    for carrier in catalogue.library(live.edition):
        page = page_of(client, f"/codes/?carrier={carrier}")
        links = re.findall(r'class="codes__code" href="([^"]+)"', page)
        assert links
        for link in (links[0], links[-1]):
            page_of(client, link)


@pytest.mark.parametrize("words", ["MB:1040", "china mobile balance", "余额"])
def test_the_library_is_searched_by_codes_words_causes_and_carriers(client, words):
    prefix = "/zh-hans" if words == "余额" else ""
    page = page_of(client, f"{prefix}/codes/?words={words}")
    assert page.count('class="codes__code"') > 0


def test_a_search_that_finds_thousands_shows_some_and_says_how_many_more(client):
    page = page_of(client, "/codes/?words=number")
    assert page.count('class="codes__code"') < 400
    assert "more codes fit" in page


def test_the_page_of_a_code_says_cause_list_how_sure_it_is_and_whether_a_retry_helps(client):
    page = page_of(client, "/codes/MB:1040/")
    for words in (
        "Recipient&#x27;s prepaid balance is too low.",
        "The recipient&#x27;s line is suspended or barred",
        "China Mobile",
        "Two independent lists agree",
        "Sending it again later can help",
        '_from=MB:1040"',
    ):
        assert words in page, words


def test_what_one_list_alone_says_is_told_as_that(client):
    assert "One public list says: Phone does not support SMS." in page_of(client, "/codes/27/")
    assert "有一份公开列表这样说：" in page_of(client, "/zh-hans/codes/27/")


def test_where_sources_differ_the_page_says_both(client):
    page = page_of(client, "/codes/DB:0115/")
    assert "Most often: " in page
    assert "Other lists use this code for:" in page
    assert "Recipient has not subscribed to this service." in page


def test_in_chinese_the_other_meanings_are_causes_in_words(client):
    page = page_of(client, "/zh-hans/codes/DB:0115/")
    assert "多数情况：" in page
    assert "号码的套餐不含这类短信" in page


def test_a_code_that_is_spelt_otherwise_has_the_same_page(client):
    assert "balance is too low." in page_of(client, "/codes/mb1040/")


def test_start_here_arrives_where_the_cause_leads(client):
    (entry,) = catalogue.find("MB:1040")
    page = page_of(client, entry.start_url)
    assert "The carrier has stopped the recipient" in page


def test_a_page_that_is_kept_is_another_one_after_a_publication(client):
    before = page_of(client, "/codes/MB:1040/")
    assert page_of(client, "/codes/MB:1040/") == before
    document = shipped.document()
    (cause,) = [one for one in document["causes"] if one["cause"] == "line-barred"]
    cause["to"] = "one-number"
    publishing.publish(loading.load(document), by=None)
    live.refresh()
    assert "Something about this number is different" in page_of(client, "/codes/MB:1040/")


# --- in a text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["MB:1040", "MK:0001", "SGIP:12", "UNDELIVS601S", "CMPPERR:13"])
def test_a_code_of_an_unmistakable_form_counts_in_the_midst_of_a_text(code):
    assert catalogue.is_known("status", code)


@pytest.mark.parametrize(
    "word", ["10", "27", "001", "ERROR", "CHECK", "CONTENT", "NONE", "NOSEND", "ERR:010"]
)
def test_a_plain_word_or_number_of_the_library_is_listed_but_counts_in_no_text(word):
    assert "status" in {entry.row.namespace for entry in catalogue.find(word)}
    assert not catalogue.is_known("status", word)


def test_ordinary_words_and_numbers_of_a_text_are_no_codes():
    text = "ERROR: CHECK the CONTENT, NONE of 27 items; NOSEND at 10, INVALID PARAMS 404"
    reading = read(text, known=catalogue.is_known)
    assert reading.codes == ()
    assert reading.kind is not TextKind.CODE


def test_the_box_leads_a_code_of_the_library_to_its_outcome(client):
    page = client.post("/", {"text": "status=MB:1040"}, follow=True).content.decode()
    assert "balance is too low." in page


# --- years later ----------------------------------------------------------------------------------


def test_an_old_publication_says_the_same_when_the_library_that_ships_is_another(
    guide, monkeypatch
):
    publication = guide.live
    held = libraries.shipped("carriers")
    monkeypatch.setattr(libraries, "shipped", lambda name: {**held, "rows": held["rows"][:5]})
    live.forget()
    found = live.pinned(publication.pk).catalogue.find("MB:1040", "status")
    assert found.meaning == "Recipient's prepaid balance is too low."


def test_a_guide_that_names_no_library_has_its_own_codes_alone(client):
    publishing.publish(loading.load(DOCUMENT), by=None)
    toy = live.guides["toy"]
    assert toy.catalogue.library is None
    assert toy.catalogue.find("MB:1040", "status") is None
