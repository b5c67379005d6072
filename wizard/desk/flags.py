"""Flags: an agent says in place that a step of the guide is wrong, and authors settle it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from wizard.cases import changing
from wizard.cases.standing import Standing
from wizard.models import CaseEvent, Flag, Publication
from wizard.wording.guide import answer_words

TEXT_LENGTH: Final = 2_000
"""Characters of what is wrong, at most."""

OPEN: Final = Q(done_at=None)
"""Flags that no author has settled yet."""


def flag(standing: Standing, *, text: str, by: str, now: datetime) -> Flag:
    """Flag the node where a case stands as wrong, with all that an author needs to see why.

    The case is told that it was done, not what is wrong: that is for the authors.

    Raises:
        ValueError: the text is empty.
        Case.DoesNotExist: the case has been purged since.
    """
    # PostgreSQL stores no NUL.
    words = text.replace("\0", "").strip()[:TEXT_LENGTH]
    if not words:
        raise ValueError("a flag says what is wrong")
    node = standing.place
    with changing.changing(standing.case.token, now) as case:
        made = Flag.objects.create(
            guide_id=_guide_of(standing),
            publication_id=case.publication_id,
            case=case,
            node=node,
            title=standing.snapshot.title_of(node),
            answers=list(_answers(standing)),
            text=words,
            by=by,
            at=now,
        )
        changing.note(case, CaseEvent.Kind.FLAGGED, now, key=node, by=by)
    return made


def done(flags: QuerySet[Flag], *, by: str, now: datetime) -> int:
    """Mark flags as done; how many. Those that are done stay as they are."""
    return flags.filter(OPEN).update(done_at=now, done_by=by)


def reopen(flags: QuerySet[Flag]) -> int:
    """Open flags again; how many were done."""
    return flags.exclude(OPEN).update(done_at=None, done_by="")


def _guide_of(standing: Standing) -> int:
    # Not by the address in the snapshot: that of a guide may change. Not by the whole row either:
    # a publication holds its document.
    rows = Publication.objects.filter(pk=standing.case.publication_id)
    return rows.values_list("guide_id", flat=True).get()


def _answers(standing: Standing) -> Iterable[tuple[str, str, str]]:
    """Question, answer and where the answer came from, for each step on the way."""
    return ((step.title, answer_words(step), step.origin) for step in standing.walk.trail)
