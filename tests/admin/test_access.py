"""Who may do what in the admin."""

import pytest
from django.urls import reverse

from tests.factories import PublicationFactory, UserFactory
from wizard.models import Guide, Publication, UnknownCode

LISTS = (
    "guide",
    "question",
    "outcome",
    "code",
    "cause",
    "unknowncode",
    "unansweredsearch",
    "publication",
    "case",
    "statusreport",
    "flag",
    "queue",
    "delivery",
)


@pytest.fixture
def urls(guide):
    publication = PublicationFactory(guide=guide)
    question, outcome, code = guide.start, guide.outcomes.first(), guide.codes.first()
    return [
        *(reverse(f"admin:wizard_{name}_changelist") for name in LISTS),
        reverse("admin:wizard_guide_change", args=[guide.pk]),
        reverse("admin:wizard_question_change", args=[question.pk]),
        reverse("admin:wizard_outcome_change", args=[outcome.pk]),
        reverse("admin:wizard_code_change", args=[code.pk]),
        reverse("admin:wizard_publication_change", args=[publication.pk]),
        reverse("admin:wizard_publication_snapshot", args=[publication.pk, "json"]),
        reverse("admin:wizard_guide_export", args=[guide.pk, "yaml"]),
        reverse("admin:wizard_guide_preview", args=[guide.pk]),
    ]


@pytest.fixture
def changing(guide):
    return [
        reverse("admin:wizard_guide_publish", args=[guide.pk]),
        reverse("admin:wizard_guide_import"),
    ]


def test_strangers_are_asked_to_log_in(client, urls, changing):
    for url in (*urls, *changing):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("admin:login"))


def test_staff_without_permission_are_refused(client, urls, changing):
    client.force_login(UserFactory(is_staff=True))
    for url in (*urls, *changing):
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code == 403, url


def test_readers_see_everything_and_change_nothing(client, reader, urls, changing):
    for url in urls:
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
    for url in changing:
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    assert not Guide.objects.published()


def test_readers_are_shown_no_button_that_would_refuse_them(client, reader, guide):
    form = client.get(reverse("admin:wizard_guide_change", args=[guide.pk])).content.decode()
    assert reverse("admin:wizard_guide_publish", args=[guide.pk]) not in form
    assert (
        reverse("admin:wizard_guide_import")
        not in client.get(reverse("admin:wizard_guide_changelist")).content.decode()
    )


def test_readers_are_not_asked_to_add_an_unknown_code(client, reader):
    unknown = UnknownCode.objects.create(code="E1")
    add = reverse("admin:wizard_code_add")
    for url in (
        reverse("admin:wizard_unknowncode_changelist"),
        reverse("admin:wizard_unknowncode_change", args=[unknown.pk]),
    ):
        assert add not in client.get(url).content.decode()


def test_authors_see_every_page(client, author, urls, changing):
    for url in (*urls, *changing):
        assert client.get(url, follow=True).status_code == 200, url


def test_nobody_adds_changes_or_deletes_a_publication(client, author, guide):
    publication = PublicationFactory(guide=guide)
    change = reverse("admin:wizard_publication_change", args=[publication.pk])
    assert client.get(reverse("admin:wizard_publication_add")).status_code == 403
    assert client.post(change, {"note": "changed"}).status_code == 403
    delete = reverse("admin:wizard_publication_delete", args=[publication.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Publication.objects.get().note == ""


def test_nobody_adds_an_unknown_code_by_hand(client, author):
    assert client.get(reverse("admin:wizard_unknowncode_add")).status_code == 403


def test_nobody_adds_an_unanswered_search_by_hand(client, author):
    assert client.get(reverse("admin:wizard_unansweredsearch_add")).status_code == 403


def test_pages_of_a_guide_that_is_not_there_say_so(client, author):
    for url in (
        reverse("admin:wizard_guide_publish", args=[9]),
        reverse("admin:wizard_guide_export", args=[10**30, "yaml"]),
        reverse("admin:wizard_publication_snapshot", args=[9, "yaml"]),
    ):
        assert client.get(url).status_code == 404


def test_a_post_without_its_token_changes_nothing(guide):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(admin=True))
    for url in (
        reverse("admin:wizard_guide_publish", args=[guide.pk]),
        reverse("admin:wizard_guide_import"),
    ):
        assert client.post(url).status_code == 403
    assert not Publication.objects.exists()
