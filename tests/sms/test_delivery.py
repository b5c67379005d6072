"""What reports on one message say (`docs/facts/protocols.md`, "Reports on one message")."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.moments import NOON
from wizard.sms.delivery import DeliveryState, Report, delivery_of


def at(minutes, status, **fields):
    return Report(status, updated_at=NOON + timedelta(minutes=minutes), **fields)


@pytest.mark.parametrize(
    ("reports", "standing", "status"),
    [
        ([at(0, "DELIVRD")], DeliveryState.DELIVERED, "DELIVRD"),
        ([at(0, "UNDELIV"), at(1, "DELIVRD")], DeliveryState.DELIVERED, "DELIVRD"),
        ([at(1, "UNDELIV"), at(0, "DELIVRD")], DeliveryState.DELIVERED, "DELIVRD"),
        ([at(0, "UNDELIV"), at(1, "EXPIRED")], DeliveryState.FAILED, "EXPIRED"),
        ([at(0, "UNDELIV"), at(1, "ACCEPTD")], DeliveryState.FAILED, "UNDELIV"),
        ([at(0, "ACCEPTD"), at(1, "UNKNOWN")], DeliveryState.WAITING, "UNKNOWN"),
        ([Report("")], DeliveryState.WAITING, ""),
        ([at(0, "DELIVRD", total=2)], DeliveryState.PARTIAL, "DELIVRD"),
        (
            [at(0, "DELIVRD", total=2), at(0, "DELIVRD", sequence=2, total=2)],
            DeliveryState.DELIVERED,
            "DELIVRD",
        ),
        (
            [at(0, "DELIVRD", total=2), at(0, "EXPIRED", sequence=2, total=2)],
            DeliveryState.FAILED,
            "EXPIRED",
        ),
        (
            [at(0, "DELIVRD", total=2), at(0, "ACCEPTD", sequence=2, total=2)],
            DeliveryState.WAITING,
            "ACCEPTD",
        ),
    ],
)
def test_the_verdict_does_not_depend_on_the_order_of_arrival(reports, standing, status):
    for order in permutations(reports):
        found, place = delivery_of(order)
        assert (found, order[place].status) == (standing, status)


@given(
    st.lists(
        st.builds(
            Report,
            st.sampled_from(["", "DELIVRD", "UNDELIV", "EXPIRED", "ACCEPTD", "UNKNOWN"]),
            sequence=st.integers(1, 3),
            total=st.integers(1, 3),
            updated_at=st.none() | st.integers(0, 9).map(lambda n: NOON + timedelta(minutes=n)),
        ),
        min_size=1,
    )
)
def test_a_report_that_comes_again_changes_nothing(reports):
    standing, place = delivery_of(reports)
    again, other = delivery_of([*reports, *reports])
    assert again == standing
    assert (reports * 2)[other].standing == reports[place].standing
