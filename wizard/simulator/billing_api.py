"""Two calls of billing: balances and packages (`docs/facts/protocols.md`, "Billing API")."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from wizard.simulator.accounts import Fault, Row, SimulatedAccount
from wizard.simulator.exchange import HttpAnswer, IncomingRequest, json_answer, management_error
from wizard.simulator.faults import spoiled
from wizard.simulator.gateway import account_of, not_found

BALANCES: Final = "/v2/accounts/customer-accounts/balances"
PACKAGES: Final = "/v3/payments/free-resources/query"
_DEFAULT_LIMIT: Final = 10
_MOST_ROWS: Final = 1000
_MOST_SERVICE_TYPES: Final = 10
_FILTERS: Final = (
    "region_code",
    "order_id",
    "product_id",
    "product_name",
    "enterprise_project_id",
    "status",
)


def handle(request: IncomingRequest, now: datetime) -> HttpAnswer:
    """Answer a request for balances or packages; it needs no project.

    Raises:
        TurnedAway: where the signature does not hold.
    """
    account = account_of(request, now)
    return spoiled(_answer(request, account), account.fault)


def _answer(request: IncomingRequest, account: SimulatedAccount) -> HttpAnswer:
    if (request.method, request.path) == ("GET", BALANCES):
        return _balances(account)
    if (request.method, request.path) == ("POST", PACKAGES):
        return _packages(request, account)
    return not_found()


def _balances(account: SimulatedAccount) -> HttpAnswer:
    common = {"currency": "CNY", "measure_id": 1, "designated_amount": 0}
    balance = {"account_type": 1, "amount": float(account.balance)}
    credit = {"account_type": 2, "amount": 0, "credit_amount": 0}
    rows = [
        {"account_id": f"SIM-{account.name}-{row['account_type']}", **row, **common}
        for row in (balance, credit)
    ]
    return json_answer(
        200,
        {
            "account_balances": rows,
            "debt_amount": float(account.debt),
            "measure_id": 1,
            "currency": "CNY",
        },
    )


def _packages(request: IncomingRequest, account: SimulatedAccount) -> HttpAnswer:
    asked = _asked(request.body)
    if asked is None:
        return management_error(400, "CBC.0100", "Parameter error.")
    lying = account.fault is Fault.LYING
    rows = [row for row in account.packages if lying or _passes(row, asked)]
    start = asked.get("offset", 0)
    page = rows[start : start + asked.get("limit", _DEFAULT_LIMIT)]
    return json_answer(200, {"free_resource_packages": page, "total_count": len(rows)})


def _asked(body: bytes) -> Mapping[str, Any] | None:
    """The filters in the body; None where one of them breaks its limits."""
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    codes = value.get("service_type_code_list", [])
    right = (
        _is_count(value.get("offset", 0), 0)
        and _is_count(value.get("limit", _DEFAULT_LIMIT), 1, _MOST_ROWS)
        and isinstance(codes, list)
        and len(codes) <= _MOST_SERVICE_TYPES
    )
    return value if right else None


def _is_count(value: Any, least: int, most: int = 1_000_000) -> bool:
    return type(value) is int and least <= value <= most


def _passes(row: Row, asked: Mapping[str, Any]) -> bool:
    codes = asked.get("service_type_code_list")
    return (not codes or row["service_type_code"] in codes) and all(
        row[name] == asked[name] for name in _FILTERS if asked.get(name) is not None
    )
