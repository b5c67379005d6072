"""Classes of Django that take a model here: `ModelAdmin[Guide]`, and what can be mixed into them.

Django's own have types only where django-stubs puts them. Its run-time part would change the
library's classes for the whole process; these are our own, and mypy takes them for Django's.
"""

from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils.functional import Promise

from wizard.models import Answer, Cause, Code, Guide, Outcome, Question, RemediationStep

__all__ = [
    "AnyAdminMixin",
    "AuditedT",
    "BaseInlineFormSet",
    "BaseModelAdmin",
    "FormMixin",
    "Lookups",
    "ModelAdmin",
    "ModelAdminMixin",
    "ModelChoiceField",
    "ModelForm",
    "ModelT",
    "NodeT",
    "OrderedT",
    "ParentT",
    "PartT",
    "StackedInline",
    "TabularInline",
    "Text",
    "choice_of",
]

ModelT = TypeVar("ModelT", bound=Model)
ParentT = TypeVar("ParentT", bound=Model)
AuditedT = TypeVar("AuditedT", bound=Guide | Question | Outcome | Code | Cause)
PartT = TypeVar("PartT", bound=Question | Outcome | Code | Cause)
NodeT = TypeVar("NodeT", bound=Question | Outcome)
OrderedT = TypeVar("OrderedT", bound=Answer | RemediationStep)

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.contrib.admin.options import BaseModelAdmin
    from django.forms import BaseInlineFormSet, ModelChoiceField, ModelForm
    from django_stubs_ext import StrOrPromise as Text

    AnyAdminMixin = BaseModelAdmin
    ModelAdminMixin = ModelAdmin
    FormMixin = forms.ModelForm[Any]
else:

    class _OfModel:
        def __class_getitem__(cls, model: Any) -> type:
            return cls

    class ModelAdmin(_OfModel, admin.ModelAdmin):
        """The admin of a model."""

    class BaseModelAdmin(_OfModel, admin.options.BaseModelAdmin):
        """What an admin and an inline have in common."""

    class StackedInline(_OfModel, admin.StackedInline):
        """Rows of a second model, `[its rows, the parent]`, one below the other."""

    class TabularInline(_OfModel, admin.TabularInline):
        """The same as a table."""

    class ModelForm(_OfModel, forms.ModelForm):
        """The form of a row."""

    class BaseInlineFormSet(_OfModel, forms.BaseInlineFormSet):
        """The forms of the rows of an inline: `[its rows, the parent, their form]`."""

    class ModelChoiceField(_OfModel, forms.ModelChoiceField):
        """A choice among rows."""

    class ModelAdminMixin(_OfModel):
        """Mixed into an admin."""

    class AnyAdminMixin(_OfModel):
        """Mixed into an admin or an inline."""

    class FormMixin:
        """Mixed into a form."""

    Text = str | Promise

Lookups = list[tuple[str, Text]]
"""The choices of a filter: what stands in the address, and its words."""


def choice_of(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field of this name, which the form declares as a choice."""
    return cast(forms.ChoiceField, form.fields[name])
