"""The neutral causes: what every provider's codes map to."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Cause = Literal[
    "number-invalid",
    "phone-off-or-out-of-range",
    "landline",
    "line-barred",
    "phone-cannot-take",
    "portability",
    "blacklist-carrier",
    "recipient-opted-out",
    "content-blocked",
    "frequency-limit",
    "volume-limit",
    "sender-not-registered",
    "sender-unusable",
    "template-or-signature",
    "geo-permission",
    "no-route",
    "billing",
    "account-suspended",
    "trial-account",
    "credentials",
    "fraud-protection",
    "carrier-network-fault",
    "platform-fault",
    "format-or-parameter",
    "expired",
    "time-window",
    "not-final",
    "unknown",
    "delivered",
]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
"""The last one is none: the code says that the SMS arrived."""


def by_code(codes: Mapping[Cause, str]) -> Mapping[str, Cause]:
    """A table of codes written by cause, each cause's codes in one string."""
    return {code: cause for cause, some in codes.items() for code in some.split()}
