"""The Replay page: every stored case through the draft, told while it is being done."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wizard.admin.generic import ModelAdmin
from wizard.admin.page import page_context
from wizard.admin.publishing import replay_gate, replay_words
from wizard.authoring import drafts, replaying
from wizard.engine.document import DocumentError
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide
from wizard.wording import numbers

_PAGE: Final = "admin/wizard/publishing/replay.html"
_PROGRESS: Final = "admin/wizard/publishing/_replay_progress.html"
_RESULT: Final = "admin/wizard/publishing/_replayed.html"


def replay_view(admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide) -> HttpResponseBase:
    """Replay all cases of a guide through its draft; the page grows as it goes on.

    A cache or proxy that holds the page back until it is complete delays it, and no more than that.
    """
    context = page_context(admin, request, _("Replay"), guide)
    try:
        draft = drafts.snapshot_of(guide, get_language())
    except DocumentError as error:
        return TemplateResponse(request, _PAGE, context | {"fault": str(error)})
    # What comes before and after is rendered now: in the middle stands what comes bit by bit.
    middle = get_random_string(32)
    head, _middle, foot = render_to_string(_PAGE, context | {"middle": middle}, request).partition(
        middle
    )
    parts = _parts(request, guide, draft)
    return StreamingHttpResponse(_page(head, parts, foot), headers={"X-Accel-Buffering": "no"})


def _page(head: str, parts: Iterator[str], foot: str) -> Iterator[str]:
    yield head
    yield from parts
    yield foot


def _parts(request: HttpRequest, guide: Guide, draft: Snapshot) -> Iterator[str]:
    """How far it is, again and again, and in the end what was found."""
    now = timezone.now()
    for tally in replaying.through(draft, replaying.cases_of(guide)):
        words = {"done": numbers.number(tally.done), "total": numbers.number(tally.total)}
        yield render_to_string(_PROGRESS, {"tally": tally, **words})
    samples = replaying.samples_of(guide, draft, now)
    look = replay_gate.ReplaySeen.at_replay(draft, now, tally, samples)
    yield render_to_string(_RESULT, _found(guide, draft, tally, samples) | {"look": look})
    # It counts as looked at only when all of it has been sent.
    replay_gate.remember(request, guide, look)


def _found(
    guide: Guide, draft: Snapshot, tally: replaying.Tally, samples: list[replaying.SampleReplay]
) -> dict[str, Any]:
    pks = [pk for move in tally.moves.values() for pk in move.examples]
    examples = replaying.examples(draft, pks) if pks else {}
    return {
        "guide": guide,
        "sections": replay_words.sections(guide, draft, tally, examples),
        "samples": [replay_words.sample_row(sample) for sample in samples if not sample.is_right],
    }
