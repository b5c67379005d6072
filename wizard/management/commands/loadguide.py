"""Load guide files into drafts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from wizard.authoring import drafts, files, loading, publishing
from wizard.authoring.fitness import refuse_unfit
from wizard.engine.checks import Problem, errors
from wizard.engine.document import DocumentError
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide
from wizard.wording.problems import problem as sentence_of


class Command(BaseCommand):
    help = "Make the drafts of guides what their files say. Loading twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="*",
            type=Path,
            help="a guide file, or a folder of its parts; without any, the guides we ship",
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish a draft that differs from what is live"
        )
        parser.add_argument(
            "--if-missing", action="store_true", help="leave guides alone that exist already"
        )

    def handle(
        self, *args: object, path: list[Path], publish: bool, if_missing: bool, **options: object
    ) -> None:
        for document, snapshot in _documents(path):
            slug = document["guide"]["slug"]
            if if_missing and Guide.objects.filter(slug=slug).exists():
                self.stdout.write(f"{slug}: exists, left as it is")
                continue
            self._load(document, snapshot)
            if publish:
                self._publish(slug)

    def _load(self, document: dict[str, Any], snapshot: Snapshot) -> None:
        slug = document["guide"]["slug"]
        with transaction.atomic():
            known = Guide.objects.filter(slug=slug).first()
            before = drafts.document_of(known) if known else None
            guide = loading.load(document, snapshot)
            changed = drafts.document_of(guide) != before
            # Rows that say the same keep their identity, steps included.
            transaction.set_rollback(not changed)
        self.stdout.write(f"{slug}: {'draft loaded' if changed else 'draft unchanged'}")

    def _publish(self, slug: str) -> None:
        try:
            publication = publishing.publish(Guide.objects.get(slug=slug), by=None)
        except publishing.Unchanged:
            self.stdout.write(f"{slug}: what is live is the same, nothing published")
        except publishing.NotPublishable as refused:
            found = "\n".join(map(_line, errors(refused.problems)))
            raise CommandError(f"{slug}: not published, the checks found:\n{found}") from refused
        else:
            self.stdout.write(f"{slug}: publication {publication.number} is live")


def _documents(paths: list[Path]) -> list[tuple[dict[str, Any], Snapshot]]:
    """The documents at these paths, each fit to be loaded, with what it was compiled to."""
    return [_document(path) for path in paths or files.folders()]


def _document(path: Path) -> tuple[dict[str, Any], Snapshot]:
    try:
        document = files.read(_parts(path))
        return document, refuse_unfit(document)
    except (OSError, UnicodeDecodeError, DocumentError) as error:
        raise CommandError(f"{path}: {error}") from error


def _parts(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _line(problem: Problem) -> str:
    where = " ".join(filter(None, (problem.place, problem.key, problem.part)))
    return f"  {where}: {sentence_of(problem)}"
