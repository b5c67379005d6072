"""The causes of codes: where a guide leads each of them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from wizard.admin.checks.lists import Problems
from wizard.admin.checks.panel import CheckedNode
from wizard.admin.editing.bases import GuidePart
from wizard.admin.links import preview_url
from wizard.admin.lists import OfGuide
from wizard.models import Cause
from wizard.wording.authoring import CUSTOMER_TEXT, LOGIC


@admin.register(Cause)
class CauseAdmin(CheckedNode[Cause], GuidePart[Cause]):
    list_display = ("name", "leads_to", "guide", "found")
    list_filter = (("guide", OfGuide), Problems)
    list_select_related = ("guide", "to_question", "to_outcome")
    search_fields = ("cause", "steps")
    autocomplete_fields = ("to_question", "to_outcome")
    fieldsets = (
        (None, {"fields": ("guide", "cause")}),
        (LOGIC, {"fields": (("to_question", "to_outcome"),)}),
        (CUSTOMER_TEXT, {"fields": ("steps",)}),
    )

    @admin.display(description=_("cause"), ordering="cause")
    def name(self, obj: Cause) -> str:
        return str(obj)

    @admin.display(description=_("leads to"))
    def leads_to(self, obj: Cause) -> Any:
        return obj.to_question or obj.to_outcome

    def view_on_site(self, obj: Cause) -> str | None:
        node = obj.to_question or obj.to_outcome
        return preview_url(obj.guide_id, node.key) if node else None
