"""Two people at one form: what one has typed is put together with what the other has stored.

Three versions of the same fields are compared: what the second person saw, what is stored now, and
what they send. Where only one of the two has changed a field, that change stands. Where both have,
what was typed stays in the form, and the person is told what the other stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Fields = Mapping[str, str]
"""Values of a form by the names of their fields, as a browser sends them."""

DELETE: Final = "DELETE"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form within a form. `pk`: "" for one that is not stored yet."""

    pk: str
    fields: Fields
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else has changed. `pk`: the row it stands in, "" for the form itself.

    `kept` says that this person has changed it as well: what they typed stays in the form.
    """

    pk: str
    name: str
    theirs: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """Fields, or rows, as the form should show them now, and what was different."""

    fields: Fields
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class MergedRows:
    """Rows as the form should show them now: first those that are stored, then new ones.

    Attributes:
        added: keys of rows that somebody else has added.
        removed: what this person saw of rows that somebody else has removed.
        revived: keys of those among them that this person has changed; they come back as new.
    """

    rows: tuple[FormRow, ...]
    differences: tuple[Difference, ...]
    added: tuple[str, ...] = ()
    removed: tuple[Fields, ...] = ()
    revived: tuple[str, ...] = ()


def merge(mine: Fields, seen: Fields, theirs: Fields, pk: str = "") -> Merged:
    """Put together what was typed over what was seen, and what is stored now.

    Fields that were not sent, or that the form does not know, stay as they are in `mine`.
    """
    merged, found = dict(mine), []
    for name, now in theirs.items():
        if name not in mine or now == seen.get(name) or now == mine[name]:
            continue
        kept = mine[name] != seen.get(name)
        found.append(Difference(pk, name, now, kept))
        if not kept:
            merged[name] = now
    return Merged(merged, tuple(found))


def merge_rows(
    mine: Sequence[FormRow], seen: Mapping[str, Fields], theirs: Mapping[str, Fields]
) -> MergedRows:
    """The same for rows that can be added and removed, told apart by their keys."""
    sent = {row.pk: row for row in mine if row.pk}
    rows: list[FormRow] = []
    found: list[Difference] = []
    for pk, now in theirs.items():
        row = sent.get(pk)
        if row is None:
            rows.append(FormRow(pk, now))
            continue
        merged = merge(row.fields, seen.get(pk, {}), now, pk)
        rows.append(FormRow(pk, merged.fields, row.deleted))
        found += merged.differences
    gone = [pk for pk in seen if pk not in theirs]
    revived = [pk for pk in gone if pk in sent and _is_changed(sent[pk], seen[pk])]
    rows += [FormRow("", sent[pk].fields) for pk in revived]
    rows += [row for row in mine if not row.pk]
    return MergedRows(
        rows=tuple(rows),
        differences=tuple(found),
        added=tuple(pk for pk in theirs if pk not in seen),
        removed=tuple(seen[pk] for pk in gone),
        revived=tuple(revived),
    )


def _is_changed(row: FormRow, seen: Fields) -> bool:
    return not row.deleted and any(row.fields.get(name, was) != was for name, was in seen.items())
