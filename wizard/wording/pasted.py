"""What kinds of texts people paste, and how a call can fail."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wizard.pasted.reading import Kind

ERRORS: Final[Mapping[str, Promise]] = {
    "timeout": gettext_lazy("The send call timed out or could not connect"),
    "tls": gettext_lazy("The secure connection (TLS) failed"),
    "http": gettext_lazy("The send call ended with an HTTP error and no code"),
}

KINDS: Final[Mapping[str, Promise]] = {
    Kind.CODE: gettext_lazy("a code"),
    Kind.RESPONSE: gettext_lazy("the answer of a send call"),
    Kind.REPORT: gettext_lazy("a status report"),
    Kind.LOG: gettext_lazy("a line of a log"),
    Kind.MESSAGE_ID: gettext_lazy("a message ID"),
    Kind.NUMBER: gettext_lazy("a phone number"),
}
