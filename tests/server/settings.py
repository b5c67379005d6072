"""The site as several processes serve it: quick to see a new publication, look-ups in threads."""

from tests.settings import *  # noqa: F403

PUBLICATION_POLL_SECONDS = 0.25
LOOKUP_THREADS = 4
