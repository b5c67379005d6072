"""What every process of the site does beside its requests, each kind of work in a thread.

`smsdoctor/gunicorn.py` begins it, after the fork.
"""

import logging
import threading
from collections.abc import Callable
from functools import wraps
from typing import Final

from django.db import DatabaseError, close_old_connections, connection

logger = logging.getLogger(__name__)

_Work = Callable[[], None]
_threads: Final[dict[str, threading.Thread]] = {}


def unfailing(name: str) -> Callable[[_Work], _Work]:
    """Decorate work that is done again and again: whatever goes wrong is logged, never raised.

    Args:
        name: what is worked on, for the log.
    """

    def decorate(work: _Work) -> _Work:
        @wraps(work)
        def once() -> None:
            try:
                close_old_connections()
                work()
            except DatabaseError as error:
                logger.warning("%s could not be looked at: %s", name, error)
                connection.close()
            except Exception:
                logger.exception("%s could not be done", name)

        return once

    return decorate


def repeat(name: str, work: _Work, *, seconds: float) -> None:
    """Let a thread of this process do some work every so many seconds; with 0 none does.

    Calling it again with the same name changes nothing.

    Args:
        work: what is `unfailing`, or the thread ends with its first error.
    """
    if not seconds or name in _threads:
        return
    thread = threading.Thread(
        target=_again_and_again, args=(work, seconds), name=name, daemon=True
    )  # fmt: skip
    _threads[name] = thread
    thread.start()


def _again_and_again(work: _Work, seconds: float) -> None:
    pause = threading.Event()
    while not pause.wait(seconds):
        work()
