"""The simulated SMS platform for tests: in threads of the test's process, or on its own.

Both choose a free port and answer when the block begins.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from wizard.simulator.server import SimulatedPlatform

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def simulated_platform(**options: Any) -> Iterator[SimulatedPlatform]:
    """In threads, quick to start. Options are those of SimulatedPlatform; reports come at once."""
    platform = SimulatedPlatform(**{"delay": 0.02, **options})
    platform.start()
    try:
        yield platform
    finally:
        platform.stop()


@dataclass(frozen=True)
class Started:
    """The platform as a process: where it listens, and what it logs."""

    url: str
    process: subprocess.Popen[str]
    _log: IO[str]

    @property
    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()


@contextmanager
def started_platform(*arguments: str) -> Iterator[Started]:
    """As a process of its own. `arguments` are those of the command line, without the port."""
    command = [sys.executable, "-m", "wizard.simulator", "--port", "0", *arguments]
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            # It says where it listens as soon as it does; the line ends with the address.
            assert process.stdout is not None
            words = process.stdout.readline().split()
            started = Started(words[-1].rstrip("/") if words else "", process, log)
            assert words, started.log
            yield started
        finally:
            process.terminate()
            process.wait(timeout=10)
            if process.stdout is not None:
                process.stdout.close()
