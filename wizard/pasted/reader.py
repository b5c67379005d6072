"""What did the person paste? A code, a send response, a report, a log line, an ID, a number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from wizard.pasted.reading import Known, Reading, TextKind
from wizard.providers.base import Said
from wizard.providers.huawei.fields import fields_of
from wizard.providers.huawei.reports import read_reports
from wizard.providers.huawei.responses import read_response
from wizard.providers.huawei.sorting import sorted_out
from wizard.providers.huawei.words import read_words
from wizard.sms.numbers import distinct, mask
from wizard.sms.personal import MAX_TEXT


def read(text: str, *, known: Known = lambda namespace, code: False) -> Reading:
    """Say what `text` is and which facts it decides."""
    truncated = len(text) > MAX_TEXT
    plain = _tidy(_head(text) if truncated else text)
    said = _understand(plain, known)
    reading = Reading(
        said.kind,
        codes=said.codes,
        recipient=mask(said.number),
        recipients=distinct(said.numbers),
        message_id=said.message_id,
        evidence=said.evidence,
        provider=said.provider,
    )
    if reading.kind in {TextKind.RESPONSE, TextKind.REPORT, TextKind.LOG}:
        reading = replace(
            reading,
            template_id=_only(_TEMPLATE_ID, plain),
            channel_number=_only(_CHANNEL_NUMBER, plain),
        )
    return replace(reading, truncated=truncated)


def _understand(text: str, known: Known) -> Said:
    if not text:
        return Said("", TextKind.NOTHING)
    responses, reports = sorted_out(list(fields_of(text)))
    if reports:
        return read_reports(reports, responses)
    if responses:
        return read_response(responses, text)
    return read_words(text, known)


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
