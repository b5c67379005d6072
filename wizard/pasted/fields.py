"""What did the person paste? A code, a send response, a status report, a log line, an ID, a number.

The text goes through two stages. Where it holds the fields of a response or of reports (JSON, a
form, a Python dict, cut off or not), these decide and nothing else in it counts. Otherwise single
words decide: codes that the catalogue knows, names of network errors, HTTP statuses.

Every text is hostile here: nothing raises, each pattern is linear, and only values of a documented
form come out. Numbers leave this module masked; message IDs only as `Reading.message_id`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum, auto
from itertools import chain
from typing import Final, Literal
from urllib.parse import unquote

from wizard.engine.evidence import EMPTY, Finding, Value
from wizard.engine.lists import REPORT_SOURCES, Namespace, Region
from wizard.sms.delivery import PASSING, Report, Standing, verdict

MAX_TEXT: Final = 20_000
"""Characters that are read; of a longer text the rest is left unread."""

MAX_CODES: Final = 20
SOURCE: Final = "pasted text"


class Kind(StrEnum):
    """What the text as a whole is; WORDS and NOTHING mean that nothing was understood."""

    CODE = auto()
    RESPONSE = auto()
    REPORT = auto()
    LOG = auto()
    MESSAGE_ID = auto()
    NUMBER = auto()
    WORDS = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code and where it stood: the same code can mean two things in two places."""

    namespace: Namespace
    code: str
    field: Literal["code", "status", "report", "text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. `recipient` is masked; the codes start with the most telling one.

    `template_id` and `channel_number` (the `from` of a request or answer) say what to look up.
    """

    kind: Kind
    codes: tuple[SeenCode, ...] = ()
    recipient: str = ""
    recipients: int = 0
    message_id: str = ""
    template_id: str = ""
    channel_number: str = ""
    evidence: Mapping[str, Finding] = field(default_factory=dict)
    truncated: bool = False


Known = Callable[[Namespace, str], bool]
"""Whether the catalogue has this code (namespace, code), exactly or by family."""


def read(text: str, *, known: Known = lambda namespace, code: False) -> Reading:
    """Say what `text` is and which facts it decides."""
    truncated = len(text) > MAX_TEXT
    plain = _tidy(_head(text) if truncated else text)
    reading = _understand(plain, known)
    if reading.kind in {Kind.RESPONSE, Kind.REPORT, Kind.LOG}:
        reading = replace(
            reading,
            template_id=_only(_TEMPLATE_ID, plain),
            channel_number=_only(_CHANNEL_NUMBER, plain),
        )
    return replace(reading, truncated=truncated)


def _understand(text: str, known: Known) -> Reading:
    if not text:
        return Reading(Kind.NOTHING)
    responses, reports = _sort(list(_fields(text)))
    if reports:
        return _read_reports(reports, responses)
    if responses:
        return _read_response(responses, text)
    return _read_words(text, known)


# --- the text itself ------------------------------------------------------------------------------

_CODE_CHARACTERS: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:+_.%-"  # of a code or a number
)
_TYPED_AS: Final = (
    {ord(c): " " for c in map(chr, range(32)) if c not in "\t\n\r"}
    | {0x7F: " ", 0xA0: " ", 0x3000: " "}
    | dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))  # invisible, come with copying
    | {ord("："): ":", ord("＋"): "+", ord("＝"): "=", ord("，"): ","}  # Chinese keyboards
    | {0xFF10 + digit: str(digit) for digit in range(10)}
)


def _head(text: str) -> str:
    """The part that is read, without the word that the cut went through: half a code is another."""
    head = text[:MAX_TEXT]
    return head[:-64] + head[-64:].rstrip(_CODE_CHARACTERS)


def _tidy(text: str) -> str:
    """One writing for what looks the same; a form that was encoded as a whole is decoded."""
    plain = text if "=" in text or "{" in text else unquote(text)
    return plain.translate(_TYPED_AS).strip()


# --- the form of single values --------------------------------------------------------------------

Shape = Literal["api", "status", "carrier", ""]

_SHAPES: Final[tuple[tuple[re.Pattern[str], Shape], ...]] = (
    (re.compile(r"000000|[Ee][013-9][0-9]{5}"), "api"),
    (re.compile(r"[Ee]2[0-9]{5}"), "status"),
    (re.compile(r"[Ss][Cc]:[0-9]{1,6}"), "status"),
    (re.compile(r"[A-Za-z]{1,8}[0-9]{0,2}:-?[0-9]{1,6}"), "carrier"),
    (re.compile(r"[A-Z]{4,8}"), "status"),
    (re.compile(r"-?[0-9]{1,4}"), "carrier"),
)
_PLAIN_CODE: Final = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9:_.+/-]{0,63}")
_UUID: Final = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_PERSONAL: Final = (
    re.compile(r"\S@\S"),
    re.compile(_UUID),
    re.compile(r"[0-9A-Fa-f]{16}"),
)
_SEVEN_DIGITS: Final = re.compile(r"\d{7}")


def shape(code: str) -> Shape:
    """Where a code of this form comes from, whether anybody knows it or not.

    Plain words count in capitals only; the other forms as people type them.
    """
    return next((origin for pattern, origin in _SHAPES if pattern.fullmatch(code)), "")


def looks_personal(text: str) -> bool:
    """Whether `text` may hold a phone number, a message ID or an e-mail address.

    Errs on the side of yes: what looks personal is neither recorded as an unknown code nor put
    into a URL. Seven digits in a row count, whatever stands between them.
    """
    if len(text) > MAX_TEXT:
        return True
    plain = unicodedata.normalize("NFKC", text)
    if any(pattern.search(plain) for pattern in _PERSONAL):
        return True
    return _SEVEN_DIGITS.search(re.sub(r"[\W_]", "", plain)) is not None


_MOMENT: Final = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def _moment(text: str | None) -> datetime | None:
    """The platform writes UTC; a time without a zone is taken as such."""
    if text is None or not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# --- phone numbers --------------------------------------------------------------------------------

# No calling code begins with another one, and all that are not listed here have three digits.
_SHORT_CALLING_CODES: Final = frozenset(
    (
        "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
        "60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
    ).split()
)
_MASKED: Final = re.compile(r"(?:\+[0-9]{1,3} )?[0-9]{0,3}\*{4}[0-9]{0,4}")
_MAINLAND: Final = re.compile(r"(?:86)?(1[0-9]{10})")
# From so many digits on: how many stay at the start and at the end.
_VISIBLE: Final = ((10, 3, 4), (7, 0, 3), (3, 0, 2), (0, 0, 0))


def mask(number: str) -> str:
    """A number that its owner recognises and nobody else can call: "+86 138****5678".

    What is masked already stays as it is.
    """
    if _MASKED.fullmatch(number):
        return number
    country, national = parts_of(number)
    if not country and not national:
        return ""
    start, end = next((s, e) for length, s, e in _VISIBLE if len(national) >= length)
    prefix = f"+{country} " if country else ""
    return f"{prefix}{national[:start]}****{national[len(national) - end :]}"


def parts_of(number: str) -> tuple[str, str]:
    """Country calling code and the rest, in digits; "" for a code that the number does not say.

    A number of the Chinese mainland may come without +86, as the platform allows
    (`docs/facts/protocols.md`, "Send request").
    """
    digits = re.sub(r"[^0-9]", "", number)
    international = number.lstrip(" (").startswith("+")
    if not international and re.match("00[1-9]", digits):
        international, digits = True, digits[2:]
    if not international:
        mainland = _MAINLAND.fullmatch(digits)
        return ("86", mainland[1]) if mainland else ("", digits)
    width = next((n for n in (1, 2) if digits[:n] in _SHORT_CALLING_CODES), 3)
    return digits[:width], digits[width:]


def region_of(number: str) -> Region | Literal[""]:
    """Where a number belongs, masked or not; "" where it does not say."""
    country, _ = parts_of(number)
    if not country:
        return ""
    return "mainland" if country == "86" else "international"


def _distinct(numbers: Iterable[str]) -> int:
    return len({parts_of(number) for number in numbers})


# --- fields: JSON where it parses, a patient scan where it does not -------------------------------

Fields = Mapping[str, str | None]
"""Clean values by field name, lower case without underscores. None: the field is there, empty."""

_CLEAN: Final[Mapping[str, re.Pattern[str]]] = {
    "code": re.compile(r"000000|[Ee][01][0-9]{5}"),
    "status": _PLAIN_CODE,
    "smsmsgid": re.compile(r"[A-Za-z0-9_.:-]{1,50}"),
    "originto": re.compile(r"\+?[0-9]{3,21}"),
    "to": re.compile(r"\+?[0-9]{3,21}"),
    "createtime": _MOMENT,
    "updatetime": _MOMENT,
    "source": re.compile("|".join(REPORT_SOURCES)),
    "total": re.compile(r"[0-9]{1,2}"),
    "sequence": re.compile(r"[0-9]{1,2}"),
    "orgcode": _PLAIN_CODE,
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


def _fields(text: str) -> Iterator[Fields]:
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


# --- which records are what -----------------------------------------------------------------------


@dataclass(slots=True)
class _Response:
    """One answer of the send call: its code and a record for each number."""

    code: str = ""
    entries: list[Fields] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.code not in {"", "000000"} or any(map(_refused, self.entries))


_ENTRY: Final = frozenset({"originto", "createtime", "smsmsgid", "status"})
_REPORT_ONLY: Final = frozenset({"sequence", "source", "updatetime", "orgcode"})
_API_STATUS: Final = re.compile(r"000000|E[0-9]{6}")


def _sort(records: Sequence[Fields]) -> tuple[list[_Response], list[Fields]]:
    """Tell responses and reports apart; both have an ID and a status."""
    responses: list[_Response] = []
    reports: list[Fields] = []
    coded = any(record.get("code") for record in records)
    for record in records:
        if code := record.get("code"):
            if not responses or responses[-1].code:
                responses.append(_Response())
            responses[-1].code = code
        if _is_report(record, coded):
            reports.append(record)
        elif _is_entry(record, coded):
            if not responses:
                responses.append(_Response())
            responses[-1].entries.append(record)
    return responses, reports


def _is_entry(record: Fields, coded: bool) -> bool:
    if coded:
        return bool(record.keys() & {"originto", "createtime"}) or bool(_api_status(record))
    return bool(record.keys() & {"originto", "createtime"}) and len(record.keys() & _ENTRY) > 1


def _is_report(record: Fields, coded: bool) -> bool:
    """An ID with one more field of a report, or, if the ID was cut off, a status with two more.

    ID and status alone are a report unless a response stands in the same text.
    """
    marks = len(record.keys() & _REPORT_ONLY)
    if record.keys() & {"originto", "createtime"} or record.get("status") == "000000":
        return False
    if "smsmsgid" in record:
        return marks > 0 or ("status" in record and not coded)
    return "status" in record and marks > 1


def _api_status(record: Fields) -> str:
    status = record.get("status") or ""
    return status if _API_STATUS.fullmatch(status) else ""


def _refused(entry: Fields) -> bool:
    return _api_status(entry) not in {"", "000000"}


# --- responses ------------------------------------------------------------------------------------


def _read_response(responses: Sequence[_Response], text: str) -> Reading:
    """Tell the first response that failed; what belongs to another one is not mixed in."""
    response = next((response for response in responses if response.failed), responses[0])
    entries = response.entries
    entry = next((e for e in entries if _refused(e)), entries[0] if entries else {})
    numbers = [number for each in entries if (number := _number(each))]
    if not entries and len(responses) == 1:  # an error: the log line around it may say for whom
        numbers = _phones(text)
    number = _number(entry) if entries else next(iter(numbers), "")
    around: dict[str, Value | None] = {
        "api.http_status": _http_status(text),
        "message.region": region_of(number),
    }
    return Reading(
        Kind.RESPONSE,
        codes=_response_codes(response),
        recipient=mask(number),
        recipients=_distinct(numbers),
        message_id=entry.get("smsmsgid") or "",
        evidence=_response_evidence(response.code, entry) | _evidence(around),
    )


def _response_codes(response: _Response) -> tuple[SeenCode, ...]:
    statuses = [SeenCode("api", _api_status(entry), "status") for entry in response.entries]
    return _codes(
        [
            *(seen for seen in statuses if seen.code != "000000"),
            SeenCode("api", response.code, "code"),
            *(seen for seen in statuses if seen.code == "000000"),
        ]
    )


def _response_evidence(code: str, entry: Fields) -> dict[str, Finding]:
    accepted = _moment(entry.get("createtime"))
    values: dict[str, Value | None] = {
        "api.code": code,
        "api.status": _api_status(entry),
        "message.accepted_at": accepted,
        "message.region": region_of(_number(entry)),
    }
    return _evidence(values, accepted)


def _number(record: Fields) -> str:
    return record.get("originto") or record.get("to") or ""


# --- status reports -------------------------------------------------------------------------------


def _read_reports(reports: Sequence[Fields], responses: Sequence[_Response]) -> Reading:
    messages: dict[str, list[Fields]] = {}
    for report in reports:
        messages.setdefault(report.get("smsmsgid") or "", []).append(report)
    verdicts = sorted(map(_verdict, messages.values()), key=lambda verdict: verdict[0])
    standing, report = verdicts[0]
    message_id = report.get("smsmsgid") or ""
    telling = chain((report for _, report in verdicts), reports)
    response, entry = _response_of(message_id, responses)
    numbers = [number for each in reports if (number := _number(each))]
    number = next(filter(None, map(_number, [report, *messages[message_id], entry])), "")
    return Reading(
        Kind.REPORT,
        codes=_codes(
            [
                *(SeenCode("status", each.get("status") or "", "report") for each in telling),
                *_response_codes(response),
            ]
        ),
        recipient=mask(number),
        recipients=_distinct([*numbers, number] if number else numbers),
        message_id=message_id,
        evidence=_evidence({"message.region": region_of(number)})
        | _response_evidence(response.code, entry)
        | _report_evidence(standing, report),
    )


def _response_of(message_id: str, responses: Iterable[_Response]) -> tuple[_Response, Fields]:
    """What was answered for this very message; a response about another one says nothing here."""
    for response in responses:
        for entry in response.entries:
            if message_id and entry.get("smsmsgid") == message_id:
                return _Response(response.code, [entry]), entry
    return _Response(), {}


def _verdict(reports: Sequence[Fields]) -> tuple[Standing, Fields]:
    """How one message stands, and the report that says so."""
    standing, place = verdict([_report(fields) for fields in reports])
    return standing, reports[place]


def _report(fields: Fields) -> Report:
    return Report(
        status=fields.get("status") or "",
        source=fields.get("source") or "",
        sequence=_count(fields, "sequence"),
        total=_count(fields, "total"),
        updated_at=_moment(fields.get("updatetime")),
    )


def _count(report: Fields, name: str) -> int:
    return max(int(report.get(name) or 1), 1)


def _report_evidence(standing: Standing, report: Fields) -> dict[str, Finding]:
    """While parts are missing, the message is not delivered and not failed: the status is open."""
    status: Value | None = report.get("status") or (EMPTY if "status" in report else None)
    values: dict[str, Value | None] = {
        "report.present": True,
        "report.status": None if standing is Standing.PARTIAL else status,
        "report.source": report.get("source"),
    }
    return _evidence(values, _moment(report.get("updatetime")))


# --- what a message was sent with -----------------------------------------------------------------

_TEMPLATE_ID: Final = re.compile(
    r"(?<![A-Za-z])template_?id\\{0,8}[\"']?\s{0,9}[:=]\s{0,9}\\{0,8}[\"']?"
    r"([A-Za-z0-9]{1,32})(?![\w-])",
    re.IGNORECASE,
)
_CHANNEL_NUMBER: Final = re.compile(
    r"(?<![A-Za-z_])from\\{0,8}[\"']?\s{0,9}[:=]\s{0,9}\\{0,8}[\"']?([A-Za-z0-9]{1,21})(?![\w-])"
)


def _only(pattern: re.Pattern[str], text: str) -> str:
    """What the pattern finds, if it finds one thing only."""
    found = set(pattern.findall(text))
    return found.pop() if len(found) == 1 else ""


# --- words ----------------------------------------------------------------------------------------

_TOKENS: Final = (
    re.compile(r"(?<!\w)[Ee][0-2][0-9]{5}(?!\w)"),
    re.compile(r"(?<![\w/@.])[A-Za-z]{1,8}[0-9]{0,2}:-?[0-9]{1,6}(?!\w|[:.][0-9])"),
    re.compile(r"(?<![\w:/.-])[A-Z]{4,8}(?![\w:/-])"),
)
_ACCEPTED: Final = re.compile(
    r"(?:code|status|result)[\"'\s:=]{1,6}(?:is |was )?[\"']?000000(?!\w)", re.IGNORECASE
)
_MESSAGE_ID: Final = re.compile(rf"(?<![\w-]){_UUID}_[0-9]{{1,13}}(?![\w-])")
_PHONE: Final = re.compile(
    r"(?<![\w+.])(?:\+|00)[1-9][0-9]{6,14}(?![\w*])"
    r"|(?<![\w+.])\+[0-9]{1,3}[ .-]?\(?[0-9]{1,5}\)?[ .-]?[0-9]{2,5}[ .-]?[0-9]{2,5}"
    r"(?:[ .-][0-9]{2})?(?:[ .-][0-9]{2})?(?![\w*:])"
    r"|(?<![\w+.-])(?:86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![\w*-])"
)
_WHOLE_NUMBER: Final = re.compile(r"\+?[0-9 ()-]{7,25}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOG_LIKE: Final = re.compile(
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}|\b(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL)\b|Exception|Traceback"
)
_ALSO_WORDS: Final = frozenset({"TIMEOUT", "UNKNOWN", "DELETED", "LIMIT"})
"""Statuses that programs also use as words: beside an error of the call they belong to that."""
_AROUND: Final = " \t\r\n\"'`“”‘’«».,;!?()[]{}<>"


def _read_words(text: str, known: Known) -> Reading:
    alone = _alone(text, known)
    if alone:
        codes, evidence = _told([alone], known)
        return Reading(Kind.CODE, codes, evidence=evidence)
    tokens = _tokens(text, known)
    call = _call_evidence(text, coded=not _ALSO_WORDS.issuperset(tokens))
    codes, evidence = _told([] if "api.error" in call else tokens, known)
    message_id = _MESSAGE_ID.search(text)
    numbers = _phones(text)
    number = numbers[0] if numbers else ""
    logged = codes and _LOG_LIKE.search(text)
    found = {
        Kind.LOG: call or logged,
        Kind.CODE: codes,
        Kind.MESSAGE_ID: message_id,
        Kind.NUMBER: number,
    }
    return Reading(
        next((kind for kind, sign in found.items() if sign), Kind.WORDS),
        codes=codes,
        evidence=evidence | call | _evidence({"message.region": region_of(number)}),
        recipient=mask(number),
        recipients=_distinct(numbers),
        message_id=message_id[0] if message_id else "",
    )


def _told(codes: Sequence[str], known: Known) -> tuple[tuple[SeenCode, ...], dict[str, Finding]]:
    """The codes of a text without fields, and what they decide."""
    places = [_place(code, known) for code in codes]
    seen = [
        SeenCode(namespace, code, "text")
        for (namespace, _), code in zip(places, codes, strict=True)
    ]
    facts = [(fact, code) for (_, fact), code in zip(places, codes, strict=True)]
    return _codes(sorted(seen, key=_telling)), _code_evidence(facts)


def _alone(text: str, known: Known) -> str:
    """The code that is the whole text, or "". Here a small `undeliv` or a bare 52 may be one."""
    code = re.sub(r"\s?:\s?", ":", text[:80].strip(_AROUND)) if len(text) <= 80 else ""
    if not _PLAIN_CODE.fullmatch(code) or looks_personal(code):
        return ""
    upper = code.upper()
    if shape(code) or known("status", upper) or known("api", upper):
        return upper
    return ""


def _tokens(text: str, known: Known) -> list[str]:
    """Codes in running text. Words and `ab:12` occur in any log: the catalogue must know them."""
    exact, colon, word = (pattern.findall(text) for pattern in _TOKENS)
    # A host and its port look alike, but in small letters, and no port begins with 0.
    likely = [code.upper() for code in colon if code.isupper() or ":0" in code]
    codes = [code.upper() for code in exact]
    codes += [code for code in dict.fromkeys(likely + word) if known("status", code)]
    codes += ["000000"] if _ACCEPTED.search(text) else []
    return list(dict.fromkeys(codes))


Place = tuple[Namespace, str]


def _place(code: str, known: Known) -> Place:
    """Where a code without its field belongs: namespace, and the fact that it decides or "".

    Listed in both, it is from the call: a status may be known by a family as wide as E200*, the
    codes of the call are listed one by one. Known in neither, only an unmistakable form decides.
    """
    reported, answered = known("status", code), known("api", code)
    origin = shape(code)
    if origin == "api" and (answered or not reported):
        return "api", "api.code"
    if answered and code.startswith("E2"):
        return "api", "api.status"
    if reported or ":" in code:  # the call never answers with a code that has a colon
        return "status", "report.status"
    return "status", ""


def _telling(seen: SeenCode) -> int:
    if seen.code in {"000000", "DELIVRD"}:
        return 3
    if seen.code in PASSING:
        return 2
    return 1 if seen.namespace == "api" and shape(seen.code) == "api" else 0


def _code_evidence(decided: Sequence[tuple[str, str]]) -> dict[str, Finding]:
    """Text that names two codes for one fact decides neither: we cannot know which is meant."""
    values: dict[str, Value | None] = {}
    for fact, code in decided:
        values[fact] = None if fact in values else code
    if "report.status" in values:
        values["report.present"] = True
    values.pop("", None)
    return _evidence(values)


def _phones(text: str) -> list[str]:
    whole = _WHOLE_NUMBER.fullmatch(text) and not _DATE.match(text)
    numbers = [text] if whole else _PHONE.findall(unquote(text))
    return [number for number in numbers if 7 <= sum(map(str.isdigit, number)) <= 15]


# --- how the call ended ---------------------------------------------------------------------------

_TLS: Final = re.compile(
    r"SSLError|SSL\w{0,40}(?:Exception|VerificationError)|SSL_ERROR|ERR_SSL|SSL routines"
    r"|javax\.net\.ssl|CERTIFICATE_VERIFY_FAILED|certificate verif|certificate has expired"
    r"|CERT_HAS_EXPIRED|ERR_CERT_|ERR_TLS_|self[-_ ]signed[-_ ]cert|UNABLE_TO_(?:GET|VERIFY)"
    r"|local issuer certificate|the first certificate|certificate is (?:invalid|not trusted)"
    r"|PKIX path|x509:|tlsv1\w{0,20} alert|handshake[_ ]failure|WRONG_VERSION_NUMBER"
    r"|curl: \((?:35|51|58|60|77)\)"
    r"|cURL error (?:35|51|58|60|77)(?![0-9])",
    re.IGNORECASE,
)
_NO_ANSWER: Final = re.compile(
    # The names that programs give it: a person's "the code timed out" is not about the call.
    r"(?:Read|Connect|Connection|Socket|Write|Pool)Timeout|Timeout(?:Error|Exception|Expired)"
    r"|E(?:SOCKET)?TIMEDOUT|TIMED_OUT|socket\.timeout|deadline exceeded"
    r"|(?:operation|connection|connect|read|write|request|socket|handshake)(?: has| was)?"
    r" time(?:d[ -]?out|-?out)(?! ?[=:])"
    r"|i/o timeout|timeout of [0-9]{1,9} ?ms exceeded"
    r"|curl: \((?:5|6|7|28|52|55|56)\)|cURL error (?:5|6|7|28|52|55|56)(?![0-9])"
    # No connection ends the same way for the person: nothing came back.
    r"|ECONN(?:REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)UNREACH"
    r"|Connection(?: was)? (?:refused|reset|aborted)|No route to host|Network is unreachable"
    r"|Name or service not known|getaddrinfo|nodename nor servname|Could not resolve host"
    r"|name resolution|no such host|UnknownHostException|NoRouteToHostException|ConnectException"
    r"|ConnectionError|RemoteDisconnected|socket hang up"
    r"|(?:连接|读取|请求|响应|操作)超时|拒绝连接",
    re.IGNORECASE,
)
_HTTP: Final = (
    re.compile(
        r"\bHTTP(?:/[0-9.]{1,3})?[\"']?(?:[ _-]?(?:error|status|response))?(?:[ _-]?code)?"
        r"[\"']?[ :=(]{1,3}([1-5][0-9]{2})(?![\w.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:status|response)[ _-]?code[\"']?(?: is| was| of)?[ :=(]{1,3}"
        r"([1-5][0-9]{2})(?![\w.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.])([45][0-9]{2}) (?:Client Error|Server Error|Bad Request|Unauthorized|Forbidden"
        r"|Not Found|Method Not Allowed|Request Time-?out|Request Entity|Payload Too"
        r"|Unsupported Media|Too Many Requests|Internal Server|Bad Gateway"
        r"|Service (?:Temporarily )?Unavailable|Gateway Time-?out)",
        re.IGNORECASE,
    ),
    re.compile(r"returned (?:an )?error: ?\(?([45][0-9]{2})(?![\w.])", re.IGNORECASE),
    re.compile(r"\bResponse \[([1-5][0-9]{2})\]"),
    re.compile(r"\"status\"\s{0,9}:\s{0,9}([45][0-9]{2})\s{0,9}[,}]"),
)
_HTTP_TIMEOUTS: Final = frozenset({408, 504})


def _http_status(text: str) -> int | None:
    """The first HTTP error in the text, else the last HTTP status: 100 and 200 may precede it."""
    found = sorted(
        (match.start(), int(match[1])) for pattern in _HTTP for match in pattern.finditer(text)
    )
    statuses = [status for _, status in found]
    if not statuses:
        return None
    return next((status for status in statuses if status >= 400), statuses[-1])


def _call_evidence(text: str, *, coded: bool) -> dict[str, Finding]:
    status = _http_status(text)
    error = None if coded else _error(text, status)
    return _evidence({"api.http_status": status, "api.error": error})


def _error(text: str, status: int | None) -> str | None:
    if status in _HTTP_TIMEOUTS:  # "504 Gateway Time-out" is an answer
        return "http"
    if _TLS.search(text):
        return "tls"
    if _NO_ANSWER.search(text):
        return "timeout"
    return "http" if status is not None and status >= 400 else None


# --- results --------------------------------------------------------------------------------------


def _evidence(
    values: Mapping[str, Value | None], observed_at: datetime | None = None
) -> dict[str, Finding]:
    """Findings for what is known; None and "" mean that the text does not say."""
    return {
        fact: Finding(fact, value, SOURCE, observed_at)
        for fact, value in values.items()
        if value is not None and value != ""
    }


def _codes(seen: Iterable[SeenCode]) -> tuple[SeenCode, ...]:
    """Without blanks and repetitions: a code that stands in two fields is one code."""
    first: dict[tuple[str, str], SeenCode] = {}
    for code in seen:
        if code.code:
            first.setdefault((code.namespace, code.code), code)
    return tuple(first.values())[:MAX_CODES]
