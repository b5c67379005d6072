"""Findings in the lists of the admin: a column and a filter."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wizard.admin.checks.findings import counted, findings_url, found_at, name_of, rows_of
from wizard.admin.generic import AuditedT, Lookups, ModelAdmin, ModelAdminMixin
from wizard.admin.lists import CountedList, guides_of
from wizard.authoring import drafts
from wizard.authoring.checking import problems_of
from wizard.authoring.drafts import Draft
from wizard.models import Guide
from wizard.models.fields import primary_key

Row = tuple[type[Model], int]


class Checks:
    """What the checks find at each row, for one request; a guide is checked once it is asked for.

    A guide's own row counts all that is found in it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._levels: dict[Row, Counter[str]] = {}
        self._guides: dict[int, set[Row]] = {}

    def levels(self, row: Any) -> Counter[str]:
        """How many errors and warnings a row has, of a guide that was read."""
        return self._levels.get((type(row), row.pk), Counter())

    def at(self, model: type[Model], level: str, guides: Iterable[int]) -> set[int]:
        """The primary keys of the rows with findings of a level, in guides that were read."""
        return {
            row[1]
            for guide in guides
            for row in self._guides.get(guide, ())
            if row[0] is model and self._levels[row][level]
        }

    def read(self, guides: set[int]) -> None:
        """Check these guides, unless that was done before."""
        missing = [
            guide
            for guide in guides_of(self._request)
            if guide.pk in guides and guide.pk not in self._guides
        ]
        if missing:
            for pk, draft in drafts.drafts_of(missing).items():
                self._guides[pk] = set(self._read(draft))

    def _read(self, draft: Draft) -> Iterable[Row]:
        rows = rows_of(draft)
        _snapshot, problems = problems_of(draft.document())
        for problem in problems:
            for row in {rows[problem.place, problem.key], draft.guide}:
                self._levels.setdefault((type(row), row.pk), Counter())[problem.level] += 1
                yield (type(row), row.pk)


def checks_of(request: HttpRequest) -> Checks:
    """The checks that a request has made so far."""
    known: Checks | None = getattr(request, "checks", None)
    if known is None:
        known = request.__dict__["checks"] = Checks(request)
    return known


def wanted(request: HttpRequest) -> set[int]:
    """The guide that a list is filtered by, or all."""
    one = primary_key(request.GET.get("guide__id__exact", ""))
    return {guide.pk for guide in guides_of(request)} if one is None else {one}


class Problems(admin.SimpleListFilter):
    """Rows at which the checks find something."""

    title = gettext_lazy("checks")
    parameter_name = "checks"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [
            ("error", gettext_lazy("Errors")),
            ("warning", gettext_lazy("Warnings")),
            ("none", gettext_lazy("Nothing found")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        checks, guides, model = checks_of(request), wanted(request), queryset.model
        checks.read(guides)
        found = {level: checks.at(model, level, guides) for level in ("error", "warning")}
        if self.value() == "none":
            return queryset.exclude(pk__in=found["error"] | found["warning"])
        return queryset.filter(pk__in=found.get(self.value() or "", ()))


class Checkable(ModelAdminMixin[AuditedT]):
    """Admin of rows that the checks look at: a column, and word after each save."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountedList]:
        return CountedList

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        guides = {row.pk if isinstance(row, Guide) else row.guide_id for row in rows}
        checks = checks_of(request)
        # All that the page needs at once: the filter is counted later.
        checks.read(guides | (wanted(request) if changelist.add_facets else set()))
        for row in rows:
            row.levels = checks.levels(row)
        return changelist

    @admin.display(description=gettext_lazy("checks"))
    def found(self, obj: Any) -> str:
        errors, warnings = obj.levels["error"], obj.levels["warning"]
        context = {"errors": errors, "warnings": warnings}
        return render_to_string("admin/wizard/checks/_levels.html", context)

    def response_add(
        self, request: HttpRequest, obj: AuditedT, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._answered(super().response_add(request, obj, post_url_continue), request, obj)

    def response_change(self, request: HttpRequest, obj: AuditedT) -> HttpResponse:
        return self._answered(super().response_change(request, obj), request, obj)

    def _answered(
        self, response: HttpResponse, request: HttpRequest, obj: AuditedT
    ) -> HttpResponse:
        if "_popup" not in request.POST:
            _tell(request, obj)
        return response


def _tell(request: HttpRequest, row: Any) -> None:
    """Say what the checks find now. Nothing is refused: a draft may be wrong for a while."""
    guide = row if isinstance(row, Guide) else row.guide
    found = found_at(drafts.draft_of(guide), name_of(row))
    here = Counter(one.level for one in found.here)
    if row is guide:
        here = found.levels
        sentence = _("The checks find in the guide: {there}.")
    else:
        sentence = _("The checks find here: {here}; in the whole guide: {there}.")
    said = format_html(sentence, here=counted(here), there=counted(found.levels))
    link = format_html('<a href="{}">{}</a>', findings_url(request, guide), _("All findings"))
    level = messages.WARNING if here["error"] else messages.INFO
    messages.add_message(request, level, format_html("{} {}", said, link))
