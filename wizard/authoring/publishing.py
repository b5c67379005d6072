"""Publishing: the draft becomes what visitors read, now or later; or an old publication does."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from wizard.authoring import audit, drafts, loading
from wizard.engine.checks import Problem, check, errors
from wizard.engine.document import compile_document, digest_of
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Publication
from wizard.published.live import live

logger = logging.getLogger("wizard.publishing")

# Reasons that are kept of a publication that failed; all are on the publish page.
REASONS = 3


class NotPublishable(Exception):
    """The checks found errors. `problems` holds every finding."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(errors(problems))} errors")
        self.problems = problems


class OwnChange(Exception):
    """Who wants to publish has made the last change of the draft; FOUR_EYES asks for another."""


class DraftChanged(Exception):
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
        guide = locked_guide(guide)
        document, snapshot = ready(guide, by, seen)
        return make_live(guide, document, snapshot, by=by, note=note)


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
        guide = locked_guide(publication.guide)
        document = publication_of(guide, publication.snapshot)
        snapshot = compile_document(document)
        made = make_live(guide, document, snapshot, by=by, note=note, content_of=publication)
        if reset_draft:
            loading.load(document, snapshot)
        return made


# --- what all of them do --------------------------------------------------------------------------


def locked_guide(guide: Guide) -> Guide:
    return Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)


def publication_of(guide: Guide, document: Mapping[str, Any]) -> dict[str, Any]:
    """A document under the address that its guide has today: to load it must reach no other."""
    return {**document, "guide": {**document["guide"], "slug": guide.slug}}


def ready(guide: Guide, by: User | None, seen: Snapshot | None) -> tuple[dict[str, Any], Snapshot]:
    """The draft of a guide whose row is locked, where this person may publish it.

    Raises:
        NotPublishable, OwnChange, Changed: they may not.
    """
    document = drafts.document_of(guide)
    snapshot = _compiled(document, seen)
    refuse_errors(snapshot)
    if seen is not None and snapshot is not seen:
        raise DraftChanged
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


def refuse_errors(snapshot: Snapshot) -> None:
    """Refuse a version in which the checks find errors.

    Raises:
        NotPublishable: they do.
    """
    problems = check(snapshot)
    if errors(problems):
        raise NotPublishable(problems)


def make_live(
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
