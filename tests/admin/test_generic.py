"""Classes that name the model they are of: at run time they are Django's own, and nothing else."""

from django import forms
from django.contrib import admin

from wizard.admin.generic import (
    AnyAdminMixin,
    BaseInlineFormSet,
    ModelAdmin,
    ModelAdminMixin,
    ModelChoiceField,
    ModelForm,
    StackedInline,
    TabularInline,
    choice_of,
)
from wizard.models import Answer, Guide, Question


def test_a_class_that_names_its_model_is_the_class_itself():
    assert ModelAdmin[Guide] is ModelAdmin
    assert ModelForm[Guide] is ModelForm
    assert ModelChoiceField[Question] is ModelChoiceField
    assert ModelAdminMixin[Guide] is ModelAdminMixin
    assert AnyAdminMixin[Guide] is AnyAdminMixin
    assert StackedInline[Answer, Question] is StackedInline
    assert TabularInline[Answer, Question] is TabularInline
    assert BaseInlineFormSet[Answer, Question, ModelForm[Answer]] is BaseInlineFormSet


def test_it_is_what_django_knows_by_that_name():
    assert issubclass(ModelAdmin, admin.ModelAdmin)
    assert issubclass(StackedInline, admin.StackedInline)
    assert issubclass(TabularInline, admin.TabularInline)
    assert issubclass(ModelForm, forms.ModelForm)
    assert issubclass(ModelChoiceField, forms.ModelChoiceField)
    assert issubclass(BaseInlineFormSet, forms.BaseInlineFormSet)


def test_a_choice_of_a_form_can_be_given_its_choices():
    class Wanted(forms.Form):
        guide = forms.ChoiceField()

    form = Wanted({"guide": "tiny"})
    choice_of(form, "guide").choices = [("tiny", "Tiny guide")]
    assert form.is_valid()
