"""What an agent pastes finds what there is: cases, status reports, or a new case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core import signing

from wizard.models import Case, StatusReport
from wizard.models.case import typed_reference
from wizard.pasted.reader import read
from wizard.pasted.reading import Reading, TextKind
from wizard.published import catalogue
from wizard.sms.numbers import mask
from wizard.sms.recipients import recipient_hash
from wizard.walks.sealed import carry

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that reports have come in for. `status` is that of the latest report."""

    message_id: str
    status: str
    recipient: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FoundAtDesk:
    """What was found for a pasted text.

    `case` is the one case to go to at once. Otherwise `cases` and `messages` are what there is to
    choose from; with neither, a new case is what the agent needs. `carried` and `number_hash` are
    what that begins with. `about` says in words what was looked for.
    """

    reading: Reading
    about: str
    case: Case | None = None
    cases: Sequence[Case] = ()
    messages: Sequence[FoundMessage] = ()
    carried: str = ""
    number_hash: str = ""

    @property
    def is_choice(self) -> bool:
        return bool(self.cases or self.messages)


def find(text: str) -> FoundAtDesk:
    """Read what was pasted, and find what there is. At most three queries."""
    case = _by_reference(text)
    reading = read(text, known=catalogue.is_known)
    if case is not None:
        return FoundAtDesk(reading, case.reference, case=case)
    if reading.kind is TextKind.NUMBER:
        return _by_number(text, reading)
    about = reading.message_id or (reading.codes[0].code if reading.codes else "")
    cases = Case.objects.of_message(reading.message_id).select_related("agent", "queue")
    found = list(cases[:_SHOWN]) if reading.message_id else []
    return FoundAtDesk(reading, about, cases=found, carried=carry(reading))


def _by_reference(text: str) -> Case | None:
    reference = typed_reference(text)
    return Case.objects.filter(reference=reference).first() if reference else None


def _by_number(text: str, reading: Reading) -> FoundAtDesk:
    """By the keyed hash: the number itself is stored nowhere, and goes no further than here."""
    number = text.strip()
    hashed = recipient_hash(number)
    cases = Case.objects.of_recipient(hashed).select_related("agent", "queue")[:_SHOWN]
    reports = StatusReport.objects.of_recipient(hashed).order_by("-received_at", "-pk")
    messages: dict[str, FoundMessage] = {}
    for report in reports[: _SHOWN * 4]:
        message = FoundMessage(
            report.message_id, report.status, report.recipient_masked, report.received_at
        )
        messages.setdefault(report.message_id, message)
    return FoundAtDesk(
        reading,
        mask(number),
        cases=list(cases),
        messages=list(messages.values())[:_SHOWN],
        carried=carry(reading),
        number_hash=hashed,
    )


_SALT: Final = "wizard.desk.number"


def sealed(found: FoundAtDesk) -> str:
    """The hash of the number, for the form that opens a case about it; "" without a number."""
    return signing.dumps(found.number_hash, salt=_SALT) if found.number_hash else ""


def unsealed(text: str) -> str:
    """What `sealed` gave; "" if it was made up."""
    try:
        return str(signing.loads(text, salt=_SALT))
    except signing.BadSignature:
        return ""
