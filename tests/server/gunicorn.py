"""The server as it is, and a file for each process that is ready: a test waits for all of them."""

import os
from pathlib import Path
from typing import Any

from smsdoctor import gunicorn as served
from smsdoctor.gunicorn import *  # noqa: F403


def post_worker_init(worker: Any) -> None:
    served.post_worker_init(worker)
    Path(os.environ["READY"], f"{os.getpid()}.ready").touch()
