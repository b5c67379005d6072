"""What readers share: finding fields and signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from wizard.engine.lists import Namespace
from wizard.providers.base import Provider, Record, SeenCode
from wizard.providers.causes import Cause

Table = Mapping[str, Cause]


def mentions(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a text, as a part of another word, too."""
    return any(word in text for word in words)


def value(record: Record, *names: str) -> str:
    """The first of these fields that has something in it, or ""."""
    return next((found for name in names if (found := (record.get(name) or "").strip())), "")


def first_with(records: Iterable[Record], *names: str) -> Record:
    """The first record in which one of these fields has something, or an empty one."""
    return next((record for record in records if value(record, *names)), {})


def has(records: Sequence[Record], *names: str) -> bool:
    """Whether one record has all of these fields, empty or not."""
    return any(all(name in record for name in names) for record in records)


def seen(
    provider: Provider, namespace: Namespace, code: str, table: Table, *, is_final: bool = True
) -> tuple[SeenCode, ...]:
    """The code as one that was seen; none for "". State comes before cause: what is still on its
    way has not failed, whatever code stands beside it.
    """
    if not code or len(code) > 80:
        return ()
    cause: Cause | Literal[""] = table.get(code, "") if is_final else "not-final"
    return (SeenCode(namespace, code, "code", provider, cause),)
