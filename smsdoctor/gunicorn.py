"""How gunicorn serves the site: `gunicorn -c python:smsdoctor.gunicorn smsdoctor.wsgi`."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, so that a slow look-up or a slow reader does not keep others waiting.
worker_class = "gthread"
threads = 4
keepalive = 5
timeout = 30
graceful_timeout = 20
# An address of a long walk is far below; a longer one is answered 400 before it is read.
limit_request_line = 8190
# A worker is replaced now and then, so that nothing can grow without end.
max_requests = 50_000
max_requests_jitter = 5_000
# No access log here: what visitors ask for is nobody's business. A proxy may keep one.
accesslog = None
# Nothing on the machine manages the server from outside but signals.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """What gunicorn calls in each process when the site is loaded."""
    begin()


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
