"""Load over real HTTP: a few connections that are kept open, each with one request under way."""

import selectors
import socket
import time
from collections.abc import Sequence

_CONNECTIONS = 8


class Failed(RuntimeError):
    """The server answered something else than expected."""


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def complete(self, status: int) -> bool:
        """Read what is there; whether the whole answer is."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise Failed("the server closed the connection")
        self.received += chunk
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 %d " % status):
            raise Failed(head.split(b"\r\n")[0].decode())
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        if status != 304 and len(body) < int(length or 0):
            return False
        self.received = b""
        return True


def request(path: str, **headers: str) -> bytes:
    """The bytes of a GET, made before the clock starts."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def rate(port: int, requests: Sequence[bytes], status: int = 200) -> float:
    """Answers a second for these requests."""
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        for _ in range(_CONNECTIONS):
            connection = _Connection(port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        open_now = [key.data for key in selector.get_map().values()]
        started = time.perf_counter()
        under_way = 0
        for connection in open_now:
            connection.socket.sendall(next(waiting))
            under_way += 1
        while under_way:
            for key, _ in selector.select(timeout=30):
                if key.data.complete(status):
                    following = next(waiting, None)
                    if following is None:
                        under_way -= 1
                    else:
                        key.data.socket.sendall(following)
        elapsed = time.perf_counter() - started
        for connection in open_now:
            connection.socket.close()
    return len(requests) / elapsed
