"""Sample messages of the simulated platform: what was sent, what is pasted, and where it must lead.

Made up for trying the product out, and for its tests. No number here belongs to anybody we know.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5


@dataclass(frozen=True, slots=True)
class SampleReport:
    """One status report on a sample, as the platform pushes it. Not `timed`: without updateTime."""

    status: str
    source: str = "2"
    minutes_after: int = 1
    sequence: int = 1
    total: int = 1
    org_code: str = ""
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample message.

    `label` is English, for the site to translate. `paste` is a template of what the person has in
    hand ("" for the message ID alone). `outcome` is the key of the node it must lead to;
    `conclusive` says that the evidence suffices for an outcome, so that nothing is asked.
    """

    key: str
    scenario: str
    label: str
    outcome: str
    paste: str = ""
    age_minutes: int = 120
    reports: tuple[SampleReport, ...] = ()
    account: str = "normal"
    recipient: str = "+8613800000001"
    conclusive: bool = True

    @property
    def message_id(self) -> str:
        """The same on every machine, so that a second start pushes the same reports."""
        unique = uuid5(NAMESPACE_URL, f"sms-doctor:{self.key}")
        return f"{unique}_{unique.int % 10**8:08d}"

    def text(self, now: datetime) -> str:
        """What the person pastes at that moment."""
        if not self.paste:
            return self.message_id
        accepted = (now - timedelta(minutes=self.age_minutes)).astimezone(UTC)
        return (
            self.paste.replace("<time>", accepted.strftime("%Y-%m-%dT%H:%M:%SZ"))
            .replace("<number>", self.recipient)
            .replace("<id>", self.message_id)
        )


def _refused(code: str, description: str) -> str:
    """A log line about a call that was refused as a whole."""
    answer = json.dumps({"code": code, "description": description})
    return f"<time> ERROR sms: sending to <number> failed: {answer}"


def _one_number(status: str) -> str:
    """An answer that refuses this number, or takes it (`000000`)."""
    code = "000000" if status == "000000" else "E000510"
    entry: Mapping[str, str | int] = {
        "originTo": "<number>",
        "createTime": "<time>",
        "from": "csms10000001",
        "smsMsgId": "<id>",
        "status": status,
        "countryId": "CN",
        "total": 1,
    }
    description = "Success" if status == "000000" else "The SMS fails to be sent."
    return json.dumps({"code": code, "description": description, "result": [entry]})


def _expired(timed: bool) -> tuple[SampleReport, ...]:
    source = "2" if timed else "1"
    return (SampleReport("EXPIRED", source=source, minutes_after=72 * 60, timed=timed),)


def _in_trouble(account: str, label: str) -> Sample:
    """A call that was refused by a platform which then has a fault of its own."""
    return Sample(
        f"fault-{account}", "faults", label, "account", _FROZEN, account=account, conclusive=False
    )


_FROZEN: Final = _refused("E000112", "The user status is frozen.")

_DAYS: Final = 24 * 60

_ABROAD: Final = "+6581000001"

SAMPLES: Final[tuple[Sample, ...]] = (
    # --- S1: the call fails ---
    Sample(
        "s1-header",
        "S1",
        "The call was refused: E000001",
        "api-header",
        _refused("E000001", "Authorization is not contained in the HTTP header."),
    ),
    Sample(
        "s1-key",
        "S1",
        "The call was refused: E000101",
        "api-credentials",
        _refused("E000101", "Authentication failed."),
    ),
    Sample(
        "s1-clock",
        "S1",
        "The call was refused: E000110",
        "api-clock",
        _refused("E000110", "Created has expired."),
    ),
    Sample(
        "s1-address",
        "S1",
        "The call was refused: E000620",
        "ip-allow-list",
        _refused("E000620", "The IP address is not in the allow list."),
    ),
    Sample(
        "s1-volume",
        "S1",
        "The call was refused: E000623",
        "volume-limit",
        _refused("E000623", "The SMS quantity exceeds the limit."),
    ),
    Sample(
        "s1-parameters",
        "S1",
        "The call was refused: E000503",
        "api-format",
        _refused("E000503", "Parameter format error."),
    ),
    Sample(
        "s1-variables",
        "S1",
        "One number was refused: E200028",
        "template-variables",
        _one_number("E200028"),
    ),
    Sample(
        "s1-twice",
        "S1",
        "One number was refused: E200041",
        "duplicate-number",
        _one_number("E200041"),
    ),
    Sample(
        "s1-template-review",
        "S1",
        "One number was refused: E200030, template in review",
        "template-review",
        _one_number("E200030"),
        account="template-review",
    ),
    Sample(
        "s1-template-rejected",
        "S1",
        "One number was refused: E200030, template rejected",
        "template-rejected",
        _one_number("E200030"),
        account="template-rejected",
    ),
    Sample(
        "s1-template-withdrawn",
        "S1",
        "One number was refused: E200030, template withdrawn",
        "template-withdrawn",
        _one_number("E200030"),
        account="template-inactive",
    ),
    Sample(
        "s1-template-off",
        "S1",
        "One number was refused: E200030, template switched off",
        "template-off",
        _one_number("E200030"),
        account="template-disabled",
    ),
    Sample(
        "s1-timeout",
        "S1",
        "The call timed out",
        "cannot-connect",
        "<time> ERROR sms: requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host="
        "'smsapi.example.com', port=443): Max retries exceeded with url: /sms/batchSendSms/v1",
    ),
    Sample(
        "s1-tls",
        "S1",
        "The secure connection failed",
        "tls-trust",
        "<time> ERROR sms: requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] "
        "certificate verify failed: unable to get local issuer certificate",
    ),
    Sample(
        "s1-not-found",
        "S1",
        "The call ended with HTTP 404",
        "api-wrong-url",
        "<time> ERROR sms: POST /sms/batchSendSms returned HTTP status 404 Not Found",
    ),
    # --- S2: accepted, no report, nothing on the phone ---
    Sample(
        "s2-early",
        "S2",
        "Accepted 20 minutes ago, no report yet",
        "too-early",
        _one_number("000000"),
        age_minutes=20,
    ),
    Sample(
        "s2-waiting",
        "S2",
        "Accepted 6 hours ago, no report yet",
        "dial",
        _one_number("000000"),
        age_minutes=6 * 60,
        conclusive=False,
    ),
    Sample(
        "s2-over",
        "S2",
        "Accepted 80 hours ago, never a report",
        "callback",
        _one_number("000000"),
        age_minutes=80 * 60,
        conclusive=False,
    ),
    # --- S3: the report says failed ---
    Sample(
        "s3-expired",
        "S3",
        "EXPIRED, from the carrier",
        "expired",
        age_minutes=4 * _DAYS,
        reports=_expired(timed=True),
    ),
    Sample(
        "s3-nobody-answered",
        "S3",
        "EXPIRED, made by the platform after 72 hours",
        "expired",
        age_minutes=4 * _DAYS,
        reports=_expired(timed=False),
    ),
    Sample("s3-undelivered", "S3", "UNDELIV", "undelivered", reports=(SampleReport("UNDELIV"),)),
    Sample(
        "s3-refused", "S3", "REJECTD", "rejected-by-carrier", reports=(SampleReport("REJECTD"),)
    ),
    Sample("s3-word", "S3", "KEYWORD", "change-text", reports=(SampleReport("KEYWORD"),)),
    Sample(
        "s3-minute",
        "S3",
        "MILIMIT",
        "frequency-minute",
        reports=(SampleReport("MILIMIT", source="3"),),
    ),
    Sample("s3-blocked", "S3", "BLACK", "blocklist", reports=(SampleReport("BLACK"),)),
    Sample("s3-carrier", "S3", "MK:0001", "carrier-number", reports=(SampleReport("MK:0001"),)),
    Sample("s3-ported", "S3", "MB:1049", "number-ported", reports=(SampleReport("MB:1049"),)),
    Sample(
        "s3-route",
        "S3",
        "E200027, abroad",
        "international-route",
        reports=(SampleReport("E200027", source="3", org_code="000"),),
        recipient=_ABROAD,
    ),
    Sample(
        "s3-one-part",
        "S3",
        "Two parts: one delivered, one EXPIRED",
        "expired",
        age_minutes=4 * _DAYS,
        reports=(
            SampleReport("DELIVRD", total=2),
            SampleReport("EXPIRED", sequence=2, total=2, minutes_after=72 * 60),
        ),
    ),
    Sample(
        "s3-out-of-order",
        "S3",
        "UNDELIV, then an older ACCEPTD",
        "undelivered",
        reports=(SampleReport("UNDELIV", minutes_after=9), SampleReport("ACCEPTD")),
    ),
    Sample("s3-not-final", "S3", "ACCEPTD only", "not-final", reports=(SampleReport("ACCEPTD"),)),
    # --- S4: delivered, but not on the phone ---
    Sample(
        "s4-delivered",
        "S4",
        "DELIVRD, but the phone shows nothing",
        "phone-shows",
        reports=(SampleReport("DELIVRD"),),
        conclusive=False,
    ),
    Sample(
        "s4-part-missing",
        "S4",
        "Two parts: one delivered, one still open",
        "report",
        reports=(SampleReport("DELIVRD", total=2),),
        conclusive=False,
    ),
    # --- S5: the account ---
    Sample(
        "s5-arrears", "S5", "E000112, payment overdue", "arrears-top-up", _FROZEN, account="arrears"
    ),
    Sample(
        "s5-signature-off",
        "S5",
        "E000112, payment overdue and signature deactivated",
        "arrears-activate",
        _FROZEN,
        account="arrears-inactive",
    ),
    Sample(
        "s5-signature-waits",
        "S5",
        "E000112, payment overdue and activation in review",
        "activation-pending",
        _FROZEN,
        account="activation-pending",
    ),
    Sample(
        "s5-signature-refused",
        "S5",
        "E000112, payment overdue and signature rejected",
        "signature-rejected",
        _FROZEN,
        account="arrears-refused",
    ),
    Sample(
        "s5-real-name",
        "S5",
        "E000112, payment overdue and real-name step open",
        "real-name",
        _FROZEN,
        account="real-name",
    ),
    Sample(
        "s5-abroad",
        "S5",
        "E000112, payment overdue, number abroad",
        "arrears-international",
        _FROZEN,
        account="arrears",
        recipient=_ABROAD,
    ),
    Sample(
        "s5-suspended",
        "S5",
        "E000112, application suspended",
        "suspended-app",
        _FROZEN,
        account="suspended",
    ),
    # --- S6: mode 2, the package ---
    Sample(
        "s6-empty",
        "S6",
        "E000629, package used up",
        "mode2-empty",
        reports=(SampleReport("E000629", source="3"),),
        account="mode2-empty",
        recipient=_ABROAD,
    ),
    Sample(
        "s6-left",
        "S6",
        "E000629, package with quota left",
        "mode2-other",
        reports=(SampleReport("E000629", source="3"),),
        account="mode2-left",
        recipient=_ABROAD,
    ),
    # --- the platform itself is in trouble, so the account is asked about ---
    _in_trouble("slow", "E000112, and the platform does not answer in time"),
    _in_trouble("trickle", "E000112, and the platform answers a byte at a time"),
    _in_trouble("failing", "E000112, and the platform has an error of its own"),
    _in_trouble("busy", "E000112, and the platform is asked too often"),
    _in_trouble("malformed", "E000112, and the answer of the platform is no JSON"),
    _in_trouble("wrong-types", "E000112, and the answer of the platform has the wrong form"),
    _in_trouble("huge", "E000112, and the answer of the platform is far too long"),
    _in_trouble("redirecting", "E000112, and the platform sends us elsewhere"),
    _in_trouble("closing", "E000112, and the platform hangs up in the middle"),
    _in_trouble("lying", "E000112, and the answers of the platform contradict each other"),
)


def sample(key: str) -> Sample | None:
    """The sample of that key."""
    return next((one for one in SAMPLES if one.key == key), None)


UTC_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def fields(
    *,
    message_id: str,
    status: str,
    source: str = "",
    sequence: int = 1,
    total: int = 1,
    org_code: str = "",
    updated_at: datetime | None = None,
    extend: str = "",
    recipient: str = "",
) -> dict[str, str]:
    """A report's fields in the vendor's order, blank ones left out.

    `to` comes only together with `extend` (`docs/facts/protocols.md`, "Single reports").
    """
    named = {
        "sequence": str(sequence),
        "total": str(total),
        "orgCode": org_code,
        "updateTime": updated_at.strftime(UTC_FORMAT) if updated_at else "",
        "source": source,
        "smsMsgId": message_id,
        "status": status,
        "extend": extend,
        "to": recipient if extend else "",
    }
    return {name: value for name, value in named.items() if value}
