"""Huawei's hosts in a text, and whether a call went to one that takes no SMS.

The addresses are those of `docs/facts/protocols.md`, "Sending API".
"""

from __future__ import annotations

import re
from typing import Final, Literal

from wizard.providers.base import small
from wizard.providers.signs import mentions

_WORDS: Final = ("huawei", "华为", "msgsms", "batchsendsms", "batchsenddiffsms")

_HOST: Final = re.compile(
    r"(?<![a-z0-9.-])([a-z0-9.-]{3,80}\.(?:myhuaweicloud|huaweicloud)\.[a-z]{2,3})"
)

_OLD: Final = re.compile(r"rtcsms\.[a-z0-9.-]{1,60}|api\.rtc\.huaweicloud\.com")
_SENDS: Final = re.compile(r"smsapi\.[a-z0-9-]{1,30}\.myhuaweicloud\.(?:com|cn|eu)")
_PAGES: Final = re.compile(r"(?:support|console|www|bbs|doc|static|auth)[a-z0-9.-]{0,60}")


def is_huawei(text: str) -> bool:
    """Whether the text names the platform, one of its hosts, or its way of sending."""
    return mentions(small(text), _WORDS)


def host_kind(text: str) -> Literal["old", "wrong"] | None:
    """Of the first of Huawei's hosts: an old one, or one that is not of the send interface."""
    hosts = [host for host in _HOST.findall(small(text)) if not _PAGES.fullmatch(host)]
    if not hosts or _SENDS.fullmatch(hosts[0]):
        return None
    return "old" if _OLD.fullmatch(hosts[0]) else "wrong"
