"""The application's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WizardConfig(AppConfig):
    name = "wizard"
    verbose_name = _("SMS Doctor")

    def ready(self) -> None:
        from wizard.authoring import audit
        from wizard.lookups import accounts

        # Here, not in a system check: a server runs none as it starts.
        accounts.refuse_unfit_settings()
        audit.begin()
