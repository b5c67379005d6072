"""Signs that nobody shares with Huawei."""

from __future__ import annotations

from typing import Final

from wizard.providers.base import PlainText
from wizard.providers.signs import has

_OWN: Final = (
    ("smsMsgId", "status"),
    ("smsMsgId", "source"),
    ("originTo", "status"),
    ("originTo", "smsMsgId"),
)


def is_sure(text: PlainText) -> bool:
    """Whether a record has two of its fields: then words of others around it do not count."""
    return any(has(text.records, *names) for names in _OWN)
