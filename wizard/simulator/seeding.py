"""The reports of the shipped samples, pushed to the site as soon as it answers.

The samples' ages count from the first start of all; the moment is kept in the state file, so that
a later start pushes the very same reports, and the site, which stores each report once, does not
change.
"""

import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import requests

from wizard.sample_messages import SAMPLES, Sample, fields
from wizard.simulator.accounts import ACCOUNTS
from wizard.simulator.pushing import OutgoingPush, batch_pushes, send, single_push

BATCH: Final = "/callbacks/huawei/status/batch/"
SINGLE: Final = "/callbacks/huawei/status/"
_SINGLE_EVERY: Final = 4
"""Every fourth sample is pushed in the single form, so that both forms are seen at work."""

_TRIES: Final = 3
_log = logging.getLogger("simulator.samples")


def base_time(state: Path | None, now: datetime) -> datetime:
    """The moment that the samples' ages count from: that of the first start, if it is known.

    A file that cannot be read counts as none, and is written anew.
    """
    if state is None:
        return now
    try:
        return datetime.fromisoformat(json.loads(state.read_text())["base_time"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return _first_start(state, now.replace(microsecond=0))


def _first_start(state: Path, now: datetime) -> datetime:
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        state.write_text(json.dumps({"base_time": now.isoformat()}) + "\n")
    except OSError as error:
        _log.warning("the next start will push other times: %s: %s", state.name, error.strerror)
    return now


def pushes_of(samples: Iterable[Sample], site: str, base: datetime) -> Iterator[OutgoingPush]:
    """The samples' reports as pushes to the site: some single, the others in batches."""
    batches: dict[str, list[dict[str, str]]] = defaultdict(list)
    for number, sample in enumerate(samples):
        account = ACCOUNTS[sample.account]
        for report in _reports(sample, base):
            if number % _SINGLE_EVERY == 0:
                yield single_push(f"{site}{SINGLE}", account, report)
            else:
                batches[account.name].append(report)
    for name, reports in batches.items():
        yield from batch_pushes(f"{site}{BATCH}", ACCOUNTS[name], reports)


def seed(
    site: str, state: Path | None, *, sign: bool, stopping: threading.Event, patience: float = 60.0
) -> None:
    """Wait for the site, then push all samples' reports. What fails is logged, never raised.

    Args:
        patience: seconds to wait for the site at most.
        stopping: ends the wait early.
    """
    if not _wait_for(site, stopping, patience):
        _log.warning("no samples pushed: %s does not answer", site)
        return
    pushes = list(pushes_of(SAMPLES, site, base_time(state, datetime.now(UTC))))
    stored = sum(_pushed(push, sign=sign, stopping=stopping) for push in pushes)
    _log.info("samples: %d of %d pushes were taken", stored, len(pushes))


def _reports(sample: Sample, base: datetime) -> Iterator[dict[str, str]]:
    created = base - timedelta(minutes=sample.age_minutes)
    for report in sample.reports:
        updated = created + timedelta(minutes=report.minutes_after)
        yield fields(
            message_id=sample.message_id,
            status=report.status,
            source=report.source,
            sequence=report.sequence,
            total=report.total,
            org_code=report.org_code,
            updated_at=updated if report.timed else None,
            extend=sample.key,
            recipient=sample.recipient,
        )


def _wait_for(site: str, stopping: threading.Event, patience: float) -> bool:
    until = time.monotonic() + patience
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < until and not stopping.is_set():
            try:
                if session.get(f"{site}/healthz", timeout=5, allow_redirects=False).ok:
                    return True
            except requests.RequestException:
                _log.debug("%s does not answer yet", site)
            stopping.wait(0.25)
    return False


def _pushed(push: OutgoingPush, *, sign: bool, stopping: threading.Event) -> bool:
    """Try some times: unlike a real platform's reports, the samples ought to arrive."""
    for attempt in range(_TRIES):
        if send(push, sign=sign) == 200:
            return True
        if stopping.wait(attempt + 1):
            break
    return False
