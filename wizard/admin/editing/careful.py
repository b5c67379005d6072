"""Saving carefully: a form that somebody else has overtaken comes back with both changes."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wizard.admin.editing.conflicts import FIELD, conflict_of, state_of, typed
from wizard.admin.generic import AuditedT, FormMixin, ModelAdminMixin, ModelForm
from wizard.admin.log import told
from wizard.admin.page import page_context
from wizard.authoring import audit
from wizard.models import Guide
from wizard.models.fields import primary_key


class _Refused(FormMixin):
    """Mixed into a form that may not be saved, whatever stands in it."""

    def full_clean(self) -> None:
        super().full_clean()
        # Why stands at the head of the page.
        self.add_error(None, _("Look through the form, then save again."))


class Careful(ModelAdminMixin[AuditedT]):
    """Mixed into the admin of a guide and its parts: nobody overwrites what they have not seen."""

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        # The inner part of Django's own view, for it runs within the view's transaction.
        key = primary_key(unquote(object_id or ""))
        if request.method == "POST" and key is not None and self.has_change_permission(request):
            gone = self._compare(request, key)
            if gone is not None:
                return gone
        shown: HttpResponse = super()._changeform_view(  # type: ignore[misc] # its types lack it
            request, object_id, form_url, extra_context
        )
        return shown

    def _compare(self, request: HttpRequest, key: int) -> HttpResponse | None:
        """Let nobody else save meanwhile, and look whether somebody has.

        Returns:
            The page that says so where the row is no longer there, else None.
        """
        # Whoever writes anything of the same guide waits for this row.
        here = Guide.objects.filter(**{self._in_guide(): key})
        guide = here.select_for_update(of=("self",)).first()
        row = self.get_object(request, str(key))
        if row is None:
            return self._gone(request, key)
        if guide is not None and not isinstance(row, Guide):
            row.guide = guide
        state = state_of(self, request, row)
        conflict = conflict_of(request, row, state)
        request.__dict__.update(row_behind_form=row, state_behind_form=state, conflict=conflict)
        return None

    def _gone(self, request: HttpRequest, key: int) -> HttpResponse:
        """Say who has deleted it, and give back what was typed."""
        line = audit.deletion_of(self.model, key)
        context = {
            **page_context(self, request, _("It is no longer there")),
            "line": told(line) if line else None,
            "rows": typed(self, request),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/wizard/editing/gone.html", context, status=410)

    def _in_guide(self) -> str:
        """How a guide is found by the key of a row: `questions`, or `pk` for the guide itself."""
        if self.model is Guide:
            return "pk"
        # A part of a guide has this field, which is all that the types are not sure of.
        return self.model._meta.get_field("guide").related_query_name()  # type: ignore[misc]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AuditedT | None:
        # The row that was just compared is the one that is saved, and is not read twice.
        row = request.__dict__.pop("row_behind_form", None)
        return row or super().get_object(request, object_id, from_field)

    def get_form(
        self,
        request: HttpRequest,
        obj: AuditedT | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm[AuditedT]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        is_refused = getattr(request, "conflict", None) is not None
        return type(form.__name__, (_Refused, form), {}) if is_refused else form

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: AuditedT | None = None,
    ) -> HttpResponse:
        if obj is not None and self.has_change_permission(request, obj):
            # Where it was sent, the row holds what was typed.
            state = getattr(request, "state_behind_form", None) or state_of(self, request, obj)
            context[FIELD] = state.signed(timezone.now())
            context["conflict"] = getattr(request, "conflict", None)
        return super().render_change_form(request, context, add, change, form_url, obj)
