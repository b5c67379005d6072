"""The words of a guide's closed lists: who acts, how sure, where it stopped, did it help."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Passed, Tried

QUESTION_KINDS: Final[Mapping[str, Promise]] = {
    "choice": _("Choose an answer"),
    "code": _("Type a code: the catalogue leads on"),
}

NAMESPACES: Final[Mapping[str, Promise]] = {
    "api": _("Answer of the send call"),
    "status": _("Status report"),
}

ACTORS: Final[Mapping[str, Promise]] = {
    "recipient": gettext_lazy("The person waiting for the SMS"),
    "developer": gettext_lazy("The developer of the sending application"),
    "admin": gettext_lazy("The admin of the sending account"),
    "support": gettext_lazy("Customer service"),
    "platform": gettext_lazy("The platform's reviewers"),
    "nobody": gettext_lazy("Nobody needs to do anything"),
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

TAGS: Final[Mapping[str, Promise]] = {
    "recipient": gettext_lazy("Recipient"),
    "developer": gettext_lazy("Developer"),
    "admin": gettext_lazy("Account admin"),
    "support": gettext_lazy("Customer service"),
    "platform": gettext_lazy("Platform"),
}

YOU: Final = gettext_lazy("You")
"""Who reads the page, where it is known which of these they are."""

CERTAINTIES: Final[Mapping[str, Promise]] = {
    "confirmed": gettext_lazy("Confirmed"),
    "likely": gettext_lazy("Most likely"),
    "possible": gettext_lazy("Possible"),
    "unclear": gettext_lazy("Not clear yet"),
}

STATIONS: Final[Mapping[str, Promise]] = {
    "sender": gettext_lazy("Sender"),
    "platform": gettext_lazy("SMS platform"),
    "carrier": gettext_lazy("Carrier"),
    "phone": gettext_lazy("Phone"),
}

FEEDBACK: Final[Mapping[str, Promise]] = {
    "yes": gettext_lazy("Yes, it works now"),
    "no": gettext_lazy("No, still nothing"),
    "cannot": gettext_lazy("I can't do this step"),
}


def answer_words(step: Passed) -> str:
    """What was given at a step: the answer's label, or the code; or what came of an outcome."""
    if isinstance(step, Tried):
        return str(FEEDBACK[step.feedback])
    return step.answer.label if step.answer else step.value


def given_words(snapshot: Snapshot, key: str, value: str) -> str:
    """The same of what was kept: the value as it stands where the guide has no words for it."""
    question = snapshot.questions.get(key)
    answer = question.answer(value) if question is not None else None
    if answer is not None:
        return answer.label
    return str(FEEDBACK.get(value, value)) if key in snapshot.outcomes else value
