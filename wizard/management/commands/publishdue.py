"""Publish what was scheduled for now or before, once."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from wizard.authoring import scheduling
from wizard.models import ScheduledPublication


class Command(BaseCommand):
    help = (
        "Publish what was scheduled for now or before, once. For cron, for `runserver`, and for a "
        "site whose processes do not do it themselves (PUBLICATION_POLL_SECONDS=0)."
    )

    def handle(self, *args: object, **options: object) -> None:
        published = scheduling.publish_due(timezone.now())
        waiting = ScheduledPublication.objects.waiting().count()
        self.stdout.write(f"{published} published, {waiting} waiting")
