"""The catalogue as CSV and XLSX: out, in, and what a spreadsheet program does to it."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import CodeFactory, GuideFactory, OutcomeFactory
from wizard.admin.catalogue import table_files
from wizard.authoring import drafts
from wizard.models import Code, Guide, UnknownCode

LIST = reverse("admin:wizard_code_changelist")
IMPORT = reverse("admin:wizard_code_import")
CONFIRM = reverse("admin:wizard_code_process_import")
EXPORT = reverse("admin:wizard_code_export")
FORMATS = {"csv": "0", "xlsx": "1"}


def table(*rows):
    """The text of a CSV file: a row for each dictionary."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def upload(client, content, name="codes.csv"):
    data = content.encode() if isinstance(content, str) else content
    form = {"csrfmiddlewaretoken": "any", "import_file": SimpleUploadedFile(name, data)}
    return client.post(IMPORT, form)


def confirm(client, preview, **changes):
    return client.post(CONFIRM, filled(preview.content, **changes), follow=True)


def imported(client, content, name="codes.csv"):
    preview = upload(client, content, name)
    assert "confirm_form" in preview.context, told(preview)
    return confirm(client, preview)


def counts(page):
    return [count for count, _name in page.context["result"].counts]


def told(page):
    """The sentences of a page about what is wrong with the file."""
    result = page.context.get("result")
    form = page.context["form"]
    found = [str(error.error) for error in result.base_errors] if result else []
    found += [
        f"{row.number} {column}: {error}"
        for row in (result.invalid_rows if result else ())
        for column, errors in row.error_dict.items()
        for error in errors
    ]
    return found + [error for errors in form.errors.values() for error in errors]


def exported(client, form="csv", query=""):
    answer = client.post(EXPORT + query, {"format": FORMATS[form], "resource": "0"})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def rows_of(content):
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def bytes_of(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# --- round trip -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_shipped_catalogue_comes_back_as_it_went(client, author, form):
    call_command("loadguide", verbosity=0)
    guides = list(Guide.objects.all())
    page = upload(client, exported(client, form), f"codes.{form}")
    assert counts(page) == [0, 0, Code.objects.count()], told(page)
    assert "Nothing would change" in page.content.decode()
    before = [drafts.document_of(guide) for guide in guides]
    content = exported(client, form)
    Code.objects.all().delete()
    imported(client, content, f"codes.{form}")
    assert [drafts.document_of(guide) for guide in guides] == before


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49", "-x", "@home", "'=1", "''@", "'quoted'", 'a\nb, “c”;\t"d"', "中文"],
)
def test_a_text_comes_back_whatever_a_spreadsheet_takes_it_for(client, author, form, text):
    code = CodeFactory(note=text)
    content = exported(client, form)
    assert counts(upload(client, content, f"codes.{form}")) == [0, 0, 1]
    Code.objects.all().delete()
    imported(client, content, f"codes.{form}")
    assert Code.objects.get(code=code.code).note == text


def test_no_cell_of_an_export_is_a_formula(client, author):
    CodeFactory(note="=1+1", meaning="@SUM(A1)")
    row = rows_of(exported(client))[0]
    assert (row["note"], row["meaning"]) == ("'=1+1", "'@SUM(A1)")
    sheet = openpyxl.load_workbook(BytesIO(exported(client, "xlsx"))).active
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}


def test_a_code_keeps_the_zeros_it_begins_with(client, author):
    CodeFactory(code="000000")
    assert rows_of(exported(client))[0]["code"] == "000000"
    sheet = openpyxl.load_workbook(BytesIO(exported(client, "xlsx"))).active
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("000000", "@")


# --- out ------------------------------------------------------------------------------------------


def test_an_export_has_the_columns_of_the_guide_file(client, author):
    outcome = OutcomeFactory()
    CodeFactory(guide=outcome.guide, to_outcome=outcome, causes="One\r\nTwo\r\n")
    row = rows_of(exported(client))[0]
    assert list(row) == [*drafts.CODE, "to", "sources", "guide"]
    assert (row["to"], row["guide"], row["causes"]) == (
        outcome.key, outcome.guide.slug, "One\nTwo",
    )  # fmt: skip


def test_an_export_holds_what_the_list_shows_under_its_filters(client, author):
    CodeFactory(code="A1", namespace="api")
    CodeFactory(code="S1", namespace="status")
    query = "?namespace=api&q=A1"
    assert "1 code is exported" in client.get(EXPORT + query).content.decode()
    assert [row["code"] for row in rows_of(exported(client, query=query))] == ["A1"]
    assert (
        f'href="{EXPORT}{query}"'.replace("&", "&amp;") in client.get(LIST + query).content.decode()
    )


@pytest.mark.parametrize("action", ["export_csv", "export_xlsx"])
def test_the_selected_codes_are_exported(client, author, action):
    codes = CodeFactory.create_batch(3)
    data = {"action": action, "_selected_action": [code.pk for code in codes[:2]]}
    content = client.post(LIST, data).content
    Code.objects.all().delete()
    name = f"codes.{action.removeprefix('export_')}"
    assert counts(upload(client, content, name)) == [2, 0, 0]


def test_only_csv_and_xlsx_are_offered(client, author):
    choices = client.get(EXPORT).context["form"].fields["format"].choices
    assert [name for value, name in choices if value] == ["CSV", "XLSX"]
    assert "File extension “json” is not allowed" in told(upload(client, "[]", "codes.json"))[0]


# --- in -------------------------------------------------------------------------------------------


def test_the_preview_counts_new_changed_and_skipped_rows_and_stores_nothing(client, author):
    guide = GuideFactory()
    CodeFactory(guide=guide, code="OLD", meaning="It is as it was.")
    CodeFactory(guide=guide, code="SAME", meaning="It stays.")
    content = table(
        {"code": "OLD", "meaning": "It is not as it was."},
        {"code": "SAME", "meaning": "It stays."},
        {"code": "NEW", "meaning": "It is new."},
    )
    page = upload(client, content)
    assert counts(page) == [1, 1, 1]
    text = page.content.decode()
    assert "<del>" in text or "<ins>" in text
    assert "row 2" in text
    assert Code.objects.count() == 2
    confirm(client, page)
    assert Code.objects.get(code="OLD").meaning == "It is not as it was."
    assert Code.objects.get(code="NEW").guide == guide


def test_an_import_leaves_what_the_file_lacks(client, author):
    code = CodeFactory(code="HERE", meaning="Before", note="Kept", steps="One\nTwo")
    other = CodeFactory(guide=code.guide, code="THERE", meaning="Untouched")
    imported(client, table({"code": "HERE", "meaning": "After"}))
    code.refresh_from_db()
    other.refresh_from_db()
    assert (code.meaning, code.note, code.steps) == ("After", "Kept", "One\nTwo")
    assert other.meaning == "Untouched"


def test_an_empty_cell_empties_its_field(client, author):
    outcome = OutcomeFactory()
    code = CodeFactory(
        guide=outcome.guide, to_outcome=outcome, note="Old", checked_on=date(2026, 1, 2)
    )
    row = {"code": code.code, "namespace": code.namespace, "note": "", "checked_on": "", "to": ""}
    imported(client, table(row))
    code.refresh_from_db()
    assert (code.note, code.checked_on, code.to_outcome) == ("", None, None)


def test_a_code_is_known_by_guide_namespace_and_letters(client, author):
    code = CodeFactory(code="e200030", namespace="api")
    other = GuideFactory(slug="other")
    rows = [
        {"guide": code.guide.slug, "namespace": "api", "code": "E200030"},
        {"guide": code.guide.slug, "namespace": "status", "code": "E200030"},
        {"guide": "other", "namespace": "api", "code": "E200030"},
    ]
    page = upload(client, table(*rows))
    assert counts(page) == [2, 1, 0]
    confirm(client, page)
    code.refresh_from_db()
    assert code.code == "E200030"
    assert other.codes.get().namespace == "api"


def test_a_code_leads_to_a_question_or_outcome_of_its_guide(client, author, guide):
    question, outcome = guide.questions.get(key="code"), guide.outcomes.get(key="template")
    imported(client, table({"code": "A", "to": question.key}, {"code": "B", "to": outcome.key}))
    assert Code.objects.get(code="A").to_question == question
    assert Code.objects.get(code="B").to_outcome == outcome
    imported(client, table({"code": "A", "to": outcome.key}))
    moved = Code.objects.get(code="A")
    assert (moved.to_question, moved.to_outcome) == (None, outcome)


WRONG = {
    "target": ({"to": "nowhere"}, "2 to: “Tiny guide” has no question and no outcome"),
    "date": ({"checked_on": "24/07/2026"}, "2 checked_on: “24/07/2026” is no date."),
    "choice": ({"source": "moon"}, "2 source: “moon” is none of: platform, supplier"),
    "length": ({"meaning": "x" * 301}, "2 meaning: Ensure this value has at most 300"),
    "letters": ({"code": "ÄÖ"}, "2 code: Letters, digits"),
    "control": ({"note": "a\x0bb"}, "2 note: The text holds an invisible control character."),
    "guide": ({"guide": "other"}, "2 guide: “other” is none of the guides: tiny."),
    "no code": ({"code": ""}, "2 code: This field cannot be blank."),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_row_stops_the_import_and_is_named(client, author, guide, wrong):
    cells, sentence = WRONG[wrong]
    page = upload(client, table({"code": "BAD", "meaning": "Bad"} | cells, {"code": "GOOD"}))
    assert any(one.startswith(sentence) for one in told(page)), told(page)
    assert "confirm_form" not in page.context
    assert page.content.decode().count("Row 2") == 1
    assert not Code.objects.filter(code="GOOD").exists()


def test_the_numbers_of_rows_are_those_of_the_file(client, author, guide):
    page = upload(client, "code,checked_on\n\nA,2026-07-24\n,\nB,tomorrow\n")
    assert told(page)[0].startswith("5 checked_on")


def test_a_code_that_stands_twice_in_a_file_is_refused(client, author, guide):
    assert told(upload(client, "code\nA1\nB1\na1\n")) == ["4 code: Row 2 names the same code."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("code,colour\nA,red\n", "The first row names a column “colour”."),
        ("code,Code \nA,B\n", "The first row names the column “code” twice."),
        ("meaning\nA\n", "The first row must name the columns, one of them “code”."),
        ("", "The submitted file is empty."),
        ("code\n", "No valid data to import."),
        ("code\nA,B\n", "Row 2 has more cells than the first row has names."),
        ('code\n"A"B\n', "What follows row 1 cannot be read"),
        (b"code\n\xff\xff\n", "The file is not text in UTF-8 or GB18030."),
        ("code\n" + "A\n" * 5001, "The file has more than 5000 rows."),
        ("code\n" + "x" * 2 * 1024 * 1024, "The file is larger than 2 MB."),
    ],
)
def test_a_file_that_is_no_table_of_codes_is_refused_with_the_reason(
    client, author, guide, content, sentence
):
    assert told(upload(client, content))[0].startswith(sentence)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("utf-16", "\t"), ("gb18030", ",")],
)
def test_csv_is_read_as_spreadsheet_programs_write_it(client, author, guide, encoding, delimiter):
    text = f"Code{delimiter}MEANING\r\nA{delimiter}“空号, nobody”\r\n".replace(", ", "，")
    page = upload(client, text.encode(encoding))
    assert ("was read as GB18030" in page.content.decode()) == (encoding == "gb18030")
    confirm(client, page)
    assert Code.objects.get(code="A").meaning == "“空号，nobody”"


def test_a_file_that_names_its_delimiter_is_read_by_it(client, author, guide):
    imported(client, "sep=|\ncode|meaning\nA|One, two; three\n")
    assert Code.objects.get(code="A").meaning == "One, two; three"


def test_numbers_and_dates_of_a_workbook_are_read_as_they_look(client, author, guide):
    book = book_of(
        ["code", "note", "checked_on"], [300013, 1.5, datetime(2026, 7, 24, tzinfo=None)]
    )
    book.active.append([0, "text", date(2026, 7, 25)])
    book.active["A3"].number_format = "000000"
    imported(client, bytes_of(book), "codes.XLSX")
    codes = {code.code: code for code in guide.codes.all()}
    assert (codes["300013"].note, codes["300013"].checked_on) == ("1.5", date(2026, 7, 24))
    assert codes["000000"].checked_on == date(2026, 7, 25)


@pytest.mark.parametrize("value", ["=1+1", "#N/A"])
def test_a_formula_in_a_workbook_is_refused_by_the_name_of_its_cell(client, author, guide, value):
    data = bytes_of(book_of(["code", "note"], ["A", value]))
    assert told(upload(client, data, "codes.xlsx"))[0].startswith("Cell B2 holds a formula")


def test_what_is_no_workbook_is_refused(client, author, guide):
    sentence = "The file is not a workbook in XLSX that can be read."
    assert told(upload(client, "code\nA\n", "codes.xlsx")) == [sentence]


def test_a_workbook_that_unpacks_to_far_more_is_refused(client, author, guide, monkeypatch):
    monkeypatch.setattr(table_files, "_MAX_UNPACKED", 1000)
    data = bytes_of(book_of(["code"], ["A"]))
    assert "far more" in told(upload(client, data, "codes.xlsx"))[0]


def test_a_cell_far_down_in_a_workbook_takes_no_time(client, author, guide):
    book = book_of(["code"], ["A"])
    book.active["A1048576"] = "B"
    assert counts(upload(client, bytes_of(book), "codes.xlsx")) == [1, 0, 0]


# --- confirmation ---------------------------------------------------------------------------------


def test_an_import_stands_in_the_history_and_settles_unknown_codes(client, author, guide):
    changed = guide.codes.get()
    unknown = UnknownCode.objects.create(code="new.1")
    content = table(
        {"code": "NEW.1"},
        {"code": changed.code, "namespace": changed.namespace, "note": "New"},
    )
    page = imported(client, content)
    assert "The file is imported: 1 new, 1 changed, 0 skipped" in page.content.decode()
    unknown.refresh_from_db()
    assert unknown.settled
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {
        "Imported from a file."
    }
    assert LogEntry.objects.count() == 2


def test_a_catalogue_that_has_changed_since_the_preview_is_not_imported_over(client, author, guide):
    code = guide.codes.get()
    row = {"code": code.code, "namespace": code.namespace, "meaning": "From the file"}
    page = upload(client, table(row, {"code": "NEW"}))
    Code.objects.filter(pk=code.pk).update(meaning="By somebody else")
    answer = confirm(client, page)
    assert "the catalogue has changed since" in answer.content.decode()
    code.refresh_from_db()
    assert code.meaning == "By somebody else"
    assert not Code.objects.filter(code="NEW").exists()


def test_a_target_that_is_gone_since_the_preview_stops_the_whole_import(client, author, guide):
    outcome = OutcomeFactory(guide=guide, key="gone")
    page = upload(client, table({"code": "ONE"}, {"code": "TWO", "to": "gone"}))
    outcome.delete()
    assert (
        "no question and no outcome with the key “gone”" in confirm(client, page).content.decode()
    )
    assert not Code.objects.filter(code="ONE").exists()


@pytest.mark.parametrize("name", ["", "somebody's own file", "../../etc/passwd"])
def test_a_preview_that_nobody_was_shown_is_not_imported(client, author, guide, name):
    page = upload(client, table({"code": "NEW"}))
    answer = confirm(client, page, import_file_name=name)
    assert "The preview is too old." in answer.content.decode()
    assert not Code.objects.filter(code="NEW").exists()


def test_a_preview_is_good_for_a_day(client, author, guide, monkeypatch):
    page = upload(client, table({"code": "NEW"}))
    later = datetime(2040, 1, 1, tzinfo=UTC).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "The preview is too old." in confirm(client, page).content.decode()


# --- who may --------------------------------------------------------------------------------------


def test_readers_export_and_do_not_import(client, reader):
    CodeFactory()
    page = client.get(LIST).content.decode()
    assert EXPORT in page
    assert IMPORT not in page
    assert len(rows_of(exported(client))) == 1
    assert client.get(IMPORT).status_code == 403
    assert client.post(CONFIRM).status_code == 403


@pytest.mark.parametrize("one", ["add_code", "change_code"])
def test_an_import_needs_leave_to_add_and_to_change(client, reader, one):
    reader.user_permissions.add(Permission.objects.get(codename=one))
    assert client.get(IMPORT).status_code == 403


def test_the_catalogue_is_no_concern_of_staff_without_leave_to_see_it(client, reader):
    reader.user_permissions.clear()
    for url in (LIST, EXPORT, IMPORT):
        assert client.get(url).status_code == 403


def test_a_row_that_changes_nothing_costs_no_query_of_its_own(client, author, guide):
    """But for its savepoint."""
    CodeFactory.create_batch(50, guide=guide)
    content = exported(client)
    with CaptureQueriesContext(connection) as captured:
        page = upload(client, content)
    assert counts(page) == [0, 0, 51]
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) < 15, asked
