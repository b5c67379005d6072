"""What kinds of texts people paste, and how a call can fail."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wizard.pasted.reading import TextKind

ERRORS: Final[Mapping[str, Promise]] = {
    "timeout": gettext_lazy("The send call timed out or could not connect"),
    "tls": gettext_lazy("The secure connection (TLS) failed"),
    "http": gettext_lazy("The send call ended with an HTTP error and no code"),
}

KINDS: Final[Mapping[str, Promise]] = {
    TextKind.CODE: gettext_lazy("a code"),
    TextKind.RESPONSE: gettext_lazy("the answer of a send call"),
    TextKind.REPORT: gettext_lazy("a status report"),
    TextKind.REQUEST: gettext_lazy("a send request"),
    TextKind.ROW: gettext_lazy("a row of Sending Details"),
    TextKind.LOG: gettext_lazy("a line of a log"),
    TextKind.MESSAGE_ID: gettext_lazy("a message ID"),
    TextKind.NUMBER: gettext_lazy("a phone number"),
}
