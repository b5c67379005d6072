"""Look-ups in words: what was asked, what came of it, why it failed."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAILURES: Final[Mapping[str, Promise]] = {
    "timeout": _("it did not answer within %(seconds)s s"),
    "connection": _("it could not be reached"),
    "unknown-host": _("its address was not found"),
    "tls": _("the secure connection failed"),
    "server": _("it answered with an error of its own"),
    "busy": _("it asked us to wait"),
    "refused": _("it refused our key"),
    "redirect": _("it sent us elsewhere, where we do not go"),
    "unreadable": _("its answer could not be read"),
    "too-large": _("its answer was too long"),
    "paused": _("it failed several times, so we give it a pause"),
    "interrupted": _("the look-up was interrupted"),
}


def failure(reason: str, seconds: float | None) -> str:
    """Why a look-up failed, in a few words."""
    return str(FAILURES[reason]) % {"seconds": "" if seconds is None else f"{seconds:g}"}


CALLS: Final[Mapping[str, Promise]] = {
    "applications": _("the list of applications"),
    "signatures": _("the list of signatures"),
    "templates": _("the list of templates"),
    "balance": _("the balance of the account"),
    "packages": _("the SMS packages"),
}
"""What a person reads for a call of the platform, and for why it failed."""

RESULTS: Final[Mapping[str, Promise]] = {
    "": _("there is news"),
    "done": _("it was read"),
    "failed": _("it could not be read"),
}


def call(name: str) -> str:
    """What a look-up in the timeline of a case has read: a call, or else the stored reports."""
    return str(CALLS.get(name, _("the status reports")))


def result(name: str) -> str:
    """How a look-up in the timeline of a case has ended."""
    return str(RESULTS.get(name, name))
