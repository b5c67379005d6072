"""Import: a guide file becomes the draft, whatever somebody uploads."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.validators import FileExtensionValidator
from django.db.models import DateField, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import ModelAdmin
from wizard.admin.page import page_context
from wizard.authoring import drafts, files
from wizard.engine.snapshot import DocumentError, Snapshot, compile_document
from wizard.models import Answer, Code, Guide, Outcome, Question, RemediationStep

# What the order of answers and steps can count, and what a statement can name.
_MAX_PARTS: Final = 3_000
_MAX_ROWS: Final = 20_000
_MAX_FAULT: Final = 300

Document = Mapping[str, Any]


# --- reading --------------------------------------------------------------------------------------


def read(text: str) -> tuple[dict[str, Any], Snapshot]:
    """The document in the text of a guide file, fit to be loaded, and what it was compiled to.

    Raises:
        DocumentError: it is none, or holds what the database could not.
    """
    document = files.parse(text)
    return document, refuse_unfit(document)


def refuse_unfit(document: Document) -> Snapshot:
    """Refuse a document whose form is wrong, or whose texts are longer than their fields.

    Returns:
        What it was compiled to in order to read its form.

    Raises:
        DocumentError: naming every part at fault.
    """
    snapshot = compile_document(document)
    rows = list(_rows(document))
    if len(rows) > _MAX_ROWS:
        raise DocumentError(f"the file has more than {_MAX_ROWS} questions, answers, ... in all")
    found = [fault for row in rows for fault in _faults(*row)]
    if found:
        raise DocumentError("; ".join(found))
    return snapshot


def _rows(document: Document) -> Iterator[tuple[str, type[Model], Document]]:
    yield "guide", Guide, document["guide"]
    for row in document.get("questions") or []:
        yield f"question {row['key']}", Question, row
        for answer in row.get("answers") or []:
            yield f"question {row['key']}, answer {answer['key']}", Answer, answer
    for row in document.get("outcomes") or []:
        yield f"outcome {row['key']}", Outcome, row
        for number, step in enumerate(row.get("steps") or [], start=1):
            yield f"outcome {row['key']}, step {number}", RemediationStep, step
    for row in document.get("codes") or []:
        yield f"code {row['code']}", Code, row


def _faults(where: str, model: type[Model], row: Document) -> Iterator[str]:
    for field in model._meta.fields:
        value = row.get(field.name)
        if isinstance(field, DateField) and not _is_date_text(value):
            yield f"{where}: {field.name} must be a date"
        if field.max_length and isinstance(value, str) and len(value) > field.max_length:
            yield f"{where}: {field.name} is longer than {field.max_length} characters"
    for name in ("answers", "steps"):
        if len(row.get(name) or []) > _MAX_PARTS:
            yield f"{where}: more than {_MAX_PARTS} {name}"


def _is_date_text(value: Any) -> bool:
    """Whether this is no date at all or the text of one, which `compile_document` has read."""
    return value is None or (isinstance(value, str) and value != "")


# --- the page -------------------------------------------------------------------------------------


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
    guide = drafts.load(document, snapshot)
    admin.log_change(request, guide, _("Imported from a file."))
    message = _(
        "The draft of “%(guide)s” is loaded: %(questions)d questions, %(outcomes)d outcomes, "
        "%(codes)d codes."
    )
    counts = {name: len(document.get(name) or []) for name in ("questions", "outcomes", "codes")}
    messages.success(request, message % {"guide": guide, **counts})
    return redirect("admin:wizard_guide_publish", guide.pk)
