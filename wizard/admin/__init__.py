"""Authoring: the guide and the catalogue in Django admin. Importing a module registers it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from wizard.admin import cases, codes, flags, guide, handover, nodes, publication

__all__ = ["cases", "codes", "flags", "guide", "handover", "nodes", "publication"]

admin.site.site_header = _("SMS Doctor: authoring")
admin.site.site_title = _("SMS Doctor")
admin.site.index_title = _("Guides and codes")
