"""What Vonage's numbers mean: those of a receipt are others than those of the send call."""

from typing import Final

from wizard.providers.causes import by_code

RECEIPT: Final = by_code(
    {
        "delivered": "0",
        "unknown": "1 99",
        "phone-off-or-out-of-range": "2 7 12",
        "number-invalid": "3",
        "line-barred": "4 13 15",
        "portability": "5",
        "content-blocked": "6 52",
        "carrier-network-fault": "8",
        "recipient-opted-out": "9",
        "format-or-parameter": "10",
        "no-route": "11",
        "blacklist-carrier": "14",
        "volume-limit": "16",
        "sender-not-registered": "50 51 53",
        "time-window": "54",
    }
)

ANSWER: Final = by_code(
    {
        "volume-limit": "1 10",
        "format-or-parameter": "2 3 6 12 22 23",
        "credentials": "4 14 32",
        "platform-fault": "5",
        "blacklist-carrier": "7",
        "account-suspended": "8 11",
        "billing": "9",
        "sender-unusable": "15",
        "trial-account": "29",
        "number-invalid": "33",
        "expired": "1360",
    }
)
