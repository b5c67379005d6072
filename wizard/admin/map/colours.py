"""What the map's colours say: findings of the checks, visits of stored cases, how often it helped.

A colour never stands alone: each node says in words what it means, and the legend does once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wizard.admin.map.drawing import Mark
from wizard.authoring.checking import checked
from wizard.authoring.visits import CASES, Visits, visits_of
from wizard.engine.checks import Problem
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide
from wizard.wording.numbers import number
from wizard.wording.problems import problem as sentence_of

FINDINGS: Final = "findings"
VISITS: Final = "visits"
SOLVED: Final = "solved"

NAMES: Final[Mapping[str, Promise]] = {
    FINDINGS: gettext_lazy("Findings of the checks"),
    VISITS: gettext_lazy("Visits"),
    SOLVED: gettext_lazy("Solved rate"),
}

# The lowest percentage of each step; below the first there is nothing to show.
_SHARES: Final = (50, 20, 5, 1, 0)
_RATES: Final = (80, 60, 40, 20, 0)


@dataclass(frozen=True, slots=True)
class Colouring:
    """The colours of one map. `about` says what they come from; `legend` has levels and words."""

    marks: Mapping[str, Mark]
    legend: Sequence[tuple[str, str]]
    about: str
    elsewhere: int = 0


def colouring(colour: str, guide: Guide, snapshot: Snapshot) -> Colouring:
    """The colours of a version of a guide."""
    if colour == FINDINGS:
        return _by_findings(snapshot)
    visits = visits_of(guide)
    return _by_visits(visits) if colour == VISITS else _by_solved(visits)


# --- findings -------------------------------------------------------------------------------------


def _by_findings(snapshot: Snapshot) -> Colouring:
    problems = checked(snapshot)
    of_nodes: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.place in {"question", "outcome"}:
            of_nodes.setdefault(problem.key, []).append(problem)
    legend = [
        ("error", _("errors: they must be put right")),
        ("warning", _("warnings alone")),
        ("none", _("no findings")),
    ]
    return Colouring(
        marks={key: _found(found) for key, found in of_nodes.items()},
        legend=legend,
        about=_("What the checks find at each node, as on the Publish page."),
        elsewhere=len(problems) - sum(map(len, of_nodes.values())),
    )


def _found(problems: Sequence[Problem]) -> Mark:
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = []
    if errors:
        parts.append(ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors})
    if warnings:
        parts.append(ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings})
    level = "error" if errors else "warning"
    return Mark(level, ", ".join(parts), tuple(map(sentence_of, problems)))


# --- stored cases ---------------------------------------------------------------------------------


def _by_visits(visits: Visits) -> Colouring:
    marks = {key: _visited(count, visits.cases) for key, count in visits.nodes.items()}
    return Colouring(
        marks=_Else(marks, Mark("none", _("no visits"))),
        legend=[
            *_steps("", _SHARES, _("%(least)s %% of the cases or more"), _("fewer")),
            ("none", _("no visits")),
        ],
        about=_cases(visits, _("Each case counts once at every node that it came by.")),
    )


def _visited(count: int, cases: int) -> Mark:
    words = ngettext("%(n)s visit", "%(n)s visits", count) % {"n": number(count)}
    share = count * 100 / cases
    words = _("%(visits)s, %(share)s %%") % {"visits": words, "share": _percent(share)}
    return Mark(_level(share, _SHARES), words)


def _by_solved(visits: Visits) -> Colouring:
    told = visits.solved.keys() | visits.failing.keys()
    return Colouring(
        marks={key: _helped(visits, key) for key in told},
        legend=[
            *_steps("rate-", _RATES, _("solved for %(least)s %% or more"), _("for fewer")),
            ("none", _("nobody has said")),
        ],
        about=_cases(
            visits,
            _(
                "Of those who said at an outcome what came of it: how many said that it works now,"
                " and not that it still fails or that they cannot do what it takes."
            ),
        ),
    )


def _helped(visits: Visits, key: str) -> Mark:
    told = visits.told(key)
    rate = visits.solved.get(key, 0) * 100 / told
    words = _("%(rate)s %% solved of %(told)s") % {"rate": _percent(rate), "told": number(told)}
    return Mark(f"rate-{_level(rate, _RATES)}", words)


def _cases(visits: Visits, what: str) -> str:
    if not visits.cases:
        return _("No case is stored for this guide, so there is nothing to show yet.")
    of_cases = ngettext(
        "From the %(n)s case that is stored for this guide.",
        "From the %(n)s newest stored cases of this guide.",
        visits.cases,
    ) % {"n": number(visits.cases)}
    limit = _("Older ones are left out.") if visits.cases == CASES else ""
    return " ".join(filter(None, (of_cases, limit, what)))


class _Else(dict[str, Mark]):
    """Marks, with one for all that have none of their own."""

    def __init__(self, marks: Mapping[str, Mark], other: Mark) -> None:
        super().__init__(marks)
        self._other = other

    def get(self, key: str, default: object = None) -> Mark:
        return super().get(key, self._other)


def _level(percent: float, steps: Sequence[int]) -> str:
    """The number of the step, 1 for the highest."""
    return str(next(place for place, least in enumerate(steps, 1) if percent >= least))


def _steps(level: str, steps: Iterable[int], words: str, last: str) -> list[tuple[str, str]]:
    named = [words % {"least": least} if least else last for least in steps]
    return [(f"{level}{place}", one) for place, one in enumerate(named, 1)]


def _percent(share: float) -> str:
    return _("under 1") if 0 < share < 1 else str(round(share))
