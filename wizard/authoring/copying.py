"""Copying guides and branches: read the draft, plan the copy, write it, all under a lock.

What is copied is decided by `wizard/engine/copying.py`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from wizard.authoring import drafts, loading
from wizard.engine import copying
from wizard.engine.copying import Follow, Hook, NotThere, Plan
from wizard.engine.document import digest_of
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide

Document = Mapping[str, Any]


class CopyChanged(Exception):
    """What would be made is not what somebody has looked at. Nothing was made."""


class Taken(Exception):
    """Another guide has this address. Nothing was made."""


def draft_of(guide: Guide) -> Document:
    """The draft as it is read to be added to: nothing of it may get lost when it is loaded."""
    return drafts.document_of(guide, with_waiting=True)


@transaction.atomic
def copy_guide(guide: Guide, *, slug: str, title: str, seen: str = "") -> Guide:
    """Make a new guide with the draft of another; nothing of it is live, and no case is its own.

    Args:
        seen: the digest of the draft that somebody has looked at, "" if nobody has.

    Raises:
        Changed: the draft is another one by now.
        NotThere: the guide has been deleted.
        Taken: a guide with this address is there already.
    """
    guide = _locked(guide)[guide.pk]
    document = drafts.document_of(guide)
    if seen not in ("", digest_of(document)):
        raise CopyChanged
    # Loading goes into the guide of this address, whoever has made it.
    _row, is_new = Guide.objects.get_or_create(
        slug=slug,
        # Asked for only where the guide is new.
        defaults={"title": title, "order": Guide.objects.next_order},  # type: ignore[misc]
    )
    if not is_new:
        raise Taken
    return loading.load(copying.copy_guide(document, slug=slug, title=title))


@transaction.atomic
def copy_branch(
    guide: Guide,
    key: str,
    *,
    follow: Follow,
    hook: Hook | None = None,
    seen: str = "",
    known: Snapshot | None = None,
) -> Plan:
    """Copy a branch within its guide.

    Args:
        seen: the digest of the plan that somebody has looked at, "" if nobody has.
        known: what the document of that plan was compiled to; see `loading.load`.

    Raises:
        NotThere: the node, or the place to hang it at, is not there.
        Changed: it would be another copy than the one that was looked at.
    """
    guide = _locked(guide)[guide.pk]
    return _made(copying.copy_branch(draft_of(guide), key, follow=follow, hook=hook), seen, known)


@transaction.atomic
def bring_in(
    guide: Guide,
    source: Guide,
    key: str,
    *,
    follow: Follow,
    hook: Hook | None = None,
    seen: str = "",
    known: Snapshot | None = None,
) -> Plan:
    """Copy a branch of another guide into this one. See `copy_branch`."""
    rows = _locked(guide, source)
    document, there = draft_of(rows[guide.pk]), drafts.document_of(rows[source.pk])
    return _made(copying.bring_in(document, there, key, follow=follow, hook=hook), seen, known)


def _locked(*guides: Guide) -> dict[int, Guide]:
    """The guides as they are now, for this transaction alone; always in the same order."""
    pks = {guide.pk for guide in guides}
    rows = {
        row.pk: row for row in Guide.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    }
    if rows.keys() != pks:
        raise NotThere
    return rows


def _made(plan: Plan, seen: str, known: Snapshot | None) -> Plan:
    if seen not in ("", plan.digest):
        raise CopyChanged
    loading.load(plan.document, known)
    return plan
