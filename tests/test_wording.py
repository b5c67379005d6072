"""Facts and findings in words."""

import math

import pytest

from tests.support.moments import NOON
from wizard import wording
from wizard.engine.evidence import Finding


@pytest.mark.parametrize("hours", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_no_number_is_shown_as_it_came(hours):
    assert wording.value(Finding("message.age", hours, "any", NOON)) == str(hours)
