"""Tables with a header: CSV and TSV, as a console exports them or a spreadsheet copies them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from wizard.providers.base import Record
from wizard.providers.names import CONSOLE

_DELIMITERS: Final = "\t,;|"
_MIN_COLUMNS: Final = 3
_MAX_ROWS: Final = 1000

_COLUMNS: Final[Mapping[str, str]] = {
    "状态码": "status",
    "错误码": "status",
    "status code": "status",
    "status": "status",
    "发送结果": "sendResult",
    "发送状态": "sendResult",
    "send result": "sendResult",
    "sending result": "sendResult",
    "result": "sendResult",
    "接收号码": "to",
    "接收手机号": "to",
    "接收手机号码": "to",
    "手机号": "to",
    "手机号码": "to",
    "recipient": "to",
    "recipient number": "to",
    "recipient's number": "to",
    "number": "to",
    "mobile number": "to",
    "phone number": "to",
    "to": "to",
    "模板id": "templateId",
    "template id": "templateId",
    "发送时间": "sendTime",
    "send time": "sendTime",
    "sent": "sendTime",
    "sent at": "sendTime",
    "sending time": "sendTime",
    "短信id": "smsMsgId",
    "消息id": "smsMsgId",
    "message id": "smsMsgId",
    "smsmsgid": "smsMsgId",
    "签名": "signature",
    "signature": "signature",
}
"""Our name for a column, by what stands at its head."""

_ALSO_FIELDS: Final = frozenset({"status", "to", "result", "signature", "smsmsgid", "number"})

_TELLING: Final = frozenset({"status", "sendResult"})


def rows_of(text: str) -> Iterator[Record]:
    """The rows of the first table in a text, and what stands there line by line with its labels.

    They say that they come from a console by `CONSOLE`.
    """
    lines = text.splitlines()
    labelled = _labelled(lines)
    if labelled:
        yield labelled
        return
    for place, line in enumerate(lines[:-1]):
        delimiter = max(_DELIMITERS, key=line.count)
        if line.count(delimiter) + 1 < _MIN_COLUMNS:
            continue
        columns = [_COLUMNS.get(cell.strip().lower(), "") for cell in _cells(line, delimiter)]
        named = [column for column in columns if column]
        if len(named) >= _MIN_COLUMNS and _TELLING.intersection(named):
            yield from _rows(columns, lines[place + 1 : place + 1 + _MAX_ROWS], delimiter)
            return


def _labelled(lines: Sequence[str]) -> Record:
    """One row, copied as `label: value`: three labels or more, one of which no record has."""
    found: dict[str, str | None] = {}
    sure = False
    for line in lines:
        label, colon, cell = line.partition(":")
        name = _COLUMNS.get(label.strip().lower(), "") if colon and len(label) < 30 else ""
        if name:
            found.setdefault(name, cell.strip() or None)
            sure = sure or label.strip().lower() not in _ALSO_FIELDS
    is_row = sure and len(found) >= _MIN_COLUMNS and not _TELLING.isdisjoint(found)
    return {**found, CONSOLE: "true"} if is_row else {}


def _rows(columns: Sequence[str], lines: Sequence[str], delimiter: str) -> Iterator[Record]:
    for line in lines:
        cells = _cells(line, delimiter)
        if len(cells) != len(columns):  # the table ends
            return
        named = zip(columns, cells, strict=True)
        row = {column: cell.strip().strip("'") or None for column, cell in named if column}
        yield {**row, CONSOLE: "true"}


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # such as a field of enormous size
        return []
