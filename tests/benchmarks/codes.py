"""python -m tests.benchmarks.codes: the pages of a catalogue of 3,000 codes.

Every page is asked for in this process, through the site's whole middleware, with SQLite. Pages
take turns in each round. What counts is the median of the ratios within rounds, of the list as it
is kept to the list as it is made after a publication; beside it stand milliseconds of this machine.
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

ROUNDS = int(os.environ.get("ROUNDS", "50"))
CODES = 3_000
GOAL_RATIO = 0.1
GOAL_MILLISECONDS = 10.0
LIST, ANEW = "the list", "the list after a publication"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        os.environ["ALLOWED_HOSTS"] = "testserver"
        _report(_measure(_asked()))


def _asked() -> dict[str, Callable[[], Any]]:
    """Everything that is asked for, by its name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from wizard.authoring import loading, publishing
    from wizard.published import catalogue
    from wizard.views import codes

    call_command("migrate", verbosity=0)
    publishing.publish(loading.load(_document()), by=None)
    client = Client()

    def anew() -> Any:
        catalogue._index.cache_clear()
        codes._lines.cache_clear()
        return client.get("/codes/")

    return {
        # The list comes next, and finds what was made.
        ANEW: anew,
        LIST: lambda: client.get("/codes/"),
        "a search that finds one": lambda: client.post("/codes/", {"words": "Z01700"}),
        "a search that finds all": lambda: client.post("/codes/", {"words": "carrier"}),
        "a code": lambda: client.get("/codes/Z01700/"),
        "the box, with a code": lambda: client.post("/", {"text": "Z01700"}),
        "the box, with words": lambda: client.post("/", {"text": "nobody packed my parcel"}),
        "the home page": lambda: client.get("/"),
    }


def _document() -> dict[str, Any]:
    """A guide with that many codes."""
    from tests.support.guides import DOCUMENT

    listed = DOCUMENT["codes"]
    more = [
        {"code": f"Z{number:05}", "meaning": f"Carrier {number} says no.", "to": "ask"}
        for number in range(CODES - len(listed))
    ]
    return {**DOCUMENT, "codes": [*listed, *more]}


def _measure(asked: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Milliseconds of each page, round by round."""
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS + 1):
        for name, call in asked.items():
            started = time.perf_counter()
            answer = call()
            passed = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, (name, answer.status_code)
            if number:  # the first round warms up
                found[name].append(passed)
    return found


def _report(found: dict[str, list[float]]) -> None:
    ratio = statistics.median(a / b for a, b in zip(found[LIST], found[ANEW], strict=True))
    print(f"A catalogue of {CODES:,} codes, {ROUNDS} rounds, medians:")
    for name, passed in found.items():
        print(f"{name:32} {statistics.median(passed):8.2f} ms")
    print(f"{LIST} / {ANEW}: {ratio:.3f} (goal: at most {GOAL_RATIO})")
    print(f"{LIST}: {statistics.median(found[LIST]):.2f} ms (goal: under {GOAL_MILLISECONDS:.0f})")


if __name__ == "__main__":
    main()
