"""Phone numbers as we keep them: never themselves, only a keyed hash that finds them again."""

import hashlib
import hmac
import re
from typing import Final

from django.conf import settings

from wizard.pasted.fields import parts_of

_NUMBER: Final = re.compile(r"[+(0-9][0-9 ().+-]*")


def recipient_hash(number: str) -> str:
    """HMAC-SHA256 of the number under `RECIPIENT_HASH_KEY`, as 64 hexadecimal digits.

    All writings of a number (`normalised`) have the same hash. "" where there is no number.
    """
    digits = normalised(number)
    if not digits:
        return ""
    key = settings.RECIPIENT_HASH_KEY.encode()
    return hmac.new(key, digits.encode(), hashlib.sha256).hexdigest()


def normalised(number: str) -> str:
    """The digits of a number, calling code first; "" for what is not a whole number.

    One that is not of the Chinese mainland and has no calling code stays as it is.
    """
    text = number.strip()
    if not _NUMBER.fullmatch(text):  # a masked number too: it could be anybody's
        return ""
    return "".join(parts_of(text))
