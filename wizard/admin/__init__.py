"""Authoring: the guide and the catalogue in Django admin. Importing a module registers it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from wizard.admin import cases, codes, flags, guide, handover, log, nodes, publication

__all__ = ["cases", "codes", "flags", "guide", "handover", "log", "nodes", "publication"]

IN_DJANGO: Final = (
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
)
"""What Django's admin says and its own Chinese lacks: it finds ours."""
