"""The server as it is, and a file for each process that is ready: a test waits for all of them."""

import os
from pathlib import Path

from smsdoctor.served import application
from smsdoctor.server import server

__all__ = ["application"]

if __name__ == "__main__":
    server("tests.server.served:application").serve()
else:
    Path(os.environ["READY"], f"{os.getpid()}.ready").touch()
