"""Nothing is worked out twice for one page: documents compiled, walks walked and put into words."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.admin.forms import filled
from tests.factories import AgentFactory, UserFactory, publishable_guide
from tests.support import counting
from tests.support.guides import CALLS
from tests.support.guides import publish as toy_guide
from wizard.authoring import drafts, files, publishing, scheduling
from wizard.cases import answering, opening
from wizard.engine.document import compile_document, digest_of
from wizard.engine.walk import walk
from wizard.models import Case, Code, Guide, UnknownCode
from wizard.pasted.reader import read
from wizard.published import catalogue
from wizard.published.live import live
from wizard.published.search import texts
from wizard.walks import typed_codes
from wizard.walks.page import walk_page
from wizard.walks.understood import read_text, understood

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(monkeypatch) -> Callable[..., Counter]:
    return partial(counting.counted, monkeypatch)


@pytest.fixture
def compiled(counted) -> Counter:
    """How often each document was compiled, by its digest."""
    return counted(compile_document, digest_of)


# --- the Publish page, and what else makes one version of another ---------------------------------


@pytest.fixture
def author(client):
    client.force_login(UserFactory(admin=True))


@pytest.fixture
def guide() -> Guide:
    """A guide that is live, and whose draft is another one."""
    guide = publishable_guide()
    publishing.publish(guide, by=None)
    Guide.objects.filter(pk=guide.pk).update(title="Another title")
    guide.refresh_from_db()
    assert live.get(guide.slug) is not None
    return guide


def test_the_publish_page_compiles_the_draft_once(client, author, guide, compiled):
    client.get(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    assert list(compiled.values()) == [1]


def test_publishing_compiles_the_draft_once_until_visitors_read_it(
    client, author, guide, compiled, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:wizard_guide_publish", args=[guide.pk]))
    assert live.get(guide.slug).title == "Another title"
    assert list(compiled.values()) == [1]


def test_scheduling_compiles_the_draft_once(client, author, guide, compiled):
    later = {"when": "at", "day": timezone.localdate() + timedelta(days=2), "clock": "09:00"}
    client.post(reverse("admin:wizard_guide_publish", args=[guide.pk]), later)
    assert guide.scheduled.exists()
    assert list(compiled.values()) == [1]


def test_what_was_scheduled_is_compiled_once_until_visitors_read_it(
    guide, compiled, django_capture_on_commit_callbacks
):
    scheduling.schedule(guide, at=timezone.now(), by=None)
    compiled.clear()
    with django_capture_on_commit_callbacks(execute=True):
        scheduling.publish_due(timezone.now())
    assert live.get(guide.slug).title == "Another title"
    assert list(compiled.values()) == [1]


def test_a_draft_that_is_changed_while_somebody_publishes_it_is_not_what_goes_live(guide):
    seen = drafts.snapshot_of(guide)
    Guide.objects.filter(pk=guide.pk).update(title="Changed meanwhile")
    with pytest.raises(publishing.DraftChanged):
        publishing.publish(guide, by=None, seen=seen)
    guide.refresh_from_db()
    assert publishing.publish(guide, by=None, seen=drafts.snapshot_of(guide)).number == 2


def test_rolling_back_compiles_the_old_publication_once(
    client, author, guide, compiled, django_capture_on_commit_callbacks
):
    first = guide.publications.get()
    publishing.publish(guide, by=None)
    compiled.clear()
    with django_capture_on_commit_callbacks(execute=True):
        url = reverse("admin:wizard_publication_roll_back", args=[first.pk])
        client.post(url, {"reset_draft": "on"})
    assert live.get(guide.slug).title == "Tiny guide" == Guide.objects.get().title
    assert list(compiled.values()) == [1]


def test_importing_compiles_the_file_once(client, author, guide, compiled):
    text = files.dump(drafts.document_of(guide))
    file = SimpleUploadedFile("guide.yaml", text.encode())
    answer = client.post("/admin/wizard/guide/import/", {"file": file, "replace": "on"})
    assert answer.status_code == 302
    assert list(compiled.values()) == [1]


def test_copying_a_branch_compiles_the_guide_once_before_and_once_after(
    client, author, guide, compiled
):
    node = guide.questions.get(key="code").pk
    url = reverse("admin:wizard_guide_copy_branch", args=[guide.pk, "question", node])
    sent = filled(client.get(url).content)
    assert list(compiled.values()) == [1, 1]
    compiled.clear()
    client.post(url, sent | {"confirm": ""})
    assert guide.questions.count() == 3
    assert list(compiled.values()) == [1, 1]


# --- a case ---------------------------------------------------------------------------------------


@pytest.fixture
def walked(counted) -> Counter:
    """How often each walk was walked, by the guide and what was given."""
    return counted(walk, lambda guide, given, *_rest: (guide.slug, *sorted(given.items())))


@pytest.fixture
def put_into_words(counted) -> Counter:
    """How often a walk was put into words, by the kind of its page."""
    return counted(walk_page, lambda _guide, found, **_more: type(found.at).__name__)


@pytest.fixture
def case() -> Case:
    """A case at an outcome, to which what somebody said has led."""
    toy_guide()
    case = opening.open_case(read("nothing special"), now=timezone.now())
    return answering.give(case.token, key="seen", value="shop", now=timezone.now())


def test_the_desk_page_of_a_case_puts_its_walk_into_words_once(
    client, case, compiled, walked, put_into_words
):
    client.force_login(AgentFactory())
    page = client.get(reverse("wizard:desk_case", args=[case.reference]))
    assert page.status_code == 200
    assert put_into_words == {"AtOutcome": 1}
    # As it stands; without what was said, to see what that sets aside; and if nothing helps.
    as_it_stands, remedy = ("seen", "shop"), ("packed", "no")
    assert walked == {("toy", as_it_stands): 1, ("toy",): 1, ("toy", remedy, as_it_stands): 1}
    assert not compiled


def test_the_page_of_a_case_puts_its_walk_into_words_once(client, case, walked, put_into_words):
    assert client.get(case.get_absolute_url()).status_code == 200
    assert put_into_words == {"AtOutcome": 1}
    assert walked == {("toy", ("seen", "shop")): 1, ("toy",): 1}


def test_a_transcript_puts_its_walk_into_words_once(client, case, walked, put_into_words):
    client.force_login(AgentFactory())
    url = reverse("wizard:desk_transcript", args=[case.reference])
    assert client.get(url).status_code == 200
    assert put_into_words == {"AtOutcome": 1}
    assert walked == {("toy", ("seen", "shop")): 1, ("toy",): 1}


# --- the box, and the catalogue -------------------------------------------------------------------


@pytest.fixture
def two_guides() -> None:
    """Two guides that list the same code."""
    toy_guide()
    toy_guide(CALLS)


def test_the_box_walks_each_guide_once_and_looks_each_code_up_once(
    client, two_guides, counted, compiled, walked, put_into_words
):
    found = counted(catalogue.find, lambda code: code)
    # Which of the guides fits a code, and where its way starts, is known from now on.
    client.post("/", {"text": "E000101, then MK:0001"})
    for counter in (found, compiled, walked):
        counter.clear()
    page = client.get("/?q=E000101,+then+MK:0001,+then+E299999")
    assert page.status_code == 200
    assert found == {"E000101": 1, "MK:0001": 1, "E299999": 1}
    assert walked == {("toy",): 1, ("calls",): 1}
    # Nothing of it is a page of a walk yet.
    assert not put_into_words
    assert not compiled


def test_the_box_leaves_it_to_the_page_to_tell_authors_of_an_unknown_code(client, two_guides):
    page = understood(read_text("QQ:0001"), timezone.now())
    assert [code for code, _url in page.unknown] == ["QQ:0001"]
    assert not UnknownCode.objects.exists()
    client.post("/", {"text": "QQ:0001"})
    assert [row.code for row in UnknownCode.objects.all()] == ["QQ:0001"]


def test_a_form_that_is_read_tells_nobody_of_an_unknown_code(two_guides):
    snapshot = live.get("toy")
    sent = typed_codes.read(snapshot, snapshot.questions["slip"], {"code": "QQ:0001"})
    assert (sent.unknown, sent.url) == ("QQ:0001", "/codes/QQ:0001/")
    assert not UnknownCode.objects.exists()


@pytest.mark.parametrize("address", ["/codes/", "/zh-hans/codes/"])
def test_the_list_of_codes_is_made_once_a_publication_and_language(
    address, client, two_guides, counted
):
    # Another publication than in any other test, for what is made of one is kept.
    renamed = Code.objects.filter(code="DELIVRD")
    renamed.update(meaning=f"It came by {address}")
    publishing.publish(Guide.objects.get(slug="toy"), by=None)
    ways = counted(catalogue.start_url, lambda _guide, row, _asked: row.code)
    first = client.get(address).content.decode()
    assert f"It came by {address}" in first
    assert ways["DELIVRD"] == 1
    ways.clear()
    assert client.get(address).content.decode() == first
    assert "1" in client.get(address, {"words": "DELIVRD"}).content.decode()
    assert not ways
    renamed.update(meaning="It came twice")
    publishing.publish(Guide.objects.get(slug="toy"), by=None)
    assert "It came twice" in client.get(address).content.decode()
    assert ways["DELIVRD"] == 1


def test_a_code_that_several_guides_list_is_ranked_once_a_publication(client, two_guides, walked):
    client.get("/codes/E000101/")
    walked.clear()
    page = client.get("/codes/E000101/").content.decode()
    assert 'href="/guides/toy/?at=packed&amp;_from=E000101"' in page
    assert not walked


def test_texts_are_made_searchable_once_a_publication(client, two_guides, counted):
    words = {"q": "nobody packed my order, it still waits in the shop"}
    page = client.get("/", words).content.decode()
    assert "It waits to be packed" in page
    searched = counted(texts.searched, lambda guides: len(guides))
    assert client.get("/", words).content.decode() == page
    assert not searched
