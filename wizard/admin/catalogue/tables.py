"""Import and export of the catalogue: what each row of a file does, and the pages for it."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import FileExtensionValidator
from django.db import transaction
from django.db.models import Field as ModelField
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ExportMixin, ImportMixin
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.resources import ModelResource
from import_export.results import Error, InvalidRow, Result, RowResult
from import_export.tmp_storages import BaseStorage
from import_export.widgets import Widget
from tablib import Dataset

from wizard.admin.catalogue.table_files import (
    COLUMNS,
    FORMATS,
    MAX_BYTES,
    ROW,
    CsvFile,
    TableError,
    XlsxFile,
)
from wizard.admin.generic import ModelAdminMixin
from wizard.admin.page import page_context
from wizard.authoring.differences import Piece, marked
from wizard.engine.texts import INVISIBLE, plain
from wizard.models import Code, Guide, Outcome, Question, UnknownCode
from wizard.models.fields import LinesField, field_of, lines
from wizard.wording.texts import HOLDS_INVISIBLE

if TYPE_CHECKING:
    # Only the types of the library take what they are of.
    _Resource = ModelResource[Code]
    _Import = ImportMixin[Code]
    _Export = ExportMixin[Code]
else:
    _Resource, _Import, _Export = ModelResource, ImportMixin, ExportMixin

_DAY: Final = 24 * 60 * 60
# Year, month, day: the other orders mean different days to different people.
_DATES: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")


# --- cells ----------------------------------------------------------------------------------------


class TextCell(Widget):
    """A text, one of a list if there are `choices`."""

    def __init__(self, choices: Collection[str] = ()) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = self.render(value)
        if INVISIBLE.search(text):
            raise ValueError(HOLDS_INVISIBLE)
        if text and self.choices and text not in self.choices:
            words = {"text": text, "choices": ", ".join(self.choices)}
            raise ValueError(_("“%(text)s” is none of: %(choices)s.") % words)
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return plain(value or "")


class LinesCell(TextCell):
    """A list, one text on each line."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(lines(value or ""))


class DateCell(Widget):
    """A day."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        text = value.strip()
        for form in _DATES if text else ():
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        if text:
            raise ValueError(_("“%s” is no date. Write it like this: 2026-07-24") % text)
        return None

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


# --- rows -----------------------------------------------------------------------------------------


class ChangedCell(NamedTuple):
    """A cell that an import changes, with its text before and after in one."""

    column: str
    pieces: tuple[Piece, ...]


class Changes:
    """The cells that a row changes, in place of the HTML that the library would make."""

    def __init__(self, resource: "ModelResource[Code]", code: Code, new: bool) -> None:
        self.before = [""] * len(COLUMNS) if new else resource.export_resource(code)
        self.after = self.before

    def compare_with(self, resource: "ModelResource[Code]", code: Code) -> None:
        self.after = resource.export_resource(code)

    def as_html(self) -> list[ChangedCell]:
        cells = zip(COLUMNS, self.before, self.after, strict=True)
        return [ChangedCell(name, marked(old, new)) for name, old, new in cells if old != new]


class ImportResult(Result):
    """What an import does, or would do, with the numbers that rows have in their file."""

    fingerprint = ""
    read_as = ""

    def append_invalid_row(self, number: int, row: Any, validation_error: ValidationError) -> None:
        self.invalid_rows.append(InvalidRow(row[ROW], validation_error, (row["code"],)))

    def append_error_row(self, number: int, row: Any, errors: list[Error]) -> None:
        super().append_error_row(row[ROW], row, errors)

    @property
    def counts(self) -> list[tuple[int, str]]:
        named: dict[Literal["new", "update", "skip"], str] = {
            RowResult.IMPORT_TYPE_NEW: _("new"),
            RowResult.IMPORT_TYPE_UPDATE: _("changed"),
            RowResult.IMPORT_TYPE_SKIP: _("skipped, for nothing in them changes"),
        }
        return [(self.totals[kind], name) for kind, name in named.items()]

    @property
    def shown(self) -> list[RowResult]:
        return [row for row in self.rows if row.is_new() or row.is_update()]

    @property
    def skipped(self) -> list[RowResult]:
        return [row for row in self.rows if row.is_skip()]


class CodeResource(_Resource):
    """The catalogue as a table. A code is known by its guide, its namespace and its letters.

    Columns that a file lacks, and rows that it lacks, are left alone.
    """

    to = Field(column_name="to", readonly=True)
    guide = Field(column_name="guide", attribute="guide__slug", widget=TextCell(), readonly=True)

    class Meta:
        model = Code
        fields = COLUMNS
        import_order = export_order = COLUMNS
        import_id_fields = ("code",)
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def get_diff_class(cls) -> type[Changes]:  # type: ignore[override] # of the same methods
        return Changes

    @classmethod
    def get_result_class(cls) -> type[ImportResult]:
        return ImportResult

    @classmethod
    def widget_from_django_field(cls, f: "ModelField[Any, Any]", default: Any = Widget) -> Any:
        if f.name == "checked_on":
            return DateCell
        if isinstance(f, LinesField):
            return LinesCell
        return partial(TextCell, [value for value, _name in f.choices or ()])

    @classmethod
    def widget_kwargs_for_field(
        cls, field_name: str, django_field: "ModelField[Any, Any]"
    ) -> dict[str, Any]:
        return {}

    # --- out ---

    def filter_export(self, queryset: QuerySet[Code], **kwargs: Any) -> QuerySet[Code]:
        return queryset.select_related("guide", "to_question", "to_outcome")

    def dehydrate_to(self, code: Code) -> str:
        node = code.to_question or code.to_outcome
        return node.key if node else ""

    # --- in ---

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Read what the rows are compared with, a query for each table.

        The guides are locked until the end of the transaction, so that of two imports at once the
        second sees what the first has made.
        """
        guides = Guide.objects.only("slug", "title").order_by("pk").select_for_update()
        self.guides = {guide.slug: guide for guide in guides}
        here = {"guide__in": self.guides.values()}
        self.codes = {
            (code.guide_id, code.namespace, code.code.upper()): code
            for code in Code.objects.filter(**here).select_related("to_question", "to_outcome")
        }
        self.nodes = {
            (node.guide_id, node.key): node
            for model in (Question, Outcome)
            for node in model.objects.filter(**here).only("guide_id", "key")
        }
        self.rows: dict[tuple[int, str, str], int] = {}

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        self.of_row = self._guide_of(row)
        namespace = row.get("namespace", "").strip() or Code._meta.get_field("namespace").default
        self.identity = (self.of_row.pk, str(namespace), row["code"].strip().upper())
        first = self.rows.setdefault(self.identity, row[ROW])
        if first != row[ROW]:
            raise ValidationError({"code": _("Row %d names the same code.") % first})

    def _guide_of(self, row: dict[str, Any]) -> Guide:
        slug = row.get("guide", "").strip()
        if not slug and len(self.guides) == 1:
            return next(iter(self.guides.values()))
        if slug in self.guides:
            return self.guides[slug]
        words = {"slug": slug, "guides": ", ".join(self.guides)}
        message = _("“%(slug)s” is none of the guides: %(guides)s.")
        raise ValidationError({"guide": message % words})

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Code | None:
        found = self.codes.get(self.identity)
        if found:
            found.guide = self.of_row
        return found

    def init_instance(self, row: dict[str, Any] | None = None) -> Code:
        return Code(guide=self.of_row)

    def import_instance(self, instance: Code, row: dict[str, Any], **kwargs: Any) -> None:
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        try:
            self._aim(instance, row)
        except ValidationError as error:
            errors["to"] = error.error_list
        if errors:
            raise ValidationError(errors)

    def _aim(self, code: Code, row: dict[str, Any]) -> None:
        key = row.get("to", "").strip()
        node = self.nodes.get((self.of_row.pk, key))
        if key and not node:
            words = {"key": key, "guide": self.of_row}
            message = _("“%(guide)s” has no question and no outcome with the key “%(key)s”.")
            raise ValidationError(message % words)
        if "to" in row:
            code.to_question = node if isinstance(node, Question) else None
            code.to_outcome = node if isinstance(node, Outcome) else None

    def skip_row(
        self,
        instance: Code,
        original: Code,
        row: Any,
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        if import_validation_errors or original.pk is None:
            return False
        return self.export_resource(instance) == self.export_resource(original)

    def validate_instance(
        self,
        instance: Code,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """As the form of a code does it, without a query: what it would ask for is known here."""
        errors = dict(import_validation_errors or {})
        known = {"guide", "to_question", "to_outcome"}
        try:
            instance.full_clean(
                {*errors, *known}, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row: dict[str, Any], row_result: RowResult, **kwargs: Any) -> None:
        row_result.number = row[ROW]  # type: ignore[attr-defined] # for the page

    def after_import(  # type: ignore[override] # the class of the result is ours
        self, dataset: Dataset, result: ImportResult, **kwargs: Any
    ) -> None:
        UnknownCode.objects.settle([str(row.object_repr) for row in result.rows if row.is_new()])
        result.read_as = dataset.title
        done = [
            (row.number, row.import_type, row.diff)  # type: ignore[attr-defined] # see above
            for row in result.rows
            if row.is_valid()
        ]
        result.fingerprint = hashlib.sha256(
            json.dumps(done, default=_of_piece).encode()
        ).hexdigest()
        wrong = result.has_errors() or result.has_validation_errors()
        if not wrong and kwargs.get("previewed", result.fingerprint) != result.fingerprint:
            raise TableError(
                _(
                    "Nothing was imported: the catalogue has changed since you looked at the "
                    "preview. Choose the file again."
                )
            )


def _of_piece(piece: Piece) -> list[str]:
    return [piece.kind, piece.text]


# --- the pages ------------------------------------------------------------------------------------


class Carried(BaseStorage):
    """A file that travels with its preview, signed: no machine keeps it, any machine goes on."""

    class Bytes:
        """A file is bytes already."""

        def dumps(self, data: bytes) -> bytes:
            return data

        def loads(self, data: bytes) -> bytes:
            return data

    _signer: Final = signing.TimestampSigner(salt="wizard.admin.code_tables")

    def save(self, data: bytes) -> None:
        self.name = self._signer.sign_object(data, serializer=self.Bytes, compress=True)

    def read(self) -> bytes:
        sealed = self.name or ""
        data: bytes = self._signer.unsign_object(sealed, serializer=self.Bytes, max_age=_DAY)
        return data

    def remove(self) -> None:
        """Nothing is kept anywhere."""


class CodesImportForm(ImportForm):
    """One file; its name says what it is."""

    media = forms.Media()
    import_file = forms.FileField(
        label=gettext_lazy("File"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=gettext_lazy("CSV or XLSX, as Export writes it, at most 2 MB and 5,000 rows."),
    )
    format = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 2 MB."))
        return file

    def clean(self) -> None:
        file = self.cleaned_data.get("import_file")
        if file:
            extension = file.name.rpartition(".")[2].lower()
            names = [form.extension for form in FORMATS]
            self.cleaned_data["format"] = str(names.index(extension))


class CodesConfirmForm(ConfirmImportForm):
    preview = forms.CharField(widget=forms.HiddenInput)

    def clean_import_file_name(self) -> str:
        name: str = self.cleaned_data["import_file_name"]
        try:
            Carried(name=name).read()
        except signing.BadSignature as error:
            raise ValidationError(_("The preview is too old.")) from error
        return name


# The types of the library do not say that its mixins go with an admin.
class CodeTables(_Import, _Export, ModelAdminMixin[Code]):  # type: ignore[misc] # see above
    """The catalogue's import and export, for its ModelAdmin."""

    resource_classes = (CodeResource,)
    formats: list[type[Format]] = [*FORMATS]
    import_form_class = CodesImportForm
    confirm_form_class = CodesConfirmForm
    export_form_class = ExportForm
    tmp_storage_class = Carried
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/wizard/catalogue/import.html"
    export_template_name = "admin/wizard/catalogue/export.html"
    actions: tuple[str, ...] = ("export_csv", "export_xlsx")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # --- in ---

    def import_action(self, request: HttpRequest, **kwargs: Any) -> TemplateResponse:
        response = super().import_action(request, **kwargs)
        context = response.context_data or {}
        result = context.get("result")
        if result and result.totals[RowResult.IMPORT_TYPE_SKIP] == result.total_rows:
            # There is nothing to confirm.
            context["confirm_form"] = None
        return response

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = [(name, _field_of(name)) for name in COLUMNS]
        return {"columns": [(name, _told(name, field)) for name, field in fields]}

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if not isinstance(e, TableError):
            raise e
        form.add_error("import_file", str(e))

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        given = super().get_import_data_kwargs(**kwargs)
        form = kwargs["form"]
        if isinstance(form, CodesConfirmForm):
            # Half a file is never imported.
            given |= {"rollback_on_validation_errors": True}
            given |= {"previewed": form.cleaned_data["preview"]}
        return given

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if not self.create_confirm_form(request).is_valid():
            messages.error(request, _("The preview is too old. Choose the file again."))
            return redirect("admin:wizard_code_import")
        with transaction.atomic():
            return super().process_import(request, **kwargs)

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        context = {
            **self.get_import_context_data(),
            **page_context(self, request, _("Import")),
            "form": self.import_form_class(
                self.get_import_formats(),  # type: ignore[arg-type] # they are classes
                self.get_import_resource_classes(request),
            ),
            "result": result,
        }
        return TemplateResponse(request, self.import_template_name, context)

    def generate_log_entries(self, result: Result, request: HttpRequest) -> None:
        for kind, flag in ((ADDITION, "is_new"), (CHANGE, "is_update")):
            codes = [row.instance for row in result.rows if getattr(row, flag)()]
            if codes:
                LogEntry.objects.log_actions(
                    request.user.pk,  # type: ignore[arg-type] # nobody comes without a log-in
                    codes,
                    kind,
                    change_message=_("Imported from a file."),
                )

    def add_success_message(  # type: ignore[override] # the class of the result is ours
        self, result: ImportResult, request: HttpRequest
    ) -> None:
        counts = ", ".join(f"{count} {name}" for count, name in result.counts)
        messages.success(request, _("The file is imported: %s.") % counts)

    # --- out ---

    def init_request_context_data(self, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
        context = super().init_request_context_data(request, form)
        return context | {"count": self.get_export_queryset(request).count()}

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["export"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Code]) -> HttpResponse | None:
        return self._exported(CsvFile(), request, queryset)

    @admin.action(description=gettext_lazy("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[Code]) -> HttpResponse | None:
        return self._exported(XlsxFile(), request, queryset)

    def _exported(
        self, form: Any, request: HttpRequest, queryset: QuerySet[Code]
    ) -> HttpResponse | None:
        try:
            # The library's own, which its types leave out.
            done: HttpResponse = self._do_file_export(form, request, queryset)  # type: ignore[attr-defined]
        except ValueError as error:
            messages.error(request, str(error))
            return None
        return done


def _field_of(column: str) -> "ModelField[Any, Any] | None":
    return None if column == "to" else field_of(Code, column)


def _told(column: str, field: "ModelField[Any, Any] | None") -> str:
    """What a column holds, for the page that asks for a file."""
    if field is None:
        return _("Key of the question or outcome that the code leads to.")
    if column == "guide":
        return _("Address of the guide; not needed while there is only one.")
    if field.choices:
        return ", ".join(value for value, _name in field.choices)
    if isinstance(field, LinesField):
        return _("%(name)s; one on each line of the cell.") % {"name": field.verbose_name}
    if column == "checked_on":
        return "2026-07-24"
    return str(field.verbose_name)
