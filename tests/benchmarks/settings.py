"""The site as it runs for others, plus the addresses that it is measured against."""

from tests.settings import *  # noqa: F403
from tests.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.benchmarks.urls"
PUBLICATION_POLL_SECONDS = 2.0
WATCH_SECONDS = 1.0
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests/benchmarks/templates")
LOGGING = {"version": 1, "disable_existing_loggers": True}
