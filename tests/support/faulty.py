"""Platforms on loopback that misbehave, and one that answers as documented.

A server here is a raw socket and a behaviour: a function that gets each connection once a request
was read from it, and does with it what it likes.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
"""For localhost and 127.0.0.1, signed by itself: nobody trusts it."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


Behaviour = Callable[["Server", socket.socket, Asked], None]


@dataclass
class Server:
    """What a test knows of a running server."""

    url: str
    behaviour: Behaviour
    asked: list[Asked] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def connections(self) -> int:
        """How many were made so far."""
        return len(self.sockets)


@contextmanager
def serving(behaviour: Behaviour, *, tls: bool = False) -> Iterator[Server]:
    """A server with this behaviour until the block ends, each connection in its own thread."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    scheme = "https" if tls else "http"
    server = Server(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", behaviour)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
    if context is not None:
        context.load_cert_chain(CERTIFICATE)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.sockets.append(connection)
            threading.Thread(target=_talk, args=(server, connection, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        server.closing.set()
        # Those that are kept too: another server may get the same port.
        for one in (listener, *server.sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        listener.close()


def nowhere() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


_TLS_HELLO = b"\x16"


def _talk(server: Server, connection: socket.socket, context: ssl.SSLContext | None) -> None:
    with suppress(OSError), connection:
        if context is not None:
            with context.wrap_socket(connection, server_side=True) as secured:
                _answer(server, secured)
        elif connection.recv(1, socket.MSG_PEEK) == _TLS_HELLO:
            # As servers do that were asked for TLS where they speak none: an answer in plain text.
            connection.sendall(packet(b"", 400))
            connection.recv(65536)
        else:
            _answer(server, connection)


def _answer(server: Server, connection: socket.socket) -> None:
    with connection.makefile("rb") as reader:
        while asked := _read(reader):
            server.asked.append(asked)
            server.behaviour(server, connection, asked)


def _read(reader: Any) -> Asked | None:
    start = reader.readline().decode("latin-1").split()
    if len(start) != 3:
        return None
    headers = {}
    while line := reader.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(start[0], start[1], headers, reader.read(int(headers.get("content-length", 0))))


# --- answers --------------------------------------------------------------------------------------


def packet(body: bytes, status: int = 200, **headers: str) -> bytes:
    """A whole answer as it goes over the line."""
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


def says(document: Any, status: int = 200) -> Behaviour:
    """Always the same document; text and bytes go out as they are."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return lambda server, connection, asked: connection.sendall(packet(body, status))


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other, the last one again and again."""

    def behave(server: Server, connection: socket.socket, asked: Asked) -> None:
        behaviours[min(len(server.asked), len(behaviours)) - 1](server, connection, asked)

    return behave


def after(seconds: float, behaviour: Behaviour) -> Behaviour:
    def behave(server: Server, connection: socket.socket, asked: Asked) -> None:
        time.sleep(seconds)
        behaviour(server, connection, asked)

    return behave


def redirects(url: str) -> Behaviour:
    return lambda server, connection, asked: connection.sendall(packet(b"", 302, Location=url))


# --- faults ---------------------------------------------------------------------------------------


def hangs(server: Server, connection: socket.socket, asked: Asked) -> None:
    server.closing.wait()


def drips_its_body(server: Server, connection: socket.socket, asked: Asked) -> None:
    """A byte now and then: never silent for long, never done."""
    connection.sendall(packet(b"", Content_Length="100000"))
    _drip(server, connection, b"[")


def drips_its_head(server: Server, connection: socket.socket, asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(server, connection, b"x")


def _drip(server: Server, connection: socket.socket, byte: bytes) -> None:
    while not server.closing.wait(0.05):
        connection.sendall(byte)


def closes_at_once(server: Server, connection: socket.socket, asked: Asked) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def closes_in_the_body(server: Server, connection: socket.socket, asked: Asked) -> None:
    connection.sendall(packet(b'{"results": [', Content_Length="1000"))
    connection.shutdown(socket.SHUT_RDWR)


def sends(packet: bytes) -> Behaviour:
    """These bytes, and no more."""

    def behave(server: Server, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(packet)
        connection.shutdown(socket.SHUT_RDWR)

    return behave


speaks_another_language = sends(b"220 mail.example.com ESMTP\r\n")


def repeats(packet: bytes) -> Behaviour:
    """These bytes again and again."""

    def behave(server: Server, connection: socket.socket, asked: Asked) -> None:
        while not server.closing.is_set():
            connection.sendall(packet)

    return behave


def never_ends_with(status: int) -> Behaviour:
    """10 MB, more than anybody asked for."""
    return says(b"[" + b" " * 10_000_000 + b"]", status)


never_ends = never_ends_with(200)


def drips_an_error(server: Server, connection: socket.socket, asked: Asked) -> None:
    connection.sendall(packet(b"", 500, Content_Length="100000"))
    _drip(server, connection, b"x")


def bursts(server: Server, connection: socket.socket, asked: Asked) -> None:
    """A few kilobytes that unpack to 50 MB."""
    bomb = gzip.compress(b" " * 50_000_000)
    connection.sendall(packet(bomb, Content_Encoding="gzip"))


def packs_badly(server: Server, connection: socket.socket, asked: Asked) -> None:
    connection.sendall(packet(b"no gzip at all", Content_Encoding="gzip"))


# --- a platform that answers as documented --------------------------------------------------------

MANAGEMENT = "/v2/project/msgsms/"
BALANCE = "/v2/accounts/customer-accounts/balances"
PACKAGES = "/v3/payments/free-resources/query"


@dataclass
class Platform:
    """Canned rows, filtered and cut into pages as the platform does. An instance is a behaviour."""

    apps: list[Any] = field(default_factory=list)
    signatures: list[Any] = field(default_factory=list)
    templates: list[Any] = field(default_factory=list)
    packages: list[Any] = field(default_factory=list)
    debt: Any = "0"

    def __call__(self, server: Server, connection: socket.socket, asked: Asked) -> None:
        connection.sendall(packet(json.dumps(self.answer(asked)).encode()))

    def answer(self, asked: Asked) -> Any:
        if asked.path == BALANCE:
            return {"account_balances": [], "debt_amount": self.debt, "currency": "USD"}
        if asked.path == PACKAGES:
            wanted = json.loads(asked.body)
            types = wanted["service_type_code_list"]
            rows = [row for row in self.packages if row["service_type_code"] in types]
            page = rows[wanted["offset"] : wanted["offset"] + wanted["limit"]]
            return {"free_resource_packages": page, "total_count": len(rows)}
        what = asked.path.removeprefix(MANAGEMENT)
        filters = {k: v for k, v in asked.query.items() if k not in ("limit", "offset")}
        rows = [
            row
            for row in getattr(self, what)
            if all(row.get(name) == value for name, value in filters.items())
        ]
        offset = int(asked.query["offset"])
        page = rows[offset : offset + int(asked.query["limit"])]
        return {"results": page, "total": len(rows)}
