"""Lists whose filters and counts cost few queries, however many filters there are."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import FacetsMixin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field
from django.http import HttpRequest

from wizard.admin.generic import Lookups, ModelAdmin
from wizard.models import Guide


def guides_of(request: HttpRequest) -> list[Guide]:
    """All guides, read once a request: filters offer them, and checks go through them."""
    known: list[Guide] | None = getattr(request, "guides", None)
    if known is None:
        known = request.__dict__["guides"] = list(Guide.objects.all())
    return known


class OfGuide(admin.RelatedFieldListFilter):
    """By guide. A list with counts makes each of its filters anew for each of them."""

    def field_choices(
        self, field: "Field[Any, Any]", request: HttpRequest, model_admin: ModelAdmin[Any]
    ) -> Lookups:
        # Keys are numbers, whatever the types say.
        return [(guide.pk, str(guide)) for guide in guides_of(request)]  # type: ignore[misc]


class CountedList(ChangeList):
    """A list that counts for all filters that are not in use together.

    Those count among the same rows: the ones that the list shows. A filter in use counts among
    what would be shown without it, as ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counts: dict[str, int] | None = None
        self._idle = [
            spec
            for spec in self.filter_specs
            if isinstance(spec, FacetsMixin) and not any(spec.used_parameters.values())
        ]
        for number, spec in enumerate(self._idle):
            # Of the filters of this list alone.
            spec.get_facet_queryset = partial(self._counts_of, number)  # type: ignore[method-assign]

    def _counts_of(self, number: int, changelist: ChangeList) -> dict[str, int]:
        """What the library asks a filter for: its counts by names of its own."""
        if self._counts is None:
            asked = {
                f"{place}:{name}": count
                for place, spec in enumerate(self._idle)
                for name, count in spec.get_facet_counts(self.pk_attname, self.queryset).items()
            }
            self._counts = self.queryset.aggregate(**asked)
        own = f"{number}:"
        return {
            name.removeprefix(own): count
            for name, count in self._counts.items()
            if name.startswith(own)
        }
