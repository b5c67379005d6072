"""Authoring: the guide and the catalogue in Django admin. Importing a module registers it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from wizard.admin import log
from wizard.admin.cases import cases, flags, queues
from wizard.admin.catalogue import causes, codes
from wizard.admin.guide import guides, nodes, searches
from wizard.admin.publishing import publications

__all__ = [
    "cases",
    "causes",
    "codes",
    "flags",
    "guides",
    "log",
    "nodes",
    "publications",
    "queues",
    "searches",
]  # fmt: skip

IN_PACKAGES: Final = (
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    _("Audit log"),
    _("log entry"),
    _("log entries"),
    _("action"),
    _("actor"),
    _("content type"),
    _("timestamp"),
    _("create"),
    _("update"),
    _("delete"),
    _("access"),
)
"""What Django's admin and auditlog say and their own Chinese lacks: they find ours."""
