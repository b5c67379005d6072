"""Codes and message IDs among words: what stands next to them, and which tells most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from wizard.engine.evidence import Finding, Value
from wizard.engine.lists import Namespace
from wizard.providers.base import Known, Said, SeenCode, TextKind, codes_of, evidence_of
from wizard.providers.call_errors import call_evidence
from wizard.sms.codes import PLAIN_CODE, shape
from wizard.sms.delivery import PASSING
from wizard.sms.numbers import phones_in, region_of
from wizard.sms.personal import UUID, looks_personal

_TOKENS: Final = (
    re.compile(r"(?<!\w)[Ee][0-2][0-9]{5}(?!\w)"),
    re.compile(r"(?<![\w/@.])[A-Za-z]{1,8}[0-9]{0,2}:-?[0-9]{1,6}(?!\w|[:.][0-9])"),
    re.compile(r"(?<![\w:/.-])[A-Z]{4,8}(?![\w:/-])"),
)

_ACCEPTED: Final = re.compile(
    r"(?:code|status|result)[\"'\s:=]{1,6}(?:is |was )?[\"']?000000(?!\w)", re.IGNORECASE
)

_MESSAGE_ID: Final = re.compile(rf"(?<![\w-]){UUID}_[0-9]{{1,13}}(?![\w-])")

_LOG_LIKE: Final = re.compile(
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}|\b(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL)\b|Exception|Traceback"
)

_ALSO_WORDS: Final = frozenset({"TIMEOUT", "UNKNOWN", "DELETED", "LIMIT"})
"""Statuses that programs also use as words: beside an error of the call they belong to that."""

_AROUND: Final = " \t\r\n\"'`“”‘’«».,;!?()[]{}<>"


def read_words(text: str, known: Known) -> Said:
    alone = _alone(text, known)
    if alone:
        codes, evidence = _told([alone], known)
        return Said("", TextKind.CODE, codes, evidence=evidence)
    tokens = _tokens(text, known)
    call = call_evidence(text, coded=not _ALSO_WORDS.issuperset(tokens))
    codes, evidence = _told([] if "api.error" in call else tokens, known)
    message_id = _MESSAGE_ID.search(text)
    numbers = phones_in(text)
    number = numbers[0] if numbers else ""
    logged = codes and _LOG_LIKE.search(text)
    found = {
        TextKind.LOG: call or logged,
        TextKind.CODE: codes,
        TextKind.MESSAGE_ID: message_id,
        TextKind.NUMBER: number,
    }
    return Said(
        "",
        next((kind for kind, sign in found.items() if sign), TextKind.WORDS),
        codes=codes,
        evidence=evidence | call | evidence_of({"message.region": region_of(number)}),
        number=number,
        numbers=numbers,
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
    return codes_of(sorted(seen, key=_telling)), _code_evidence(facts)


def _alone(text: str, known: Known) -> str:
    """The code that is the whole text, or "". Here a small `undeliv` or a bare 52 may be one."""
    code = re.sub(r"\s?:\s?", ":", text[:80].strip(_AROUND)) if len(text) <= 80 else ""
    if not PLAIN_CODE.fullmatch(code) or looks_personal(code):
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
    return evidence_of(values)
