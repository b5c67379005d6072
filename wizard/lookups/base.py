"""What a look-up is: the account it asks for, what it is about, and what each of its calls said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from wizard.engine.evidence import Finding

CallName = Literal["applications", "signatures", "templates", "balance", "packages"]

ALL_CALLS: Final[tuple[CallName, ...]] = get_args(CallName)

Reason = Literal[
    "timeout",  # no whole answer within the time
    "connection",  # no connection, or one that was cut off
    "unknown-host",  # the name has no address
    "tls",  # no trust in who answers
    "server",  # HTTP 5xx
    "busy",  # HTTP 429: too many requests for the platform
    "refused",  # HTTP 4xx: key, permission or request
    "redirect",  # HTTP 3xx, never followed: it would carry the signature elsewhere
    "unreadable",  # an answer that is not what is documented
    "too-large",  # more than is read
    "paused",  # not asked: the platform failed too often just before
]


class LookupFailed(Exception):
    """A call gave no answer.

    Attributes:
        permanent: asking again gives the same until somebody changes something.
        detail: a few words for the log and the operator; never a secret, a number or an address.
    """

    def __init__(self, reason: Reason, detail: str = "", permanent: bool = False) -> None:
        # All of them are `args`, so that the exception can be pickled into a cache.
        super().__init__(reason, detail, permanent)
        self.reason = reason
        self.detail = detail
        self.permanent = permanent

    def __str__(self) -> str:
        return f"{self.reason} ({self.detail})" if self.detail else self.reason


@dataclass(frozen=True, slots=True)
class Account:
    """The credentials of one account at the platform, and where it is asked.

    `package_service_type` is the code of SMS in billing ("" where it is not known: it is not
    published), `mode` what the account does once a package is used up: "1", "2" or "" (not known).
    Neither key is part of the representation: that ends up in tracebacks and logs.
    """

    name: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    project_id: str
    management_url: str
    billing_url: str
    package_service_type: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the look-up is about; "" for what is not known."""

    app_key: str = ""
    channel_number: str = ""
    signature_id: str = ""
    template_id: str = ""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What one call said, or why it said nothing.

    `observed_at` is aware: when the platform answered, which is a few seconds ago for an answer
    that another look-up got. `note` tells an operator what was seen, without personal data.
    """

    name: CallName
    findings: tuple[Finding, ...] = ()
    failure: LookupFailed | None = None
    seconds: float = 0.0
    observed_at: datetime | None = None
    note: str = ""


GIVES: Final[Mapping[CallName, frozenset[str]]] = {
    "applications": frozenset({"application.status"}),
    "signatures": frozenset({"signature.status"}),
    "templates": frozenset({"template.status"}),
    "balance": frozenset({"account.arrears", "account.mode"}),
    "packages": frozenset({"package.remaining", "messages.failed_last_hour"}),
}
"""The facts that each call can give."""
