"""Facts and findings in words."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wizard.engine.evidence import EMPTY, Finding
from wizard.engine.walk import Origin, Passed, Tried
from wizard.pasted.reading import SOURCE as PASTED
from wizard.wording.cases import yes_no

FACTS: Final[Mapping[str, Promise]] = {
    "api.error": _("How the send call ended"),
    "api.connection": _("What the connection failed at"),
    "api.tls": _("What the secure connection failed at"),
    "api.host": _("Address that was called"),
    "api.management": _("Code of the gateway or of the management interface"),
    "api.http_status": _("HTTP status of the send call"),
    "api.code": _("Code in the answer of the send call"),
    "api.status": _("Status of this number in the answer"),
    "report.present": _("Status report"),
    "report.status": _("Status in the status report"),
    "report.source": _("Who made the status report"),
    "report.timed": _("Time in the status report"),
    "report.org_code": _("Code of the carrier abroad"),
    "report.parts": _("Parts that the reports tell of"),
    "report.parts_delivered": _("Parts that arrived"),
    "report.callback": _("Address for reports in the request"),
    "message.accepted_at": _("Accepted by the platform"),
    "message.age": _("Time since it was accepted"),
    "message.region": _("Where the number belongs"),
    "message.channel": _("How the message was sent"),
    "message.peers": _("What else failed in the last day"),
    "console.result": _("Send Result in Sending Details"),
    "account.arrears": _("Money is owed"),
    "account.state": _("State of the account"),
    "account.mode": _("What happens after the package"),
    "package.remaining": _("SMS left in the package"),
    "messages.failed_last_hour": _("SMS that failed in the last hour"),
    "application.status": _("State of the application"),
    "signature.status": _("State of the signature"),
    "template.status": _("State of the template"),
}
"""What a person reads for a fact."""

ASKED_FOR: Final[Mapping[str, Promise]] = {
    **FACTS,
    "message.age": _("Hours since it was accepted"),
}
"""The same beside a field in which a person types it."""

SOURCES: Final[Mapping[str, Promise]] = {
    "pasted text": _("what you pasted"),
    "status reports": _("status reports of the platform"),
    "application list of the platform": _("application list of the platform"),
    "signature list of the platform": _("signature list of the platform"),
    "template list of the platform": _("template list of the platform"),
    "account balance at the platform": _("account balance at the platform"),
    "package list of the platform": _("package list of the platform"),
    "settings of this site": _("settings of this site"),
    "what if": _("what if"),
}
"""What a person reads for a source, by the name under which look-ups keep it."""

VALUES: Final[Mapping[tuple[str, object], Promise]] = {
    ("report.present", True): _("has come"),
    ("report.present", False): _("none so far"),
    ("report.source", "1"): _("the SMS platform itself"),
    ("report.source", "2"): _("the carrier's SMS centre"),
    ("report.source", "3"): _("the Huawei platform"),
    ("message.region", "mainland"): _("Chinese mainland"),
    ("message.region", "international"): _("outside the Chinese mainland"),
    ("message.channel", "api"): _("by the API"),
    ("message.channel", "console"): _("from the console"),
    ("message.peers", "one-number"): _("this number alone"),
    ("message.peers", "same-text"): _("the same text to many numbers"),
    ("message.peers", "many-numbers"): _("many numbers"),
    ("message.peers", "one-country"): _("one country or region"),
    ("console.result", "successful"): _("successful"),
    ("console.result", "failed"): _("failed"),
    ("console.result", "sending"): _("sending"),
    ("console.result", "none"): _("no record"),
    ("account.state", "ok"): _("in order"),
    ("account.state", "violation"): _("restricted for a violation"),
    ("account.state", "inactive"): _("not active"),
    ("account.mode", "1"): _("mode 1: pay per use"),
    ("account.mode", "2"): _("mode 2: sending stops"),
    ("report.timed", True): _("has one"),
    ("report.timed", False): _("has none: the platform closed the SMS itself"),
    ("api.connection", "name"): _("the host name was not found"),
    ("api.connection", "connect"): _("no connection was made"),
    ("api.connection", "refused"): _("the connection was refused"),
    ("api.connection", "unreachable"): _("the network or the host cannot be reached"),
    ("api.connection", "connect-timeout"): _("it timed out while connecting"),
    ("api.connection", "reset"): _("the connection was broken off"),
    ("api.connection", "read-timeout"): _("it timed out while waiting for the answer"),
    ("api.tls", "trust"): _("the certificate is not trusted"),
    ("api.tls", "name"): _("the certificate is for another name"),
    ("api.tls", "expired"): _("the certificate has expired"),
    ("api.tls", "protocol"): _("no common version or cipher"),
    ("api.host", "old"): _("an old one"),
    ("api.host", "wrong"): _("not that of the send interface"),
    ("api.error", "timeout"): _("no answer in time"),
    ("api.error", "tls"): _("the secure connection failed"),
    ("api.error", "http"): _("an HTTP error without a code"),
}


def value(finding: Finding) -> str | datetime:
    """What a person reads for the value of a finding; a time as itself, for the page to show."""
    found = finding.value
    if found is EMPTY:
        return gettext("looked up, nothing there")
    if finding.fact == "message.age" and isinstance(found, float) and math.isfinite(found):
        return age(found)
    if isinstance(found, datetime):
        return found
    if (finding.fact, found) in VALUES:
        return str(VALUES[finding.fact, found])
    if isinstance(found, bool):
        return yes_no(found)
    return str(found)


def age(hours: float) -> str:
    """A time in the two words that matter: 20 minutes, 6 hours, 4 days."""
    minutes = int(hours * 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if hours < 96:
        return ngettext("%(n)s hour", "%(n)s hours", int(hours)) % {"n": int(hours)}
    days = int(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def ago(hours: float) -> str:
    """How long ago something was."""
    if hours < 1 / 60:
        return gettext("just now")
    return gettext("%(age)s ago") % {"age": age(hours)}


ORIGINS: Final[Mapping[Origin, Promise]] = {
    "person": _("Given by a person"),
    "evidence": _("From the record"),
    "time": _("From the time"),
}
"""What an author reads: whether a guide asks or finds out."""

ShownOrigin = Literal["person", "record", "pasted", "time"]
"""The same for who works on a case: what was pasted is no record, and can be as wrong as a word."""

SHOWN_ORIGINS: Final[Mapping[ShownOrigin, Promise]] = {
    "person": _("answered"),
    "record": _("from the record"),
    "pasted": _("from what was pasted"),
    "time": _("from the time"),
}
"""What stands behind an answer, in a line."""

ORIGINS_FOR_AGENTS: Final[Mapping[ShownOrigin, Promise]] = {
    "record": _("From the record"),
    "pasted": _("From what was pasted"),
    "time": _("From the time"),
}
"""What stands over findings. No person's word is one."""

ORIGINS_FOR_CUSTOMERS: Final[Mapping[ShownOrigin, Promise]] = {
    **ORIGINS_FOR_AGENTS,
    "pasted": _("From what you pasted"),
}


def shown_origin(step: Passed) -> ShownOrigin:
    """Where an answer came from, as it is shown."""
    if isinstance(step, Tried) or step.origin == "person":
        return "person"
    if step.origin == "time":
        return "time"
    pasted = all(finding.source == PASTED for finding in step.because)
    return "pasted" if pasted else "record"
