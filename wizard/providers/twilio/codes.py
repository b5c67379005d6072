"""What Twilio's codes mean, one namespace for calls, messages and records."""

from typing import Final

from wizard.providers.causes import by_code

CAUSES: Final = by_code(
    {
        "account-suspended": "10001 20005 20010 20403 30002 30037",
        "format-or-parameter": (
            "11200 11205 20404 21266 21602 21603 21604 21605 21609 21616 21617 21619 21620 "
            "21623 21624 21654 21655 21656 21658 21701 21705 21708 21714 30012 30013 30014 "
            "30015 30016 30019 30028 30029 30030 30045 30404 30409"
        ),
        "frequency-limit": "14107",
        "credentials": "20003 20006 20008",
        "volume-limit": "20429 21611 30001 30022 30023 30025 30026 30027 63017 63018 63038",
        "platform-fault": "20500 20503 21702 21730 30020 30021 30500 63010",
        "number-invalid": "21211 21265 21268 30005 63003 63024",
        "sender-unusable": (
            "21212 21401 21601 21606 21621 21657 21659 21660 21661 21703 21704 21709 21711 "
            "21712 30042 63007"
        ),
        "trial-account": "21267 21607 21608 30044 63015 572002",
        "geo-permission": "21408",
        "recipient-opted-out": "21610 63014 63033",
        "no-route": "21612",
        "landline": "21614 21635 30006 30011",
        "content-blocked": "21618 30007 30038 30039 30110 30111 63016",
        "sender-not-registered": (
            "21717 21719 21729 30018 30024 30032 30033 30034 30035 30125 30440 30441 30443 "
            "30444 30445 30446 30447 30879 30880 30883 30884 30885 30886 30887 30891 30892 "
            "30893 30894 30896 30897 30898 30899"
        ),
        "phone-off-or-out-of-range": "30003",
        "blacklist-carrier": "30004",
        "unknown": "30008",
        "carrier-network-fault": "30009 30017 30410",
        "billing": "30010",
        "expired": "30036",
        "fraud-protection": "30450 30485",
    }
)
