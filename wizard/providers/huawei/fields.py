"""The fields of Huawei's records, with values of the documented form alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from wizard.engine.lists import REPORT_SOURCES
from wizard.providers.base import Record
from wizard.providers.names import CONSOLE, name_of
from wizard.sms.codes import PLAIN_CODE
from wizard.sms.personal import looks_personal

# --- the form of single values --------------------------------------------------------------------


_MOMENT: Final = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def moment_of(text: str | None) -> datetime | None:
    """The platform writes UTC; a time without a zone is taken as such."""
    if text is None or not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# --- fields ---------------------------------------------------------------------------------------


Fields = Mapping[str, str | None]
"""Clean values by field name, lower case without underscores. None: the field is there, empty."""

_CLEAN: Final[Mapping[str, re.Pattern[str]]] = {
    "code": re.compile(r"000000|[Ee][01][0-9]{5}"),
    "status": PLAIN_CODE,
    "smsmsgid": re.compile(r"[A-Za-z0-9_.:-]{1,50}"),
    "originto": re.compile(r"\+?[0-9]{3,21}"),
    "to": re.compile(r"\+?[0-9]{3,21}|\+?[0-9]{0,6}\*{2,8}[0-9]{2,4}"),
    "createtime": _MOMENT,
    "updatetime": _MOMENT,
    "source": re.compile("|".join(REPORT_SOURCES)),
    "total": re.compile(r"[0-9]{1,2}"),
    "sequence": re.compile(r"[0-9]{1,2}"),
    "orgcode": PLAIN_CODE,
    "sendresult": re.compile(r"[^\n]{1,20}"),
    CONSOLE: re.compile("true"),
}

_HINTS: Final = frozenset(
    {"description", "result", "templateid", "templateparas", "statuscallback", "extend", "from"}
)  # only that they are there is of interest

NAMES: Final = frozenset({*_CLEAN, *_HINTS, "statusdesc", "countryid"})
"""The fields that are looked for in a text."""

_NO_CODES: Final = frozenset({"TRUE", "FALSE", "OK"})


def fields_of(records: Iterable[Record]) -> list[Fields]:
    """Of each record the fields that are Huawei's and have the form that they should have."""
    return [_clean(record) for record in records]


def _clean(record: Record) -> dict[str, str | None]:
    kept: dict[str, str | None] = {}
    for written, value in record.items():
        key, text = name_of(written), (value or "").strip()
        if key in _HINTS or (key in _CLEAN and not text):
            kept[key] = None
        elif key in _CLEAN and _CLEAN[key].fullmatch(text) and not _smuggled(key, text):
            kept[key] = text.upper() if key in {"code", "status"} else text
    return kept


def _smuggled(key: str, value: str) -> bool:
    """These become values of findings, so a number or an ID in them is not let through."""
    if key == "status" and value.upper() in _NO_CODES:
        return True
    return key in {"status", "orgcode"} and looks_personal(value)
