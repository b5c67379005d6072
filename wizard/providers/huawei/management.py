"""Codes of the management interface and of the gateway before it: none of an SMS.

Their meaning: `docs/facts/management-codes.md`. Here is only what kind of trouble each one is.
"""

from __future__ import annotations

import re
from typing import Final

from wizard.providers.base import SeenCode, codes_of
from wizard.providers.causes import by_code

_CODE: Final = re.compile(r"(?<![A-Za-z0-9_.])(?:MSGSMS|APIGW)\.[0-9]{4}(?![0-9A-Za-z_])")

_CAUSES: Final = by_code(
    {
        "credentials": (
            "MSGSMS.0003 MSGSMS.0050 APIGW.0301 APIGW.0302 APIGW.0303 APIGW.0304 APIGW.0305 "
            "APIGW.0306 APIGW.0307 APIGW.0311 APIGW.0401 APIGW.0402 APIGW.0404 APIGW.0801 "
            "APIGW.0802"
        ),
        "account-suspended": "MSGSMS.0013 MSGSMS.0027 MSGSMS.0028 APIGW.0310 APIGW.0502",
        "volume-limit": "APIGW.0308 APIGW.0501",
        "template-or-signature": (
            "MSGSMS.0004 MSGSMS.0005 MSGSMS.0006 MSGSMS.0007 MSGSMS.0008 MSGSMS.0009 MSGSMS.0010 "
            "MSGSMS.0012 MSGSMS.0024 MSGSMS.0025 MSGSMS.0036 MSGSMS.0077 MSGSMS.0130"
        ),
        "platform-fault": (
            "MSGSMS.0001 MSGSMS.0035 MSGSMS.0085 MSGSMS.0103 APIGW.0103 APIGW.0104 APIGW.0105 "
            "APIGW.0601 APIGW.0605 APIGW.0606 APIGW.0608 APIGW.0609 APIGW.0610 APIGW.0611 "
            "APIGW.0612 APIGW.0613 APIGW.0705"
        ),
        "format-or-parameter": (
            "MSGSMS.0002 MSGSMS.0011 MSGSMS.0014 MSGSMS.0026 MSGSMS.0038 MSGSMS.0039 MSGSMS.0051 "
            "MSGSMS.0076 MSGSMS.0084 MSGSMS.0132 MSGSMS.0133 APIGW.0101 APIGW.0106 APIGW.0602 "
            "APIGW.0607"
        ),
        "geo-permission": "MSGSMS.0104",
    }
)


def management_codes(text: str) -> tuple[SeenCode, ...]:
    """Those of a text, in their order. One that we do not know has no cause."""
    return codes_of(
        SeenCode("api", code, "code", "huawei", _CAUSES.get(code, ""))
        for code in _CODE.findall(text)
    )
