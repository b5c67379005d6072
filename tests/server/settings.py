"""The site as several processes serve it: each looks for a new publication every second."""

from tests.settings import *  # noqa: F403

PUBLICATION_POLL_SECONDS = 1.0
