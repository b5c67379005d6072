"""First step: one writing for what looks the same, whatever it was wrapped in on its way."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Final
from urllib.parse import unquote

from wizard.sms.personal import MAX_TEXT

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

_ENTITY: Final = re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5});")
"""Those with their semicolon alone: `&copy` and `&reg` begin names of fields."""

_PIECE: Final = 1_000

_BREAK: Final = re.compile(r"\\{1,8}[nrt]")

_ESCAPED: Final = re.compile(r"\\{1,8}(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")

_ENCODED: Final = re.compile(r"%(?:25)*(?:7[Bb]|22|3[Dd])")
"""A brace, a quote or an equals sign: the text was encoded as a whole, not value by value."""


def head(text: str) -> str:
    """The part that is read, without the word that the cut went through: half a code is another."""
    if len(text) <= MAX_TEXT:
        return text
    kept = text[:MAX_TEXT]
    return kept[:-64] + kept[-64:].rstrip(_CODE_CHARACTERS)


def plain(text: str) -> str:
    """Compatible forms, entities, escapes and URL encoding undone. Reads at most `MAX_TEXT`.

    What could be a sign of JSON is left escaped inside its strings.
    """
    return head(_folded(_unwrapped(head(text)))).translate(_TYPED_AS).strip()


def as_typed(text: str) -> str:
    """The same, with letters as they are: of `ＡE200030` the first is none of the code's."""
    return _unwrapped(head(text)).translate(_TYPED_AS).strip()


def _folded(text: str) -> str:
    """In compatible forms, as far as is read: some signs become whole sentences."""
    if text.isascii():
        return text
    parts: list[str] = []
    length = 0
    for at in range(0, len(text), _PIECE):
        if length > MAX_TEXT:
            break
        parts.append(unicodedata.normalize("NFKC", text[at : at + _PIECE]))
        length += len(parts[-1])
    return "".join(parts)


def _unwrapped(text: str) -> str:
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(_entity, text)
        if "\\" in text:
            text = _ESCAPED.sub(_character, _BREAK.sub("\n", text))
        text = _decoded(text)
    return text


def _entity(match: re.Match[str]) -> str:
    return unescape(match[0])


def _character(match: re.Match[str]) -> str:
    """The character of an escape; half of a pair and what would end a string stay escaped."""
    code = int(match[1] or match[2], 16)
    if code < 0x20 or 0xD800 <= code < 0xE000 or chr(code) in "\"'\\":
        return match[0]
    return chr(code)


def _decoded(text: str) -> str:
    """A form that was encoded as a whole is decoded; else its values are, one by one."""
    whole = "=" not in text and "{" not in text
    return unquote(text) if "%" in text and (whole or _ENCODED.search(text)) else text
