"""How long something may take in all, whatever its parts take."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress


class Deadline:
    """The moment by which a call must be over, and the means to end it from another thread."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cut = False

    def left(self) -> float:
        """Seconds that are left, 0.0 if none."""
        return 0.0 if self._cut else max(self._ends - time.monotonic(), 0.0)

    def hold(self, used: socket.socket | None) -> None:
        """Name the socket that is being used from now on; None when it is done with."""
        with self._lock:
            self._socket = used
            if self._cut:
                self._shut()

    def cut(self) -> None:
        """End the exchange that is under way, whatever the other side does."""
        with self._lock:
            self._cut = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is None:
            return
        with suppress(OSError):  # it is closed already
            # Not the method of an SSL socket, which would pull its state from under the reader.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
