"""The site as it runs for others, plus the addresses that it is measured against."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
PUBLICATION_POLL_SECONDS = 2.0
WATCH_SECONDS = 1.0
LOGGING = {"version": 1, "disable_existing_loggers": True}
