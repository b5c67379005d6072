"""No page in Chinese has anything left in English: portal, desk, and the admin of a guide."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    FlagFactory,
    QueueFactory,
    StatusReportFactory,
    UserFactory,
)
from tests.support import texts
from tests.support.guides import CHINESE, DOCUMENT, IN_BOTH_LANGUAGES, publish
from tests.support.messages import MESSAGE, accepted
from wizard.cases import answering, opening
from wizard.desk.handing_over import hand_to_queue
from wizard.desk.links import share
from wizard.desk.work import add_note, jump, mark_tried
from wizard.models import Case, Guide, UnknownCode
from wizard.pasted.reader import read

pytestmark = pytest.mark.django_db

ZH: Final = "/zh-hans"
WALK: Final = f"{ZH}/guides/toy/"
SPOKEN: Final = ("aria-label", "title", "placeholder")
WORDS: Final = re.compile(r"\b[A-Za-z][a-z]+[’']?[a-z]*,? (?:[a-z]+[’']?[a-z]*,? ?)+")
# A rule is written in words of its own, whatever the language.
RULE: Final = re.compile(r"report\.\w+ is \w+(?: and message\.age < 1)?")


def said_by(element: Tag) -> Iterator[str]:
    """What a person reads of a page or hears of it, but for what is marked as English."""
    if element.name in ("script", "style") or element.get("lang") == "en":
        return
    yield from (str(element.get(name, "")) for name in SPOKEN)
    if element.name == "input" and element.get("type") in ("submit", "button"):
        yield str(element.get("value", ""))
    for child in element.children:
        if isinstance(child, Tag):
            yield from said_by(child)
        elif not isinstance(child, PreformattedString):  # a comment or a declaration
            yield str(child)


def english(html: str) -> list[str]:
    """What of a page is a text of the interface in English, or two words of it."""
    page = BeautifulSoup(html, "html.parser")
    said = {" ".join(one.split()) for one in said_by(page)}
    return sorted(one for one in said if one in UNTRANSLATED or WORDS.search(RULE.sub("", one)))


UNTRANSLATED: Final = {
    text for english, chinese in texts.pairs(texts.kept()) for text in english if text != chinese
} - {"Webhook", "Markdown"}


def assert_chinese(response: Any) -> None:
    assert response.status_code in (200, 404)
    html = response.getvalue().decode()
    assert 'lang="zh-hans"' in html
    assert 'hreflang="en"' in html, "the switch is on every page"
    assert english(html) == []


@pytest.fixture(autouse=True)
def guide():
    cache.clear()
    publish(IN_BOTH_LANGUAGES)
    yield Guide.objects.get()
    cache.clear()


@pytest.fixture
def samples(settings):
    settings.SIMULATOR_URL = "http://127.0.0.1:9"


# --- the portal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        f"{ZH}/",
        WALK,
        f"{WALK}?_continue=seen",
        f"{WALK}?gone=1",
        f"{WALK}?seen=van",
        f"{WALK}?seen=shop",
        f"{WALK}?seen=van&slip=DELIVRD",
        f"{WALK}?seen=van&slip=MK:0055",
        f"{WALK}?seen=shop&packed=yes",
        f"{WALK}?seen=shop&packed=cannot",
        f"{WALK}?seen=van&slip=no-code&ask=no",
        f"{ZH}/codes/",
        f"{ZH}/codes/DELIVRD/",
        f"{ZH}/codes/MK:0055/",
        f"{ZH}/codes/SC:9999/",
        f"{ZH}/codes/E999999/",
        f"{ZH}/codes/UNKNOWN-ONE/",
        f"{ZH}/nowhere/",
        f"{ZH}/desk/login/",
    ],
)
def test_a_page_of_the_portal(address, client, samples):
    assert_chinese(client.get(address))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DELIVRD",
        "MK:0055",
        "E300999",
        "13812345678",
        MESSAGE,
        "包裹",
        "HTTP status 404",
        "SSLError",
    ],
)
def test_what_was_understood(text, client):
    assert_chinese(client.post(f"{ZH}/", {"text": text}, follow=True))


def test_the_answer_of_a_send_call(client):
    assert_chinese(client.post(f"{ZH}/", {"text": accepted(timezone.now())}, follow=True))


@pytest.mark.parametrize("code", ["", "ZZ:0001", "E000101"])
def test_a_code_that_cannot_be_used(code, client):
    assert_chinese(client.post(f"{WALK}?seen=van", {"code": code}))


@pytest.mark.parametrize("words", ["车", "nothing-of-it"])
def test_codes_that_were_searched_for(words, client):
    assert_chinese(client.post(f"{ZH}/codes/", {"words": words}, follow=True))


def test_a_case_with_all_that_is_known_and_what_is_not(client):
    StatusReportFactory(message_id=MESSAGE, status="DELIVRD")
    case = opening.open_case(read(accepted(timezone.now())), now=timezone.now())
    since = timezone.now().isoformat()
    Case.objects.update(
        lookups={
            "balance": {"state": "failed", "reason": "timeout", "seconds": 3.0},
            "packages": {"state": "running", "since": since},
        }
    )
    address = f"{ZH}/cases/{case.token}/"
    assert_chinese(client.get(address))
    assert_chinese(client.post(f"{address}answers/", {"overrule": "slip"}, follow=True))
    assert_chinese(client.get(f"{ZH}/cases/{share(case.token, by='', now=timezone.now()).token}/"))


# --- the desk -------------------------------------------------------------------------------------


@pytest.fixture
def at_desk(client):
    user = UserFactory(admin=True, username="ada")
    client.force_login(user)
    return client


@pytest.fixture
def case(at_desk):
    """A case in which all has happened that can."""
    now = timezone.now()
    case = opening.open_case(read(accepted(now)), now=now)
    StatusReportFactory(message_id=MESSAGE, status="UNDELIV", received_at=now)
    bob = UserFactory(username="bob")
    answering.give(case.token, key="seen", value="shop", now=now, by="ada")
    answering.give(case.token, key="packed", value="no", now=now)
    answering.withdraw(case.token, key="packed", now=now)
    add_note(case.token, text="打过电话", by="ada", now=now)
    share(case.token, by="ada", now=now)
    mark_tried(case.token, steps=["packed/1"], outcomes=[], by="ada", now=now)
    queue = QueueFactory(name="二线", email="second@example.org")
    hand_to_queue(case.token, to=queue, text="请看", by=bob, url="/desk/", now=now)
    jump(case.token, key="slip", by="ada", now=now)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("show", ["mine", "open", "handed-over", "recent"])
def test_a_list_of_the_desk(show, at_desk, case, samples):
    assert_chinese(at_desk.get(f"{ZH}/desk/?show={show}"))


@pytest.mark.parametrize("text", ["包裹", "13812345678", MESSAGE])
def test_what_the_desk_has_found(text, at_desk, case):
    assert_chinese(at_desk.post(f"{ZH}/desk/find/", {"text": text}, follow=True))


def test_a_case_at_the_desk(at_desk, case):
    address = f"{ZH}/desk/cases/{case.reference}/"
    assert_chinese(at_desk.get(address))
    jump(case.token, key="", by="ada", now=timezone.now())
    assert_chinese(at_desk.get(address))
    for value in ("yes", "cannot"):
        answering.give(case.token, key="packed", value=value, now=timezone.now())
        assert_chinese(at_desk.get(address))


@pytest.mark.parametrize("form", ["internal", "customer"])
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_transcript(form, kind, at_desk, case):
    query = f"?form={form}&as={kind}"
    response = at_desk.get(f"{ZH}/desk/cases/{case.reference}/transcript/{query}")
    assert english(response.content.decode()) == []


# --- the admin ------------------------------------------------------------------------------------


def in_chinese(part: Any) -> Any:
    """The toy guide as somebody would write it who writes Chinese."""
    if isinstance(part, dict):
        return {name: in_chinese(value) for name, value in part.items()}
    if isinstance(part, list):
        return [in_chinese(one) for one in part]
    return CHINESE.get(part, part) if isinstance(part, str) else part


@pytest.fixture
def written(at_desk, guide):
    """The same guide written in Chinese, published twice, with a draft that differs."""
    document = in_chinese(DOCUMENT)
    document["guide"]["language"] = "zh-hans"
    publish(document)
    document["outcomes"][0]["steps"][0] |= {"see": "一个大箱子。", "audience": "support"}
    document["questions"][0]["answers"].pop(0)
    publish(document)
    guide.questions.filter(key="seen").update(text="包裹最后出现在何处？")
    return Guide.objects.get()


def test_the_admin_of_a_guide(at_desk, case, written):
    FlagFactory(guide=written, publication=written.live, title="问题", text="不对", by="bob")
    UnknownCode.objects.record("E999999", keep=10)
    pk, first = written.pk, written.publications.get(number=2).pk
    question = written.questions.get(key="seen").pk
    outcome = written.outcomes.get(key="packed").pk
    pages = [
        reverse("admin:index"),
        reverse("admin:wizard_guide_change", args=[pk]),
        reverse("admin:wizard_guide_add"),
        reverse("admin:wizard_guide_import"),
        reverse("admin:wizard_guide_publish", args=[pk]),
        reverse("admin:wizard_guide_compare", args=[pk]),
        reverse("admin:wizard_guide_replay", args=[pk]),
        reverse("admin:wizard_guide_translate", args=[pk, "en"]),
        reverse("admin:wizard_guide_preview", args=[pk]),
        reverse("admin:wizard_question_change", args=[question]),
        reverse("admin:wizard_question_add"),
        reverse("admin:wizard_outcome_change", args=[outcome]),
        reverse("admin:wizard_code_change", args=[written.codes.first().pk]),
        reverse("admin:wizard_publication_change", args=[first]),
        reverse("admin:wizard_publication_roll_back", args=[first]),
        reverse("admin:wizard_queue_add"),
        *(
            reverse(f"admin:wizard_{name}_changelist")
            for name in (
                *("guide", "question", "outcome", "code", "publication", "flag"),
                *("unknowncode", "case", "statusreport", "queue", "delivery"),
            )
        ),
    ]
    found = {page: english(at_desk.get(f"{ZH}{page}").getvalue().decode()) for page in pages}
    assert {page: words for page, words in found.items() if words} == {}


def test_what_an_author_is_told(at_desk, written):
    pk = written.pk
    for action, form in (
        ("publish", {"when": "at", "replay_looked_at": ""}),
        ("publish", {"when": "now"}),
        ("import", {}),
    ):
        args = [] if action == "import" else [pk]
        url = reverse(f"admin:wizard_guide_{action}", args=args)
        assert_chinese(at_desk.post(f"{ZH}{url}", form, follow=True))


def test_what_the_checks_find(at_desk, written):
    written.questions.get(key="seen").answers.update(to_question=None, to_outcome=None)
    written.outcomes.update(title="", happened="", certainty_note="", come_back="", no_steps="")
    written.questions.filter(key="lock").update(text="", why="")
    url = reverse("admin:wizard_guide_publish", args=[written.pk])
    assert_chinese(at_desk.get(f"{ZH}{url}"))
    assert_chinese(at_desk.post(f"{ZH}{url}", {"when": "now"}))
