"""Status reports that the platform pushes: understood strictly, stored once.

What may come stands in `docs/facts/protocols.md`, "Status reports". A push is stored whole or not
at all, and the same report again changes nothing. Recipients' numbers end here: what goes on is
their keyed hash and a masked form.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from wizard.engine.lists import REPORT_SOURCES
from wizard.engine.texts import CONTROLS, SURROGATES
from wizard.models import StatusReport
from wizard.sms.numbers import mask
from wizard.sms.personal import looks_personal
from wizard.sms.recipients import recipient_hash

MAX_ENTRIES: Final = 50
"""Reports in one batch (`docs/facts/protocols.md`, "Batches of reports")."""

MAX_FIELDS: Final = 100
"""Fields of a form; the vendor sends ten."""

MAX_MORE: Final = 20
"""Unknown fields that are kept with a report."""

LEFT_OUT: Final = "(left out)"


class Malformed(Exception):
    """A push that is not as documented. Says where and what, but never repeats what was sent.

    Attributes:
        message: for the vendor's staff and for our log.
        entry: which report of a batch, from 0; None where it is the push as a whole.
        field: the documented name of the field; None where it is none of them.
    """

    def __init__(self, message: str, *, field: str | None = None, entry: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.entry = entry


def store(reports: Iterable[StatusReport]) -> None:
    """Add the reports that we do not have yet, all of them or none; committed on return.

    One INSERT, whatever their number. Any number of processes may store the same at once.

    Raises:
        django.db.Error: nothing was stored.
    """
    # Two who insert the same rows in different orders may wait for each other: a deadlock.
    ordered = sorted(reports, key=_order)
    StatusReport.objects.insert_new(ordered)


def _order(report: StatusReport) -> tuple[str, int, str, str]:
    """Reports on the same part in the order of their times, for they are read in that of rows."""
    return report.message_id, report.sequence, report.update_time, report.status


# --- what was pushed ------------------------------------------------------------------------------


def read_single(body: bytes, *, now: datetime) -> list[StatusReport]:
    """The one report of a form (`docs/facts/protocols.md`, "Single reports"), not stored yet.

    Raises:
        Malformed: with `entry` None.
    """
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:  # not UTF-8, or more fields than that
        raise Malformed("not a form in UTF-8, or too many fields") from None
    fields = _once(pairs)
    # A plus that was not encoded became a space.
    fields["to"] = re.sub(r"\A (?=[0-9])", "+", fields.get("to", ""))
    return [_report(fields, now)]


def read_batch(body: bytes, *, now: datetime) -> list[StatusReport]:
    """The reports of `{"statusReportList": [...]}`, not stored yet.

    `docs/facts/protocols.md`, "Batches of reports".

    Raises:
        Malformed: the first report that is at fault, by its place.
    """
    entries = _entries(body)
    return [_entry(fields, place, now) for place, fields in enumerate(entries)]


def _entries(body: bytes) -> list[Any]:
    document = _json(body)
    entries = document.get("statusReportList") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise Malformed("not an object with a list", field="statusReportList")
    if not 1 <= len(entries) <= MAX_ENTRIES:
        raise Malformed(f"must have 1 to {MAX_ENTRIES} entries", field="statusReportList")
    return entries


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise Malformed("nested too deeply") from None
    except ValueError:  # also bytes that are not UTF-8, and integers without end
        raise Malformed("not JSON in UTF-8") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A field that stands twice could be read in two ways: neither is taken."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Malformed("a field stands more than once")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise Malformed("NaN and Infinity are not JSON")


def _entry(fields: Any, place: int, now: datetime) -> StatusReport:
    try:
        if not isinstance(fields, dict):
            raise Malformed("not an object")
        return _report(fields, now)
    except Malformed as error:
        raise Malformed(error.message, field=error.field, entry=place) from None


# --- one report -----------------------------------------------------------------------------------


def _report(fields: Mapping[str, Any], now: datetime) -> StatusReport:
    read = {name: _field(name, fields.get(name), form) for name, form in _FIELDS.items()}
    return StatusReport(
        message_id=read["smsMsgId"],
        sequence=int(read["sequence"] or 1),
        total=int(read["total"] or 1),
        status=read["status"],
        status_text=read["statusDesc"],
        source=read["source"],
        org_code=read["orgCode"],
        update_time=read["updateTime"],
        extend=read["extend"],
        recipient_hash=recipient_hash(read["to"]),
        recipient_masked=mask(read["to"]),
        more=_more(fields),
        received_at=now,
    )


Form = Callable[[str], str]
"""Says what is wrong with the text of a field that is there, or ""."""


def _word(longest: int) -> Form:
    def form(text: str) -> str:
        if text.isprintable() and " " not in text:  # other spaces do not count as printable
            return _too_long(text, longest)
        return "must be one printable word"

    return form


def _words(longest: int) -> Form:
    return lambda text: _unprintable(text) or _too_long(text, longest)


def _too_long(text: str, longest: int) -> str:
    return f"longer than {longest} characters" if len(text) > longest else ""


def _unprintable(text: str) -> str:
    """Control characters are in no honest text; PostgreSQL stores no NUL and no surrogate."""
    return "has control characters" if _CONTROL.search(text) else ""


def _count(text: str) -> str:
    return "" if _COUNT.fullmatch(text) else "must be a number from 1 to 99"


def _source(text: str) -> str:
    return "" if text in REPORT_SOURCES else "must be 1, 2 or 3"


def _time(text: str) -> str:
    try:
        datetime.fromisoformat(text if _TIME.fullmatch(text) else "")
    except ValueError:
        return "must be a time in the form YYYY-MM-DDTHH:MM:SSZ"
    return ""


# A field of a report is one line, without tabs.
_CONTROL: Final = re.compile(rf"[\t\n{CONTROLS}{SURROGATES}]")
_COUNT: Final = re.compile(r"0?[1-9]|[1-9][0-9]")
_TIME: Final = re.compile(  # hour 24 is refused here, for not every Python refuses it
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z"
)
_REQUIRED: Final = frozenset({"smsMsgId", "status"})
_FIELDS: Final[Mapping[str, Form]] = {
    "smsMsgId": _word(50),
    "status": _word(64),  # documented as 7, but real codes are longer
    "statusDesc": _words(500),
    "total": _count,
    "sequence": _count,
    "source": _source,
    "updateTime": _time,
    "orgCode": _words(64),
    "extend": _words(128),
    "to": _words(21),
}


def _field(name: str, value: Any, form: Form) -> str:
    """The text of a documented field; "" where it is absent, null or empty."""
    text = _text(name, value)
    if not text:
        if name in _REQUIRED:
            raise Malformed("is missing", field=name)
        return ""
    if problem := form(text):
        raise Malformed(problem, field=name)
    return text


def _text(name: str, value: Any) -> str:
    """The vendor writes strings; whether numbers ever come as such is not documented."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Malformed("must be a text", field=name)


# --- fields that nobody documented ----------------------------------------------------------------


def _more(fields: Mapping[str, Any]) -> dict[str, str]:
    """The first unknown fields, as texts that can be shown to anybody."""
    unknown = [(name, value) for name, value in fields.items() if name not in _FIELDS]
    return dict(_kept(name, value) for name, value in unknown[:MAX_MORE])


def _kept(name: str, value: Any) -> tuple[str, str]:
    return _harmless(name, 64), _harmless(_plain(value), 200)


def _plain(value: Any) -> str:
    if isinstance(value, dict | list):
        return LEFT_OUT
    return value if isinstance(value, str) else json.dumps(value)


def _harmless(text: str, longest: int) -> str:
    """What nobody documented must neither be personal nor cost us the report that it came with."""
    if _CONTROL.search(text) or looks_personal(text):
        return LEFT_OUT
    return text[:longest]
