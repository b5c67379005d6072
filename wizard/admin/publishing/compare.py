"""The Compare page: what differs between two publications of a guide, or the draft and one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.generic import ModelAdmin
from wizard.admin.links import DRAFT, compare_url, translate_url, url_of
from wizard.admin.page import page_context
from wizard.authoring import differences, drafts
from wizard.authoring.differences import Document, NodeChanges
from wizard.engine.differences import Place, compare
from wizard.models import Guide, Publication, ScheduledPublication
from wizard.wording.authoring import THE_DRAFT

_SCHEDULED: Final = "scheduled-"

_GROUPS: Final = 100

_HEADINGS: Final[Mapping[Place, Promise]] = {
    "guide": gettext_lazy("Guide"),
    "question": gettext_lazy("Questions"),
    "outcome": gettext_lazy("Outcomes"),
    "code": gettext_lazy("Codes"),
    "cause": gettext_lazy("Causes"),
    "library": gettext_lazy("Library of codes"),
    "language": gettext_lazy("Translations"),
}


def scheduled_version(scheduled: ScheduledPublication) -> str:
    """How the page names what is to be published later."""
    return f"{_SCHEDULED}{scheduled.pk}"


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The groups of one kind, each with its form; "" where the draft has it no longer."""

    heading: str
    groups: Sequence[tuple[NodeChanges, str]]


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two documents, as a page shows it: some of it at a time."""

    count: str
    sections: tuple[ComparedSection, ...]
    more: int
    page: Any


def differing(
    guide: Guide, before: Document, after: Document, page: int | str | None = 1
) -> Differences:
    """The differences of two documents of a guide, in words and with links to its forms.

    Args:
        page: which part of a long list; anything else is the first or the last.
    """
    changes = compare(before, after)
    shown = Paginator(changes, _GROUPS).get_page(page)
    groups = differences.describe(shown.object_list, before, after)
    return Differences(
        count=differences.count(changes),
        sections=tuple(_sections(guide, groups)),
        more=len(changes) - len(groups),
        page=shown,
    )


def count_of_changes(guide: Guide, draft: Document | None) -> str:
    """How much the draft changes for visitors, in words; "" where that is nothing or unknown."""
    if guide.live is None or draft is None:
        return ""
    return differences.count(compare(guide.live.snapshot, draft))


def _sections(guide: Guide, groups: Sequence[NodeChanges]) -> Iterable[ComparedSection]:
    forms_of = _forms_of(guide, groups)
    for place, heading in _HEADINGS.items():
        found = [
            (group, forms_of.get((place, group.key), "")) for group in groups
            if group.place == place
        ]  # fmt: skip
        if found:
            yield ComparedSection(str(heading), found)


def _forms_of(guide: Guide, groups: Sequence[NodeChanges]) -> dict[tuple[Place, str], str]:
    """The address of the form of each that the draft still has."""
    keys: dict[Place, list[str]] = {}
    for group in groups:
        keys.setdefault(group.place, []).append(group.key)
    rows: dict[tuple[Place, str], Model] = {("guide", ""): guide}
    if "question" in keys:
        questions = guide.questions.filter(key__in=keys["question"]).only("guide", "key")
        rows |= {("question", row.key): row for row in questions}
    if "outcome" in keys:
        outcomes = guide.outcomes.filter(key__in=keys["outcome"]).only("guide", "key")
        rows |= {("outcome", row.key): row for row in outcomes}
    if "code" in keys:
        wanted = {key.partition(":")[2] for key in keys["code"]}
        codes = guide.codes.filter(code__in=wanted).only("guide", "namespace", "code")
        rows |= {("code", f"{row.namespace}:{row.code}"): row for row in codes}
    if "cause" in keys:
        causes = guide.causes.filter(cause__in=keys["cause"])
        rows |= {("cause", row.cause): row for row in causes}
    urls = {place: url_of(row) for place, row in rows.items()}
    return urls | {
        ("language", code): translate_url(guide.pk, code) for code in keys.get("language", ())
    }


# --- the page -------------------------------------------------------------------------------------


class VersionsForm(forms.Form):
    """Which two versions are compared."""

    def __init__(self, guide: Guide, data: Mapping[str, str]) -> None:
        publications = guide.publications.only("number", "published_at", "note")
        versions = [(DRAFT, str(THE_DRAFT))]
        waiting = guide.scheduled.waiting().only("at", "note")
        versions += [(scheduled_version(row), _waiting(row)) for row in waiting]
        versions += [(str(row.number), _version(row, guide)) for row in publications]
        usual = {"from": str(guide.live.number) if guide.live else DRAFT, "to": DRAFT}
        super().__init__({name: data.get(name) or usual[name] for name in usual})
        labels = {"from": _("From"), "to": _("To")}
        for name, label in labels.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=versions)


def _version(publication: Publication, guide: Guide) -> str:
    day = date_format(timezone.localtime(publication.published_at), "SHORT_DATETIME_FORMAT")
    parts = [_(", ").join([str(publication), day]), publication.note]
    parts += [_("live now")] if publication.pk == guide.live_id else []
    return " – ".join(part for part in parts if part)


def _waiting(scheduled: ScheduledPublication) -> str:
    day = date_format(timezone.localtime(scheduled.at), "SHORT_DATETIME_FORMAT")
    parts = [_("Scheduled for %(at)s") % {"at": day}, scheduled.note]
    return " – ".join(part for part in parts if part)


def compare_view(admin: ModelAdmin[Guide], request: HttpRequest, guide: Guide) -> HttpResponse:
    """Show what differs between the versions that `from` and `to` name.

    Without them: from what is live to the draft. Other values are refused by the form.
    """
    form = VersionsForm(guide, request.GET)
    context: dict[str, Any] = {
        **page_context(admin, request, _("Compare"), guide),
        "form": form,
    }
    if form.is_valid():
        old, new = form.cleaned_data["from"], form.cleaned_data["to"]
        before, after = _document(guide, old), _document(guide, new)
        context |= {
            "differences": differing(guide, before, after, request.GET.get("page")),
            "query": urlencode({"from": old, "to": new}),
            "other_way": compare_url(guide.pk, new, old),
        }
    return TemplateResponse(request, "admin/wizard/publishing/compare.html", context)


def _document(guide: Guide, version: str) -> Document:
    found: Document
    if version == DRAFT:
        return drafts.document_of(guide)
    if version.startswith(_SCHEDULED):
        found = guide.scheduled.get(pk=version.removeprefix(_SCHEDULED)).document
        return found
    if guide.live and version == str(guide.live.number):
        found = guide.live.snapshot
        return found
    found = guide.publications.get(number=version).snapshot
    return found
