"""One platform for all tests here that do not start their own, and a site that it pushes to."""

from collections.abc import Iterator

import pytest

from tests.simulator.listener import Listener
from tests.support.simulated import simulated_platform


@pytest.fixture(scope="package")
def url() -> Iterator[str]:
    """Where the platform listens. Its applications have no batch address."""
    with simulated_platform() as platform:
        yield platform.url


@pytest.fixture
def site() -> Iterator[Listener]:
    """A site that takes every push."""
    with Listener() as listener:
        yield listener
