"""How a faulty account's answers go wrong: each fault turns an honest answer into a bad one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from wizard.simulator.accounts import Fault
from wizard.simulator.exchange import HttpAnswer, management_error

SLOW_SECONDS: Final = 10.0
TRICKLE_SECONDS: Final = 0.2
HUGE_BYTES: Final = 10 * 1024 * 1024
ELSEWHERE: Final = "https://elsewhere.invalid/"
"""A name that is never registered (RFC 2606): who follows it reaches nobody."""


def spoiled(answer: HttpAnswer, fault: Fault | None) -> HttpAnswer:
    """The answer as the account gives it; without a fault, the honest one."""
    return answer if fault is None else _FAULTS[fault](answer)


def _redirecting(answer: HttpAnswer) -> HttpAnswer:
    return HttpAnswer(302, b"", headers={"Location": ELSEWHERE})


def _huge(answer: HttpAnswer) -> HttpAnswer:
    """Still the honest JSON, behind 10 MB of blanks: only its size is wrong."""
    return replace(answer, body=b" " * (HUGE_BYTES - len(answer.body)) + answer.body)


def _wrong_types(answer: HttpAnswer) -> HttpAnswer:
    return replace(answer, body=json.dumps(_mistyped(json.loads(answer.body))).encode())


def _lying(answer: HttpAnswer) -> HttpAnswer:
    """Totals that do not match the rows; the rows' own lies stand in `accounts.py`."""
    value = json.loads(answer.body)
    for name in ("total", "total_count"):
        if name in value:
            value[name] += 90
    return replace(answer, body=json.dumps(value).encode())


def _mistyped(value: Any) -> Any:
    """The same shape with texts for numbers and lists for texts."""
    match value:
        case dict():
            return {name: _mistyped(one) for name, one in value.items()}
        case list():
            return [_mistyped(one) for one in value]
        case str():
            return [value]
        case _:
            return "many"


_FAULTS: Final[Mapping[Fault, Callable[[HttpAnswer], HttpAnswer]]] = {
    Fault.SLOW: lambda answer: replace(answer, wait=SLOW_SECONDS),
    Fault.TRICKLE: lambda answer: replace(answer, byte_every=TRICKLE_SECONDS),
    # The vendor's code for it is not known; SIM marks what is ours.
    Fault.FAILING: lambda answer: management_error(500, "SIM.0500", "Internal error."),
    Fault.BUSY: lambda answer: management_error(
        429, "APIGW.0308", "The throttling threshold has been reached."
    ),
    Fault.MALFORMED: lambda answer: replace(answer, body=answer.body[:-1] + b",,<br>"),
    Fault.WRONG_TYPES: _wrong_types,
    Fault.HUGE: _huge,
    Fault.REDIRECTING: _redirecting,
    Fault.LYING: _lying,
    Fault.CLOSING: lambda answer: replace(answer, cut_after=len(answer.body) // 2),
}
