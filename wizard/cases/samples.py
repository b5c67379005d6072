"""The simulated platform's samples on this site: only where `SIMULATOR_URL` names that platform."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wizard.lookups.base import Account
from wizard.sample_messages import SAMPLES, Sample, sample

SCENARIOS: Final[Mapping[str, Promise]] = {
    "S1": _("The send call fails"),
    "S2": _("Accepted, and no status report comes"),
    "S3": _("The status report says failed"),
    "S4": _("Delivered, but not on the phone"),
    "S5": _("The account is frozen"),
    "S6": _("The package is used up"),
    "faults": _("The platform itself is in trouble"),
}


def offered() -> tuple[Sample, ...]:
    """The samples that visitors may try, none on a site without the simulated platform."""
    return SAMPLES if settings.SIMULATOR_URL else ()


def by_scenario() -> list[tuple[str, list[Sample]]]:
    """The samples on offer under the words for their scenario."""
    return [
        (str(SCENARIOS[name]), [replace(one, label=gettext(one.label)) for one in group])
        for name, group in groupby(offered(), key=lambda one: one.scenario)
    ]


def chosen(key: str) -> Sample | None:
    """The sample of that key, if this site offers it."""
    return sample(key) if settings.SIMULATOR_URL else None


def account(key: str) -> Account | None:
    """The simulated account that a sample's look-ups go to."""
    found = chosen(key)
    if found is None:
        return None
    # Here, so that a site without samples does without the whole room.
    from wizard.simulator.accounts import ACCOUNTS, SMS_SERVICE_TYPE

    simulated = ACCOUNTS[found.account]
    return Account(
        name=f"simulated: {simulated.name}",
        access_key=simulated.access_key,
        secret_key=simulated.secret_key,
        project_id=simulated.project_id,
        management_url=settings.SIMULATOR_URL,
        billing_url=settings.SIMULATOR_URL,
        package_service_type=SMS_SERVICE_TYPE,
        mode="2" if found.account.startswith("mode2") else "",
    )
