"""Import and export: a guide as one file, whatever somebody uploads."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import PublicationFactory
from wizard.authoring import drafts, files
from wizard.models import Guide, Outcome

IMPORT = "/admin/wizard/guide/import/"
AWKWARD = [
    "no", "yes", "null", "~", "0123", "1e3", "12:30:45", "2026-11-23", "true", "=", "<<", "- dash",
    "-", "# not a comment", "key: value", "a: b: c", "'single'", '"double"', "back\\slash",
    "{brace", "[bracket", "*star", "&and", "!bang", "%percent", "@at", "`tick`", "|pipe", "> more",
    "? query", "tab\tinside", "übergröße 短信 😀", "\u200b zero width", "\u2028 line",
    "\ufeff bom", "one\ntwo", "one\n\n  indented\n\nlast", "# head\n- one\n- two", "a  b",
    "x" * 150, "long words " * 15 + "end", "two\nlines with trailing \nspace",
]  # fmt: skip


def upload(client, content, name="guide.yaml", **fields):
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post(IMPORT, {"file": file, **fields})


def document(**parts):
    return {"format": 1, "guide": {"slug": "new", "title": "New"}, **parts}


def refused(client, content, name="guide.yaml", **fields):
    """Upload what cannot be loaded; return the words of the page."""
    before = Guide.objects.count()
    answer = upload(client, content, name, **fields)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Guide.objects.count() == before
    return str(answer.context["form"].errors)


# --- out and back ---------------------------------------------------------------------------------


def exported(client, guide, form):
    return client.get(reverse("admin:wizard_guide_export", args=[guide.pk, form]))


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_export_import_export_gives_the_same_bytes(client, author, guide, form):
    for number, text in enumerate(AWKWARD):
        Outcome.objects.create(
            guide=guide, key=f"awkward-{number}", title=text.split("\n")[0], happened=text,
            attach=text, reply=text + "\n", agent_note=text.replace("\n", "\r\n"),
        )  # fmt: skip
    first = exported(client, guide, form).content
    Guide.objects.all().delete()
    answer = upload(client, first, f"guide.{form}")
    assert answer.status_code == 302, answer.context["form"].errors
    loaded = Guide.objects.get()
    assert exported(client, loaded, form).content == first
    other = "json" if form == "yaml" else "yaml"
    again = upload(client, exported(client, loaded, other).content, f"x.{other}", replace="on")
    assert again.status_code == 302
    assert exported(client, loaded, form).content == first


def test_export_is_a_file_to_save(client, author, guide):
    answer = exported(client, guide, "yaml")
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tiny.yaml"'
    answer = exported(client, guide, "json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(answer.content) == drafts.document_of(guide)
    assert exported(client, guide, "exe").status_code == 404


def test_a_publication_can_be_downloaded_and_become_the_draft_again(client, author, guide):
    publication = PublicationFactory(guide=guide, number=4)
    before = drafts.document_of(guide)
    guide.questions.all().delete()
    url = reverse("admin:wizard_publication_snapshot", args=[publication.pk, "yaml"])
    answer = client.get(url)
    assert 'filename="tiny-4.yaml"' in answer.headers["Content-Disposition"]
    assert upload(client, answer.content, replace="on").status_code == 302
    assert drafts.document_of(Guide.objects.get()) == before


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t -#:'\"|>\u2028"),
    max_size=60,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_any_text_survives_both_forms_of_file(text):
    for form in ("yaml", "json"):
        assert files.parse(files.dump({"text": text}, form)) == {"text": text}


# --- in -------------------------------------------------------------------------------------------


def test_a_new_guide_is_loaded_and_leads_to_the_publish_page(client, author):
    answer = upload(client, json.dumps(document()), "x.json")
    guide = Guide.objects.get()
    assert answer.url == reverse("admin:wizard_guide_publish", args=[guide.pk])
    page = client.get(answer.url).content.decode()
    assert "The draft of “New” is loaded: 0 questions, 0 outcomes, 0 codes." in page


def test_a_guide_that_exists_is_replaced_only_where_that_is_meant(client, author, guide):
    file = json.dumps(document(guide={"slug": "tiny", "title": "Changed"}))
    answer = upload(client, file, "x.json")
    assert "The guide “Tiny guide” exists." in str(answer.context["form"].errors["replace"])
    guide.refresh_from_db()
    assert guide.title == "Tiny guide"
    assert upload(client, file, "x.json", replace="on").status_code == 302
    guide.refresh_from_db()
    assert (guide.title, guide.questions.count()) == ("Changed", 0)


def test_a_guide_with_errors_can_be_imported(client, author):
    file = document(questions=[{"key": "a", "answers": [{"key": "b", "to": "nowhere"}]}])
    assert upload(client, json.dumps(file), "x.json").status_code == 302


def test_a_file_with_a_byte_order_mark_is_fine(client, author):
    assert upload(client, b"\xef\xbb\xbf" + json.dumps(document()).encode()).status_code == 302


BOMB = "a: &a [x, x, x]\n" + "\n".join(
    f"{two}: &{two} [{', '.join([f'*{one}'] * 9)}]"
    for one, two in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\xfe\xff", "not text in UTF-8"),
        (b"\x00\x01\x02", "not readable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text in UTF-8"),
        ("format: 1\nguide: [", "not readable"),
        ("just words", "not a guide"),
        ("[]", "not a guide"),
        ("- 1\n- 2", "not a guide"),
        ("42", "not a guide"),
        ("a: 1\n---\nb: 2", "not readable"),
        (BOMB, "aliases"),
        ("[" * 100_000, "nested too deeply"),
        ("{a: " * 500 + "1" + "}" * 500, "nested too deeply"),
        ("a: " + "[" * 900 + "]" * 900, "nested too deeply"),
        ("a: [" + "{}," * 300_000 + "]", "too many parts"),
        ("a: !!python/object/apply:os.system [id]", "not readable"),
        ("a: !!binary aGVsbG8=", "unknown part"),
        ("? [1, 2]\n: 3", "not readable"),
        ("format: " + "9" * 5000, "not readable"),
        ("format: 2", "expected 1"),
        ("format: 1", "guide"),
        ("format: 1\nguide: {slug: no}", "slug"),
        ("format: 1\nguide: {slug: Not A Key}", "key"),
        ("format: 1\nguide: {slug: x, title: 2026-13-45}", "not readable"),
        ("format: 1\nguide: {slug: x, title: 2026-12-25}", "New"),
        ('format: 1\nguide: {slug: x, title: "a\\0b"}', "control character"),
        ('{"format": 1, "guide": {"slug": "x", "title": "\\ud83d"}}', "control character"),
    ],
)
def test_an_unfit_file_is_refused_in_words(client, author, content, words):
    if words == "New":
        # A date where a text stands is read as its text.
        assert upload(client, content).status_code == 302
        return
    assert words in refused(client, content)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"questions": {"a": 1}}, "list"),
        ({"questions": ["a"]}, "named parts"),
        ({"questions": [{}]}, "key"),
        ({"questions": [{"key": "k" * 10_000}]}, "question"),
        ({"questions": [{"key": "a"}, {"key": "a"}]}, "stands twice"),
        ({"questions": [{"key": "a", "kind": "x"}]}, "kind"),
        ({"questions": [{"key": "a", "text": ["x"]}]}, "must be text"),
        ({"questions": [{"key": "a", "text": None}]}, "must be text"),
        ({"questions": [{"key": "a", "text": "a\x85b"}]}, "text holds a control character"),
        ({"outcomes": [{"key": "a", "attach": ["a", "\x9f"]}]}, "attach holds a control"),
        ({"questions": [{"key": "a", "text": "x" * 201}]}, "question a: text is longer than 200"),
        ({"questions": [{"key": "a", "fact": "x" * 61}]}, "fact is longer than 60"),
        (
            {"questions": [{"key": "a", "answers": [{"key": "b", "label": "x" * 201}]}]},
            "question a, answer b: label is longer than 200",
        ),
        (
            {"questions": [{"key": "a", "answers": [{"key": f"b{n}"} for n in range(3_001)]}]},
            "more than 3000 answers",
        ),
        ({"questions": [{"key": f"q{n}"} for n in range(20_000)]}, "more than 20000"),
        ({"outcomes": [{"key": "a", "certainty": "x" * 11}]}, "certainty is longer than 10"),
        ({"outcomes": [{"key": "a", "come_back_minutes": -1}]}, "whole number"),
        ({"outcomes": [{"key": "a", "come_back_minutes": 10**12}]}, "whole number"),
        (
            {"outcomes": [{"key": "a", "steps": [{"time": "x" * 121}]}]},
            "outcome a, step 1: time is longer than 120",
        ),
        ({"codes": [{"code": "E1", "meaning": "x" * 301}]}, "code E1: meaning is longer than 300"),
        ({"codes": [{"code": "E1", "source": "x" * 11}]}, "source is longer than 10"),
        ({"codes": [{"code": "E1" + " " * 40}]}, "a code is letters, digits"),
        ({"codes": [{"code": "E1", "checked_on": "yesterday"}]}, "date"),
        ({"codes": [{"code": "E1", "checked_on": 20261123}]}, "date"),
        ({"codes": [{"code": "E1", "checked_on": ""}]}, "date"),
        ({"codes": [{"code": "E1", "checked_on": []}]}, "date"),
        ({"codes": [{"code": "E1"}, {"code": "e1"}]}, "stands twice"),
        ({"codes": [{"code": 7}]}, "text"),
        ({"guide": {"slug": "s" * 61}}, "key"),
        ({"guide": {"slug": "x", "title": "t" * 121}}, "guide: title is longer than 120"),
        ({"guide": "tiny"}, "named parts"),
    ],
)
def test_a_part_that_does_not_fit_is_named(client, author, parts, words):
    assert words in refused(client, json.dumps(document(**parts)), "x.json")


def test_a_file_of_six_megabytes_is_refused(client, author):
    assert "larger than 5 MB" in refused(client, b"#" * 6 * 1024 * 1024)


def test_a_file_of_another_kind_is_refused(client, author):
    assert "exe" in refused(client, json.dumps(document()), "guide.exe")


def test_a_post_without_a_file_is_refused(client, author):
    answer = client.post(IMPORT, {})
    assert answer.status_code == 200
    assert "required" in str(answer.context["form"].errors)


def test_the_words_about_a_huge_wrong_part_are_short(client, author):
    words = refused(client, json.dumps(document(questions=[{"key": ["x" * 100_000]}])))
    assert len(words) < 1_000


def test_markup_in_a_wrong_part_is_shown_as_text(client, author):
    answer = upload(client, "format: <script>alert(1)</script>")
    assert "<script>alert" not in answer.content.decode()
