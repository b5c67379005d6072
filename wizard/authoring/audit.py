"""The audit log: who changed what, with the values before and after.

django-auditlog keeps it, by the signals of each row that is saved or deleted. What is written many
rows at a time sends no signals, so it is written by `save_all`, which logs as much.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, QuerySet
from django.db.models.signals import pre_save

from wizard.models import (
    Answer,
    Cause,
    Code,
    Guide,
    Outcome,
    Publication,
    Question,
    Queue,
    RemediationStep,
    ScheduledPublication,
    Translation,
)
from wizard.models.fields import field_of

DRAFT: Final = (Guide, Question, Answer, Outcome, RemediationStep, Code, Cause, Translation)
"""What the draft of a guide consists of."""

_AT_ONCE: Final = 200
_who: ContextVar[tuple[User | None, str]] = ContextVar("_who", default=(None, ""))


def begin() -> None:
    """Watch the tables whose changes are logged; called once, when the site starts."""
    auditlog.register(Guide, exclude_fields=["live"])
    # What a row belongs to never changes, and each line says it anyway.
    for model in (Question, Outcome, Code, Cause):
        auditlog.register(model, exclude_fields=["guide"])
    auditlog.register(Answer, exclude_fields=["question"])
    auditlog.register(RemediationStep, exclude_fields=["outcome"])
    auditlog.register(Translation, exclude_fields=["guide", "digest", "changed_at"])
    # Their content stands in the publication itself.
    auditlog.register(Publication, exclude_fields=["guide", "snapshot", "digest"])
    auditlog.register(ScheduledPublication, exclude_fields=["guide", "document", "digest"])
    auditlog.register(Queue)
    secret = ["password", "last_login"]
    roles = {"groups", "user_permissions"}
    auditlog.register(get_user_model(), exclude_fields=secret, m2m_fields=roles)
    auditlog.register(Group, m2m_fields={"permissions"})
    pre_save.connect(_sign_entry, sender=LogEntry)


@contextmanager
def by(user: User | None) -> Iterator[None]:
    """Whatever is changed inside was changed by this user, and belongs together."""
    token = _who.set((user, uuid4().hex))
    try:
        yield
    finally:
        _who.reset(token)


def _sign_entry(sender: type[LogEntry], instance: LogEntry, **kwargs: Any) -> None:
    _sign(instance)


def _sign(entry: LogEntry) -> LogEntry:
    """Say in a new line of the log who it was."""
    user, together = _who.get()
    if entry.pk is None and user is not None:
        entry.actor, entry.cid = user, together
    return entry


# --- many rows at a time --------------------------------------------------------------------------


def save_all(model: type[Model], rows: Iterable[Model], names: Sequence[str]) -> None:
    """Insert what is new and update what has changed, and log it, in a few statements for all.

    Args:
        names: the fields that may have changed.
    """
    rows = list(rows)
    new = [row for row in rows if row.pk is None]
    before = _stored(model, [row.pk for row in rows if row.pk], names)
    changed = [row for row in rows if row.pk and _differs(before[row.pk], row, names)]
    model._default_manager.bulk_update(changed, names, batch_size=_AT_ONCE)
    model._default_manager.bulk_create(new, batch_size=_AT_ONCE)
    action = LogEntry.Action
    entries = [
        _entry(row, action.UPDATE, found)
        for row in changed
        if (found := model_instance_diff(before[row.pk], row, fields_to_check=names))
    ]
    entries += [_entry(row, action.CREATE, model_instance_diff(None, row)) for row in new]
    LogEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)


def _differs(before: Model, after: Model, names: Sequence[str]) -> bool:
    """Whether one of these fields has another value. A date may be its text, as in a document."""
    fields = [field_of(before, name) for name in names]
    return any(
        field.value_from_object(before) != field.to_python(field.value_from_object(after))
        for field in fields
    )


def delete_all(rows: QuerySet[Model]) -> None:
    """Delete rows on which no others depend, and log it, in two statements for all."""
    gone = list(rows)
    action = LogEntry.Action.DELETE
    entries = [_entry(row, action, model_instance_diff(row, None)) for row in gone]
    rows.model._base_manager.filter(pk__in=[row.pk for row in gone])._raw_delete(rows.db)
    LogEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)


def log_update(row: Model, **changes: tuple[Any, Any]) -> None:
    """Log a change that was made by a statement of its own: the fields before and after."""
    values = {name: [str(before), str(after)] for name, (before, after) in changes.items()}
    _entry(row, LogEntry.Action.UPDATE, values).save()


def _stored(model: type[Model], keys: list[int], names: Sequence[str]) -> dict[int, Model]:
    """Rows as the database has them, with what their changing references show."""
    related = [name for name in names if isinstance(model._meta.get_field(name), ForeignKey)]
    rows = model._default_manager.select_related(*related) if related else model._default_manager
    return rows.in_bulk(keys) if keys else {}


def _entry(row: Any, action: int, changes: Any) -> LogEntry:
    return _sign(
        LogEntry(
            content_type=ContentType.objects.get_for_model(row),
            object_pk=str(row.pk),
            object_id=row.pk,
            object_repr=str(row),
            action=action,
            changes=changes,
            additional_data=row.get_additional_data(),
        )
    )


# --- reading it -----------------------------------------------------------------------------------


def changes_of(guide_id: int, node: str = "") -> QuerySet[LogEntry]:
    """The lines about a guide, or about one node of it with its answers or steps; newest first."""
    at = {"additional_data__guide": guide_id} | ({"additional_data__node": node} if node else {})
    rows: QuerySet[LogEntry] = LogEntry.objects.filter(**at).select_related("actor", "content_type")
    return rows.order_by("-timestamp", "-pk")


def changes_since(guide_id: int, node: str, moment: datetime) -> QuerySet[LogEntry]:
    """What was changed at one node after a moment; newest first."""
    return changes_of(guide_id, node).filter(timestamp__gt=moment)


def deletion_of(model: type[Model], key: int) -> LogEntry | None:
    """The line that says who deleted a row."""
    of_model = {"content_type": ContentType.objects.get_for_model(model), "object_id": key}
    gone = LogEntry.objects.filter(**of_model, action=LogEntry.Action.DELETE)
    return gone.select_related("actor", "content_type").order_by("-timestamp", "-pk").first()


def last_author(guide: Guide) -> User | None:
    """Who made the last change of a draft; None if nobody did, or a command."""
    types = ContentType.objects.get_for_models(*DRAFT).values()
    newest = changes_of(guide.pk).filter(content_type__in=types).first()
    return newest.actor if newest else None
