"""Write the draft of a guide as a guide file."""

from argparse import ArgumentParser
from typing import get_args

from django.core.management.base import BaseCommand, CommandError

from wizard.authoring import drafts, files
from wizard.models import Guide


class Command(BaseCommand):
    help = "Write the draft of a guide to standard output, as a guide file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the guide's address, such as sms-not-received")
        formats = get_args(files.Format)
        parser.add_argument("--format", choices=formats, default="yaml", dest="form")

    def handle(self, *args: object, slug: str, form: files.Format, **options: object) -> None:
        try:
            guide = Guide.objects.get(slug=slug)
        except Guide.DoesNotExist as error:
            known = ", ".join(Guide.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no guide {slug!r}. Known: {known}") from error
        self.stdout.write(files.dump(drafts.document_of(guide), form), ending="")
