"""Forget what is older than it may be kept."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from wizard.cases import opening
from wizard.models import StatusReport


class Command(BaseCommand):
    help = "Delete status reports and cases past their retention (REPORT_/CASE_RETENTION_DAYS)."

    def handle(self, *args: object, **options: object) -> None:
        now = timezone.now()
        old = now - timedelta(days=settings.REPORT_RETENTION_DAYS)
        reports, _ = StatusReport.objects.older_than(old).delete()
        self.stdout.write(f"{reports} status reports and {opening.purge(now=now)} cases deleted")
