"""Pages in English and in Chinese: from the address, or else from the browser."""

import copy

import pytest
from django.urls import reverse

from tests.support.guides import DOCUMENT, publish
from wizard.engine.document import compile_document
from wizard.engine.languages import texts
from wizard.web.languages import here, split

pytestmark = pytest.mark.django_db

QUESTION = "Where was the parcel seen last?"
CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"}


def translated(*, without=()):
    """The small guide with each text between brackets for its Chinese."""
    document = copy.deepcopy(DOCUMENT)
    every = {one.text for one in texts(compile_document(document))} - set(without)
    pairs = [{"text": text, "translation": f"「{text}」"} for text in sorted(every)]
    return {**document, "translations": {"zh-hans": pairs}}


@pytest.fixture(autouse=True)
def guide():
    return publish(translated())


def page(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", ["/guides/toy/", "/guides/toy/?seen=shop", "/", "/codes/"])
def test_a_page_has_the_language_of_its_address(client, address):
    chinese, english = page(client, f"/zh-hans{address}"), page(client, f"/en{address}")
    assert '<html lang="zh-hans">' in chinese
    assert "「" in chinese
    assert '<html lang="en">' in english
    assert "「" not in english


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
        ("x" * 900, "en"),
    ],
)
def test_without_one_it_has_the_language_of_the_browser(client, wanted, language):
    response = client.get("/guides/toy/", headers={"accept-language": wanted})
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]


def test_the_address_has_the_last_word(client):
    response = client.get("/en/guides/toy/", headers=CHINESE)
    assert QUESTION in response.content.decode()
    assert "Accept-Language" not in response["Vary"]


def test_every_link_of_a_page_stays_in_its_language(client):
    chinese = page(client, "/zh-hans/guides/toy/?seen=shop")
    links = {part.split('"')[0] for part in chinese.split('href="')[1:]}
    ours = {link for link in links if link.startswith("/") and not link.startswith("/static/")}
    assert all(link.startswith(("/zh-hans/", "/en/")) for link in ours), ours
    assert 'action="/zh-hans/guides/toy/"' in chinese
    # The step's own link was written as /codes/.
    assert 'href="/zh-hans/codes/"' in chinese


def test_pages_without_a_language_link_to_pages_without_one(client):
    links = {part.split('"')[0] for part in page(client, "/guides/toy/").split('href="')[1:]}
    assert {link for link in links if link.startswith(("/zh-hans", "/en"))} == {
        "/zh-hans/guides/toy/"
    }


def test_the_same_page_is_one_click_away_in_the_other_language(client):
    assert 'href="/zh-hans/guides/toy/?seen=van"' in page(client, "/guides/toy/?seen=van")
    assert 'href="/en/guides/toy/?seen=van"' in page(client, "/zh-hans/guides/toy/?seen=van")


def test_what_is_in_the_query_cannot_leave_the_site_by_the_switch(client):
    response = client.get("//evil.example/%22%3E/")
    assert response.status_code == 404
    assert 'href="//evil' not in response.content.decode()
    assert '">/"' not in response.content.decode()


def test_a_swapped_page_swaps_the_switch_too(client):
    fragment = page(client, "/zh-hans/guides/toy/?seen=van", **{"hx-request": "true"})
    assert 'hx-swap-oob="true"' in fragment
    assert 'href="/en/guides/toy/?seen=van"' in fragment


def test_a_page_in_memory_is_kept_for_each_language_and_address(client):
    pages = [page(client, address) for address in ("/guides/toy/", "/zh-hans/guides/toy/")]
    again = [page(client, address) for address in ("/guides/toy/", "/zh-hans/guides/toy/")]
    assert pages == again
    assert len(set(pages)) == 2
    assert page(client, "/en/guides/toy/") not in pages


def test_an_answer_leads_on_in_the_same_language(client):
    response = client.get("/zh-hans/guides/toy/?_continue=seen&seen=shop")
    assert response["Location"] == "/zh-hans/guides/toy/?seen=shop"


def test_a_case_is_opened_read_and_answered_in_a_language(client):
    opened = client.post("/zh-hans/cases/", {"text": "DELIVRD"})
    address = opened["Location"]
    assert address.startswith("/zh-hans/cases/")
    assert "「" in page(client, address)
    in_english = address.replace("/zh-hans/", "/en/")
    assert in_english in page(client, address)
    assert "「" not in page(client, in_english)


def test_an_error_at_a_case_leads_to_the_case_in_the_other_language(client):
    address = client.post("/cases/", {"text": "x"})["Location"]
    answer = client.post(f"{address}answers/", {"question": "seen"})
    assert answer.status_code == 200
    assert f'href="/zh-hans{address}"' in answer.content.decode()


def test_parts_without_a_translation_are_shown_as_written_and_say_so(client):
    publish(translated(without=[QUESTION, "On the shelf"]))
    chinese = page(client, "/zh-hans/guides/toy/")
    assert f'lang="en">{QUESTION}</h1>' in chinese
    assert 'lang="en">On the shelf</span>' in chinese
    assert '<p class="notice" role="status">' in chinese
    assert '<p class="notice" role="status">' not in page(client, "/zh-hans/guides/toy/?seen=shop")
    assert '<p class="notice" role="status">' not in page(client, "/guides/toy/")


def test_the_desk_and_the_admin_have_a_language_too(client, admin_user):
    client.force_login(admin_user)
    assert '<html lang="zh-hans"' in page(client, "/zh-hans/desk/")
    admin = page(client, "/zh-hans/admin/wizard/guide/")
    assert '<html lang="zh-hans"' in admin
    assert 'href="/zh-hans/admin/' in admin


@pytest.mark.parametrize(
    "page_of_it", ["/admin/wizard/guide/?q=toy", "/admin/wizard/question/add/"]
)
def test_a_page_of_the_admin_is_one_click_away_in_the_other_language(
    client, admin_user, page_of_it
):
    client.force_login(admin_user)
    assert f'href="/zh-hans{page_of_it}"' in page(client, page_of_it)
    chinese = page(client, f"/zh-hans{page_of_it}")
    assert f'href="/en{page_of_it}"' in chinese
    assert "保存" in chinese or "搜索" in chinese  # Django's own words


def test_a_form_that_the_admin_refuses_keeps_the_switch(client, admin_user):
    client.force_login(admin_user)
    response = client.post("/zh-hans/admin/wizard/question/add/", {})
    assert 'href="/en/admin/wizard/question/add/"' in response.content.decode()


@pytest.mark.parametrize("door", ["/admin/", "/desk/"])
def test_who_chooses_a_language_at_the_log_in_is_led_on_in_it(client, door):
    address = client.get(door)["Location"]
    assert f'href="/zh-hans{door}login/?next=/zh-hans{door}"' in page(client, address)
    assert f'href="/en{door}login/?next=/en{door}"' in page(client, f"/zh-hans{address}")


def test_a_log_in_that_leads_elsewhere_leads_nowhere_new_by_the_switch(client):
    assert 'href="/zh-hans/desk/login/?next=https://evil.example/"' in page(
        client, "/desk/login/?next=https://evil.example/"
    )
    shown = page(client, "/desk/login/?next=//evil.example/")
    assert 'href="/zh-hans/desk/login/?next=/zh-hans//evil.example/"' in shown


def test_who_has_to_log_in_comes_back_in_the_same_language(client):
    assert client.get("/zh-hans/desk/")["Location"] == "/zh-hans/desk/login/?next=/zh-hans/desk/"


def test_a_missing_slash_keeps_the_language(client):
    assert client.get("/zh-hans/codes")["Location"] == "/zh-hans/codes/"
    assert '<html lang="zh-hans">' in page(client, "/zh-hans")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/zh-hans/codes/", ("zh-hans", "/codes/")),
        ("/zh-hans", ("zh-hans", "/")),
        ("/en/", ("en", "/")),
        ("/zh-hansel/", ("", "/zh-hansel/")),
        ("/de/codes/", ("", "/de/codes/")),
        ("/codes/en/", ("", "/codes/en/")),
        ("/", ("", "/")),
    ],
)
def test_a_language_is_taken_off_the_front_of_an_address_only(path, found):
    assert split(path) == found


@pytest.mark.parametrize(
    "written", ["https://example.com/codes/", "/en/codes/", "/zh-hans/codes/"]
)  # fmt: skip
def test_a_link_that_names_its_language_or_another_site_stays_as_it_is(written):
    assert here(written) == written


def test_addresses_made_outside_a_page_have_no_language():
    assert reverse("wizard:walk", args=["toy"]) == "/guides/toy/"
