"""Providers and neutral causes in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wizard.providers.base import Provider
from wizard.providers.causes import Cause

PROVIDERS: Final[Mapping[Provider, Promise]] = {
    "huawei": _("Huawei Cloud Message & SMS"),
    "koomessage": _("KooMessage (Huawei Cloud)"),
    "twilio": _("Twilio"),
    "alibaba": _("Alibaba Cloud SMS"),
    "tencent": _("Tencent Cloud SMS"),
    "aws": _("AWS (Amazon)"),
    "vonage": _("Vonage (Nexmo)"),
    "smpp": _("SMPP, a protocol of many providers"),
    "cmpp": _("CMPP, the protocol of China Mobile's gateways"),
}
"""What a person reads for whose text it is."""

CAUSES: Final[Mapping[Cause, Promise]] = {
    "number-invalid": _("The number does not exist or is written wrongly."),
    "phone-off-or-out-of-range": _("The phone was off or out of range."),
    "landline": _("A number of this kind takes no SMS, such as a landline."),
    "line-barred": _("The recipient's line is suspended or barred."),
    "phone-cannot-take": _("The phone cannot take the SMS: its memory is full, or it is at fault."),
    "portability": _("The recipient has changed to another carrier."),
    "blacklist-carrier": _("The number is on a blocklist of the carrier or the provider."),
    "recipient-opted-out": _("The recipient has opted out of SMS from this sender."),
    "content-blocked": _("The text or a link in it was filtered."),
    "frequency-limit": _("Too many SMS went to this number in a short time."),
    "volume-limit": _("Too many SMS were sent, or too fast."),
    "sender-not-registered": _("The sender is not registered, or its registration is not done."),
    "sender-unusable": _("This sender cannot be used here: not yours, or of the wrong kind."),
    "template-or-signature": _("The template or the signature is not approved or does not fit."),
    "geo-permission": _("Your own settings there do not allow this country."),
    "no-route": _("The provider cannot reach this country or network."),
    "billing": _("Money, a package or a spending limit is used up."),
    "account-suspended": _("The account is suspended, closed or not active."),
    "trial-account": _("A trial account may send to verified numbers only."),
    "credentials": _("The key, the signature of the request, the clock or a permission is wrong."),
    "fraud-protection": _("The SMS was held back as possible fraud."),
    "carrier-network-fault": _("A carrier's network is at fault or overloaded."),
    "platform-fault": _("The fault is on the provider's side."),
    "format-or-parameter": _("The request is wrong: a parameter or its form."),
    "expired": _("Time ran out before the SMS was delivered."),
    "time-window": _("It was sent outside the hours that are allowed."),
    "not-final": _("It is still on its way, or no receipt will come."),
    "unknown": _("It failed, and nobody says why."),
    "delivered": _("The SMS was delivered."),
}
"""What a code of that cause means, in a sentence, whoever's code it is."""
