"""The guides that ship with the product, published: loaded once a process, then copied row by row.

Reading, loading and publishing them takes more than a second, and many tests begin with it.
"""

import copy
from functools import cache
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from wizard.authoring import files, loading, publishing
from wizard.models import Guide
from wizard.published.live import live

FIRST = "sms-not-received"

# By model, as they stand in its table.
Rows = dict[type[Model], list[tuple[Any, ...]]]
_kept: dict[tuple[str, ...], Rows] = {}


@cache
def _documents() -> dict[str, dict[str, Any]]:
    return {one["guide"]["slug"]: one for one in files.shipped()}


def document(slug: str = FIRST) -> dict[str, Any]:
    """A shipped guide as a document of the caller's own."""
    return copy.deepcopy(_documents()[slug])


def publish(*slugs: str) -> None:
    """Publish these guides, or all, in a database that has none.

    Unlike what somebody publishes, they leave nothing in the log of changes.
    """
    slugs = slugs or tuple(_documents())
    if any(model._base_manager.exists() for model in _models()):
        raise AssertionError("shipped guides are published where nothing of ours is")
    if slugs in _kept:
        _insert(_kept[slugs])
    else:
        for slug in slugs:
            publishing.publish(loading.load(document(slug)), by=None)
        LogEntry.objects.all().delete()
        _kept[slugs] = {model: rows for model in _models() if (rows := _rows(model))}
    live.refresh()


def published(slug: str = FIRST) -> Guide:
    """The same for one of them, and its draft."""
    publish(slug)
    return Guide.objects.get(slug=slug)


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("wizard").get_models(include_auto_created=True))


def _columns(model: type[Model]) -> str:
    return ", ".join(
        connection.ops.quote_name(field.column or "") for field in model._meta.concrete_fields
    )


def _rows(model: type[Model]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        # Names of our own models.
        cursor.execute(f"SELECT {_columns(model)} FROM {model._meta.db_table}")  # noqa: S608
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _insert(kept: Rows) -> None:
    # Rows that need each other may come in any order before the transaction ends.
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in kept.items():
            places = ", ".join(["%s"] * len(rows[0]))
            into = f"{model._meta.db_table} ({_columns(model)})"
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608
        # Their keys were given, so PostgreSQL has to be told what the next one is.
        for statement in connection.ops.sequence_reset_sql(no_style(), list(kept)):
            cursor.execute(statement)
