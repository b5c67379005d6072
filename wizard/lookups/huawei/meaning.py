"""What the answers of the platform mean: findings, or none where an answer could mean two things.

States pass through as they come, also those that the documents do not know: what follows from
them is a matter of the guide. A finding that is missing makes the guide ask; one that is wrong
would lead astray.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from wizard.engine.evidence import EMPTY, Finding, Value
from wizard.lookups.base import Account, CallName, LookupFailed, Subject
from wizard.lookups.huawei.calls import Listing

SETTINGS: Final = "settings of this site"

_VALID: Final = "1"
_GONE: Final = frozenset({"2", "3", "4"})  # used up, expired, unsubscribed
_BOUGHT: Final = frozenset({"2", "3"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """The value of the call's fact, None where it says nothing; `note` for the operator."""

    value: Value | None
    note: str


def findings(
    name: CallName, listing: Listing, account: Account, subject: Subject, at: datetime
) -> tuple[tuple[Finding, ...], str]:
    """The findings of a call that was answered, and what an operator may read about it.

    Args:
        at: aware; when the platform answered.

    Raises:
        LookupFailed: "unreadable", where a field that counts is not what is documented.
    """
    fact, source, meaning_of = _MEANINGS[name]
    meaning = meaning_of(listing, account, subject)
    if meaning.value is None:
        return (), meaning.note
    return (Finding(fact, meaning.value, source, at),), meaning.note


def of_settings(account: Account, at: datetime) -> tuple[Finding, ...]:
    """What is known of the account without asking: the platform never tells the mode."""
    return (Finding("account.mode", account.mode, SETTINGS, at),) if account.mode else ()


# --- states ---------------------------------------------------------------------------------------


def _application(listing: Listing, account: Account, subject: Subject) -> Meaning:
    if not subject.app_key:
        return _shared(listing, "status")
    # A key that is not in the list belongs to another account or region: nothing follows.
    return _of(_with(listing, "app_key", subject.app_key), "status")


def _signature(listing: Listing, account: Account, subject: Subject) -> Meaning:
    """The channel number first: the request names it. International SMS have no signature."""
    if not subject.channel_number and not subject.signature_id:
        return _shared(listing, "status")
    rows = _with(listing, "channel_num", subject.channel_number)
    if rows or not subject.signature_id:
        return _of(rows, "status")
    return _by_id(listing, "signature_id", subject.signature_id, "status")


def _template(listing: Listing, account: Account, subject: Subject) -> Meaning:
    if not subject.template_id:
        return _shared(listing, "flow_status")
    return _by_id(listing, "template_id", subject.template_id, "flow_status")


def _by_id(listing: Listing, field: str, wanted: str, state: str) -> Meaning:
    """One that was asked for by its ID. In a whole list without it, it is not there."""
    rows = _with(listing, field, wanted)
    if not rows and listing.complete:
        return Meaning(EMPTY, "not there")
    return _of(rows, state)


def _shared(listing: Listing, field: str) -> Meaning:
    """The state that all rows have: it does not matter then which one is meant."""
    if not listing.complete:
        return Meaning(None, f"more than {len(listing.rows)} in the list")
    return _of(listing.rows, field)


def _of(rows: Sequence[Mapping[str, Any]], field: str) -> Meaning:
    states = [_text(row, field) for row in rows]
    seen = sorted({state for state in states if state})
    note = f"{len(rows)} found" + (f": {', '.join(seen[:5])}" if seen else "")
    same = len(seen) == 1 and all(states)
    return Meaning(seen[0] if same else None, note)


def _with(listing: Listing, field: str, wanted: str) -> list[Mapping[str, Any]]:
    """The rows of that ID. Many have none yet; one that is no text could be equal unseen."""
    for row in listing.rows:
        if not isinstance(row.get(field), str | None):
            raise LookupFailed("unreadable", f"{field} is not a text")
    return [row for row in listing.rows if wanted and row.get(field) == wanted]


# --- money and packages ---------------------------------------------------------------------------


def _balance(listing: Listing, account: Account, subject: Subject) -> Meaning:
    """Money is owed where there is a debt: a balance of zero alone is none (credit, bonus)."""
    debt = _number(listing.rows[0].get("debt_amount"), "debt_amount")
    if debt < 0:
        return Meaning(None, "a debt below zero, which says nothing")
    owed = debt > 0
    return Meaning(owed, f"debt: {'yes' if owed else 'no'}")


def _package(listing: Listing, account: Account, subject: Subject) -> Meaning:
    """SMS left in the packages that are valid now; the figure lags behind by about an hour.

    None bought is EMPTY. None left is 0. Only not yet valid or given back: nothing follows.
    """
    rows = _with(listing, "service_type_code", account.package_service_type)
    if not listing.complete:
        return Meaning(None, f"more than {len(listing.rows)} in the list")
    if not all(row.get("service_type_code") for row in listing.rows):
        return Meaning(None, "packages without their service")
    if not rows:
        return Meaning(EMPTY, "none bought")
    states = [_code(row, "status") for row in rows]
    valid = [row for row, state in zip(rows, states, strict=True) if state == _VALID]
    note = f"{len(rows)} found, {len(valid)} of them valid"
    if valid:
        return Meaning(_plain(sum(map(_left, valid), Decimal())), note)
    gone = _GONE.issuperset(states) and not _BOUGHT.isdisjoint(states)
    return Meaning(0 if gone else None, note)


def _left(package: Mapping[str, Any]) -> Decimal:
    resources = package.get("free_resources")
    if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
        raise LookupFailed("unreadable", "free_resources is not a list of objects")
    amounts: Iterable[Decimal] = (_number(one.get("amount"), "amount") for one in resources)
    return sum(amounts, Decimal())


_MEANINGS: Final[
    Mapping[CallName, tuple[str, str, Callable[[Listing, Account, Subject], Meaning]]]
] = {
    "applications": ("application.status", "application list of the platform", _application),
    "signatures": ("signature.status", "signature list of the platform", _signature),
    "templates": ("template.status", "template list of the platform", _template),
    "balance": ("account.arrears", "account balance at the platform", _balance),
    "packages": ("package.remaining", "package list of the platform", _package),
}

# --- fields ---------------------------------------------------------------------------------------


def _text(row: Mapping[str, Any], field: str) -> str:
    """A short word of the platform, "" where it says none."""
    value = row.get(field)
    if value is None or value == "":
        return ""
    if isinstance(value, str) and re.fullmatch(r"[\w .:/-]{1,64}", value, re.ASCII):
        return value
    raise LookupFailed("unreadable", f"{field} is not a word")


def _code(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    if isinstance(value, str | int) and re.fullmatch(r"[0-9]{1,3}", str(value)[:9]):
        return str(value)
    raise LookupFailed("unreadable", f"{field} is not a code")


def _number(value: object, field: str) -> Decimal:
    """Numbers come as such or as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise LookupFailed("unreadable", f"{field} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    # The bounds keep arithmetic exact, and cheap for a number such as 1e999999.
    if number.is_finite() and abs(number.adjusted()) <= 15:
        return number
    raise LookupFailed("unreadable", f"{field} is not a number")


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
