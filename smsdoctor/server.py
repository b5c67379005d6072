"""How the site is served: `python -m smsdoctor.server` starts granian, which has its processes."""

import os
import socket
from typing import Any, Final

from granian._granian import ListenerSpec
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

SITE: Final = "smsdoctor.served:application"


class OneSocketServer(MPServer):
    """All processes take connections from one socket, which outlives each of them.

    Granian's own way on Linux gives each process a socket of its own: what waits there is lost with
    the process, at a reload too.
    """

    def _init_shared_socket(self) -> None:
        holder: Any = ListenerSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._ssp, self._shd, self._sfd = None, holder, holder.get_fd()
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)


def server(site: str = SITE, **more: Any) -> OneSocketServer:
    """The server with its settings from the environment; `serve()` runs it until it is told to end.

    Args:
        site: what each process loads.
        more: what shall be otherwise.
    """
    options: dict[str, Any] = {
        "address": os.environ.get("HOST", "127.0.0.1"),
        "port": int(os.environ.get("PORT", "8000")),
        "workers": int(os.environ.get("WEB_CONCURRENCY", "2")),
        # Threads, so that a slow look-up does not keep others waiting; a slow reader takes none.
        "blocking_threads": 4,
        "interface": Interfaces.WSGI,
        # A proxy in front speaks this one, and nothing here needs more.
        "http": HTTPModes.http1,
        "websockets": False,
        # An address of a long walk is far below; a longer one is answered 431 before it is read.
        "http1_settings": HTTP1Settings(max_buffer_size=16_384, header_read_timeout=10_000),
        # A process that dies is replaced, and that of a request that does not end after a while.
        "respawn_failed_workers": True,
        # At a reload, how long the old process goes on while its successor loads the site.
        "respawn_interval": 3.5,
        "workers_kill_timeout": 20,
        # A process is replaced that has grown, so that nothing can grow without end.
        "workers_max_rss": 400,
        # No access log here: what visitors ask for is nobody's business. A proxy may keep one.
        "log_access": False,
        "log_level": LogLevels(os.environ.get("SERVER_LOG_LEVEL", "warning")),
    }
    return OneSocketServer(site, **{**options, **more})


def begin() -> None:
    """Have the guides in memory before the first request, so that no visitor waits for them.

    And let this process look for new ones, send what hand-overs leave to be sent, and publish what
    is scheduled.
    """
    from wizard.authoring import scheduling  # Django is ready only now
    from wizard.outbox import deliveries
    from wizard.published.live import live

    live.begin()
    deliveries.begin()
    scheduling.begin()


if __name__ == "__main__":
    server().serve()
