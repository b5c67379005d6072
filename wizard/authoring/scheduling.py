"""Publishing later: what is kept until its time, and the thread that looks for it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wizard import background
from wizard.authoring import audit
from wizard.authoring.publishing import (
    REASONS,
    NotPublishable,
    Unchanged,
    locked_guide,
    make_live,
    publication_of,
    ready,
    refuse_errors,
)
from wizard.engine.checks import errors
from wizard.engine.document import DocumentError, compile_document
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Publication, ScheduledPublication
from wizard.wording.problems import problem as sentence_of

logger = logging.getLogger("wizard.publishing")


def schedule(
    guide: Guide,
    *,
    at: datetime,
    by: User | None,
    note: str = "",
    seen: Snapshot | None = None,
) -> ScheduledPublication:
    """Keep the draft as it is now, checked, to be published at a later time.

    What happens to the draft afterwards changes nothing about that. At its time it is checked once
    more, and takes the place of whatever is live then.

    Raises:
        NotPublishable, OwnChange, Changed: as for `publish`.
        Unchanged: what will be live by then, as things stand, has the same content.
    """
    with transaction.atomic():
        guide = locked_guide(guide)
        document, snapshot = ready(guide, by, seen)
        if _digest_by(guide, at) == snapshot.digest:
            raise Unchanged
        return ScheduledPublication.objects.create(
            guide=guide, document=document, digest=snapshot.digest, at=at, note=note, by=by
        )


def _digest_by(guide: Guide, at: datetime) -> str:
    """The digest of what will be live at that time: scheduled before it, or live now; or ""."""
    before = guide.scheduled.waiting().filter(at__lte=at).values_list("digest", flat=True)
    return before.last() or (guide.live.digest if guide.live else "")


def cancel(scheduled: ScheduledPublication, now: datetime) -> bool:
    """Take back what is scheduled.

    Returns:
        False if it is too late: it was published, or tried, or taken back before.
    """
    waiting = ScheduledPublication.objects.waiting().filter(pk=scheduled.pk)
    with transaction.atomic():
        if not waiting.update(cancelled_at=now):
            return False
        audit.log_update(scheduled, cancelled_at=(None, now))
    return True


def publish_due(now: datetime) -> int:
    """Publish what was scheduled for now or before; any number of processes may do so at once.

    Each is published by one process alone, in the order of their times. What can no longer be
    published is kept with the reason, and a line in the log: nobody tries it again. A process that
    dies meanwhile leaves it waiting. If nothing is due, that costs one query.

    Returns:
        How many went live.

    Raises:
        django.db.Error: the rest waits for the next time.
    """
    due = list(ScheduledPublication.objects.due(now).values_list("pk", flat=True))
    return sum(_publish_scheduled(pk, now) for pk in due)


def _publish_scheduled(pk: int, now: datetime) -> bool:
    rows = ScheduledPublication.objects.filter(pk=pk)
    with transaction.atomic():
        # Whoever changes the row first has it: the others wait for the end of this transaction and
        # then find it done, or still waiting if it was undone.
        if not rows.waiting().update(done_at=now):
            return False
        scheduled = rows.select_related("guide", "by").get()
        made, failure = _try(scheduled)
        if failure:
            rows.update(failure=failure)
    return made is not None


def _try(scheduled: ScheduledPublication) -> tuple[Publication | None, str]:
    """The publication that was made, None if there is none, and why it failed, "" if it did not."""
    guide = scheduled.guide
    try:
        # What has failed is undone to here; the reason is kept.
        with transaction.atomic():
            made = _publish_document(guide, scheduled.document, scheduled.by, scheduled.note)
    except Unchanged:
        logger.info("scheduled publication %s of %s: live already", scheduled.pk, guide.slug)
        return None, ""
    except DatabaseError:
        raise
    except Exception as error:
        failure = _reason(error)
        # Of an error of our own the log holds all there is.
        trace = None if isinstance(error, NotPublishable | DocumentError) else error
        told = (scheduled.pk, guide.slug, failure)
        logger.error("scheduled publication %s of %s failed: %s", *told, exc_info=trace)
        return None, failure
    logger.info(
        "scheduled publication %s of %s is live as number %d", scheduled.pk, guide.slug, made.number
    )
    return made, ""


def _publish_document(
    guide: Guide, document: Mapping[str, Any], by: User | None, note: str
) -> Publication:
    guide = locked_guide(guide)
    document = publication_of(guide, document)
    snapshot = compile_document(document)
    refuse_errors(snapshot)
    return make_live(guide, document, snapshot, by=by, note=note)


def _reason(error: Exception) -> str:
    """Why something could not be published, for the people who scheduled it."""
    if isinstance(error, NotPublishable):
        return " ".join(sentence_of(problem) for problem in errors(error.problems)[:REASONS])
    if isinstance(error, DocumentError):
        return _("It can no longer be read: %(fault)s") % {"fault": error}
    return _("An error of our own: %(kind)s") % {"kind": type(error).__name__}


def begin() -> None:
    """Let a thread of this process publish what is due, every PUBLICATION_POLL_SECONDS.

    With 0 none does. A server's process calls it as it starts, after its fork.
    """
    seconds = settings.PUBLICATION_POLL_SECONDS
    background.repeat("scheduled publications", _look, seconds=seconds)


@background.unfailing("scheduled publications")
def _look() -> None:
    publish_due(timezone.now())
