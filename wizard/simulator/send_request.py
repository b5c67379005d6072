"""What a send request holds, and its rules (`docs/facts/protocols.md`, "Send request")."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

from wizard.simulator.codes import Refused
from wizard.simulator.exchange import JSON, IncomingRequest
from wizard.simulator.pushing import FORM

SAME_TEXT: Final = "/sms/batchSendSms/v1"
DIFFERENT_TEXTS: Final = "/sms/batchSendDiffSms/v1"
MOST_NUMBERS: Final = 500
MOST_CONTENT_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """One text and its recipients. `values` are the variables' values; None: not sent."""

    to: tuple[str, ...]
    template_id: str
    values: tuple[str, ...] | None
    signature: str


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A send request, whichever of the two calls it came by. None: the field was not sent."""

    sender: str
    callback: str
    extend: str | None
    contents: tuple[Content, ...]


def read_call(request: IncomingRequest) -> SendRequest:
    """The request's fields.

    Raises:
        Refused: E000040 for the wrong media type, E000000 where the body cannot be read, E000503
            for the first field that breaks its rule.
    """
    form = request.path == SAME_TEXT
    if request.content_type != (FORM if form else JSON):
        raise Refused("E000040")
    try:
        call = _from_form(request.body) if form else _from_json(request.body)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Refused("E000000") from None
    return _checked(call)


def _from_form(body: bytes) -> SendRequest:
    read = parse_qs(
        body.decode(), keep_blank_values=True, strict_parsing=bool(body), errors="strict"
    )
    fields = {name: values[-1] for name, values in read.items()}
    text = fields.get("templateParas", "")
    content = Content(
        to=tuple(fields["to"].split(",")) if fields.get("to") else (),
        template_id=fields.get("templateId", ""),
        values=_values(json.loads(text)) if text else None,
        signature=fields.get("signature", ""),
    )
    return SendRequest(
        fields.get("from", ""), fields.get("statusCallback", ""), fields.get("extend"), (content,)
    )


def _from_json(body: bytes) -> SendRequest:
    value = json.loads(body)
    contents = value.get("smsContent") or []
    if len(json.dumps(contents, ensure_ascii=False).encode()) > MOST_CONTENT_BYTES:
        raise Refused("E000503", "smsContent is longer than 64 KB.")
    extend = value.get("extend")
    return SendRequest(
        _text(value.get("from")),
        _text(value.get("statusCallback")),
        None if extend is None else _text(extend),
        tuple(
            Content(
                to=_values(one.get("to") or []),
                template_id=_text(one.get("templateId")),
                values=None if one.get("templateParas") is None else _values(one["templateParas"]),
                signature=_text(one.get("signature")),
            )
            for one in contents
        ),
    )


def _values(value: Any) -> tuple[str, ...]:
    """An array of texts; anything else cannot be read."""
    if not isinstance(value, list):
        raise TypeError(type(value))
    return tuple(_text(one) for one in value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(type(value))
    value.encode()  # half a character, as JSON can hold it, is none: a ValueError
    return value


def _checked(call: SendRequest) -> SendRequest:
    """The call, when every field keeps its form (`docs/facts/protocols.md`, "Send request")."""
    for wrong, field in _wrong_fields(call):
        if wrong:
            raise Refused("E000503", f"{field}.")
    return call


def _wrong_fields(call: SendRequest) -> Iterator[tuple[bool, str]]:
    numbers = [number for content in call.contents for number in content.to]
    yield not 1 <= len(call.sender) <= 21, "from"
    yield not call.contents, "smsContent"
    yield not all(content.to for content in call.contents), "to"
    yield len(numbers) > MOST_NUMBERS, f"to: more than {MOST_NUMBERS} numbers"
    yield not all(re.fullmatch(r"[0-9+]{1,21}", number) for number in numbers), "to"
    yield not all(1 <= len(content.template_id) <= 32 for content in call.contents), "templateId"
    yield bool(call.callback) and not re.match(r"https?://[^/]", call.callback), "statusCallback"
    yield (
        call.extend is not None and not re.fullmatch(r"[^{}]{1,128}", call.extend, re.DOTALL),
        "extend",
    )
