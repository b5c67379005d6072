"""Start the simulated platform: `python -m wizard.simulator --port 9010`."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from wizard.simulator.exchange import on_this_machine
from wizard.simulator.seeding import BATCH, seed
from wizard.simulator.server import HOST, SimulatedPlatform
from wizard.simulator.start_page import TITLE


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit code: 0, or 2 if the port is taken."""
    options = _options(arguments)
    logging.basicConfig(
        level=options.log_level,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    # One line for each request is enough; the client's own lines would name whole addresses.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        platform = SimulatedPlatform(
            options.port,
            delay=options.delay,
            batch_address=f"{options.site}{BATCH}" if options.site else "",
            sign_pushes=options.sign,
        )
    except OSError as error:
        print(f"Port {options.port} cannot be used: {error.strerror}.", file=sys.stderr)
        return 2
    platform.start()
    print(f"{TITLE} It listens at {platform.url}/", flush=True)
    if options.site:
        _seed_in_the_background(options, stopping)
    _wait(stopping, parent=os.getppid() if options.with_parent else None)
    platform.stop()
    return 0


def _wait(stopping: threading.Event, parent: int | None) -> None:
    """Until a signal comes, or the process that started this one is gone."""
    while not stopping.wait(0.5):
        if parent is not None and os.getppid() != parent:
            return


def _seed_in_the_background(options: argparse.Namespace, stopping: threading.Event) -> None:
    threading.Thread(
        target=seed,
        args=(options.site, options.state),
        kwargs={"sign": options.sign, "stopping": stopping},
        daemon=True,
    ).start()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m wizard.simulator", description=TITLE)
    parser.add_argument("--port", type=_port, default=9010, help="0 takes any free one")
    parser.add_argument("--host", type=_host, default=HOST, help=f"nothing but {HOST}")
    parser.add_argument(
        "--site",
        type=_site,
        help="address of SMS Doctor on this machine: gets the samples' reports once it answers, "
        "and the reports of messages that name no statusCallback",
    )
    parser.add_argument("--state", type=Path, help="file that keeps the moment of the first start")
    parser.add_argument(
        "--delay", type=_seconds, default=1.0, help="seconds from a message to its first report"
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started it ends"
    )
    parser.add_argument(
        "--sign", action="store_true", help="sign the pushes of every account, see accounts.py"
    )
    parser.add_argument(
        "--log-level", choices=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _host(text: str) -> str:
    if text == HOST:
        return text
    raise argparse.ArgumentTypeError(f"the simulated platform listens on {HOST} alone")


def _site(text: str) -> str:
    if on_this_machine(text):
        return text.rstrip("/")
    raise argparse.ArgumentTypeError("the site must be http:// on this machine")


def _seconds(text: str) -> float:
    seconds = float(text)
    if 0 <= seconds <= 3600:
        return seconds
    raise argparse.ArgumentTypeError("from 0 to 3600 seconds")


if __name__ == "__main__":
    sys.exit(main())
