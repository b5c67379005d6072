"""The libraries of codes that come with the product, as a document holds them.

The rows of one are a table in `wizard/content/`, named like the library. A draft names it, and has
the rows of today; a publication holds those that it was made with.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from wizard.engine.library import COLUMNS
from wizard.wording.codes import LIBRARIES

_SHIPPED: Final = Path(__file__).parents[1] / "content"
_CHECKED_ON: Final = {"carriers": "2026-11-26"}


@cache
def shipped(name: str) -> dict[str, Any] | None:
    """The library of this name; None where none is called so.

    Raises:
        ValueError: its table has other columns.
    """
    if name not in LIBRARIES:
        return None
    path = _SHIPPED / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    if columns != list(COLUMNS):
        raise ValueError(f"{path.name}: columns are {', '.join(COLUMNS)}")
    return {"name": name, "checked_on": _CHECKED_ON[name], "columns": columns, "rows": rows}


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """A document of a file with the rows of the library that it names, unless it holds some."""
    guide = document.get("guide")
    name = guide.get("library") if isinstance(guide, Mapping) else None
    library = shipped(name) if isinstance(name, str) and "library" not in document else None
    return document | {"library": library} if library else document


def named(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as a file has it: without rows that come with the product anyway."""
    held = document.get("library")
    known = isinstance(held, Mapping) and held == shipped(str(held.get("name")))
    return {name: part for name, part in document.items() if name != "library" or not known}
