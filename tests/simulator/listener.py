"""A tiny site on loopback that keeps what is pushed to it."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Received:
    """One push, as it came. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: value for name, (value,) in parse_qs(self.body.decode()).items()}

    @property
    def reports(self) -> list[dict[str, str]]:
        return json.loads(self.body)["statusReportList"]


class Listener:
    """Use it in a `with`. `status` is what it answers with."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[Received] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.listener = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wait_for(self, pushes: int, seconds: float = 5.0) -> list[Received]:
        """The pushes so far, once there are so many of them."""
        until = time.monotonic() + seconds
        while len(self.received) < pushes and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.received) >= pushes, self.received
        return self.received

    def stays_silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing at all comes for a while."""
        time.sleep(seconds)
        return not self.received


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    listener: Listener


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.listener.received.append(Received(self.path, headers, body))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.listener.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests tell what matters."""
