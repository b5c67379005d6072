"""The HTTP side: a port on this machine alone, one thread for each connection."""

import logging
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import Any, Final

from wizard.simulator import billing_api, management_api, send_request, sending
from wizard.simulator.codes import http_status, worded
from wizard.simulator.exchange import (
    LABEL,
    HttpAnswer,
    IncomingRequest,
    json_answer,
    management_error,
    masked,
)
from wizard.simulator.gateway import TurnedAway, not_found
from wizard.simulator.pushing import Pusher
from wizard.simulator.start_page import start_page

HOST: Final = "127.0.0.1"
MOST_BYTES: Final = 12 * 1024 * 1024
"""The longest body (`docs/facts/protocols.md`, "AK/SK for sending")."""

_log = logging.getLogger("simulator")


class SimulatedPlatform:
    """The platform as a whole. Runs in threads; `__main__.py` makes a process of it.

    Args:
        port: 0 takes any free one; `url` says which.
        delay: seconds from the acceptance of a message to its first report.
        batch_address: the batch address of all applications; empty: they have none.
        sign_pushes: sign the pushes of all accounts with their push keys.

    Raises:
        OSError: the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        delay: float = 1.0,
        batch_address: str = "",
        sign_pushes: bool = False,
    ) -> None:
        self._pusher = Pusher(delay=delay, batch_address=batch_address, sign=sign_pushes)
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        self._pusher.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and pushing; what is under way is dropped."""
        self._server.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._pusher.stop()

    def answer(self, request: IncomingRequest) -> HttpAnswer:
        """The answer to any request whatever."""
        now = datetime.now(UTC)
        if request.path.startswith("/sms/"):
            return self._send(request, now)
        try:
            if request.path in (billing_api.BALANCES, billing_api.PACKAGES):
                return billing_api.handle(request, now)
            if request.path.startswith(management_api.PREFIX):
                return management_api.handle(request, now)
        except TurnedAway as turned_away:
            return turned_away.answer
        if request.path == "/" and request.method in ("GET", "HEAD"):
            return start_page()
        return not_found()

    def _send(self, request: IncomingRequest, now: datetime) -> HttpAnswer:
        calls = (send_request.SAME_TEXT, send_request.DIFFERENT_TEXTS)
        if request.path not in calls or request.method != "POST":
            return json_answer(http_status("E000027"), worded("E000027"))
        sent = sending.handle(request, now)
        self._pusher.plan(sent.messages)
        return sent.answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, platform: SimulatedPlatform, port: int) -> None:
        self.platform = platform
        self.stopping = threading.Event()
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is nothing to tell of in twenty lines."""
        _log.debug("a connection broke off", exc_info=True)


class _Unreadable(Exception):
    """The request's body cannot be read; `answer` says why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = management_error(status, "APIGW.0106", words)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SimulatedPlatform"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # head and body leave in one piece: the caller's kernel waits for the second

    def do_GET(self) -> None:
        self._respond()

    # The base class looks for one method for each verb; the API modules tell them apart.
    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def _respond(self) -> None:
        try:
            answer = self.server.platform.answer(self._request())
        except _Unreadable as unreadable:
            self.close_connection = True
            answer = unreadable.answer
        except OSError:
            raise  # the connection broke off or fell silent: nobody waits for an answer
        except Exception as error:
            _log.error(
                "a request was not answered: %r", error, exc_info=_log.isEnabledFor(logging.DEBUG)
            )
            answer = management_error(500, "SIM.0500", "The simulated platform has a fault.")
        self._write(answer)

    def _request(self) -> IncomingRequest:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return IncomingRequest(self.command, path, query, headers, self._body(headers))

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "transfer-encoding" in headers:
            raise _Unreadable(411, "Content-Length is missing.")
        length = headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,12}", length):
            raise _Unreadable(400, "Content-Length has the wrong format.")
        if int(length) > MOST_BYTES:
            raise _Unreadable(413, "The body is longer than 12 MB.")
        return self.rfile.read(int(length))

    def _write(self, answer: HttpAnswer) -> None:
        self._pause(answer.wait)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in {**LABEL, **answer.headers}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._write_body(answer)

    def _write_body(self, answer: HttpAnswer) -> None:
        if answer.byte_every:
            for byte in answer.body:
                self._pause(answer.byte_every)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            return
        self.wfile.write(answer.body[: answer.cut_after])
        if answer.cut_after is not None:
            self.close_connection = True
            self.wfile.flush()
            with suppress(OSError):
                self.connection.shutdown(SHUT_RDWR)

    def _pause(self, seconds: float) -> None:
        """Wait, unless the platform stops meanwhile; then the connection ends."""
        if seconds and self.server.stopping.wait(seconds):
            raise ConnectionAbortedError

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not even HTTP gets an answer of the same kind as everything else."""
        self.close_connection = True
        self.command = self.command or ""
        self._write(management_error(code, "APIGW.0106", "The request cannot be understood."))

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        path = masked(getattr(self, "path", "").partition("?")[0])[:200]
        _log.info("%s %s -> %s", self.command or "?", path, code)

    def log_message(self, format: str, *args: Any) -> None:
        _log.debug(format, *args)
