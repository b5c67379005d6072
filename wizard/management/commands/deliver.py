"""Send what hand-overs have left to be sent, once."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from wizard.models import Delivery
from wizard.outbox import deliveries


class Command(BaseCommand):
    help = (
        "Send the mails and webhooks of hand-overs that are due, once. For cron, for `runserver`, "
        "and for a site whose processes do not do it themselves (DELIVERY_POLL_SECONDS=0)."
    )

    def handle(self, *args: object, **options: object) -> None:
        sent = deliveries.deliver_due(timezone.now())
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING).count()
        self.stdout.write(f"{sent} deliveries sent, {waiting} waiting")
