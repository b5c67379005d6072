"""A replay in the words of its reader: the summary, the moves, both trails of each case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from wizard.admin.links import preview_url
from wizard.authoring.replaying import Example, Move, SampleReplay, Tally
from wizard.engine.replay import Place, Replayed, Result, place_of
from wizard.engine.snapshot import Snapshot
from wizard.engine.walk import Passed, Rejected, Walk
from wizard.models import Guide
from wizard.wording import evidence
from wizard.wording.authoring import NOWHERE, publication
from wizard.wording.guide import FEEDBACK, answer_words, given_words
from wizard.wording.numbers import number

COUNTED: Final[Mapping[Result, Any]] = {
    Result.SAME: ngettext_lazy("%(n)s the same", "%(n)s the same", "count"),
    Result.SHORTER: ngettext_lazy("%(n)s shorter", "%(n)s shorter", "count"),
    Result.LONGER: ngettext_lazy("%(n)s longer", "%(n)s longer", "count"),
    Result.NOT_YET: ngettext_lazy("%(n)s not at an end yet", "%(n)s not at an end yet", "count"),
    Result.ELSEWHERE: ngettext_lazy("%(n)s ends elsewhere", "%(n)s end elsewhere", "count"),
}
"""The parts of the summary, in its order."""

LISTED: Final[Mapping[Result, tuple[Promise, Promise]]] = {
    Result.ELSEWHERE: (
        gettext_lazy("End elsewhere"),
        gettext_lazy("In the draft they arrive at another outcome, or it leads nowhere."),
    ),
    Result.NOT_YET: (
        gettext_lazy("Not at an end yet"),
        gettext_lazy("In one version they wait at a question where they do not wait in the other."),
    ),
    Result.LONGER: (
        gettext_lazy("Longer"),
        gettext_lazy("The same end, and the person is asked more on the way."),
    ),
    Result.SHORTER: (
        gettext_lazy("Shorter"),
        gettext_lazy("The same end, and the person is asked less on the way."),
    ),
}
"""What is listed, what matters most first, and what it means."""


# --- the summary ----------------------------------------------------------------------------------


def summary(counts: Mapping[Result, int]) -> str:
    """The cases in one sentence: 4,210 cases: 4,173 the same, 31 shorter, 6 end elsewhere."""
    total = sum(counts.values())
    if not total:
        return _("No case is stored for this guide.")
    cases = ngettext("%(n)s case", "%(n)s cases", total) % {"n": number(total)}
    parts = [
        words % {"count": counts[result], "n": number(counts[result])}
        for result, words in COUNTED.items()
        if counts.get(result)
    ]
    return _("%(cases)s: %(parts)s") % {"cases": cases, "parts": _(", ").join(parts)}


def summary_of_samples(right: int, wrong: int) -> str:
    """The labelled samples in one sentence, "" where none is about this guide."""
    total = right + wrong
    if not total:
        return ""
    samples = ngettext("%(n)s sample", "%(n)s samples", total) % {"n": number(total)}
    parts = ngettext("%(n)s leads where it must", "%(n)s lead where they must", right) % {
        "n": number(right)
    }
    if wrong:
        parts += _(", ") + ngettext("%(n)s no longer does", "%(n)s no longer do", wrong) % {
            "n": number(wrong)
        }
    return _("%(samples)s: %(parts)s") % {"samples": samples, "parts": parts}


# --- one case -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One step of a trail. `differs`: the other trail lacks it."""

    question: str
    answer: str
    origin: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """One walk of a case. `end`: where it rests; `differs`: the other walk rests elsewhere."""

    lines: tuple[TrailLine, ...]
    end: str
    differs: bool


class _Trails(TypedDict):
    before: Trail
    after: Trail


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """One case, or one sample, with both its trails. `url` is "" for a sample.

    `version` names the version of the first trail; `gone` is what the draft no longer has of what
    the person gave.
    """

    name: str
    url: str
    version: str
    before: Trail
    after: Trail
    gone: tuple[str, ...] = ()


def case_row(example: Example) -> ReplayedCase:
    """A stored case for the page."""
    return ReplayedCase(
        name=example.reference,
        url=reverse("admin:wizard_case_change", args=[example.pk]),
        version=publication(example.number),
        gone=tuple(_gone(example.publication, one) for one in example.replayed.gone),
        **_trails(example.replayed),
    )


def sample_row(found: SampleReplay) -> ReplayedCase:
    """A sample for the page."""
    trails = _trails(found.replayed)
    return ReplayedCase(
        name=_(found.sample.label), url="", version=_("What visitors read now"), **trails
    )


def _trails(replayed: Replayed) -> _Trails:
    before, after = replayed.before, replayed.after
    return {"before": _trail(before, after), "after": _trail(after, before)}


def _trail(walk: Walk, other: Walk) -> Trail:
    beside = {_told(step) for step in other.trail}
    lines = tuple(_line(step, differs=_told(step) not in beside) for step in walk.trail)
    return Trail(lines, _end(walk), place_of(walk) != place_of(other))


def _told(step: Passed) -> tuple[str, str, str]:
    """What makes two steps of two versions the same."""
    return step.key, step.value, step.origin


def _line(step: Passed, *, differs: bool) -> TrailLine:
    return TrailLine(step.title, answer_words(step), str(evidence.ORIGINS[step.origin]), differs)


def _end(walk: Walk) -> str:
    if walk.node is None:
        return _("It leads nowhere.")
    # A draft may have no words yet.
    title = walk.node.title or walk.place
    if walk.question is not None:
        return _("Waits at: %(question)s") % {"question": title}
    end = _("Ends at: %(outcome)s") % {"outcome": title}
    if walk.feedback is None:
        return end
    return _("%(end)s (%(feedback)s)") % {"end": end, "feedback": FEEDBACK[walk.feedback]}


def _gone(publication: Snapshot, refused: Rejected) -> str:
    """What the person gave, in the words of the version in which they gave it."""
    words = {
        "question": publication.title_of(refused.key) or refused.key,
        "answer": given_words(publication, refused.key, refused.value),
    }
    if refused.reason == "no such question":
        return _("“%(question)s”, answered “%(answer)s”") % words
    return _("the answer “%(answer)s” to “%(question)s”") % words


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoveRow:
    """The cases that went from one place to another. `more`: how many of them are not shown."""

    before: str
    after: str
    preview_url: str
    count: str
    rows: tuple[ReplayedCase, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ReplaySection:
    """The cases with one result."""

    title: str
    hint: str
    count: str
    moves: tuple[MoveRow, ...]


def sections(
    guide: Guide, draft: Snapshot, tally: Tally, examples: Mapping[int, Example]
) -> list[ReplaySection]:
    """What a replay has found, apart from what stays the same."""
    found = []
    for result, (title, hint) in LISTED.items():
        moves = tally.of(result)
        if moves:
            rows = tuple(_move_row(guide, draft, move, examples) for move in moves)
            count = number(sum(move.count for move in moves))
            found.append(ReplaySection(str(title), str(hint), count, rows))
    return found


def _move_row(
    guide: Guide, draft: Snapshot, move: Move, examples: Mapping[int, Example]
) -> MoveRow:
    shown = [examples[pk] for pk in move.examples if pk in examples]
    after = move.verdict.after
    more = move.count - len(shown)
    return MoveRow(
        before=_words(move.verdict.before, [one.publication for one in shown]),
        after=_words(after, [draft]),
        preview_url="" if after.kind == "lost" else preview_url(guide.pk, after.key),
        count=number(move.count),
        rows=tuple(map(case_row, shown)),
        more=number(more) if more else "",
    )


def _words(place: Place, versions: Iterable[Snapshot]) -> str:
    if place.kind == "lost":
        return str(NOWHERE)
    nodes = (one.node(place.key) for one in versions)
    node = next((one for one in nodes if one is not None), None)
    return (node.title if node is not None else "") or place.key
