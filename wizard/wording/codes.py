"""The words of codes: why they are given, in whose list they stand, how sure that is."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LIBRARIES: Final[Mapping[str, Promise]] = {
    "carriers": _("Codes of carriers"),
}
"""The libraries that come with the product, by the name of their file."""

CAUSES: Final[Mapping[str, Promise]] = {
    "number-invalid": _("The number does not exist"),
    "number-or-phone": _("Number not in use, line suspended, or phone off"),
    "phone-off-or-out-of-range": _("Phone off or out of reach"),
    "landline": _("This kind of number takes no SMS"),
    "line-barred": _("The recipient's line is suspended or barred"),
    "phone-cannot-take": _("The phone cannot store or take the SMS"),
    "service-not-subscribed": _("The line's plan does not include this kind of SMS"),
    "portability": _("The number may have moved to another carrier"),
    "blacklist-carrier": _("The number is on a carrier's blocklist"),
    "blacklist-platform": _("The number is on a blocklist of the platform or a supplier"),
    "recipient-opted-out": _("The recipient does not want these SMS"),
    "content-blocked": _("The text was stopped"),
    "frequency-limit": _("Too many SMS to this number"),
    "volume-limit": _("Too many SMS at once, or a limit is reached"),
    "sender-not-registered": _("Sender or signature is not registered"),
    "sender-unusable": _("This sender cannot be used here"),
    "template-or-signature": _("Template or signature is not approved or does not fit"),
    "geo-permission": _("Your own settings do not allow this country"),
    "no-route": _("There is no route to this number"),
    "billing": _("Money or quota has run out"),
    "account-suspended": _("The account is suspended or not active"),
    "trial-account": _("A trial account may not do this"),
    "credentials": _("Key, signature or rights are not accepted"),
    "fraud-protection": _("Held back as a possible fraud"),
    "carrier-network-fault": _("A fault in the carrier's network"),
    "platform-fault": _("A fault between platform and carrier"),
    "format-or-parameter": _("The request has a wrong part"),
    "expired": _("The time for the SMS ran out"),
    "time-window": _("Sent outside the allowed hours"),
    "not-final": _("Still on its way"),
    "delivered": _("Delivered"),
    "unknown": _("The reason is not told"),
}
"""Why a code is given, in a few words."""

CARRIERS: Final[Mapping[str, Promise]] = {
    "china-mobile": _("China Mobile"),
    "china-unicom": _("China Unicom"),
    "china-telecom": _("China Telecom"),
    "all-mainland": _("All carriers of the Chinese mainland"),
    "supplier": _("Suppliers"),
    "huawei": _("Huawei Cloud"),
    "smpp": _("SMPP"),
    "gsm-map": _("GSM networks: MAP errors"),
    "gsm-tp-fcs": _("GSM networks: failure causes"),
    "gsm-tp-status": _("GSM networks: status of an SMS"),
    "gsm-rp-cause": _("GSM networks: relay causes"),
    "http-gateway": _("Gateways outside the Chinese mainland"),
}
"""In whose list a code stands."""

RETRIES: Final[Mapping[str, Promise]] = {
    "yes": _("Sending it again can help"),
    "later": _("Sending it again later can help"),
    "no": _("Sending the same again does not help"),
}

CONFIDENCES: Final[Mapping[str, Promise]] = {
    "vendor": _("The vendor's page lists it"),
    "two-sources": _("Two independent lists agree"),
    "carrier-list": _("It stands in a list of the carrier or its protocol"),
    "one-source": _("One public list alone says so"),
    "inferred": _("Concluded from similar codes"),
}
"""How sure the meaning of a code is."""

_TOLD: Final[Mapping[str, Promise]] = {
    "one-source": _("One public list says: %(meaning)s"),
    "inferred": _("By similar codes: %(meaning)s"),
}


def meaning_of(meaning: str, cause: str, confidence: str) -> str:
    """What a code means, as sure as that is; its cause where there is no sentence of its own."""
    said = meaning or str(CAUSES.get(cause, ""))
    return str(_TOLD[confidence]) % {"meaning": said} if confidence in _TOLD and said else said


def others_of(others: Sequence[str]) -> list[str]:
    """What other lists use a code for: sentences, or causes in words."""
    return [str(CAUSES.get(one, one)) for one in others]


def most_often(meaning: str) -> str:
    """The meaning that stands first, where sources differ."""
    return gettext("Most often: %(meaning)s") % {"meaning": meaning}
