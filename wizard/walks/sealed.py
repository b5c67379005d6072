"""What was read of a text, sealed: for the case that begins with it, and for the page's address.

Two seals, for two places. A form holds it signed: nobody can make one up. An address is seen by
more eyes (logs, the history of a browser), so there it is encrypted, and opens for an hour only.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing

from wizard.engine.evidence import from_json, to_json
from wizard.pasted.reading import Reading, SeenCode, TextKind

_SALT: Final = "wizard.case"

_DAY: Final = 24 * 60 * 60
_HOUR: Final = 60 * 60
_LONGEST: Final = 6_000


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


# --- for an address -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read of a text, and the words in it: nothing by which somebody could be reached."""

    reading: Reading
    words: str


def conceal(pasted: Pasted) -> str:
    """Encrypted, for an address; "" where it is too long for one."""
    kept = json.dumps({"reading": _to_json(pasted.reading), "words": pasted.words})
    token = _seal().encrypt(zlib.compress(kept.encode())).decode()
    return token if len(token) <= _LONGEST else ""


def revealed(token: str) -> Pasted | None:
    """What `conceal` made; None if it was made up, or is older than an hour."""
    if len(token) > _LONGEST:
        return None
    try:
        kept = json.loads(zlib.decompress(_seal().decrypt(token.encode(), ttl=_HOUR)))
        return Pasted(_from_json(kept["reading"]), kept["words"])
    except (InvalidToken, KeyError, TypeError, ValueError):
        # Type and value: of another version of the site, while both run.
        return None


def _seal() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(str(key))) for key in keys])


def _key(secret: str) -> bytes:
    named = f"wizard.pasted {secret}"
    return urlsafe_b64encode(blake2b(named.encode(), digest_size=32).digest())


def _to_json(reading: Reading) -> dict[str, Any]:
    kept = {one.name: getattr(reading, one.name) for one in fields(reading)}
    kept["codes"] = [asdict(code) for code in reading.codes]
    kept["evidence"] = to_json(reading.evidence.values())
    return kept


def _from_json(kept: Mapping[str, Any]) -> Reading:
    plain: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in kept.items()
    }
    plain["kind"] = TextKind(plain["kind"])
    plain["codes"] = tuple(SeenCode(**code) for code in kept["codes"])
    plain["evidence"] = {finding.fact: finding for finding in from_json(kept["evidence"])}
    return Reading(**plain)
