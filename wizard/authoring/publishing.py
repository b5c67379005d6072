"""Publishing: the draft becomes what visitors read, now or later; or an old publication does."""

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
from wizard.authoring import audit, drafts
from wizard.engine.checks import Problem, check, errors
from wizard.engine.snapshot import DocumentError, Snapshot, compile_document, digest_of
from wizard.models import Guide, Publication, ScheduledPublication
from wizard.published.live import live
from wizard.wording.evidence import problem as sentence_of

logger = logging.getLogger("wizard.publishing")

# Reasons that are kept of a publication that failed; all are on the publish page.
_REASONS = 3


class NotPublishable(Exception):
    """The checks found errors. `problems` holds every finding."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(errors(problems))} errors")
        self.problems = problems


class OwnChange(Exception):
    """Who wants to publish has made the last change of the draft; FOUR_EYES asks for another."""


class Changed(Exception):
    """The draft is no longer what the publisher looked at."""


class Unchanged(Exception):
    """What was to be published is live already; nothing was."""


def publish(
    guide: Guide, *, by: User | None, note: str = "", seen: Snapshot | None = None
) -> Publication:
    """Check the draft and make it the live publication.

    Two who publish at once queue for the guide's row, and the second is told that nothing changed.

    Args:
        by: None for a command, whoever gives it.
        seen: the draft that the publisher has looked at; None if it may be any. It is compiled
            already, and not once more.

    Raises:
        NotPublishable: the checks found errors.
        OwnChange: somebody else has to.
        Changed: it is no longer that draft.
        Unchanged: the live publication has the same content.
    """
    with transaction.atomic():
        guide = _locked(guide)
        document, snapshot = _ready(guide, by, seen)
        return _make_live(guide, document, snapshot, by=by, note=note)


def roll_back(
    publication: Publication, *, by: User | None, note: str = "", reset_draft: bool
) -> Publication:
    """Make the content of an old publication live again, as a new publication.

    Two who roll back at once queue for the guide's row, and the second is told that nothing
    changed. What the checks say today is no reason to refuse: it has been live before.

    Args:
        reset_draft: make the draft the same, too; what it had of its own is lost. Rows keep their
            identity where their keys stay. Without it the draft stays as it is.

    Raises:
        DocumentError: the old document can no longer be read.
        Unchanged: the live publication has the same content; the draft is left alone as well.
    """
    with transaction.atomic():
        guide = _locked(publication.guide)
        document = _of(guide, publication.snapshot)
        snapshot = compile_document(document)
        made = _make_live(guide, document, snapshot, by=by, note=note, content_of=publication)
        if reset_draft:
            drafts.load(document, snapshot)
        return made


# --- at a later time ------------------------------------------------------------------------------


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
        guide = _locked(guide)
        document, snapshot = _ready(guide, by, seen)
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
    guide = _locked(guide)
    document = _of(guide, document)
    snapshot = compile_document(document)
    _refuse_errors(snapshot)
    return _make_live(guide, document, snapshot, by=by, note=note)


def _reason(error: Exception) -> str:
    """Why something could not be published, for the people who scheduled it."""
    if isinstance(error, NotPublishable):
        return " ".join(sentence_of(problem) for problem in errors(error.problems)[:_REASONS])
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


# --- what all of them do --------------------------------------------------------------------------


def _locked(guide: Guide) -> Guide:
    return Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)


def _of(guide: Guide, document: Mapping[str, Any]) -> dict[str, Any]:
    """A document under the address that its guide has today: to load it must reach no other."""
    return {**document, "guide": {**document["guide"], "slug": guide.slug}}


def _ready(guide: Guide, by: User | None, seen: Snapshot | None) -> tuple[dict[str, Any], Snapshot]:
    """The draft of a guide whose row is locked, where this person may publish it.

    Raises:
        NotPublishable, OwnChange, Changed: they may not.
    """
    document = drafts.document_of(guide)
    snapshot = _compiled(document, seen)
    _refuse_errors(snapshot)
    if seen is not None and snapshot is not seen:
        raise Changed
    if needs_another(guide, by):
        raise OwnChange
    return document, snapshot


def needs_another(guide: Guide, by: User | None) -> bool:
    """Whether FOUR_EYES asks for somebody else to publish the draft: `by` changed it last."""
    return bool(settings.FOUR_EYES and by is not None and audit.last_author(guide) == by)


def _compiled(document: Mapping[str, Any], known: Snapshot | None) -> Snapshot:
    """What a document is compiled to: what is known already, if it is that very document."""
    if known is not None and known.digest == digest_of(document):
        return known
    return compile_document(document)


def _refuse_errors(snapshot: Snapshot) -> None:
    """Refuse a version in which the checks find errors.

    Raises:
        NotPublishable: they do.
    """
    problems = check(snapshot)
    if errors(problems):
        raise NotPublishable(problems)


def _make_live(
    guide: Guide,
    document: Mapping[str, Any],
    snapshot: Snapshot,
    *,
    by: User | None,
    note: str,
    content_of: Publication | None = None,
) -> Publication:
    """Number a publication and point the guide at it, whose row is locked.

    Raises:
        Unchanged: the live publication has the same content.
    """
    if guide.live and guide.live.digest == snapshot.digest:
        raise Unchanged
    newest = guide.publications.order_by("-number").first()
    publication = Publication.objects.create(
        guide=guide,
        number=newest.number + 1 if newest else 1,
        snapshot=document,
        digest=snapshot.digest,
        note=note,
        author=by,
        content_of=content_of,
    )
    guide.live = publication
    guide.save(update_fields=["live"])
    # Not before it is certain: until then its key could become that of another publication.
    transaction.on_commit(lambda: live.keep(publication.pk, snapshot), robust=True)
    return publication
