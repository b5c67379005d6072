"""Libraries of codes: named by a draft and a file, held by a publication."""

from typing import Any

import pytest

from tests.engine.test_library import library, row, with_library
from tests.support.guides import DOCUMENT
from wizard.authoring import drafts, files, libraries, loading, publishing
from wizard.authoring.differences import between
from wizard.engine.document import DocumentError, compile_document
from wizard.models import Cause, Guide


def named() -> dict[str, Any]:
    """A guide that names the library that ships, and leads all of its causes to one outcome."""
    used = compile_document(DOCUMENT | {"library": libraries.shipped("carriers")}).catalogue.library
    assert used is not None
    causes = [{"cause": cause, "to": "ask"} for cause in sorted(used.causes)]
    return {**DOCUMENT, "guide": {**DOCUMENT["guide"], "library": "carriers"}, "causes": causes}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_file_names_a_library_that_ships_and_has_its_rows_when_it_is_read(form):
    held = named() | {"library": libraries.shipped("carriers")}
    text = files.dump(held, form)
    assert len(text) < 50_000
    assert files.parse(text) == held


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_file_keeps_the_rows_of_a_library_that_no_longer_ships(form):
    held = with_library(row("MI:0001", meaning='"Off", or: out of reach'))
    assert files.parse(files.dump(held, form)) == held


@pytest.mark.parametrize("name", ["nothing", "../carriers", "", 1, None, ["carriers"]])
def test_a_file_that_names_no_library_that_ships_gets_no_rows(name):
    document = {**DOCUMENT, "guide": {**DOCUMENT["guide"], "library": name}}
    assert "library" not in libraries.completed(document)


@pytest.mark.parametrize("text", ["guide: carriers", "guide: [library, carriers]", "format: 1"])
def test_a_file_without_a_guide_is_read_as_it_stands(text):
    assert "library" not in files.parse(text)


@pytest.mark.django_db
def test_a_draft_has_the_rows_that_ship_and_a_publication_holds_them(monkeypatch):
    guide = loading.load(named())
    publication = publishing.publish(guide, by=None)
    held = publication.snapshot["library"]
    assert held == libraries.shipped("carriers")
    newer = {**held, "rows": held["rows"][1:]}
    monkeypatch.setattr(libraries, "shipped", lambda name: newer if name else None)
    assert drafts.document_of(guide)["library"] == newer
    publication.refresh_from_db()
    assert publication.snapshot["library"] == held


@pytest.mark.django_db
def test_the_causes_of_a_draft_keep_their_identity_and_are_written_as_they_were():
    guide = loading.load(named())
    before = {cause.cause: cause.pk for cause in guide.causes.all()}
    document = drafts.document_of(guide)
    assert document["causes"] == named()["causes"]
    document["causes"] = document["causes"][1:]
    loading.load(document)
    after = dict(Cause.objects.filter(guide=guide).values_list("cause", "pk"))
    assert after == {name: pk for name, pk in before.items() if name in after}
    assert len(after) == len(before) - 1


@pytest.mark.django_db
def test_a_library_with_another_name_than_any_that_ships_is_no_part_of_the_draft():
    document = with_library(row("MI:0001"))
    document["guide"] = {**document["guide"], "library": "older"}
    loading.load(document)
    assert "library" not in drafts.document_of(Guide.objects.get(slug="toy"))


def test_what_has_changed_in_a_library_is_counted_and_not_listed():
    before = with_library(row("MI:0001"), row("MI:0002"))
    after = before | {"library": library(row("MI:0001", meaning="Else."), row("MI:0003"))}
    (found,) = between(before, after)
    assert found.title == "Codes of carriers"
    assert [line.sentence for line in found.lines] == ["Codes added: 1, removed: 1, changed: 1"]


def test_a_cause_that_leads_elsewhere_is_told_in_words():
    before = with_library(row("MI:0001"))
    after = {**before, "causes": [{**before["causes"][0], "to": "lost"}, before["causes"][1]]}
    (found,) = between(before, after)
    assert found.title == "The time for the SMS ran out"
    assert found.lines[0].sentence == "The cause now leads to “Lost” (before: “Wait”)"


def test_a_table_of_other_columns_is_refused(tmp_path, monkeypatch):
    (tmp_path / "carriers.csv").write_text("code,meaning\nA,B\n")
    monkeypatch.setattr(libraries, "_SHIPPED", tmp_path)
    libraries.shipped.cache_clear()
    with pytest.raises(ValueError, match=r"carriers\.csv: columns"):
        libraries.shipped("carriers")


def test_a_part_that_only_looks_like_a_library_is_refused_and_not_left_out():
    with pytest.raises(DocumentError):
        compile_document(files.parse(files.dump({**DOCUMENT, "library": {"name": "carriers"}})))
