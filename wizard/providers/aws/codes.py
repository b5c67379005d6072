"""What the events and the reasons of AWS mean."""

from typing import Final

from wizard.providers.causes import by_code

CAUSES: Final = by_code(
    {
        "not-final": "TEXT_QUEUED TEXT_PENDING TEXT_SENT TEXT_SUCCESSFUL",
        "delivered": "TEXT_DELIVERED",
        "number-invalid": "TEXT_INVALID",
        "format-or-parameter": "TEXT_INVALID_MESSAGE ValidationException",
        "phone-off-or-out-of-range": "TEXT_UNREACHABLE",
        "carrier-network-fault": "TEXT_CARRIER_UNREACHABLE",
        "blacklist-carrier": "TEXT_BLOCKED",
        "content-blocked": "TEXT_CARRIER_BLOCKED TEXT_SPAM",
        "expired": "TEXT_TTL_EXPIRED",
        "geo-permission": (
            "TEXT_PROTECT_BLOCKED COUNTRY_NOT_ENABLED DESTINATION_COUNTRY_BLOCKED "
            "INTERNATIONAL_SENDING_NOT_SUPPORTED "
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION "
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"
        ),
        "unknown": "TEXT_UNKNOWN FAILURE",
        "recipient-opted-out": "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        "trial-account": "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        "sender-unusable": (
            "NO_ORIGINATION_IDENTITIES_FOUND NUMBER_CAPABILITIES_MISMATCH MESSAGE_TYPE_MISMATCH "
            "SENDER_ID_NOT_SUPPORTED INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"
        ),
        "sender-not-registered": (
            "REGISTRATION_NOT_COMPLETE RESOURCE_NOT_ACTIVE SENDER_ID_NOT_REGISTERED "
            "SENDER_ID_REQUIRES_REGISTRATION"
        ),
        "billing": "PRICE_OVER_THRESHOLD MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        "account-suspended": "ACCOUNT_DISABLED INSUFFICIENT_ACCOUNT_REPUTATION",
        "credentials": "AccessDeniedException",
        "volume-limit": "ThrottlingException",
        "platform-fault": "InternalServerException",
    }
)
