"""Codes and message IDs among words: what stands next to them, and which tells most.

Borders are ASCII: a code ends where no ASCII letter, digit or underscore goes on, so that a text in
any script may stand next to it. `\\w` would take a Chinese character for a part of the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from wizard.engine.evidence import Finding, Value
from wizard.engine.lists import Namespace
from wizard.providers.base import Known, Said, SeenCode, TextKind, Whose, codes_of, evidence_of
from wizard.providers.call_errors import call_evidence
from wizard.providers.huawei.descriptions import code_of_description, hidden_codes
from wizard.providers.huawei.hosts import host_kind, is_huawei
from wizard.providers.huawei.management import management_codes
from wizard.sms.codes import PLAIN_CODE, shape
from wizard.sms.delivery import PASSING
from wizard.sms.numbers import phones_in, region_of
from wizard.sms.personal import UUID, looks_personal

_BEFORE: Final = r"(?<![A-Za-z0-9_])"
_AFTER: Final = r"(?![A-Za-z0-9_])"

_EXACT: Final = re.compile(rf"{_BEFORE}[Ee][0-2][0-9]{{5}}{_AFTER}")
_SPACED: Final = re.compile(rf"{_BEFORE}E[ -][0-2][0-9]{{5}}{_AFTER}")
_COLON: Final = re.compile(
    r"(?<![A-Za-z0-9_/@.])[A-Za-z]{1,8}[0-9]{0,2}(?:ERR)?:-?[0-9]{1,6}"
    r"(?![A-Za-z0-9_]|[:.][0-9])"
)
# A colon before or after is the text's own if it stands beside another script, as in a label.
_BEFORE_WORD: Final = r"(?<![A-Za-z0-9_/.-])(?<![!-~]:)"
_AFTER_WORD: Final = r"(?![A-Za-z0-9_/-])(?!:[!-~])"
_WITHOUT_COLON: Final = re.compile(rf"{_BEFORE_WORD}([A-Z]{{2}})(?:: )?([0-9]{{4}}){_AFTER}")
_WORD: Final = re.compile(rf"{_BEFORE_WORD}[A-Z]{{4,9}}{_AFTER_WORD}")
_OF_TELECOM: Final = re.compile(rf"{_BEFORE}(?:UNDELIV|EXPIRED|REJECTD)S[0-9]{{3}}S{_AFTER}")
_NAMED_WORD: Final = re.compile(
    r"(?:stat|status|state|code|result|err|error|状态|状态码|错误码)[\"']?:[ \"']{0,3}([A-Z]{4,9})"
    r"(?![A-Za-z0-9_:/-])"
)
_GATEWAY_ERROR: Final = re.compile(r"[A-Z]{2,6}[0-9]{0,2}ERR:-?[0-9]{1,6}")
"""What a gateway answers in China's protocols: no other program writes so."""

_MISSPELT: Final = {
    "UNDELIVRD": "UNDELIV",
    "UNDELVRD": "UNDELIV",
    "UNDELIVD": "UNDELIV",
    "DELIVERD": "DELIVRD",
    "DELIVRED": "DELIVRD",
    "DELVRD": "DELIVRD",
    "EXPIRD": "EXPIRED",
    "REJECTED": "REJECTD",
    "ACCEPTED": "ACCEPTD",
}
"""As people and wrappers write the words of the protocol. English ones count as a value only."""

_ENGLISH: Final = frozenset({"REJECTED", "ACCEPTED"})

_ACCEPTED: Final = re.compile(r"(?<![A-Za-z0-9_#.:+%-])000000(?![A-Za-z0-9_.:%-])")

_NAMED_NUMBER: Final = re.compile(
    r"(?:状态码|错误码|回执码|失败码|(?<![A-Za-z])(?:report|status) code)[\"']?"
    r"(?:\s?[:=]\s?|\s?(?:是|为|is|was)\s?|\s)?[\"']?(-?[0-9]{1,4}|[0-9]:[0-9]{1,3})"
    r"(?![A-Za-z0-9_.:-])"
)
"""A bare number is a code only where it is called one: any text has numbers."""

_MESSAGE_ID: Final = re.compile(
    rf"(?<![A-Za-z0-9_-]){UUID}_[0-9]{{1,13}}(?![A-Za-z0-9_-])",
)

_LOG_LIKE: Final = re.compile(
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}|(?<![A-Za-z])(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL)(?![A-Za-z])"
    r"|Exception|Traceback"
)

_ALSO_WORDS: Final = frozenset({"TIMEOUT", "UNKNOWN", "DELETED", "LIMIT"})
"""Statuses that programs also use as words: beside an error of the call they belong to that."""

_MAX_TOKENS: Final = 200
"""Of a text with more codes the first are placed: the page shows a few of them."""

_AROUND: Final = " \t\r\n\"'`“”‘’«».,;!?()[]{}<>。、；！？（）【】《》「」"


def read_words(text: str, typed: str, known: Known) -> Said:
    """Read a text without fields.

    Args:
        typed: the text with its letters as they were typed, where `text` has made others of them.
    """
    alone = _alone(text, known)
    if alone:
        codes, evidence = _told([alone], known)
        return Said(_whose(codes), TextKind.CODE, codes, evidence=evidence)
    tokens = _all_tokens(text, typed, known)
    management = management_codes(text)
    if not tokens and not management:
        tokens = [*hidden_codes(text, known)] or [*filter(None, [code_of_description(text)])]
    call = call_evidence(text, coded=bool(management) or not _ALSO_WORDS.issuperset(tokens))
    if call.get("api.error"):
        call |= evidence_of({"api.host": host_kind(text)})
    codes, evidence = _told([] if "api.error" in call else tokens, known)
    codes = codes_of([*codes, *management])
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
    kind = next((kind for kind, sign in found.items() if sign), TextKind.WORDS)
    facts: dict[str, Value | None] = {
        "message.region": region_of(number),
        "api.management": management[0].code if management else None,
    }
    huawei = message_id or (kind is not TextKind.WORDS and is_huawei(text))
    return Said(
        "huawei" if huawei else _whose(codes),
        kind,
        codes=codes,
        evidence=evidence | call | evidence_of(facts),
        number=number,
        numbers=numbers,
        message_id=message_id[0] if message_id else "",
    )


def codes_in(text: str, typed: str, known: Known) -> tuple[SeenCode, ...]:
    """The codes among the words of a text, whatever else it says."""
    return _told(_all_tokens(text, typed, known), known)[0]


def _all_tokens(text: str, typed: str, known: Known) -> list[str]:
    tokens = _tokens(text, known)
    return list(dict.fromkeys([*tokens, *_tokens(typed, known)])) if typed else tokens


def _whose(codes: Sequence[SeenCode]) -> Whose:
    return next((seen.provider for seen in codes if seen.provider), "")


def _told(codes: Sequence[str], known: Known) -> tuple[tuple[SeenCode, ...], dict[str, Finding]]:
    """The codes of a text without fields, and what they decide."""
    places = [_place(code, known) for code in codes]
    seen = [
        SeenCode(namespace, code, "text", _maker(code, known))
        for (namespace, _), code in zip(places, codes, strict=True)
    ]
    facts = [(fact, code) for (_, fact), code in zip(places, codes, strict=True)]
    return codes_of(sorted(seen, key=_telling)), _code_evidence(facts)


_EVERYBODYS: Final = frozenset(
    "DELIVRD EXPIRED DELETED UNDELIV ACCEPTD UNKNOWN REJECTD ENROUTE TIMEOUT".split()
)


def _maker(code: str, known: Known) -> Whose:
    """Huawei's own forms, and its words; a carrier's code comes through every provider."""
    origin = shape(code)
    if origin == "api" or code.startswith(("E2", "SC:")):
        return "huawei"
    own_word = code.isalpha() and code not in _EVERYBODYS and known("status", code)
    return "huawei" if own_word else ""


def _alone(text: str, known: Known) -> str:
    """The code that is the whole text, or "". Here a small `undeliv` or a bare 52 may be one."""
    code = re.sub(r"\s?:\s?", ":", text[:80].strip(_AROUND)) if len(text) <= 80 else ""
    if code == "timeout" or not PLAIN_CODE.fullmatch(code) or looks_personal(code):
        return ""
    if re.fullmatch(r"[Ee][0-9]+", code) and not shape(code):  # a digit too few or too many
        return ""
    upper = _MISSPELT.get(code.upper(), code.upper())
    if shape(upper if upper in _MISSPELT.values() else code):
        return upper
    return upper if known("status", upper) or known("api", upper) else ""


def _tokens(text: str, known: Known) -> list[str]:
    """Codes in running text. Words and `ab:12` occur in any log: the catalogue must know them."""
    codes = [code.upper() for code in _EXACT.findall(text)]
    codes += filter(lambda code: _is_listed(code, known), _spaced(text))
    likely = list(dict.fromkeys([*_likely(text), *_words(text)]))
    codes += [code for code in likely if known("status", code) or _GATEWAY_ERROR.fullmatch(code)]
    codes += ["000000"] if _ACCEPTED.search(text) else []
    return list(dict.fromkeys(codes))[:_MAX_TOKENS]


def _is_listed(code: str, known: Known) -> bool:
    return known("status", code) or known("api", code)


def _spaced(text: str) -> Iterator[str]:
    return (code[0] + code[2:] for code in _SPACED.findall(text))


def _likely(text: str) -> Iterator[str]:
    """What has the form of a carrier's code, with its colon or without."""
    # A host and its port look alike, but in small letters, and no port begins with 0.
    yield from (code.upper() for code in _COLON.findall(text) if code.isupper() or ":0" in code)
    yield from _OF_TELECOM.findall(text)
    yield from (f"{family}:{digits}" for family, digits in _WITHOUT_COLON.findall(text))


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield word if word in _ENGLISH else _MISSPELT.get(word, word)
    yield from _NAMED_NUMBER.findall(text)
    for word in _NAMED_WORD.findall(text):
        yield _MISSPELT.get(word, word)


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
    """A text that names two codes for one fact decides neither: we cannot know which is meant."""
    values: dict[str, Value | None] = {}
    for fact, code in decided:
        values[fact] = None if fact in values else code
    if "report.status" in values:
        values["report.present"] = True
    values.pop("", None)
    return evidence_of(values)
