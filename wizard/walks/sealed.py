"""What was read of a text, sealed between the box and the case that begins with it."""

from typing import Final

from django.core import signing

from wizard.engine.evidence import from_json, to_json
from wizard.pasted.reading import Reading, TextKind

_SALT: Final = "wizard.case"

_DAY: Final = 24 * 60 * 60


def carry(reading: Reading) -> str:
    """What a case needs of a reading, sealed, for the form that opens the case.

    The text itself never goes back into a page: it may hold whole numbers.
    """
    kept = {
        "kind": reading.kind,
        "recipient": reading.recipient,
        "message_id": reading.message_id,
        "template_id": reading.template_id,
        "channel_number": reading.channel_number,
        "evidence": to_json(reading.evidence.values()),
    }
    return signing.dumps(kept, salt=_SALT, compress=True)


def carried(text: str) -> Reading | None:
    """What `carry` sealed; None if the seal is broken, or older than a day."""
    try:
        kept = signing.loads(text, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        return None
    findings = from_json(kept.pop("evidence"))
    kind = TextKind(kept.pop("kind"))
    return Reading(kind, evidence={finding.fact: finding for finding in findings}, **kept)
