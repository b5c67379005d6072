"""The account of this site at the platform, from its settings: the only place that reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wizard.lookups.base import ALL_CALLS, Account, CallName

_CREDENTIALS: Final = ("HUAWEI_ACCESS_KEY", "HUAWEI_SECRET_KEY", "HUAWEI_PROJECT_ID")
_MODES: Final = ("", "1", "2")
_MAX_BUDGET: Final = 30.0


def own_account() -> Account | None:
    """The account that look-ups ask for; None where none is configured.

    Raises:
        ImproperlyConfigured: half of it is, or a value cannot be.
    """
    return account_of({name: getattr(settings, name) for name in _READ})


def calls() -> tuple[CallName, ...]:
    """The calls that this account may make."""
    return tuple(name for name in ALL_CALLS if name in _named(settings.HUAWEI_CALLS))


def budget() -> float:
    """Seconds that a look-up may take."""
    return float(settings.LOOKUP_BUDGET_SECONDS)


def cache_seconds() -> int:
    """How long an answer serves others who ask the same."""
    return int(settings.LOOKUP_CACHE_SECONDS)


def refuse_unfit_settings() -> None:
    """Look through the settings of look-ups as the site starts (`refuse_unfit`)."""
    refuse_unfit({name: getattr(settings, name) for name in (*_READ, *_LIMITS)})


def refuse_unfit(values: Mapping[str, Any]) -> None:
    """Look through these settings of look-ups.

    Raises:
        ImproperlyConfigured: with the name of the setting, never with a secret.
    """
    account_of(values)
    unknown = _named(values["HUAWEI_CALLS"]).difference(ALL_CALLS)
    if unknown:
        raise ImproperlyConfigured(
            f"HUAWEI_CALLS names {', '.join(sorted(unknown))}; known: {', '.join(ALL_CALLS)}."
        )
    seconds = values["LOOKUP_BUDGET_SECONDS"]
    if not (math.isfinite(seconds) and 0 < seconds <= _MAX_BUDGET):
        raise ImproperlyConfigured(
            f"LOOKUP_BUDGET_SECONDS is more than 0 and at most {_MAX_BUDGET:.0f}."
        )
    if values["LOOKUP_CACHE_SECONDS"] < 0:
        raise ImproperlyConfigured("LOOKUP_CACHE_SECONDS is 0 or more.")


def _named(names: list[str] | None) -> set[str]:
    return set(ALL_CALLS) if names is None else {name.strip() for name in names}


def account_of(values: Mapping[str, Any]) -> Account | None:
    """The account that these settings make up.

    Raises:
        ImproperlyConfigured: with the name of the setting, never with a secret.
    """
    # Looked at without an account too: a slip is told before it matters.
    urls = {name: _url(name, values[name]) for name in _URLS}
    if values["HUAWEI_SERVICE_MODE"] not in _MODES:
        raise ImproperlyConfigured("HUAWEI_SERVICE_MODE is 1, 2, or empty where it is not known.")
    missing = [name for name in _CREDENTIALS if not values[name]]
    if len(missing) == len(_CREDENTIALS):
        return None
    if missing:
        raise ImproperlyConfigured(
            f"The account at the SMS platform is half configured. Not set: {', '.join(missing)}."
        )
    for name in _CREDENTIALS:
        # They go into headers; a line end that was pasted along would break these.
        if not (values[name].isascii() and values[name].isprintable() and " " not in values[name]):
            raise ImproperlyConfigured(f"{name} holds something that no such value has.")
    return Account(
        name="own",
        access_key=values["HUAWEI_ACCESS_KEY"],
        secret_key=values["HUAWEI_SECRET_KEY"],
        project_id=values["HUAWEI_PROJECT_ID"],
        management_url=urls["HUAWEI_MANAGEMENT_URL"],
        billing_url=urls["HUAWEI_BILLING_URL"],
        package_service_type=values["HUAWEI_SMS_SERVICE_TYPE"],
        mode=values["HUAWEI_SERVICE_MODE"],
    )


_URLS: Final = ("HUAWEI_MANAGEMENT_URL", "HUAWEI_BILLING_URL")
_READ: Final = (*_CREDENTIALS, *_URLS, "HUAWEI_SMS_SERVICE_TYPE", "HUAWEI_SERVICE_MODE")
_LIMITS: Final = ("HUAWEI_CALLS", "LOOKUP_BUDGET_SECONDS", "LOOKUP_CACHE_SECONDS")


def _url(name: str, value: str) -> str:
    """The address without a slash at its end. Plain HTTP only to this machine."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{name} is an address such as https://sms.example.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} has no login, no ? and no #.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ImproperlyConfigured(
            f"{name} is https: plain http only for a platform on this machine (127.0.0.1)."
        )
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
