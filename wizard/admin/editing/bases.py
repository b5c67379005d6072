"""What the pages of several models share: parts of a guide, their targets, their order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Textarea
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wizard.admin.editing.conflicts import Careful
from wizard.admin.generic import (
    AnyAdminMixin,
    BaseInlineFormSet,
    ModelAdmin,
    ModelChoiceField,
    ModelForm,
    ModelT,
    NodeT,
    OrderedT,
    ParentT,
    PartT,
    StackedInline,
)
from wizard.admin.log import Logged
from wizard.engine.texts import CONTROL
from wizard.models import Code, Guide, Outcome, Question
from wizard.models.fields import LinesField, primary_key
from wizard.wording.evidence import REFUSED_INVISIBLE

NO_TARGET: Final = Q(to_question=None, to_outcome=None)
_SHOWN: Final = 25
_LARGEST_ORDER: Final = 32_767

INVISIBLE: Final = re.compile(rf"(?!\r\n){CONTROL.pattern}")
"""What no text of a document may hold, but for the CR LF of browsers."""
_refuse_invisible = RegexValidator(INVISIBLE, REFUSED_INVISIBLE, inverse_match=True)


# Authors write paragraphs, not pages.
TEXTS: "Final[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 4, "class": "vLargeTextField"})},
    LinesField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
}


def url_of(row: Model, action: str = "change") -> str:
    """The admin page of a row."""
    return reverse(f"admin:wizard_{row._meta.model_name}_{action}", args=[row.pk])


def list_url(model: type[Model], **filters: Any) -> str:
    """The admin list of a model, filtered."""
    query = urlencode(filters)
    return reverse(f"admin:wizard_{model._meta.model_name}_changelist") + (query and f"?{query}")


def preview_url(guide_id: int, key: str) -> str:
    """The draft as visitors would see it, opened at a node."""
    return f"{reverse('admin:wizard_guide_preview', args=[guide_id])}?at={key}"


def may_publish(request: HttpRequest) -> bool:
    """Whether the user decides what visitors read: publish, schedule, roll back."""
    return request.user.has_perm("wizard.publish_guide")


def count_of(model: type[Model], name: str) -> Coalesce:
    """How many rows of a model belong to each row, for `annotate`: one subquery, no join."""
    rows = model._default_manager.filter(**{name: OuterRef("pk")}).order_by().values(name)
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


# --- fields that lead to nodes --------------------------------------------------------------------


class Nodes:
    """The questions and outcomes of one guide, read once for all the fields of a page."""

    def __init__(self, guide_id: int) -> None:
        self.guide_id = guide_id
        self._rows: dict[type[Model], dict[int, Model]] = {}

    def fill(self, model: type[Model], rows: Iterable[Model]) -> None:
        """Take rows that somebody else has read."""
        self._rows[model] = {row.pk: row for row in rows}

    def of(self, model: type[Model]) -> dict[int, Model]:
        """The nodes by their primary keys, with no more than their names."""
        if model not in self._rows:
            text = "text" if model is Question else "title"
            rows = model._default_manager.filter(guide=self.guide_id).order_by()
            self.fill(model, rows.only("guide_id", "key", text))
        return self._rows[model]


def nodes_of(request: HttpRequest, guide_id: int) -> Nodes:
    """The nodes of a guide, the same for all that a request asks for."""
    known: dict[int, Nodes] = request.__dict__.setdefault("nodes", {})
    return known.setdefault(guide_id, Nodes(guide_id))


class NodeField(ModelChoiceField[Model]):
    """A field that leads to a question or outcome; among known nodes it needs no query."""

    nodes: Nodes | None = None

    def to_python(self, value: Any) -> Any:
        known = (
            self.nodes.of(self.queryset.model)
            if self.nodes and self.queryset is not None and value
            else {}
        )
        return known.get(primary_key(value) or 0) or super().to_python(value)


class NodeSelect(AutocompleteSelect):
    """A search box that offers the questions or outcomes of one guide."""

    def __init__(self, field: Any, admin_site: admin.AdminSite, nodes: Nodes) -> None:
        super().__init__(field, admin_site)
        self.nodes = nodes

    def get_url(self) -> str:
        return f"{super().get_url()}?guide={self.nodes.guide_id}"

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        """What is chosen, and the empty choice: the others are searched for."""
        chosen = [one for one in value if one]
        known = self.nodes.of(self.field.remote_field.model) if chosen else {}
        nodes = {one: known.get(primary_key(one) or 0) for one in chosen}
        if None in nodes.values():
            fit = [one for one in value if primary_key(one) is not None]
            return super().optgroups(name, fit, attr)
        options = [("", "")] * (not self.is_required)
        options += [(one, str(node)) for one, node in nodes.items()]
        rows = [
            self.create_option(name, one, label, bool(chosen), index)
            for index, (one, label) in enumerate(options)
        ]
        return [(None, rows, 0)]


def within_guide(fields: dict[str, forms.Field], nodes: Nodes) -> None:
    """Let the search boxes among these form fields offer nodes of this guide alone."""
    for field in fields.values():
        inner = getattr(field.widget, "widget", None)
        if isinstance(field, NodeField) and isinstance(inner, AutocompleteSelect):
            field.nodes = nodes
            field.widget.widget = NodeSelect(inner.field, inner.admin_site, nodes)


class NodeForm(ModelForm[ModelT]):
    """A form in which the fields that lead to nodes have made sure already that these exist."""

    def _get_validation_exclusions(self) -> set[str]:
        nodes = {name for name, field in self.fields.items() if isinstance(field, NodeField)}
        # Django's own, which its types leave out.
        others: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return others | nodes


class TextField(forms.CharField):
    """A text of several lines, with the line breaks of a file: a browser sends others.

    Otherwise every save would change all of them, in the audit log and for whoever saves next.
    """

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


# --- admins ---------------------------------------------------------------------------------------


class Authored(AnyAdminMixin[ModelT]):
    """Admin for people who paste from word processors and click on what they see."""

    form: type[ModelForm[ModelT]] = NodeForm

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.related_model in (Question, Outcome):
            kwargs["form_class"] = NodeField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.TextField):
            kwargs["form_class"] = TextField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField):
            field.validators.append(_refuse_invisible)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A red cross beside “goes to” reads like “goes nowhere”; it would delete the target.
            field.widget.can_delete_related = False
        return field


class GuidePart(Careful[PartT], Authored[PartT], Logged[PartT], ModelAdmin[PartT]):
    """Admin of what belongs to a guide for good: its questions, outcomes and codes."""

    save_on_top = True
    formfield_overrides = TEXTS

    def get_form(
        self, request: HttpRequest, obj: PartT | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[PartT]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and "guide" in form.base_fields:
            # Elsewhere its links would lead from one guide into another.
            form.base_fields["guide"].disabled = True
            within_guide(form.base_fields, nodes_of(request, obj.guide_id))
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new row belongs to the guide whose list the author comes from, or to the only one."""
        came_from = QueryDict(request.GET.get("_changelist_filters", ""))
        guides: list[Any] = (
            [came_from["guide__id__exact"]] if "guide__id__exact" in came_from else []
        )
        guides = guides or list(Guide.objects.values_list("pk", flat=True)[:2])
        only = {"guide": guides[0]} if len(guides) == 1 else {}
        return only | super().get_changeform_initial_data(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PartT], search_term: str
    ) -> tuple[QuerySet[PartT], bool]:
        guide = primary_key(request.GET.get("guide", ""))
        if guide is not None:
            queryset = queryset.filter(guide=guide)
        return super().get_search_results(request, queryset, search_term)


class PlaceForm(ModelForm[NodeT]):
    """The place of a row in its list, as it was when the list was shown.

    What the reader has not changed is not saved, whatever somebody else has made of it since.
    """

    class Meta:
        fields = ("order",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].show_hidden_initial = True

    def clean_order(self) -> int:
        """Raises ValidationError where somebody else has stored another place since."""
        now = str(self.instance.order)
        seen = self.data.get(self.add_initial_prefix("order"), now)
        if "order" not in self.changed_data or seen == now:
            order: int = self.cleaned_data["order"]
            return order
        # The next press is meant: it comes from a page that says so.
        self.data = data = cast(QueryDict, self.data).copy()
        data[self.add_initial_prefix("order")] = now
        message = _("Somebody else has moved this since you opened the list: it is at %(order)s.")
        raise ValidationError(message % {"order": now})


class Node(GuidePart[NodeT]):
    """Admin of questions and outcomes."""

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm[NodeT]]:
        return super().get_changelist_form(request, **{"form": PlaceForm, **kwargs})

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[NodeT], change: bool
    ) -> None:
        if change and not form.changed_data:
            # An answer or a step was changed, the node itself was not.
            return
        if isinstance(form, PlaceForm):
            # What somebody else stores meanwhile stays.
            obj.save(update_fields=["order"])
            return
        if not change and not obj.order:
            others = type(obj).objects.filter(guide=obj.guide_id)
            obj.order = (others.aggregate(last=Max("order"))["last"] or 0) + 10
        super().save_model(request, obj, form, change)

    def view_on_site(self, obj: Any) -> str:
        return preview_url(obj.guide_id, obj.key)

    @admin.display(description=_("what leads here"))
    def leads_here(self, obj: Any) -> str:
        answers = obj.answers_leading_here.select_related("question")
        codes = list(obj.codes_leading_here.all())
        starts = Guide.objects.filter(start=obj) if isinstance(obj, Question) else ()
        target = {f"to_{obj._meta.model_name}__id__exact": obj.pk}
        context = {
            "groups": [
                (_("Start of the guide"), _linked(starts)),
                (_("Answers to"), _linked(answer.question for answer in answers)),
                (_("“Still failing” at"), _linked(obj.outcomes_otherwise.all())),
                (_("Codes"), _linked(codes[:_SHOWN])),
            ],
            "more_codes": max(len(codes) - _SHOWN, 0),
            "codes_url": list_url(Code, **target),
        }
        return render_to_string("admin/wizard/_leads_here.html", context)


def _linked(rows: Iterable[Model]) -> dict[str, Model]:
    """Rows by the address of their admin page, each once."""
    return {url_of(row): row for row in rows}


class OrderedForm(NodeForm[ModelT]):
    """A row of an inline: without a number it goes to the end."""

    order = forms.IntegerField(
        label=_("Order"),
        required=False,
        min_value=0,
        max_value=_LARGEST_ORDER,
        help_text=_("Lowest first; empty: last."),
    )

    def _post_clean(self) -> None:
        # What stands as it is stored has been looked at when that was done.
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()  # type: ignore[misc] # Django's types lack it


class OwnRow(ModelChoiceField[Model]):
    """The hidden primary key of an inline row, which the row itself was found by."""

    def __init__(self, row: Model, **kwargs: Any) -> None:
        super().__init__(type(row)._default_manager.all(), **kwargs)
        self.row = row

    def to_python(self, value: Any) -> Any:
        return self.row if str(value) == str(self.row.pk) else super().to_python(value)


class OrderedFormSet(BaseInlineFormSet[OrderedT, ParentT, ModelForm[OrderedT]]):
    """Inline rows in the order of their numbers."""

    def add_fields(self, form: ModelForm[OrderedT], index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk:
            form.fields["id"] = OwnRow(
                form.instance,
                initial=form.instance.pk,
                required=False,
                widget=forms.HiddenInput,
            )

    def clean(self) -> None:
        super().clean()
        last = max((form.instance.order or 0 for form in self.forms), default=0)
        for form in self.forms:
            if form.instance.order is None:
                last = min(last + 10, _LARGEST_ORDER)  # type: ignore[unreachable] # none was typed
                form.instance.order = last


class Ordered(Authored[OrderedT], StackedInline[OrderedT, ParentT]):
    """Rows that belong to a node and stand in an order of their own."""

    form: type[ModelForm[OrderedT]] = OrderedForm
    formset: type[BaseInlineFormSet[OrderedT, ParentT, ModelForm[OrderedT]]] = OrderedFormSet
    formfield_overrides = TEXTS
    extra = 0

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[OrderedT, ParentT, ModelForm[OrderedT]]]:
        formset = super().get_formset(request, obj, **kwargs)
        if obj:
            within_guide(formset.form.base_fields, nodes_of(request, obj.guide_id))
        return formset
