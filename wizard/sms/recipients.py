"""Phone numbers as we keep them: never themselves, only a keyed hash that finds them again."""

import hmac

from django.conf import settings

from wizard.sms.numbers import normalised


def recipient_hash(number: str) -> str:
    """HMAC-SHA256 of the number under `RECIPIENT_HASH_KEY`, as 64 hexadecimal digits.

    All writings of a number (`normalised`) have the same hash. "" where there is no number.
    """
    digits = normalised(number)
    if not digits:
        return ""
    key = settings.RECIPIENT_HASH_KEY.encode()
    return hmac.digest(key, digits.encode(), "sha256").hex()
