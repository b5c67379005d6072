"""What the pages of several models share: parts of a guide, their targets, their order."""

from collections.abc import Iterable
from typing import Any, Final, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wizard.admin.editing.careful import Careful
from wizard.admin.editing.fields import (
    TEXTS,
    NodeField,
    NodeForm,
    TextField,
    nodes_of,
    refuse_invisible,
    within_guide,
)
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
from wizard.admin.links import list_url, preview_url, url_of
from wizard.admin.log import Logged
from wizard.models import Code, Guide, Outcome, Question
from wizard.models.fields import primary_key

_SHOWN: Final = 25

_LARGEST_ORDER: Final = 32_767

# What fits into a form anyway: a row sends eight fields or more, and Django takes a thousand.
# Without this, two thousand rows are built for whoever says that so many were sent.
_MOST_ROWS: Final = 125


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
            field.validators.append(refuse_invisible)
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


class NodeAdmin(GuidePart[NodeT]):
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
                (_("Causes of codes"), _linked(obj.causes_leading_here.all())),
            ],
            "more_codes": max(len(codes) - _SHOWN, 0),
            "codes_url": list_url(Code, **target),
        }
        return render_to_string("admin/wizard/editing/_leads_here.html", context)


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
    max_num = _MOST_ROWS

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[BaseInlineFormSet[OrderedT, ParentT, ModelForm[OrderedT]]]:
        formset = super().get_formset(request, obj, **{"absolute_max": _MOST_ROWS, **kwargs})
        if obj:
            within_guide(formset.form.base_fields, nodes_of(request, obj.guide_id))
        return formset
