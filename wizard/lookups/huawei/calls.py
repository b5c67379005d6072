"""What is asked of the platform: five calls that only read.

`docs/facts/protocols.md`, "Management API" and "Billing API".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from wizard.lookups import http
from wizard.lookups.base import Account, CallName, LookupFailed, Subject
from wizard.lookups.http import Request
from wizard.net import signing
from wizard.net.deadline import Deadline

PAGE_ROWS: Final = 100
MAX_PAGES: Final = 5

_JSON: Final = {"Content-Type": "application/json"}  # on GET too


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a list that were read; not `complete` where there are more than are read.

    The balance, which is no list, is its only row.
    """

    rows: tuple[Mapping[str, Any], ...]
    complete: bool = True


Fetch = Callable[[Account, Subject, Deadline, datetime], Listing]


def fetch(
    name: CallName, account: Account, subject: Subject, deadline: Deadline, now: datetime
) -> Listing:
    """Ask the platform.

    Args:
        now: aware; goes into the signature.

    Raises:
        LookupFailed: also where the answer does not have the documented frame.
    """
    return _CALLS[name](account, subject, deadline, now)


def why_not_asked(name: CallName, account: Account) -> str:
    """Why a call is not made at all for this account, "" if it is made.

    Without the code of SMS in billing, its packages cannot be told from those of other services.
    """
    if name == "packages" and not account.package_service_type:
        return "not asked: the code of SMS in billing is not set"
    return ""


def host_of(name: CallName, account: Account) -> str:
    """Scheme and host that a call goes to."""
    return account.billing_url if name in _BILLING else account.management_url


def about(name: CallName, subject: Subject) -> Subject:
    """The part of the subject that changes the answer of a call."""
    return Subject(**{field: getattr(subject, field) for field in _ABOUT[name]})


_BILLING: Final[frozenset[CallName]] = frozenset({"balance", "packages"})
_ABOUT: Final[Mapping[CallName, tuple[str, ...]]] = {
    "applications": ("app_key",),
    "signatures": ("channel_number", "signature_id"),
    "templates": ("template_id",),
    "balance": (),
    "packages": (),
}


def _applications(account: Account, subject: Subject, deadline: Deadline, now: datetime) -> Listing:
    return _managed(account, "apps", {}, deadline, now)


def _signatures(account: Account, subject: Subject, deadline: Deadline, now: datetime) -> Listing:
    # There is no filter for the channel number: where it is given, all pages are looked through.
    by_id = subject.signature_id if not subject.channel_number else ""
    return _managed(account, "signatures", {"signature_id": by_id}, deadline, now)


def _templates(account: Account, subject: Subject, deadline: Deadline, now: datetime) -> Listing:
    return _managed(account, "templates", {"template_id": subject.template_id}, deadline, now)


def _managed(
    account: Account, what: str, filters: Mapping[str, str], deadline: Deadline, now: datetime
) -> Listing:
    path = f"/v2/{quote(account.project_id, safe='')}/msgsms/{what}"
    headers = _JSON | {"X-Project-Id": account.project_id}

    def page(offset: int) -> Any:
        query = {"limit": PAGE_ROWS, "offset": offset} | {k: v for k, v in filters.items() if v}
        url = f"{account.management_url}{path}?{urlencode(query, quote_via=quote)}"
        return http.ask(_signed(account, "GET", url, headers, b"", now), deadline)

    return _listing(page, "results", "total")


def _balance(account: Account, subject: Subject, deadline: Deadline, now: datetime) -> Listing:
    url = f"{account.billing_url}/v2/accounts/customer-accounts/balances"
    document = http.ask(_signed(account, "GET", url, _JSON, b"", now), deadline)
    return Listing((_object(document),))


def _packages(account: Account, subject: Subject, deadline: Deadline, now: datetime) -> Listing:
    url = f"{account.billing_url}/v3/payments/free-resources/query"

    def page(offset: int) -> Any:
        wanted = {
            "offset": offset,
            "limit": PAGE_ROWS,
            "service_type_code_list": [account.package_service_type],
        }
        headers = _JSON | {"X-Language": "en_US"}
        body = json.dumps(wanted).encode()
        return http.ask(_signed(account, "POST", url, headers, body, now), deadline)

    return _listing(page, "free_resource_packages", "total_count")


_CALLS: Final[Mapping[CallName, Fetch]] = {
    "applications": _applications,
    "signatures": _signatures,
    "templates": _templates,
    "balance": _balance,
    "packages": _packages,
}


def _signed(
    account: Account, method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Request:
    signed = signing.sign(
        method,
        url,
        headers,
        body,
        access_key=account.access_key,
        secret_key=account.secret_key,
        moment=now,
    )
    return Request(method, url, signed, body)


def _listing(page: Callable[[int], Any], rows_field: str, total_field: str) -> Listing:
    """All pages of a list, up to `MAX_PAGES`.

    Where the platform says how many rows there are, that counts: it may give smaller pages than
    were asked for, and may keep rows back. Otherwise a page that is not full is the last one.
    """
    rows: list[Mapping[str, Any]] = []
    for _ in range(MAX_PAGES):
        document = _object(page(len(rows)))
        found = list(_rows(document, rows_field))
        rows += found
        total = _total(document, total_field)
        whole = len(found) < PAGE_ROWS if total is None else len(rows) >= total
        if whole or not found:
            return Listing(tuple(rows), complete=whole)
    return Listing(tuple(rows), complete=False)


def _total(document: Mapping[str, Any], field: str) -> int | None:
    total = document.get(field)
    if total is None or (isinstance(total, int) and not isinstance(total, bool)):
        return total
    raise LookupFailed("unreadable", f"{field} is not a count")


def _rows(document: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    rows = document.get(field)
    if not isinstance(rows, list):
        raise LookupFailed("unreadable", f"{field} is not a list")
    return map(_object, rows)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise LookupFailed("unreadable", "not an object")
    return value
