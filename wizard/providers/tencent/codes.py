"""What Tencent's codes mean; of those that are built alike, by how they begin."""

from collections.abc import Mapping
from typing import Final

from wizard.providers.causes import Cause, by_code

CAUSES: Final = by_code(
    {
        "frequency-limit": (
            "LimitExceeded.PhoneNumberThirtySecondLimit LimitExceeded.PhoneNumberOneHourLimit "
            "LimitExceeded.PhoneNumberDailyLimit LimitExceeded.PhoneNumberSameContentDailyLimit "
            "LimitExceeded.DeliveryFrequencyLimit 1013 1023 1024 1025 1026"
        ),
        "volume-limit": (
            "LimitExceeded.AppDailyLimit LimitExceeded.AppGlobalDailyLimit "
            "LimitExceeded.AppMainlandChinaDailyLimit LimitExceeded.DailyLimit "
            "LimitExceeded.GlobalSmsSendingRateLimit "
            "LimitExceeded.AppCountryOrRegionDailyLimit 1022"
        ),
        "geo-permission": "LimitExceeded.AppCountryOrRegionInBlacklist",
        "no-route": "UnsupportedOperation.UnsupportedRegion 1045",
        "blacklist-carrier": "FailedOperation.PhoneNumberInBlacklist 1015",
        "content-blocked": (
            "FailedOperation.ContainSensitiveWord InvalidParameter.DirtyWordFound -106 1002"
        ),
        "billing": (
            "FailedOperation.InsufficientBalanceInSmsPackage "
            "UnauthorizedOperation.ServiceSuspendDueToArrears 1031 1033"
        ),
        "template-or-signature": (
            "FailedOperation.SignatureIncorrectOrUnapproved "
            "FailedOperation.TemplateUnapprovedOrNotExist "
            "FailedOperation.TemplateIncorrectOrUnapproved "
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate 1012 1014"
        ),
        "time-window": "FailedOperation.MarketingSendTimeConstraint 1029",
        "number-invalid": (
            "InvalidParameterValue.IncorrectPhoneNumber FailedOperation.PhoneNumberParseFail 1016"
        ),
        "credentials": (
            "UnauthorizedOperation.RequestIpNotInWhitelist "
            "UnauthorizedOperation.SmsSdkAppIdVerifyFail "
            "UnauthorizedOperation.RequestPermissionDeny "
            "InternalError.RequestTimeException 1001 1009 1021"
        ),
        "account-suspended": "UnauthorizedOperation.SdkAppIdIsDisabled 1020",
        "sender-not-registered": "InvalidParameterValue.QualificationIdNotApproved",
        "platform-fault": (
            "InternalError.Timeout InternalError.SendAndRecvFail InternalError.OtherError "
            "1008 60008"
        ),
        "delivered": "DELIVRD",
        "phone-off-or-out-of-range": "002",
        "expired": "EXPIRED",
        "unknown": "UNDELIV REJECTD UNKNOWN 1007",
    }
)

BEGINNINGS: Final[Mapping[str, Cause]] = {
    "AuthFailure.": "credentials",
    "InvalidParameter": "format-or-parameter",
    "MissingParameter": "format-or-parameter",
    "InternalError": "platform-fault",
}
