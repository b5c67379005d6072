"""The catalogue as CSV and XLSX: what a spreadsheet program makes of it becomes rows of text."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from wizard.authoring.drafts import CODE

COLUMNS: Final = (*CODE, "to", "sources", "guide")
"""As in a guide file, and the guide that the code belongs to."""

ROW: Final = "#"
"""The column of a dataset with the number that the row has in its file."""

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 5_000
# A workbook is a compressed archive; a small one can hold far more than any catalogue.
_MAX_UNPACKED: Final = 40 * 1024 * 1024
_MAX_COLUMNS: Final = 50
_MAX_CELL: Final = 32_767

_WIDE: Final = frozenset({"meaning", "causes", "steps", "note"})
_DELIMITERS: Final = ",;\t"

# A spreadsheet program takes a text that begins so for a formula, unless an apostrophe precedes it.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")

Row = tuple[int, Sequence[str]]


class TableError(Exception):
    """The file is no table of codes; the message says why, in the words of its author."""


# --- rows -----------------------------------------------------------------------------------------


def _dataset(rows: Iterator[Row], title: str = "") -> Dataset:
    """The rows under the names of their columns, without blank ones.

    Raises:
        TableError: the columns are not those of the catalogue, or the rows are too many.
    """
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    _number, head = next(filled, (0, ()))
    names = _names(head)
    dataset = Dataset(headers=[*names, ROW], title=title)
    for number, cells in filled:
        if len(dataset) == MAX_ROWS:
            raise TableError(_("The file has more than %d rows.") % MAX_ROWS)
        if any(cell.strip() for cell in cells[len(names) :]):
            raise TableError(_("Row %d has more cells than the first row has names.") % number)
        padding = [""] * (len(names) - len(cells))
        dataset.append([*cells[: len(names)], *padding, number])
    return dataset


def _names(head: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in head]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in COLUMNS:
            message = _("The first row names a column “%(name)s”. It can name: %(columns)s.")
            raise TableError(message % {"name": name, "columns": ", ".join(COLUMNS)})
        if names.count(name) > 1:
            raise TableError(_("The first row names the column “%s” twice.") % name)
    if "code" not in names:
        raise TableError(_("The first row must name the columns, one of them “code”."))
    return names


class TableFile(Format):
    """What the library asks of a format; each reads bytes and writes bytes."""

    extension = ""
    content_type = ""

    def __init__(self, encoding: str | None = None) -> None:
        # It finds that out from the file.
        del encoding

    def get_title(self) -> str:  # type: ignore[override] # as the formats of the library
        return self.extension.upper()

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


# --- CSV ------------------------------------------------------------------------------------------


class CsvFile(TableFile):
    """Text with commas; semicolons and tabs are read as well."""

    extension = "csv"
    content_type = "text/csv; charset=utf-8"

    def create_dataset(self, data: bytes) -> Dataset:  # type: ignore[override] # no text
        """Raises TableError."""
        text, encoding = _decoded(data)
        return _dataset(_csv_rows(text), encoding)

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        out = StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(dataset.headers)
        writer.writerows([_escaped(cell) for cell in row] for row in dataset)
        # With the mark in front, spreadsheet programs read UTF-8 as what it is.
        return out.getvalue().encode("utf-8-sig")


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and, where that was a guess, the name of its encoding."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding, guess in (("utf-16", ""),) if marked else (("utf-8-sig", ""), *_GUESSES):
        try:
            return data.decode(encoding), guess
        except UnicodeDecodeError:
            continue
    raise TableError(_("The file is not text in UTF-8 or GB18030. Save it as “CSV UTF-8” or XLSX."))


# What a spreadsheet program on a Chinese Windows writes unless it is told otherwise.
_GUESSES: Final = (("gb18030", "GB18030"),)


def _csv_rows(text: str) -> Iterator[Row]:
    first, _break, rest = text.partition("\n")
    declared = re.fullmatch(r"sep=(.)", first.strip(), re.IGNORECASE)
    delimiter = declared[1] if declared else max(_DELIMITERS, key=first.count)
    skipped = 1 if declared else 0
    reader = csv.reader(
        StringIO(rest if declared else text, newline=""), delimiter=delimiter, strict=True
    )
    number = skipped
    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            yield number, [_unescaped(cell) for cell in cells]
    except csv.Error as error:
        message = _("What follows row %d cannot be read: a quotation mark or a comma is amiss.")
        raise TableError(message % number) from error


def _escaped(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unescaped(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell


# --- XLSX -----------------------------------------------------------------------------------------


class XlsxFile(TableFile):
    """A workbook: its first sheet, every cell of it a text."""

    extension = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def create_dataset(self, data: bytes) -> Dataset:  # type: ignore[override] # no text
        """Raises TableError."""
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > _MAX_UNPACKED:
                raise TableError(_("The workbook holds far more than a catalogue."))
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False)
            return _dataset(_xlsx_rows(book))
        except TableError:
            raise
        except Exception as error:
            # Whatever a part of the archive makes the library raise.
            raise TableError(_("The file is not a workbook in XLSX that can be read.")) from error

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        """Raises ValueError where a text is longer than a cell can be."""
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("codes")
        sheet.freeze_panes = "A2"
        for number, name in enumerate(dataset.headers, start=1):
            column = sheet.column_dimensions[get_column_letter(number)]
            column.width = 50 if name in _WIDE else 20
            # What is typed below the last row is text as well, and keeps its zeros.
            column.number_format = "@"
        sheet.append([_cell(sheet, name, Font(bold=True)) for name in dataset.headers])
        for row in dataset:
            sheet.append([_cell(sheet, text) for text in row])
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def _xlsx_rows(book: openpyxl.Workbook) -> Iterator[Row]:
    # A sheet may claim a million rows and hold three.
    rows = book.worksheets[0].iter_rows(max_row=MAX_ROWS * 2, max_col=_MAX_COLUMNS)
    for number, cells in enumerate(rows, start=1):
        yield number, [_text(cell, number, place) for place, cell in enumerate(cells, start=1)]


def _text(cell: Any, row: int, place: int) -> str:
    """What a person sees in the cell, without the looks."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        where = f"{get_column_letter(place)}{row}"
        message = _("Cell %s holds a formula or an error. Put the value itself there, as text.")
        raise TableError(message % where)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    # A number that is shown with zeros in front.
    return text.zfill(len(cell.number_format)) if _is_zeros(cell.number_format) else text


def _is_zeros(number_format: str) -> bool:
    return re.fullmatch("0{2,}", number_format) is not None


def _cell(sheet: Any, text: str, font: Font | None = None) -> Cell:
    if len(text) > _MAX_CELL:
        raise ValueError(_("A text is too long for a cell of XLSX. Export as CSV."))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    # Never a formula, whatever it begins with, nor when somebody edits it.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if font:
        cell.font = font
    return cell


FORMATS: Final[Sequence[type[TableFile]]] = (CsvFile, XlsxFile)
