"""A case in words: its parts, and what happened to it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

GOES_NO_FURTHER: Final = _("The guide does not go on from here.")

CHOOSE_FIRST: Final = _("Choose an answer to go on")

DID_IT_HELP: Final = _("Did that fix it?")

THE_CUSTOMER: Final = _("the customer")

PARTS_OF_A_CASE: Final[Mapping[str, Promise]] = {
    "message_id": _("Message ID"),
    "recipient": _("Recipient"),
    "code": _("Code"),
    "certainty": _("How sure we are"),
    "next_actor": _("Who acts next"),
    "to_do": _("What to do"),
    "known": _("What is known"),
    "tried": _("Tried before"),
    "attach": _("To attach"),
}
"""What stands above or before a part of a case, on pages and in texts to send."""


def part(name: str) -> str:
    """What a part of a case is called."""
    return str(PARTS_OF_A_CASE[name])


def yes_no(value: bool) -> str:
    return gettext("yes") if value else gettext("no")


EVENTS: Final[Mapping[str, Promise]] = {
    "opened": _("opened the case"),
    "answered": _("answered “%(node)s” with “%(value)s”"),
    "overruled": _("set aside what the record says of “%(node)s”"),
    "withdrawn": _("took back the answer to “%(node)s”"),
    "looked-up": _("looked up %(call)s: %(result)s"),
    "feedback": _("said of “%(node)s”: %(value)s"),
    "noted": _("noted"),
    "claimed": _("took on the case"),
    "handed-over": _("handed over to %(value)s"),
    "jumped": _("jumped to “%(node)s”"),
    "tried": _("marked as tried before: %(step)s"),
    # Their values are for nobody: an address that is given away opens the case.
    "shared": _("made a link for the customer"),
    "revoked": _("closed the links for the customer"),
    "flagged": _("flagged “%(node)s” as wrong"),
}
"""What somebody did, by the kinds of `CaseEvent`."""

EVENTS_AT_NO_NODE: Final[Mapping[str, Promise]] = {
    "withdrawn": _("took back the last step"),
    "jumped": _("took back the jump"),
}


def did(kind: str, key: str) -> str:
    """What somebody did at the node of this key, with places for what it was about."""
    return str(EVENTS[kind] if key else EVENTS_AT_NO_NODE.get(kind, EVENTS[kind]))
