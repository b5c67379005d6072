"""The page that brings a guide file into a draft."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.validators import FileExtensionValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import ModelAdmin
from wizard.admin.page import page_context
from wizard.authoring import files, loading
from wizard.authoring.fitness import Document, read
from wizard.engine.document import DocumentError
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide

_MAX_FAULT: Final = 300


class ImportForm(forms.Form):
    """One guide file. `cleaned_data` has its `document`, and the `snapshot` of that."""

    file = forms.FileField(
        label=gettext_lazy("Guide file"),
        validators=[FileExtensionValidator(["yaml", "yml", "json"])],
        help_text=gettext_lazy("YAML or JSON, as Export writes it, at most 5 MB."),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Replace the draft if the guide exists already"),
        required=False,
        help_text=gettext_lazy(
            "What the file lacks is deleted from the draft. Visitors go on reading the live "
            "publication until you publish."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > files.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        try:
            document, snapshot = read(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from error
        except DocumentError as error:
            fault = str(error)
            shown = fault if len(fault) <= _MAX_FAULT else f"{fault[:_MAX_FAULT]}…"
            message = _("The file is not a guide that can be loaded. %(fault)s")
            raise forms.ValidationError(message, params={"fault": shown}) from error
        self.cleaned_data |= {"document": document, "snapshot": snapshot}
        return file

    def clean(self) -> None:
        document = self.cleaned_data.get("document")
        if document is None or self.cleaned_data.get("replace"):
            return
        there = Guide.objects.filter(slug=document["guide"]["slug"]).first()
        if there:
            message = _("The guide “%(guide)s” exists. Choose the file again and tick this box.")
            self.add_error("replace", forms.ValidationError(message, params={"guide": there}))


def import_view(admin: ModelAdmin[Guide], request: HttpRequest) -> HttpResponse:
    """Upload a guide file; its content becomes the draft."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if posted and form.is_valid():
        return _import(admin, request, form.cleaned_data["document"], form.cleaned_data["snapshot"])
    context = {**page_context(admin, request, _("Import a guide")), "form": form}
    return TemplateResponse(request, "admin/wizard/guide/import.html", context)


def _import(
    admin: ModelAdmin[Guide], request: HttpRequest, document: Document, snapshot: Snapshot
) -> HttpResponse:
    guide = loading.load(document, snapshot)
    admin.log_change(request, guide, _("Imported from a file."))
    message = _(
        "The draft of “%(guide)s” is loaded: %(questions)d questions, %(outcomes)d outcomes, "
        "%(codes)d codes."
    )
    counts = {name: len(document.get(name) or []) for name in ("questions", "outcomes", "codes")}
    messages.success(request, message % {"guide": guide, **counts})
    return redirect("admin:wizard_guide_publish", guide.pk)
