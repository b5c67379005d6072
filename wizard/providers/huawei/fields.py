"""The names and values in a text, whatever its notation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from wizard.engine.lists import REPORT_SOURCES
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


# --- fields: JSON where it parses, a patient scan where it does not -------------------------------


Fields = Mapping[str, str | None]
"""Clean values by field name, lower case without underscores. None: the field is there, empty."""

_CLEAN: Final[Mapping[str, re.Pattern[str]]] = {
    "code": re.compile(r"000000|[Ee][01][0-9]{5}"),
    "status": PLAIN_CODE,
    "smsmsgid": re.compile(r"[A-Za-z0-9_.:-]{1,50}"),
    "originto": re.compile(r"\+?[0-9]{3,21}"),
    "to": re.compile(r"\+?[0-9]{3,21}"),
    "createtime": _MOMENT,
    "updatetime": _MOMENT,
    "source": re.compile("|".join(REPORT_SOURCES)),
    "total": re.compile(r"[0-9]{1,2}"),
    "sequence": re.compile(r"[0-9]{1,2}"),
    "orgcode": PLAIN_CODE,
}

_HINTS: Final = frozenset({"description", "result"})  # only that they are there is of interest

_FIELD: Final = re.compile(
    r"(?<![A-Za-z0-9_-])(?P<key>code|status|sms_?msg_?id|origin_?to|to|create_?time|update_?time"
    r"|source|total|sequence|org_?code|description|result)"
    r"\\{0,8}[\"']?\s{0,40}(?P<sign>[:=])\s{0,40}\\{0,8}(?P<quote>[\"']?)"
    r"(?P<value>[^\"'\\,;&{}()\[\]<>\s]*)",
    re.IGNORECASE,
)

_MAX_TRIES: Final = 20

_DECODER: Final = json.JSONDecoder(strict=False)


def fields_of(text: str) -> Iterator[Fields]:
    """The records in `text`, in order: of each JSON object in it, and of what lies between them."""
    start, tries, at = 0, 0, text.find("{")
    while at >= 0 and tries < _MAX_TRIES:
        try:
            document, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            tries, at = tries + 1, text.find("{", at + 1)
            continue
        yield from _scan(text[start:at])
        yield from _flatten(document)
        start, at = end, text.find("{", end)
    yield from _scan(text[start:])


def _flatten(document: object) -> Iterator[Fields]:
    """Every object in a JSON document, however deep, and JSON that was logged as a string."""
    rest = [document]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            yield _clean((key, _text(value)) for key, value in node.items() if _is_plain(value))
            rest.extend(reversed(node.values()))
        elif isinstance(node, list):
            rest.extend(reversed(node))
        elif isinstance(node, str) and "{" in node:
            yield from _scan(node)


def _is_plain(value: object) -> bool:
    if isinstance(value, int):  # a long one may cost seconds to write out, and is not ours
        return not isinstance(value, bool) and abs(value) < 10**6
    return value is None or isinstance(value, str)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _scan(text: str) -> Iterator[Fields]:
    """Read `name: value` and `name=value` where there is no JSON: forms, Python, cut-off text.

    A new record begins at a brace, at a name that the record already has, and, in forms, at a new
    line. A code without company is prose ("error code: E000101") and left to `_read_words`.
    """
    record: dict[str, str | None] = {}
    end = 0
    for match in _FIELD.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        key = _key(match["key"])
        new_line = match["sign"] == "=" and "\n" in gap and "&" not in gap
        if key in record or new_line or "{" in gap:
            yield _company(record)
            record = {}
        record |= _clean(_scanned(key, match))
    yield _company(record)


def _company(record: dict[str, str | None]) -> Fields:
    return {} if record.keys() == {"code"} else record


def _scanned(key: str, match: re.Match[str]) -> Iterator[tuple[str, str | None]]:
    value, after = match["value"], match.string[match.end() : match.end() + 1]
    if key in _HINTS:
        yield key, None
    elif match["quote"]:
        if after and after in "\"'\\":  # else it was cut off: half a value is another value
            yield key, unquote(value)
    elif value:
        yield key, None if value in {"null", "None"} else unquote(value)
    elif match["sign"] == "=" and (not after or after in "&\n\r"):
        yield key, None


def _key(name: str) -> str:
    return name.replace("_", "").lower()


def _clean(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str | None]:
    """Keep the fields that are ours and have the form that they should have."""
    kept: dict[str, str | None] = {}
    for name, value in pairs:
        key = _key(name)
        if key in _HINTS or (key in _CLEAN and not (value or "").strip()):
            kept[key] = None
            continue
        text = (value or "").strip()
        if key in _CLEAN and _CLEAN[key].fullmatch(text) and not _smuggled(key, text):
            kept[key] = text.upper() if key in {"code", "status"} else text
    return kept


def _smuggled(key: str, value: str) -> bool:
    """A status becomes the value of a finding, so a number or an ID there is not let through."""
    return key == "status" and looks_personal(value)
