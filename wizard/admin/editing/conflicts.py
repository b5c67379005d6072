"""Two people at one form: whoever saves second is told what the first has changed.

A form carries what its reader saw, signed. If something else is stored by the time that it is sent,
nothing is saved: the page comes back with both changes in it (`merging.py`), and says
who it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django import forms
from django.core import signing
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wizard.admin.editing.merging import DELETE, Difference, Fields, FormRow, merge, merge_rows
from wizard.admin.generic import ModelForm
from wizard.admin.log import Told, told
from wizard.authoring import audit
from wizard.engine.texts import plain
from wizard.models.fields import field_of, primary_key

FIELD: Final = "seen"

_SALT: Final = "wizard.admin.seen"

# Rows of a form within a form that are looked at; Django itself reads no more.
_ROWS: Final = 1000


# --- what a form shows ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A form, or a form within it, and what is stored behind it.

    Attributes:
        prefix: of the names that a browser sends; "" for the form itself.
        parent: the field of a row that names what it belongs to: `question` of an answer.
        rows: values by the keys of the rows; the form itself has one, under "".
    """

    prefix: str
    form: type[ModelForm[Any]]
    rows: Mapping[str, Fields]
    parent: str = ""

    @property
    def names(self) -> list[str]:
        return _names(self.form)


@dataclass(frozen=True, slots=True)
class StoredState:
    """What is stored behind a form and the forms within it: `itself` and `parts`."""

    itself: Part
    parts: tuple[Part, ...]

    @property
    def values(self) -> dict[str, dict[str, Fields]]:
        return {part.prefix: dict(part.rows) for part in (self.itself, *self.parts)}

    def signed(self, now: datetime) -> str:
        """The state as text for the page."""
        return signing.dumps([now.isoformat(), self.values], salt=_SALT, compress=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody was shown, and when."""

    at: datetime
    values: Mapping[str, Mapping[str, Fields]]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what this site has not signed."""
        try:
            at, values = signing.loads(text, salt=_SALT)
        except signing.BadSignature:
            return None
        return cls(datetime.fromisoformat(at), values)


def state_of(admin: Any, request: HttpRequest, row: models.Model) -> StoredState:
    """What is stored behind the form of a row; one query for each form within it."""
    form = admin.get_form(request, row, change=True)
    itself = Part("", form, {"": _values(row, form)})
    formsets = [formset for formset, _inline in admin.get_formsets_with_inlines(request, row)]
    return StoredState(itself, tuple(_part(formset, row) for formset in formsets))


def _part(formset: Any, parent: models.Model) -> Part:
    parent_field: str = formset.fk.name
    rows = formset.model._default_manager.filter(**{parent_field: parent})
    values = {str(row.pk): _values(row, formset.form) for row in rows}
    return Part(formset.get_default_prefix(), formset.form, values, parent_field)


def _names(form: type[ModelForm[Any]]) -> list[str]:
    """The fields of a form whose values come from the row and can be changed."""
    known = {field.name for field in form._meta.model._meta.concrete_fields}
    return [
        name for name, field in form.base_fields.items() if name in known and not field.disabled
    ]


def _values(row: models.Model, form: type[ModelForm[Any]]) -> Fields:
    """What a form would send if nobody touched it."""
    return {name: _text(field_of(row, name).value_from_object(row)) for name in _names(form)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if value is None:
        return ""
    return plain(value.isoformat() if hasattr(value, "isoformat") else str(value))


# --- what was sent, with what is stored -----------------------------------------------------------


def _read(data: QueryDict, part: Part, prefix: str) -> Fields:
    """The values that were sent for one row."""
    found = {}
    for name in part.names:
        key = f"{prefix}{name}"
        if isinstance(part.form.base_fields[name], forms.BooleanField):
            found[name] = "on" if key in data else ""
        elif key in data:
            found[name] = plain(data.get(key, ""))
    return found


def _write(data: QueryDict, part: Part, prefix: str, fields: Fields) -> None:
    """Put values where a browser would have sent them. A box without a tick is not sent at all."""
    for name, value in fields.items():
        key = f"{prefix}{name}"
        if isinstance(part.form.base_fields[name], forms.BooleanField) and not value:
            data.pop(key, None)
        else:
            data[key] = value


def _read_rows(data: QueryDict, part: Part) -> list[FormRow]:
    total = data.get(f"{part.prefix}-TOTAL_FORMS", "")
    rows = []
    for number in range(min(primary_key(total) or 0, _ROWS)):
        prefix = f"{part.prefix}-{number}-"
        fields = _read(data, part, prefix)
        rows.append(FormRow(data.get(f"{prefix}id", ""), fields, f"{prefix}{DELETE}" in data))
    return rows


def _write_rows(data: QueryDict, part: Part, rows: tuple[FormRow, ...], parent: str) -> None:
    for name in list(data):
        if name.startswith(f"{part.prefix}-") and name.split("-")[1].isdecimal():
            del data[name]
    data[f"{part.prefix}-TOTAL_FORMS"] = str(len(rows))
    data[f"{part.prefix}-INITIAL_FORMS"] = str(sum(bool(row.pk) for row in rows))
    for number, row in enumerate(rows):
        prefix = f"{part.prefix}-{number}-"
        _write(data, part, prefix, row.fields)
        data[f"{prefix}id"] = row.pk
        data[f"{prefix}{part.parent}"] = parent
        if row.deleted:
            data[f"{prefix}{DELETE}"] = "on"


# --- telling --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both have changed: its name, and what the other has stored."""

    label: str
    theirs: str


@dataclass(frozen=True, slots=True)
class FormConflict:
    """Why a form was not saved.

    Attributes:
        lines: of the audit log, what others have changed meanwhile.
        clashes: fields in which the form keeps what this person has typed.
        revived: rows that somebody else removed, which come back because this person changed them.
    """

    sentence: str
    lines: tuple[Told, ...] = ()
    clashes: tuple[Clash, ...] = ()
    revived: int = 0


def conflict_of(request: HttpRequest, row: Any, state: StoredState) -> FormConflict | None:
    """Compare what was seen with what is stored; None if they are the same.

    If they are not, `request.POST` becomes a form that holds both changes.
    """
    seen = Seen.read(request.POST.get(FIELD, ""))
    if seen is None:
        return FormConflict(_("Nothing was saved: the page came incomplete."))
    if seen.values == state.values:
        return None
    data = request.POST.copy()
    clashes, revived = _put_together(data, seen, state, str(row.pk))
    request.POST = data  # type: ignore[assignment] # both changes, as if they had been sent
    guide_id, node = row.audited_as()
    lines = tuple(told(one) for one in audit.changes_since(guide_id, node, seen.at))
    names = dict.fromkeys(line.who for line in lines)
    sentence = _(
        "Nothing was saved yet: %(who)s changed this while you had it open. The form now holds "
        "their changes and yours."
    ) % {"who": ", ".join(names) or _("somebody")}
    return FormConflict(sentence, lines, tuple(clashes), revived)


def _put_together(
    data: QueryDict, seen: Seen, state: StoredState, parent: str
) -> tuple[list[Clash], int]:
    """Make of what was sent a form with both changes."""
    itself = state.itself
    before = seen.values.get("", {}).get("", {})
    merged = merge(_read(data, itself, ""), before, itself.rows[""])
    _write(data, itself, "", merged.fields)
    clashes = list(_clashes(itself, merged.differences))
    revived = 0
    for part in state.parts:
        rows = merge_rows(_read_rows(data, part), seen.values.get(part.prefix, {}), part.rows)
        _write_rows(data, part, rows.rows, parent)
        clashes += _clashes(part, rows.differences)
        revived += len(rows.revived)
    return clashes, revived


def _clashes(part: Part, differences: tuple[Difference, ...]) -> Iterator[Clash]:
    for one in differences:
        if one.kept:
            words = _in_words(part.form, one.name, one.theirs)
            yield Clash(_label(part.form, one.name), words or _("nothing"))


def _label(form: type[ModelForm[Any]], name: str) -> str:
    return capfirst(str(form.base_fields[name].label or name))


def _in_words(form: type[ModelForm[Any]], name: str, value: str) -> str:
    """A value as people read it: the text of the question that is meant, the words of a choice."""
    field = form._meta.model._meta.get_field(name)
    if isinstance(field, models.ForeignKey) and value:
        found = field.related_model._default_manager.filter(pk=primary_key(value)).first()
        return str(found or value)
    return str(dict(field.flatchoices).get(value, value))


# --- what is no longer there ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed into one row of a form: the names of its fields, and their texts."""

    fields: tuple[tuple[str, str], ...]


def typed(admin: Any, request: HttpRequest) -> list[Typed]:
    """What was sent for a row that is no longer there, with the rows within it."""
    form = admin.get_form(request, None, change=True)
    rows = [_typed(form, _read(request.POST, Part("", form, {}), ""))]
    for formset, _inline in admin.get_formsets_with_inlines(request):
        part = Part(formset.get_default_prefix(), formset.form, {})
        rows += [_typed(part.form, row.fields) for row in _read_rows(request.POST, part)]
    return [row for row in rows if row.fields]


def _typed(form: type[ModelForm[Any]], fields: Fields) -> Typed:
    words = [(_label(form, name), _in_words(form, name, value)) for name, value in fields.items()]
    return Typed(tuple((label, text) for label, text in words if text))
