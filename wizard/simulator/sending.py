"""The sending API: two calls, their checks, the answer (`docs/facts/protocols.md`, "Sending API").

In this order: who is calling, whether the account may send at all, what was sent (as a whole), and
then each number by itself. The vendor's own order is not documented.
"""

import re
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from wizard.sample_messages import UTC_FORMAT
from wizard.simulator import wsse
from wizard.simulator.accounts import BY_APP_KEY, Row, SimulatedAccount, Template, Variable
from wizard.simulator.codes import ACCEPTED, PARTLY, Refused, http_status, worded
from wizard.simulator.exchange import HttpAnswer, IncomingRequest, json_answer
from wizard.simulator.faults import spoiled
from wizard.simulator.reports import MAINLAND, REFUSED_AT_ONCE, SimulatedMessage, parts_of
from wizard.simulator.send_request import Content, SendRequest, read_call
from wizard.simulator.signed import Flaw, NotSigned, signer_of

_SECRETS: Final = {key: account.app_secret for key, account in BY_APP_KEY.items()}
_FLAWS: Final[Mapping[Flaw, str]] = {
    Flaw.FORMAT: "E000043",
    Flaw.NO_DATE: "E000041",
    Flaw.DATE_FORMAT: "E000042",
    Flaw.EXPIRED: "E000044",
    Flaw.UNKNOWN_KEY: "E000102",
    Flaw.SIGNATURE: "E000045",
}
_COUNTRIES: Final = {
    "+86": "CN",
    "+852": "HK",
    "+853": "MO",
    "+886": "TW",
    "+65": "SG",
    "+81": "JP",
    "+91": "IN",
    "+33": "FR",
    "+44": "GB",
    "+49": "DE",
    "+1": "US",
}
"""The countries that the simulated platform knows; other numbers carry no countryId."""

_VARIABLES: Final[Mapping[str, str]] = {
    "PHONE": r"[0-9+-]+",
    "CHARDIGIT": r"[0-9A-Za-z]+",
    "DATETIME": r"[0-9年月日时分秒:/ .-]+",
    "MONEY": r"[0-9.,]+",
}
_OTHER_VARIABLE: Final = r"[^.。'<>{}]+"


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """The answer to a send request, and the messages that were accepted."""

    answer: HttpAnswer
    messages: tuple[SimulatedMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """What becomes of one number: its status in the answer, and the message behind it."""

    status: str
    message: SimulatedMessage


def handle(request: IncomingRequest, now: datetime) -> SendAnswer:
    """Answer a send request. Errors are answers, nothing is raised."""
    try:
        account = _account_of(request, now)
    except Refused as refused:
        return SendAnswer(_refusal(refused))
    sent = _of_account(request, account, now)
    return SendAnswer(spoiled(sent.answer, account.fault), sent.messages)


def _of_account(request: IncomingRequest, account: SimulatedAccount, now: datetime) -> SendAnswer:
    try:
        if account.sending_refusal:
            raise Refused(account.sending_refusal)
        call = read_call(request)
    except Refused as refused:
        return SendAnswer(_refusal(refused))
    entries = [
        entry for content in call.contents for entry in _entries(account, call, content, now)
    ]
    accepted = tuple(entry.message for entry in entries if entry.status == ACCEPTED)
    code = ACCEPTED if len(accepted) == len(entries) else PARTLY
    rows = [_row(call, entry) for entry in entries]
    return SendAnswer(json_answer(http_status(code), {**worded(code), "result": rows}), accepted)


def _refusal(refused: Refused) -> HttpAnswer:
    return json_answer(http_status(refused.code), worded(refused.code, refused.detail))


# --- who is calling -------------------------------------------------------------------------------


def _account_of(request: IncomingRequest, now: datetime) -> SimulatedAccount:
    authorization = request.headers.get("authorization", "").strip()
    if not authorization:
        raise Refused("E000001")
    if not authorization.startswith("SDK-HMAC-SHA256"):
        return BY_APP_KEY[wsse.app_key_of(request.headers, _SECRETS, now)]
    try:
        return BY_APP_KEY[signer_of(request, _SECRETS, now, unsigned_body=True)]
    except NotSigned as not_signed:
        raise Refused(_FLAWS[not_signed.flaw]) from None


# --- each number by itself ------------------------------------------------------------------------


def _entries(
    account: SimulatedAccount, call: SendRequest, content: Content, now: datetime
) -> Iterator[_Entry]:
    template = account.template(content.template_id)
    refusal = _content_refusal(account, call, content, template)
    seen: set[str] = set()
    for original in content.to:
        number = _with_country(original)
        message = SimulatedMessage(
            account=account,
            message_id=f"{uuid.uuid4()}_{secrets.randbelow(90_000_000) + 10_000_000}",
            recipient=number,
            accepted_at=now,
            parts=_parts(template, content),
            callback=call.callback,
            extend=call.extend or "",
            verdict=_verdict(account, call, number),
        )
        repeated = "E200041" if number in seen else ""
        status = refusal or repeated or REFUSED_AT_ONCE.get(number[-4:], ACCEPTED)
        seen.add(number)
        yield _Entry(status, message)


def _row(call: SendRequest, entry: _Entry) -> dict[str, Any]:
    """An entry of `result` (`docs/facts/protocols.md`, "Send response")."""
    message = entry.message
    row = {
        "originTo": message.recipient,
        "createTime": message.accepted_at.strftime(UTC_FORMAT),
        "from": call.sender,
        "smsMsgId": message.message_id,
        "status": entry.status,
        "total": parts_of(message),
    }
    country = _country(message.recipient)
    return {**row, "countryId": country} if country else row


def _content_refusal(
    account: SimulatedAccount, call: SendRequest, content: Content, template: Template | None
) -> str:
    """The status that template, signature and variables bring about; empty if they are right."""
    if template is None or template.row["flow_status"] != "Adopted":
        return "E200030"
    return _signature_refusal(account, call, content, template) or _variables_refusal(
        template.variables, content.values or ()
    )


def _signature_refusal(
    account: SimulatedAccount, call: SendRequest, content: Content, template: Template
) -> str:
    """E200029: template and signature do not belong together; E200033: the type is not right.

    The vendor gives both codes the same cause. Here E200033 stands for a universal template
    without an approved signature of the right kind in `signature`.
    """
    sender = account.signature(call.sender)
    if template.row["universal_template"]:
        named = [row for row in account.signatures if row["signature_name"] == content.signature]
        return "" if any(_may_send(row) for row in named) else "E200033"
    if sender is None:
        return ""  # it is accepted, and then reported E200018
    same_type = sender["signature_type"] == template.row["template_type"]
    same_name = sender["id"] == template.row["sign_id"]
    return "" if same_type and same_name else "E200029"


def _variables_refusal(variables: Sequence[Variable], values: Sequence[str]) -> str:
    if len(variables) != len(values):
        return "E200028"
    fitting = (
        len(value) <= variable.length
        and re.fullmatch(_VARIABLES.get(variable.kind, _OTHER_VARIABLE), value)
        for variable, value in zip(variables, values, strict=True)
    )
    return "" if all(fitting) else "E200028"


def _verdict(account: SimulatedAccount, call: SendRequest, number: str) -> str:
    """The status that the message will be reported with, where the number does not decide."""
    if account.report:
        return account.report
    signature = account.signature(call.sender)
    if signature is None:
        return "E200018"
    if not _may_send(signature):
        return "E200019"
    mainland = number.startswith(MAINLAND)
    return "E200022" if mainland and not re.fullmatch(r"\+861\d{10}", number) else ""


def _may_send(signature: Row) -> bool:
    """Done, also with something still running (`docs/facts/protocols.md`, "Management API")."""
    status = str(signature["status"])
    return status == "REVIEW_PROCESSING_COMPLETED" or status.startswith("REVIEW_PASSED")


def _with_country(number: str) -> str:
    """As `originTo` shows it: the country code of the mainland may be left out."""
    return number if number.startswith("+") else f"{MAINLAND}{number}"


def _country(number: str) -> str:
    known = (number[:length] for length in (4, 3, 2))
    return next((_COUNTRIES[prefix] for prefix in known if prefix in _COUNTRIES), "")


def _parts(template: Template | None, content: Content) -> int:
    """One part holds 70 characters; of a longer text each part holds 67."""
    if template is None:
        return 1
    text = str(template.row["template_content"])
    length = len(re.sub(r"\$\{\d+\}", "", text)) + sum(map(len, content.values or ()))
    return 1 if length <= 70 else -(-length // 67)
