"""What comes in and what goes out over HTTP, as values; `server.py` turns them into bytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

LABEL: Final = {"X-Simulated-Platform": "SMS Doctor"}
"""Stands on every answer and on every push, so that nobody takes them for the vendor's."""

JSON: Final = "application/json"


@dataclass(frozen=True)
class IncomingRequest:
    """A request as it was read. Header names are in lower case; `path` is without the query."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The media type without its parameters; empty where none was sent."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def filters(self) -> Mapping[str, str]:
        """The query's parameters; of a name that comes twice the last one counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer, and how badly its bytes travel. The last three fields are for faulty accounts.

    Attributes:
        wait: seconds before the first byte.
        byte_every: seconds before each byte of the body; 0 sends it at once.
        cut_after: the connection is dropped after so many bytes of the body.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    byte_every: float = 0.0
    cut_after: int | None = None


def json_answer(status: int, value: Any) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(value, ensure_ascii=False).encode())


def management_error(status: int, code: str, message: str) -> HttpAnswer:
    """An error of the management and billing APIs (`docs/facts/protocols.md`, "Management API")."""
    return json_answer(status, {"error_code": code, "error_msg": message})


def masked(text: str) -> str:
    """A text for the log: whatever may be a phone number keeps its last two digits only."""
    return re.sub(r"(?:\+|%2B)?\d{5,}(?=\d{2})", "***", text, flags=re.IGNORECASE)


def on_this_machine(url: str) -> bool:
    """Whether a URL is HTTP on a loopback address. Pushes go nowhere else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # no address, or a host by name, or a port that is none
        return False
    return parts.scheme in ("http", "https") and port != 0 and loopback
