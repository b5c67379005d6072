"""Sentences for what the engine finds. The engine names a thing; here it gets its words."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wizard.engine.checks import Problem
from wizard.engine.evidence import EMPTY, Finding
from wizard.engine.rules import RuleError
from wizard.engine.walk import Origin, Passed, Tried
from wizard.pasted.fields import SOURCE as PASTED
from wizard.walks.page import ACTORS
from wizard.web.languages import language_name

RULE_PROBLEMS: Final[Mapping[str, Promise]] = {
    "no-condition": _("“%(text)s” is not a condition, such as: report.status is DELIVRD"),
    "unknown-fact": _("No look-up gives the fact “%(fact)s”."),
    "operator": _("“%(fact)s” cannot be compared with “%(operator)s”."),
    "one-value": _("“%(operator)s” takes one value: “%(text)s”."),
    "order": _("“%(low)s” comes after “%(high)s”."),
    "comma": _("There is a comma too many in “%(text)s”."),
    "choice": _("“%(fact)s” is never “%(value)s”; it is one of: %(allowed)s."),
    "yes-no": _("“%(fact)s” is true or false, not “%(value)s”."),
    "number": _("“%(fact)s” is a number, not “%(value)s”."),
}

PROBLEMS: Final[Mapping[str, Promise]] = {
    "no-start": _("The guide has no start question."),
    "broken-start": _("The guide starts at “%(target)s”, which is not one of its questions."),
    "no-target": _("The answer “%(answer)s” leads nowhere."),
    "broken-target": _("The answer “%(answer)s” leads to “%(target)s”, which does not exist."),
    "broken-otherwise": _("“Still failing” leads to “%(target)s”, which does not exist."),
    "code-no-target": _("The code %(code)s leads nowhere."),
    "code-broken-target": _("The code %(code)s leads to “%(target)s”, which does not exist."),
    "unreachable-question": _("No answer leads to this question."),
    "unreachable-outcome": _("No answer and no code leads to this outcome."),
    "cycle": _("The guide goes in a circle: %(circle)s."),
    "no-answers": _("The question has no answers."),
    "one-answer": _("The question has only one answer, so it need not be asked."),
    "no-way-without-code": _("A question for a code needs exactly one “I don't know” answer."),
    "many-unsure": _("More than one answer is marked “I don't know”."),
    "question-without-text": _("The question has no text."),
    "same-text": _("The question “%(other)s” asks with the same words."),
    "question-without-why": _("The question does not say why it is asked."),
    "answer-without-label": _("An answer has no text."),
    "unknown-fact": RULE_PROBLEMS["unknown-fact"],
    "overlap": _(
        "The rules of “%(one)s” and “%(other)s” can hold at the same time: neither would be taken."
    ),
    "dead-end": _(
        "The outcome has no steps, no hand-over and no reason why nothing needs to be done."
    ),
    "no-way-on": _("Someone for whom this fails has no way on: no hand-over, no next question."),
    "outcome-without-title": _("The outcome has no title."),
    "outcome-without-happened": _("The outcome does not say what happened."),
    "outcome-without-certainty_note": _("The outcome does not say how we know."),
    "outcome-without-come_back": _("The outcome does not say when to come back."),
    "not-one-of": _("The value is not one of: %(allowed)s."),
    "reply-placeholder": _(
        "The reply has “%(placeholder)s”, which nothing fills in; what can be: %(allowed)s."
    ),
    "step-text": _("Step %(number)s has no text."),
    "step-audience": _("Step %(number)s does not say who does it."),
    "step-link": _("Step %(number)s: a link begins with https:// or with /."),
    "code-without-meaning": _("The code %(code)s has no meaning."),
    "code-not-one-of": _("The code %(code)s: the value is not one of: %(allowed)s."),
    "codes-not-asked": _(
        "The guide has codes of the list “%(namespace)s”, but no question asks for one."
    ),
    "no-translation": _("The guide is not translated: %(language)s."),
    "untranslated": _("Not translated (%(language)s), %(count)s in all: “%(text)s”"),
}


def rule_problem(error: RuleError) -> str:
    """What is wrong with a rule that an author typed."""
    return str(RULE_PROBLEMS[error.name]) % error.params


def problem(found: Problem) -> str:
    """The sentence for one finding of the checks."""
    if found.name in PROBLEMS:
        return str(PROBLEMS[found.name]) % {**found.params, **_language(found)}
    rule = RULE_PROBLEMS[found.name.removeprefix("rule-")] % found.params
    return _("The rule “%(rule)s” cannot be read. %(why)s") % {
        "rule": found.params["rule"],
        "why": rule,
    }


def _language(found: Problem) -> dict[str, str]:
    code = found.params.get("language")
    return {"language": language_name(code)} if code else {}


HOLDS_INVISIBLE: Final = _("The text holds an invisible control character.")
REFUSED_INVISIBLE: Final = _(
    "The text holds an invisible control character. Type the place anew, or paste plain text."
)

# --- what several pages say -----------------------------------------------------------------------

THE_DRAFT: Final = _("The draft")
NOWHERE: Final = _("nowhere")
"""Where an answer without a target leads."""
GOES_NO_FURTHER: Final = _("The guide does not go on from here.")
CHOOSE_FIRST: Final = _("Choose an answer to go on")
DID_IT_HELP: Final = _("Did that fix it?")
THE_CUSTOMER: Final = _("the customer")

# The groups of fields in the forms of authors.
CUSTOMER_TEXT: Final = _("Customer text")
AGENT_TEXT: Final = _("Agent text")
LOGIC: Final = _("Logic")
EVIDENCE: Final = _("Evidence")

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


def publication(number: int) -> str:
    """What a publication is called."""
    return gettext("Publication %(number)s") % {"number": number}


# --- the closed lists of a guide ------------------------------------------------------------------

QUESTION_KINDS: Final[Mapping[str, Promise]] = {
    "choice": _("Choose an answer"),
    "code": _("Type a code: the catalogue leads on"),
}
NAMESPACES: Final[Mapping[str, Promise]] = {
    "api": _("Answer of the send call"),
    "status": _("Status report"),
}
ACTORS_TO_CHOOSE: Final[Mapping[str, Promise]] = {**ACTORS, "nobody": _("Nobody")}
"""Who acts next, as an author chooses it."""
HAND_OVERS: Final[Mapping[str, Promise]] = {
    "never": _("Never"),
    "if-failing": _("If it still fails"),
    "always": _("Always"),
}
CODE_SOURCES: Final[Mapping[str, Promise]] = {
    "platform": _("SMS platform"),
    "supplier": _("Supplier"),
    "carrier": _("Carrier"),
    "either": _("Platform or supplier"),
}
"""Who makes a code, as an author chooses it."""
CODE_MAKERS: Final[Mapping[str, Promise]] = {
    "platform": _("the SMS platform"),
    "supplier": _("a supplier of the platform"),
    "carrier": _("a carrier"),
    "either": _("the platform or a supplier; the report says which"),
}
"""Who makes a code, as a visitor reads it."""
CODE_REGIONS: Final[Mapping[str, Promise]] = {
    "all": _("Everywhere"),
    "mainland": _("Chinese mainland"),
    "international": _("Outside the Chinese mainland"),
}

# --- evidence -------------------------------------------------------------------------------------

FACTS: Final[Mapping[str, Promise]] = {
    "api.error": _("How the send call ended"),
    "api.http_status": _("HTTP status of the send call"),
    "api.code": _("Code in the answer of the send call"),
    "api.status": _("Status of this number in the answer"),
    "report.present": _("Status report"),
    "report.status": _("Status in the status report"),
    "report.source": _("Who made the status report"),
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


# --- where an answer came from --------------------------------------------------------------------

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


# --- the timeline of a case -----------------------------------------------------------------------

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
