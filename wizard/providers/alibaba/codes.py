"""What Alibaba's codes mean: of the send call, and in a receipt."""

from typing import Final

from wizard.providers.causes import by_code

CAUSES: Final = by_code(
    {
        "billing": "isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE",
        "frequency-limit": "isv.BUSINESS_LIMIT_CONTROL MOBILE_SEND_LIMIT",
        "volume-limit": "isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL Throttling.User",
        "number-invalid": "isv.MOBILE_NUMBER_ILLEGAL MOBILE_NUMBER_ILLEGAL INVALID_NUMBER",
        "template-or-signature": (
            "isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL "
            "isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.SMS_TEMPLATE_ILLEGAL SIGNATURE_BLACKLIST"
        ),
        "content-blocked": (
            "isv.SMS_CONTENT_ILLEGAL isv.BLACK_KEY_CONTROL_LIMIT CONTENT_KEYWORD CONTENT_ERROR"
        ),
        "format-or-parameter": (
            "isv.TEMPLATE_MISSING_PARAMETERS isv.INVALID_PARAMETERS isv.INVALID_JSON_PARAM "
            "isv.EXTEND_CODE_ERROR isv.MOBILE_COUNT_OVER_LIMIT isv.PARAM_LENGTH_LIMIT "
            "isv.PARAM_NOT_SUPPORT_URL PARAMS_ILLEGAL"
        ),
        "credentials": (
            "isp.RAM_PERMISSION_DENY isv.ACCOUNT_NOT_EXISTS isv.DENY_IP_RANGE "
            "InvalidAccessKeyId.NotFound SignatureDoesNotMatch"
        ),
        "account-suspended": (
            "isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_ABNORMAL "
            "isv.SECURITY_FROZEN_ACCOUNT"
        ),
        "sender-unusable": "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        "platform-fault": "isp.SYSTEM_ERROR",
        "delivered": "DELIVERED DELIVRD success",
        "phone-off-or-out-of-range": "MOBILE_NOT_ON_SERVICE",
        "blacklist-carrier": "MOBILE_IN_BLACK",
        "recipient-opted-out": "USER_REJECT",
        "line-barred": "MOBILE_ACCOUNT_ABNORMAL",
        "phone-cannot-take": "MOBLLE_TERMINAL_ERROR MOBILE_TERMINAL_ERROR",
        "unknown": "SP_UNKNOWN_ERROR",
        "carrier-network-fault": "IS_CLOSE IS_CLOSED",
        "no-route": "NO_ROUTE NOT_SUPPORTED_COUNTRY",
        "expired": "EXPIRED",
    }
)
