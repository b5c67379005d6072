"""Who calls the management and billing APIs: the account that signed, or the gateway's refusal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from wizard.simulator.accounts import BY_ACCESS_KEY, SimulatedAccount
from wizard.simulator.exchange import HttpAnswer, IncomingRequest, management_error
from wizard.simulator.signed import Flaw, NotSigned, signer_of

_SECRETS: Final = {key: account.secret_key for key, account in BY_ACCESS_KEY.items()}
_WORDS: Final[Mapping[Flaw, str]] = {
    Flaw.FORMAT: "the authorization header cannot be read",
    Flaw.NO_DATE: "x-sdk-date is missing",
    Flaw.DATE_FORMAT: "x-sdk-date has the wrong format",
    Flaw.EXPIRED: "x-sdk-date is more than 15 minutes off",
    Flaw.UNKNOWN_KEY: "Get secretKey failed, the access key does not exist",
    Flaw.SIGNATURE: "verify aksk signature fail",
}


class TurnedAway(Exception):
    """The gateway does not let the request through; `answer` says why."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def account_of(request: IncomingRequest, now: datetime) -> SimulatedAccount:
    """The account whose keys signed the request.

    Raises:
        TurnedAway: 401 with APIGW.0301, as the vendor's gateway answers.
    """
    if not request.headers.get("authorization"):
        raise TurnedAway(_unauthorised("no authentication information"))
    try:
        return BY_ACCESS_KEY[signer_of(request, _SECRETS, now)]
    except NotSigned as not_signed:
        raise TurnedAway(_unauthorised(_WORDS[not_signed.flaw])) from None


def not_found() -> HttpAnswer:
    """The gateway's answer to an address or method that no API has."""
    return management_error(
        404, "APIGW.0101", "The API does not exist or has not been published in the environment."
    )


def _unauthorised(words: str) -> HttpAnswer:
    return management_error(401, "APIGW.0301", f"Incorrect IAM authentication information: {words}")
