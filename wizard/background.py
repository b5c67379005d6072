"""What every process of the site does beside its requests, each kind of work in a thread.

`smsdoctor/server.py` begins it, after the fork.
"""

import logging
import threading
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

from django.db import DatabaseError, close_old_connections, connection

logger = logging.getLogger(__name__)

_P = ParamSpec("_P")
_threads: Final[dict[str, threading.Thread]] = {}
_starting: Final = threading.Lock()


def unfailing(
    name: str, log: logging.Logger = logger
) -> Callable[[Callable[_P, None]], Callable[_P, None]]:
    """Decorate work that is done again and again: whatever goes wrong is logged, never raised.

    Args:
        name: what is worked on, for the log.
        log: where that is said.
    """

    def decorate(work: Callable[_P, None]) -> Callable[_P, None]:
        @wraps(work)
        def once(*args: _P.args, **kwargs: _P.kwargs) -> None:
            try:
                close_old_connections()
                work(*args, **kwargs)
            except DatabaseError as error:
                log.warning("%s could not be looked at: %s", name, error)
                connection.close()
            except Exception:
                log.exception("%s could not be done", name)

        return once

    return decorate


def repeat(name: str, work: Callable[[], None], *, seconds: float) -> None:
    """Let a thread of this process do some work every so many seconds; with 0 none does.

    Calling it again with the same name changes nothing, unless its thread has stayed behind in the
    process that this one was forked from.

    Args:
        work: what is `unfailing`, or the thread ends with its first error.
    """
    if not seconds or _works(name):
        return
    with _starting:
        if _works(name):
            return
        thread = threading.Thread(
            target=_again_and_again, args=(work, seconds), name=name, daemon=True
        )
        thread.start()
        _threads[name] = thread


def _works(name: str) -> bool:
    thread = _threads.get(name)
    return thread is not None and thread.is_alive()


def _again_and_again(work: Callable[[], None], seconds: float) -> None:
    pause = threading.Event()
    while not pause.wait(seconds):
        work()
