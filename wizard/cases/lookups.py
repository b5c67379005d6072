"""The look-ups of a case: which calls could help it, and doing them beside the page."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from wizard.cases import looked_up, samples
from wizard.cases.standing import Standing
from wizard.lookups import accounts
from wizard.lookups.base import GIVES, Account, CallName, Subject
from wizard.lookups.platform import look_up
from wizard.models import Case
from wizard.reports import findings

logger = logging.getLogger("wizard.case_lookups")


def begin(standing: Standing) -> Case:
    """Begin the look-ups that could answer a question of this case and were not made for it yet.

    The page does not wait: a thread of this process makes them (`LOOKUP_THREADS`).
    """
    case = standing.case
    account = _account(case)
    names = _helpful(standing) if account is not None else []
    if account is None or not names:
        return case
    case = looked_up.begin_lookups(case.token, names, now=timezone.now())
    if settings.LOOKUP_THREADS:
        transaction.on_commit(lambda: _threads().submit(_run, case.pk, account, names))
        return case
    _run(case.pk, account, names)
    return Case.objects.get(pk=case.pk)


def _account(case: Case) -> Account | None:
    return samples.account(case.sample) if case.sample else accounts.own_account()


def _helpful(standing: Standing) -> list[CallName]:
    """The calls that give a fact which a question still ahead goes by, and which is not known."""
    if standing.walk.question is None:
        return []
    ahead = standing.snapshot.facts_from(standing.place) - standing.evidence.keys()
    return [
        name
        for name, facts in GIVES.items()
        if facts & ahead and name not in standing.case.lookups and name in accounts.calls()
    ]


# --- beside the page ------------------------------------------------------------------------------


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.LOOKUP_THREADS, thread_name_prefix="look-up")


def _run(pk: int, account: Account, names: list[CallName]) -> None:
    """Make the calls and keep what they said. Whatever happens, the case does not wait for ever."""
    try:
        close_old_connections()
        case = Case.objects.get(pk=pk)
        subject = Subject(**case.subject)
        calls = look_up(
            account,
            subject,
            names=names,
            budget=accounts.budget(),
            clock=timezone.now,
        )
        now = timezone.now()
        recent = findings.of_recent_failures(now)
        kept = [
            replace(call, findings=(*call.findings, recent)) if call.name == "packages" else call
            for call in calls
        ]
        looked_up.looked_up(case.token, kept, now=now)
    except (DatabaseError, Case.DoesNotExist) as error:
        logger.warning("what was looked up could not be kept: %s", type(error).__name__)
    except Exception:
        logger.exception("a look-up ended in an error of our own")
    finally:
        if settings.LOOKUP_THREADS:
            close_old_connections()
