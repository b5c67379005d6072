"""loadguide, exportguide and purge."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from tests.factories import CaseFactory, StatusReportFactory, publishable_guide
from wizard.authoring import drafts, files
from wizard.models import Case, Guide, Publication, RemediationStep, StatusReport

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    """A guide file of a tiny guide that can be published."""
    guide = publishable_guide()
    path = tmp_path / "tiny.yaml"
    path.write_text(files.dump(drafts.document_of(guide)))
    Guide.objects.all().delete()
    return path


def test_a_guide_is_loaded_and_published_once(file):
    said = run("loadguide", file, "--publish")
    assert said == "tiny: draft loaded\ntiny: publication 1 is live\n"
    steps = set(RemediationStep.objects.values_list("pk", flat=True))
    said = run("loadguide", file, "--publish")
    assert said == "tiny: draft unchanged\ntiny: what is live is the same, nothing published\n"
    assert set(RemediationStep.objects.values_list("pk", flat=True)) == steps
    assert Publication.objects.count() == 1


def test_loading_without_publishing_leaves_what_is_live(file):
    run("loadguide", file, "--publish")
    file.write_text(file.read_text().replace("Tiny guide", "Renamed"))
    assert run("loadguide", file) == "tiny: draft loaded\n"
    assert Guide.objects.get().title == "Renamed"
    assert Publication.objects.count() == 1
    assert "publication 2 is live" in run("loadguide", file, "--publish")


def test_a_guide_that_exists_is_left_alone_if_only_missing_ones_are_wanted(file):
    said = run("loadguide", file, "--if-missing", "--publish")
    assert "publication 1 is live" in said
    Guide.objects.update(title="An author's work")
    said = run("loadguide", file, "--if-missing", "--publish")
    assert said == "tiny: exists, left as it is\n"
    assert Guide.objects.get().title == "An author's work"
    assert Publication.objects.count() == 1


def test_a_folder_is_one_guide(tmp_path, file):
    folder = tmp_path / "parts"
    folder.mkdir()
    for name, part in files.parse(file.read_text()).items():
        (folder / f"{name}.yaml").write_text(files.dump({name: part}))
    assert run("loadguide", folder) == "tiny: draft loaded\n"
    assert Guide.objects.get().questions.count() == 2


def test_a_guide_that_the_checks_refuse_is_told_in_words(file):
    file.write_text(file.read_text().replace("to: phone-off", "to: nowhere"))
    with pytest.raises(CommandError) as refused:
        run("loadguide", file, "--publish")
    assert "tiny: not published, the checks found:" in str(refused.value)
    assert "  question start nothing: The answer “Nothing” leads nowhere." in str(refused.value)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("content", ["format: 2", "[", "format: 1\nguide: {slug: x, title: 7}"])
def test_a_file_that_is_no_guide_is_refused(tmp_path, content):
    path = tmp_path / "x.yaml"
    path.write_text(content)
    with pytest.raises(CommandError):
        run("loadguide", path)
    assert not Guide.objects.exists()


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("loadguide", tmp_path / "gone.yaml")


def test_a_binary_file_is_refused(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError):
        run("loadguide", path)


def test_without_a_path_the_guides_that_we_ship_are_loaded(file, monkeypatch):
    monkeypatch.setattr(files, "SHIPPED", file.parent)
    (file.parent / "tiny").mkdir()
    file.rename(file.parent / "tiny/guide.yaml")
    assert run("loadguide") == "tiny: draft loaded\n"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_guide_is_written_as_it_is_read(file, tmp_path, form):
    run("loadguide", file)
    written = run("exportguide", "tiny", "--format", form)
    assert files.parse(written) == files.parse(file.read_text())
    if form == "json":
        assert json.loads(written)["format"] == 1
    else:
        assert written == file.read_text()


def test_a_guide_that_is_not_there_cannot_be_written(file):
    run("loadguide", file)
    with pytest.raises(CommandError, match="Known: tiny"):
        run("exportguide", "other")


# --- purge ----------------------------------------------------------------------------------------


def test_purge_deletes_what_is_past_its_retention_and_says_how_much(settings):
    settings.REPORT_RETENTION_DAYS, settings.CASE_RETENTION_DAYS = 90, 365
    now = timezone.now()
    kept = StatusReportFactory(received_at=now - timedelta(days=89))
    StatusReportFactory(received_at=now - timedelta(days=91))
    case = CaseFactory(changed_at=now - timedelta(days=364))
    old = CaseFactory(changed_at=now - timedelta(days=366))
    old.events.create(kind="opened")
    assert run("purge") == "1 status reports and 1 cases deleted\n"
    assert list(StatusReport.objects.all()) == [kept]
    assert list(Case.objects.all()) == [case]
