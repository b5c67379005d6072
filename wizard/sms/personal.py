"""What looks personal in a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_TEXT: Final = 20_000
"""Characters that are read; of a longer text the rest is left unread."""

UUID: Final = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"

_PERSONAL: Final = (
    re.compile(r"\S@\S"),
    re.compile(UUID),
    re.compile(r"[0-9A-Fa-f]{16}"),
)

_SEVEN_DIGITS: Final = re.compile(r"\d{7}")


def looks_personal(text: str) -> bool:
    """Whether `text` may hold a phone number, a message ID or an e-mail address.

    Errs on the side of yes: what looks personal is neither recorded as an unknown code nor put
    into a URL. Seven digits in a row count, whatever stands between them.
    """
    if len(text) > MAX_TEXT:
        return True
    plain = unicodedata.normalize("NFKC", text)
    if any(pattern.search(plain) for pattern in _PERSONAL):
        return True
    return _SEVEN_DIGITS.search(re.sub(r"[\W_]", "", plain)) is not None
