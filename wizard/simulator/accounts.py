"""The simulated accounts: what each one owns, owes, and how its answers go wrong.

Each is called `sim-<name>`, has one application, and differs from "normal" in one thing. Rows are
kept as the APIs answer them (`docs/facts/protocols.md`, "Management API" and "Billing API"), so
that reading this file is reading the answers.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Any, Final

PROJECT_ID: Final = "0" * 32
CHANNEL: Final = "csms10000001"
"""The channel number of every account's signature: `from` in a send request."""

PROMOTION_CHANNEL: Final = "csms10000099"
"""The channel of the promotion signature that "normal" has besides."""

CODE_TEMPLATE: Final = "51000000000000000000000000000001"
NOTICE_TEMPLATE: Final = "51000000000000000000000000000002"
UNIVERSAL_TEMPLATE: Final = "51000000000000000000000000000003"
PROMOTION_TEMPLATE: Final = "51000000000000000000000000000004"
SMS_SERVICE_TYPE: Final = "sim.service.type.sms"
"""Made up: the vendor publishes no code for SMS (`docs/facts/protocols.md`, "Billing API")."""

Row = Mapping[str, Any]


class Fault(StrEnum):
    """How the answers of a faulty account go wrong; `faults.py` makes them so."""

    SLOW = auto()
    TRICKLE = auto()
    FAILING = auto()
    BUSY = auto()
    MALFORMED = auto()
    WRONG_TYPES = auto()
    HUGE = auto()
    REDIRECTING = auto()
    LYING = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template. `kind` is the vendor's variable_type, `length` its longest."""

    kind: str
    length: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `row` is as `GET templates` answers it; `variables` in the order of use."""

    row: Row
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulatedAccount:
    """An account with one application.

    Attributes:
        about: what it is for, in one sentence.
        debt: what is owed, in yuan; above 0 sending is refused with E000112.
        refusal: the code that refuses every authenticated send request; empty accepts.
        report: the status that every accepted message gets, whatever the number; empty leaves
            it to the number.
        signs_pushes: whether status reports come signed with the push keys.
    """

    name: str
    about: str
    application: Row
    signatures: tuple[Row, ...]
    templates: tuple[Template, ...]
    packages: tuple[Row, ...]
    balance: Decimal = Decimal("128.50")
    debt: Decimal = Decimal(0)
    refusal: str = ""
    report: str = ""
    signs_pushes: bool = False
    fault: Fault | None = None
    project_id: str = PROJECT_ID

    @property
    def access_key(self) -> str:
        """The key of the account for the management and billing APIs."""
        return f"sim-{self.name}"

    @property
    def secret_key(self) -> str:
        return f"sim-{self.name}-secret"

    @property
    def app_key(self) -> str:
        """The key of the application for the sending API."""
        return f"sim-{self.name}-app"

    @property
    def app_secret(self) -> str:
        return f"sim-{self.name}-app-secret"

    @property
    def push_key(self) -> str:
        """The key that signs the status reports, where they are signed."""
        return f"sim-{self.name}-push"

    @property
    def push_secret(self) -> str:
        return f"sim-{self.name}-push-secret"

    @property
    def sending_refusal(self) -> str:
        """The code for every send request, or an empty text. Debts freeze the account."""
        return "E000112" if self.debt > 0 else self.refusal

    def template(self, template_id: str) -> Template | None:
        return next((one for one in self.templates if one.row["template_id"] == template_id), None)

    def signature(self, channel: str) -> Row | None:
        """The signature behind `from`; one that is not set up has no channel number."""
        return next((row for row in self.signatures if row["channel_num"] == channel), None)


def _key(*parts: str) -> str:
    """A primary key, 32 hexadecimal digits, the same on every start."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def _times(day: int) -> dict[str, str]:
    moment = f"2026-{1 + day // 28:02}-{1 + day % 28:02} 09:30:00"
    return {"create_time": moment, "update_time": moment}


def _application(name: str, **other: Any) -> Row:
    return {
        "id": _key(name, "app"),
        **_times(0),
        "app_name": f"Simulated {name}",
        "app_key": f"sim-{name}-app",
        "status": "LAUNCHED",
        "region": "cn",
        "ip_white_list": "",
        "intl_channel_num": "",
        "up_link_addr": "",
        "protocol": "HTTP",
        "platform": "simulated",
        "is_support_multiomp": False,
        "customer_id": _key(name, "customer"),
        "enterprise_project_id": "0",
        "enterprise_project_name": "default",
        **other,
    }


def _signature(name: str, number: int = 1, **other: Any) -> Row:
    return {
        "id": _key(name, "signature", str(number)),
        **_times(number),
        "signature_id": f"SIM{number:05}",
        "signature_name": "SMS Doctor" if number == 1 else f"SMS Doctor {number}",
        "signature_type": "VERIFY_CODE_TYPE",
        "app_name": f"Simulated {name}",
        "app_key": f"sim-{name}-app",
        "channel_num": f"csms{10_000_000 + number}",
        "status": "REVIEW_PROCESSING_COMPLETED",
        "review_desc": "",
        "qualification_id": _key(name, "qualification"),
        "qualification_name": "SMS Doctor Ltd",
        "signature_source": 0,
        "urge_status": "No",
        "urge_time": "",
        **other,
    }


def _template(name: str, number: int, variables: tuple[Variable, ...] = (), **other: Any) -> Row:
    return {
        "id": _key(name, "template", str(number)),
        **_times(number),
        "template_id": f"51{number:030}",
        "template_name": f"Simulated template {number}",
        "template_type": "VERIFY_CODE_TYPE",
        "template_content": "Simulated text.",
        "has_variable": "Yes" if variables else "No",
        "sign_id": _key(name, "signature", "1"),
        "app_name": f"Simulated {name}",
        "app_key": f"sim-{name}-app",
        "flow_status": "Adopted",
        "status": "Normal",
        "review_desc": "",
        "universal_template": 0,
        "region": "cn",
        "brackets": "CN",
        "urge_status": "NO",
        "urge_time": "",
        **other,
    }


def _code_template(name: str, **other: Any) -> Template:
    """The template that every account has: one variable, 1 to 6 letters or digits."""
    variables = (Variable("CHARDIGIT", 6),)
    text = "Your verification code is ${1}."
    return Template(_template(name, 1, variables, template_content=text, **other), variables)


def _more_templates(name: str) -> tuple[Template, ...]:
    """What "normal" has besides: other kinds, and enough rows for a second page."""
    delivery = (Variable("TEXT", 20), Variable("DATETIME", 20), Variable("MONEY", 10))
    return (
        Template(_template(name, 2, template_content="Your parcel has arrived.")),
        Template(
            _template(
                name,
                3,
                delivery,
                template_content="${1}: ${2}, ${3} yuan.",
                universal_template=1,
                sign_id="",
            ),
            delivery,
        ),
        Template(
            _template(
                name,
                4,
                template_type="PROMOTION_TYPE",
                template_content="A quarter off all week. Reply R to stop.",
                sign_id=_key(name, "signature", "99"),
            )
        ),
        # A draft has no template_id yet (`docs/facts/protocols.md`, "Management API").
        Template(_template(name, 5, template_id="", flow_status="Pending")),
        *(Template(_template(name, number)) for number in range(6, 14)),
    )


def _more_signatures(name: str) -> tuple[Row, ...]:
    """What "normal" has besides: enough rows that its channel stands on the second page."""
    return (
        *(_signature(name, number) for number in range(2, 13)),
        _signature(
            name,
            99,
            signature_type="PROMOTION_TYPE",
            signature_name="SMS Doctor Club",
            channel_num=PROMOTION_CHANNEL,
        ),
    )


def _package(name: str, *, status: int = 1, left: str = "8500", bought: str = "10000") -> Row:
    """A package. Nobody says which unit SMS has (`docs/facts/protocols.md`, "Billing API")."""
    return {
        "order_instance_id": _key(name, "package", str(status)),
        "order_id": f"SIM-{_key(name, 'order')[:12].upper()}",
        "product_id": "SIM-SMS-10000",
        "product_name": "Simulated SMS package, 10,000 messages",
        "enterprise_project_id": "0",
        "effective_time": "2026-01-01T00:00:00Z",
        "expire_time": "2099-12-31T15:59:59Z",
        "status": status,
        "service_type_code": SMS_SERVICE_TYPE,
        "service_type_name": "Message & SMS (simulated)",
        "region_code": "cn-north-4",
        "quota_reuse_mode": 2,
        "free_resources": [
            {
                "free_resource_id": _key(name, "resource", str(status)),
                "usage_type_name": "Domestic SMS",
                "amount": left,
                "original_amount": bought,
                "measure_id": 0,
            }
        ],
    }


def _account(
    name: str,
    about: str,
    *,
    application: Row = MappingProxyType({}),
    signature: Row = MappingProxyType({}),
    template: Row = MappingProxyType({}),
    packages: tuple[Row, ...] | None = None,
    **other: Any,
) -> SimulatedAccount:
    """An account that differs from a healthy one in what is given."""
    return SimulatedAccount(
        name=name,
        about=about,
        application=_application(name, **application),
        signatures=(_signature(name, **signature),),
        templates=(_code_template(name, **template),),
        packages=(_package(name),) if packages is None else packages,
        **other,
    )


def _normal(name: str, about: str, **other: Any) -> SimulatedAccount:
    return SimulatedAccount(
        name=name,
        about=about,
        application=_application(name),
        signatures=(_signature(name), *_more_signatures(name)),
        templates=(_code_template(name), *_more_templates(name)),
        packages=(_package(name), _package(name, status=2, left="0", bought="5000")),
        **other,
    )


def _owing(name: str, about: str, signature_status: str, **signature: Any) -> SimulatedAccount:
    """An account in arrears, and what became of its signature."""
    return _account(
        name,
        about,
        signature={"status": signature_status, **signature},
        packages=(),
        balance=Decimal(0),
        debt=Decimal("42.17"),
    )


def _lying() -> SimulatedAccount:
    """Well-formed answers that cannot all be true; `faults.py` adds false totals."""
    name, other = "lying", "somebody-else"
    package = _package(name, status=9, left="-250", bought="100")
    return SimulatedAccount(
        name=name,
        about="Faulty: contradicts itself: totals, unknown states, negative amounts, others' rows.",
        application=_application(name, app_key=f"sim-{other}-app", status="HALF_LAUNCHED"),
        signatures=(
            _signature(other, channel_num=CHANNEL, status="TO_BE_ACTIVATED"),
            _signature(name, status="REVIEW_PERHAPS"),
            _signature(name, 2, channel_num=CHANNEL, status="REVIEW_NOT_PASS"),
        ),
        templates=(
            _code_template(other, flow_status="Disable"),
            _code_template(name, flow_status="Adopted_perhaps", has_variable="Maybe"),
        ),
        packages=(package, {**package, "status": 1}),
        balance=Decimal("-17.25"),
        debt=Decimal("-3.10"),
        fault=Fault.LYING,
    )


def _faulty(fault: Fault, about: str) -> SimulatedAccount:
    return _account(fault.value.replace("_", "-"), f"Faulty: {about}", fault=fault)


_ALL: Final = (
    _normal("normal", "All is well; enough rows for a second page."),
    _normal("signed-pushes", "As normal, and its status reports come signed.", signs_pushes=True),
    _owing("arrears", "Owes money; the signature is fine.", "REVIEW_PROCESSING_COMPLETED"),
    _owing("arrears-inactive", "Owes money; the signature was deactivated.", "TO_BE_ACTIVATED"),
    _owing("activation-pending", "Owes money; activation is in review.", "PENDING_ACTIVATE"),
    _owing(
        "arrears-refused",
        "Owes money; the signature was refused.",
        "REVIEW_NOT_PASS",
        review_desc="The letter of authority is out of date. (Simulated.)",
    ),
    _owing("real-name", "Owes money; real-name registration runs.", "REAL_NAME_REGISTRATING"),
    _account(
        "suspended",
        "The application is suspended.",
        application={"status": "SUSPENDED"},
        refusal="E000103",
    ),
    _account(
        "mode2-empty",
        "Packages are used up; every message is reported E000629.",
        packages=(_package("mode2-empty", status=2, left="0"),),
        report="E000629",
    ),
    _account(
        "mode2-left",
        "A package is left, and yet every message is reported E000629 (the charging lag).",
        report="E000629",
    ),
    _account(
        "template-disabled",
        "The customer switched the template off.",
        template={"flow_status": "Disable"},
    ),
    _account(
        "template-rejected",
        "The template was refused.",
        template={
            "flow_status": "Reject",
            "review_desc": "A variable stands for the whole text. (Simulated.)",
        },
    ),
    _account(
        "template-review", "The template is in review.", template={"flow_status": "Reviewing"}
    ),
    _account(
        "template-inactive",
        "The platform deactivated the approved template.",
        template={"flow_status": "Adopted_inactive"},
    ),
    # One for each code of the sending API that a request alone cannot bring about.
    _account("no-secret", "Its app_secret is not valid: E000104.", refusal="E000104"),
    _account("not-allowed", "Its app_key may not send: E000106.", refusal="E000106"),
    _account("not-activated", "The user is not activated: E000109.", refusal="E000109"),
    _account("unknown-user", "The app_key belongs to no user: E000111.", refusal="E000111"),
    _account("frozen", "Frozen for a violation, without debts: E000112.", refusal="E000112"),
    _account(
        "allow-list",
        "The sender's address is not on the list: E000620.",
        application={"ip_white_list": "203.0.113.7,203.0.113.8"},
        refusal="E000620",
    ),
    _account("account-limit", "Its volume limit is reached: E000623.", refusal="E000623"),
    _account("country-limit", "The country's limit is reached: E000630.", refusal="E000630"),
    _faulty(Fault.SLOW, "answers after 10 seconds."),
    _faulty(Fault.TRICKLE, "one byte every 0.2 seconds."),
    _faulty(Fault.FAILING, "HTTP 500."),
    _faulty(Fault.BUSY, "HTTP 429."),
    _faulty(Fault.MALFORMED, "the body is not JSON."),
    _faulty(Fault.WRONG_TYPES, "every value has another type than it should."),
    _faulty(Fault.HUGE, "10 MB."),
    _faulty(Fault.REDIRECTING, "sends the caller elsewhere (302)."),
    _faulty(Fault.CLOSING, "drops the connection in the middle of the body."),
    _lying(),
)

ACCOUNTS: Final[Mapping[str, SimulatedAccount]] = MappingProxyType({one.name: one for one in _ALL})
BY_ACCESS_KEY: Final[Mapping[str, SimulatedAccount]] = {one.access_key: one for one in _ALL}
BY_APP_KEY: Final[Mapping[str, SimulatedAccount]] = {one.app_key: one for one in _ALL}
