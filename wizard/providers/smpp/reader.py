"""SMPP's reader. `err` is not standard, so the word of the state decides; the text is content."""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import PlainText, Said, SeenCode, TextKind
from wizard.providers.causes import by_code
from wizard.providers.signs import mentions, seen

NAMES: Final[frozenset[str]] = frozenset()

_STATES: Final = by_code(
    {
        "delivered": "DELIVRD",
        "not-final": "ENROUTE ACCEPTD SCHEDULED SUBMITD",
        "expired": "EXPIRED",
        "unknown": "UNDELIV DELETED UNKNOWN REJECTD FAILED",
        "no-route": "NOROUTE",
        "blacklist-carrier": "BLIST",
    }
)

_SPELT: Final = {
    "REJECTED": "REJECTD",
    "UNDELIVERABLE": "UNDELIV",
    "UNDELIVRD": "UNDELIV",
    "DELIVERED": "DELIVRD",
    "ACCEPTED": "ACCEPTD",
}

_RECEIPT_STATE: Final = re.compile(r"(?<![A-Za-z])stat:\s?([A-Za-z]{5,13})", re.IGNORECASE)
_OTHER_FIELD: Final = re.compile(
    r"(?<![A-Za-z])(?:id:\s?[0-9A-Za-z-]|(?:sub|dlvrd):\s?[0-9]|(?:submit|done)[ _]date:)",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"(?<![A-Za-z])id:\s?([0-9A-Za-z-]{1,65})(?![0-9A-Za-z-])", re.IGNORECASE)
_ERROR: Final = re.compile(r"(?<![A-Za-z])err:\s?([0-9A-Za-z]{1,8})(?![0-9A-Za-z])", re.IGNORECASE)
_SOURCE: Final = re.compile(r"source_addr[\"']?\s?[=:]\s?[\"']?(\+?[0-9]{7,15})(?![0-9])")

_COMMAND: Final = re.compile(r"(?<![A-Za-z0-9])(?:SMPP_)?(ESME_R[A-Z_]{2,30})(?![A-Za-z0-9])")
_COMMAND_STATUS: Final = re.compile(r"command_status[\"']?\s?[=:]\s?[\"']?(0x[0-9A-Fa-f]{1,8})")
_PDU: Final = re.compile(r"(?:submit|deliver|bind)_sm(?:_resp)?|bind_(?:transceiver|receiver)")

_COMMANDS: Final = by_code(
    {
        "format-or-parameter": (
            "ESME_RINVMSGLEN ESME_RINVCMDLEN ESME_RINVSCHED ESME_RINVEXPIRY ESME_RINVDCS "
            "ESME_RINVESMCLASS"
        ),
        "sender-unusable": "ESME_RINVSRCADR ESME_RINVSRCTON ESME_RINVSRCNPI",
        "number-invalid": "ESME_RINVDSTADR ESME_RINVDSTTON ESME_RINVDSTNPI",
        "credentials": "ESME_RBINDFAIL ESME_RINVPASWD ESME_RINVSYSID ESME_RINVBNDSTS",
        "platform-fault": "ESME_RSYSERR",
        "volume-limit": "ESME_RMSGQFUL ESME_RTHROTTLED",
        "unknown": "ESME_RSUBMITFAIL ESME_RUNKNOWNERR",
    }
)


def read(text: PlainText) -> Said | None:
    """A state with one more field of a receipt, or a name of the protocol's own."""
    if not mentions(text.small, ("stat:", "esme_r", "command_status")):
        return None
    state, command = _RECEIPT_STATE.search(text.plain), _COMMAND.search(text.plain)
    if state and _OTHER_FIELD.search(text.plain):
        return _receipt(text.plain, state[1].upper())
    numbered = _COMMAND_STATUS.search(text.plain)
    if command:
        return Said("smpp", TextKind.RESPONSE, seen("smpp", "api", command[1], _COMMANDS))
    if numbered and _PDU.search(text.plain):
        return Said("smpp", TextKind.RESPONSE, seen("smpp", "api", numbered[1].lower(), {}))
    return None


def _receipt(text: str, word: str) -> Said:
    error, message_id, source = _ERROR.search(text), _ID.search(text), _SOURCE.search(text)
    codes = seen("smpp", "status", _SPELT.get(word, word), _STATES)
    if error and error[1].strip("0"):
        codes += (SeenCode("status", error[1], "code", "smpp"),)
    number = f"+{source[1].lstrip('+')}" if source else ""
    return Said(
        "smpp",
        TextKind.REPORT,
        codes,
        number,
        [number] if number else [],
        message_id[1] if message_id else "",
    )
