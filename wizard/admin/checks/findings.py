"""What the checks found, each finding with the link to its field."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wizard.admin.links import list_url, may_publish, translate_url, url_of
from wizard.authoring.checking import problems_of
from wizard.authoring.drafts import Draft
from wizard.engine.checks import Problem
from wizard.engine.snapshot import Snapshot
from wizard.models import Cause, Code, Guide
from wizard.wording.problems import problem as sentence_of

# Where a part of a document has another name in its form.
_IN_FORM: Final = {
    "to": "id_to_question",
    "otherwise": "id_otherwise_question",
    "answers": "answers-group",
    "steps": "steps-group",
}


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """One finding of the checks as a line of the page. `where`: the node in the author's words.

    `fragment` is the field within the form of the node, "" if the finding is mended elsewhere.
    """

    level: str
    where: str
    sentence: str
    url: str
    fragment: str = ""


def findings(
    draft: Draft, snapshot: Snapshot | None, problems: Iterable[Problem]
) -> list[FoundProblem]:
    """Problems in words, each with the address of the form field at fault."""
    rows = rows_of(draft)
    return [_finding(rows[one.place, one.key], snapshot, one) for one in problems]


def rows_of(draft: Draft) -> dict[tuple[str, str], Model]:
    """The rows of a draft by what the checks call them: place and key."""
    return {
        ("guide", ""): draft.guide,
        **{("question", row.key): row for row in draft.questions},
        **{("outcome", row.key): row for row in draft.outcomes},
        **{("code", key_of(row)): row for row in draft.codes},
        **{("cause", row.cause): row for row in draft.causes},
    }


def key_of(row: Any) -> str:
    """The key under which the checks know a node."""
    if isinstance(row, Cause):
        return row.cause
    return f"{row.namespace}:{row.code}" if isinstance(row, Code) else row.key


def _finding(row: Any, snapshot: Snapshot | None, problem: Problem) -> FoundProblem:
    if snapshot is None:
        sentence = _("The draft cannot be read: %(fault)s") % problem.params
        return FoundProblem(problem.level, str(row), sentence, url_of(row))
    url, fragment = _elsewhere(row, problem), ""
    if not url:
        fragment = _fragment(snapshot, problem)
        url = f"{url_of(row)}#{fragment}"
    return FoundProblem(problem.level, str(row), sentence_of(problem), url, fragment)


def _elsewhere(row: Any, problem: Problem) -> str:
    """The page on which a finding is mended that has no field in the form of its node, or ""."""
    if problem.name == "codes-not-asked":
        return list_url(Code, guide__id__exact=row.pk, namespace=problem.params["namespace"])
    if problem.name == "cause-not-led":
        return f"{reverse('admin:wizard_cause_add')}?{urlencode(_new_cause(row, problem))}"
    if problem.field == "translations":
        node = f"{problem.place}:{problem.key}" if problem.key else ""
        return translate_url(row.guide_id if node else row.pk, problem.params["language"], node)
    return ""


def _new_cause(guide: Guide, problem: Problem) -> dict[str, str]:
    """What the form of a cause begins with that codes have and the guide lacks."""
    return {"guide": str(guide.pk), "cause": problem.params["cause"]}


def _fragment(snapshot: Snapshot, problem: Problem) -> str:
    if problem.part and problem.place == "question":
        keys = [answer.key for answer in snapshot.questions[problem.key].answers]
        return f"answers-{keys.index(problem.part)}"
    if problem.part:
        return f"steps-{int(problem.part) - 1}"
    return _IN_FORM.get(problem.field, f"id_{problem.field}")


Name = tuple[str, str]
"""What the checks call a node: place and key."""


@dataclass(frozen=True, slots=True)
class FoundProblems:
    """What the checks find in a guide, and of that in words what they find at one node."""

    levels: Counter[str]
    here: list[FoundProblem]


def found_at(draft: Draft, name: Name) -> FoundProblems:
    """Check a draft, and look at the node that the checks know by this name.

    What makes a draft unreadable concerns each of its nodes.
    """
    snapshot, problems = problems_of(draft.document())
    there = [one for one in problems if snapshot is None or (one.place, one.key) == name]
    levels: Counter[str] = Counter(one.level for one in problems)
    return FoundProblems(levels, findings(draft, snapshot, there))


def counted(levels: Counter[str]) -> str:
    """How many errors and warnings there are: “1 error, 2 warnings”, or “nothing”."""
    errors, warnings = levels["error"], levels["warning"]
    parts = [
        ngettext("%d error", "%d errors", errors) % errors if errors else "",
        ngettext("%d warning", "%d warnings", warnings) % warnings if warnings else "",
    ]
    return ", ".join(filter(None, parts)) or _("nothing")


def findings_url(request: HttpRequest, guide: Guide) -> str:
    return url_of(guide, "publish") if may_publish(request) else url_of(guide)


def name_of(row: Any) -> Name:
    return ("guide", "") if isinstance(row, Guide) else (row._meta.model_name, key_of(row))
