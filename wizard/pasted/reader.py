"""What did the person paste? A code, a send response, a report, a log line, an ID, a number."""

from __future__ import annotations

import re
from typing import Final

from wizard.pasted.plain import as_typed, plain
from wizard.pasted.reading import Known, Reading, TextKind
from wizard.pasted.records import cut
from wizard.providers.base import PlainText, Said
from wizard.providers.order import NAMES, whose
from wizard.sms.numbers import distinct, mask
from wizard.sms.personal import MAX_TEXT


def read(text: str, *, known: Known = lambda namespace, code: False) -> Reading:
    """Say whose text it is, what it is, and which facts it decides."""
    made_plain = plain(text)
    truncated = len(text) > MAX_TEXT
    if not made_plain:
        return Reading(TextKind.NOTHING, truncated=truncated)
    typed = "" if text.isascii() else as_typed(text)
    records = cut(made_plain, NAMES)
    said = whose(PlainText(made_plain, records, "" if typed == made_plain else typed), known)
    return _reading(said, made_plain, truncated)


_SUBJECT_OF: Final = frozenset(
    {TextKind.RESPONSE, TextKind.REPORT, TextKind.REQUEST, TextKind.LOG, TextKind.ROW}
)


def _reading(said: Said, text: str, truncated: bool) -> Reading:
    """What may leave this room: the number masked, Huawei's facts of Huawei's texts alone."""
    ours = said.provider in {"", "huawei"}
    subject = ours and said.kind in _SUBJECT_OF
    return Reading(
        said.kind,
        codes=said.codes,
        recipient=mask(said.number),
        recipients=distinct(said.numbers),
        message_id=said.message_id,
        template_id=_only(_TEMPLATE_ID, text) if subject else "",
        channel_number=_only(_CHANNEL_NUMBER, text) if subject else "",
        evidence=said.evidence if ours else {},
        truncated=truncated,
        provider=said.provider,
    )


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
