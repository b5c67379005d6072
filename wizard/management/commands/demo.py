"""Demo logins for a site that somebody tries out on their own machine."""

import json
import secrets
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from wizard.models import Queue

_LOGINS = settings.BASE_DIR / "var/demo-logins.json"
_ROLES = {"author": "Authors", "publisher": "Publishers", "agent": "Agents"}
_NAMES = ("admin", *_ROLES)


class Command(BaseCommand):
    help = "Make demo logins, one for each role, once, and print them with the addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port in the printed addresses")
        parser.add_argument("--simulator-port", type=int, help="port of the simulated platform")

    def handle(
        self, *args: object, port: int, simulator_port: int | None, **options: object
    ) -> None:
        if settings.HTTPS:
            raise CommandError("Demo logins are for a machine of your own: set HTTPS=0 there.")
        logins = _known() or self._make()
        site = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\nSMS Doctor   {site}/")
        self.stdout.write(f"Agent desk   {site}/desk/")
        self.stdout.write(f"Authoring    {site}/admin/")
        if simulator_port:
            self.stdout.write(
                f"Simulated SMS platform, with samples on the first page: "
                f"http://127.0.0.1:{simulator_port}/"
            )
        self.stdout.write("\nDemo logins:")
        for name, password in logins.items():
            self.stdout.write(f"  {name:10} {password}")
        self.stdout.write("\nStop with Ctrl+C.\n")

    @transaction.atomic
    def _make(self) -> dict[str, str]:
        users = get_user_model().objects
        if users.filter(username__in=_NAMES).exists():
            raise CommandError(
                f"The demo users exist, but {_LOGINS} is gone. Set a password with: "
                "manage.py changepassword admin"
            )
        logins = {name: secrets.token_urlsafe(9) for name in _NAMES}
        users.create_superuser("admin", password=logins["admin"])
        for name, group in _ROLES.items():
            user = users.create_user(name, password=logins[name], is_staff=name != "agent")
            user.groups.add(Group.objects.get(name=group))
        # Somewhere to hand over to: what is sent there shows up in the terminal.
        Queue.objects.get_or_create(
            name="Carrier team", defaults={"email": "carrier-team@example.org"}
        )
        _LOGINS.parent.mkdir(exist_ok=True)
        _LOGINS.touch(mode=0o600)
        _LOGINS.write_text(json.dumps(logins))
        return logins


def _known() -> dict[str, str]:
    """The logins made before, {} if there are none."""
    return json.loads(_LOGINS.read_text()) if Path(_LOGINS).exists() else {}
