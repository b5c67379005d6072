"""The closed lists of a guide: what a field of few values may hold, in the order of its choices.

Each list stands here alone. The checks, the reading of documents and the fields of the models are
made of it; `wizard/wording/evidence.py` and `wizard/walks/page.py` have the words of each value.
"""

from typing import Final, Literal, get_args

QuestionKind = Literal["choice", "code"]
QUESTION_KINDS: Final[tuple[QuestionKind, ...]] = get_args(QuestionKind)

Namespace = Literal["api", "status"]
"""Which list a code belongs to: the same word means different things in each."""
NAMESPACES: Final[tuple[Namespace, ...]] = get_args(Namespace)

CERTAINTIES: Final = ("confirmed", "likely", "possible", "unclear")
STATIONS: Final = ("sender", "platform", "carrier", "phone")
HAND_OVERS: Final = ("never", "if-failing", "always")

AUDIENCES: Final = ("recipient", "developer", "admin", "support", "platform")
"""Who can do a step. The roles are those of `docs/facts/troubleshooting.md`, "Roles"."""
ACTORS: Final = (*AUDIENCES, "nobody")
"""Who acts next."""

CODE_SOURCES: Final = ("platform", "supplier", "carrier", "either")
"""Who makes a code."""

REPORT_SOURCES: Final = ("1", "2", "3")
"""Who made a status report (`docs/facts/protocols.md`, "Single reports")."""

Region = Literal["mainland", "international"]
REGIONS: Final[tuple[Region, ...]] = get_args(Region)
"""Where a number belongs."""
CODE_REGIONS: Final = ("all", *REGIONS)
"""Where a code appears."""

CAUSES: Final = (
    "number-invalid", "number-or-phone", "phone-off-or-out-of-range", "landline", "line-barred",
    "phone-cannot-take", "service-not-subscribed", "portability", "blacklist-carrier",
    "blacklist-platform", "recipient-opted-out", "content-blocked", "frequency-limit",
    "volume-limit", "sender-not-registered", "sender-unusable", "template-or-signature",
    "geo-permission", "no-route", "billing", "account-suspended", "trial-account", "credentials",
    "fraud-protection", "carrier-network-fault", "platform-fault", "format-or-parameter",
    "expired", "time-window", "not-final", "delivered", "unknown",
)  # fmt: skip
"""Why a code is given, the same for every provider: a guide says once for each where it leads."""

CARRIERS: Final = (
    "china-mobile", "china-unicom", "china-telecom", "all-mainland", "supplier", "huawei", "smpp",
    "gsm-map", "gsm-tp-fcs", "gsm-tp-status", "gsm-rp-cause", "http-gateway",
)  # fmt: skip
"""Whose list a code stands in: a carrier's, or that of a protocol between networks."""

RETRIES: Final = ("yes", "later", "no")
"""Whether the same send helps."""

CONFIDENCES: Final = ("vendor", "two-sources", "carrier-list", "one-source", "inferred")
"""How sure the meaning of a code is, the surest first."""
