"""Names of fields, as the records of a text have them."""

from typing import Final

CONSOLE: Final = "console row"
"""The field that marks a row of a console's list. No text has a field of this name."""


def name_of(written: str) -> str:
    """One name for all its writings: `smsMsgId`, `sms_msg_id` and `SMS-MSG-ID` are one."""
    return written.replace("_", "").replace("-", "").lower()
