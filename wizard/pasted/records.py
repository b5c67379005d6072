"""Second step: the records in a text, whatever its notation.

JSON where it parses, JSON that was logged as a string too; tables with a header; and a patient scan
for `name: value` in all that lies between: forms, dumps of Python and PHP, prints of Java and Go,
cut-off text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import unquote

from wizard.pasted.tables import rows_of
from wizard.providers.base import Record
from wizard.providers.names import name_of

_MAX_TRIES: Final = 20
_MAX_DEPTH: Final = 4

_DECODER: Final = json.JSONDecoder(strict=False)

_FIELD: Final = re.compile(
    r"(?<![A-Za-z0-9_-])(?P<key>[A-Za-z][A-Za-z0-9_-]{1,30})(?![A-Za-z0-9_-])"
    r"(?=\\{0,8}[\"']?\]?\s{0,40}(?:(?P<sign>=>|[:=])(?:(?<=>)\s{0,40}|[ \t]{0,40}))"
    r"(?:string\([0-9]{1,5}\)\s?|int\((?=[0-9]))?"
    r"\\{0,8}(?:[bu]?(?P<quote>[\"'])(?P<quoted>[^\"'\\]{0,300})|(?P<bare>[^\"'\\,;&{}()\[\]<>\s]*)))"
)


def cut(text: str, names: Collection[str]) -> list[Record]:
    """The records in `text`, in order, with those fields alone that `names` has.

    Args:
        names: as `name_of` writes them.
    """
    return [record for record in (*rows_of(text), *_records(text, names, 0)) if record]


def _records(text: str, names: Collection[str], depth: int) -> Iterator[Record]:
    """Of each JSON object in a text, and of what lies between them."""
    start, tries, at = 0, 0, text.find("{")
    while at >= 0 and tries < _MAX_TRIES:
        try:
            document, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            tries, at = tries + 1, text.find("{", at + 1)
            continue
        if at > start:
            yield from _scan(text[start:at], names)
        if document:
            yield from _flatten(document, names, depth)
        start, at = end, text.find("{", end)
    yield from _scan(text[start:], names)


def _flatten(document: object, names: Collection[str], depth: int) -> Iterator[Record]:
    """Every object in a JSON document, however deep, and JSON that was logged as a string."""
    rest = [document]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            yield {
                key: _text(value)
                for key, value in node.items()
                if name_of(key) in names and _is_plain(value)
            }
            rest.extend(reversed(node.values()))
        elif isinstance(node, list):
            rest.extend(reversed(node))
        elif isinstance(node, str) and "{" in node and depth < _MAX_DEPTH:
            yield from _records(node, names, depth + 1)


def _is_plain(value: object) -> bool:
    if isinstance(value, int):  # a long one may cost seconds to write out, and is not ours
        return abs(value) < 10**16
    return value is None or isinstance(value, str)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _scan(text: str, names: Collection[str]) -> Iterator[Record]:
    """Read `name: value`, `name=value` and `name => value` where there is no JSON.

    A new record begins at a brace, at a name that the record already has, and, in forms, at a new
    line. A code without company is prose ("error code: E000101"), and no record.
    """
    record: dict[str, str | None] = {}
    seen: set[str] = set()
    end = 0
    for match in _FIELD.finditer(text):
        name = name_of(match["key"])
        if name not in names or match.start() < end:
            continue
        gap = text[end : match.start()]
        end = max(match.end("quoted"), match.end("bare"))
        new_line = match["sign"] == "=" and "\n" in gap and "&" not in gap
        if name in seen or new_line or "{" in gap:
            yield _company(record, seen)
            record, seen = {}, set()
        record |= _scanned(match)
        seen.add(name)
    yield _company(record, seen)


def _company(record: Record, seen: set[str]) -> Record:
    return {} if seen == {"code"} else record


def _scanned(match: re.Match[str]) -> Iterator[tuple[str, str | None]]:
    key, end = match["key"], max(match.end("quoted"), match.end("bare"))
    after = match.string[end : end + 1]
    if match["quote"]:
        if after and after in "\"'\\":  # else it was cut off: half a value is another value
            yield key, _decoded(match["quoted"])
    elif match["bare"]:
        yield key, None if match["bare"] in {"null", "None", "nil"} else _decoded(match["bare"])
    elif match["sign"] != ":" and (not after or after in "&\n\r,}[)"):
        yield key, None


def _decoded(value: str) -> str:
    decoded = unquote(value) if "%" in value else value
    return unquote(decoded) if "%" in decoded else decoded
