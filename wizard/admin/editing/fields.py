"""Fields of a guide's forms: texts, and the nodes that an answer may lead to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Model
from django.forms import Textarea
from django.http import HttpRequest

from wizard.admin.generic import ModelChoiceField, ModelForm, ModelT
from wizard.engine.texts import INVISIBLE
from wizard.models import Question
from wizard.models.fields import LinesField, primary_key
from wizard.wording.texts import REFUSED_INVISIBLE

refuse_invisible = RegexValidator(INVISIBLE, REFUSED_INVISIBLE, inverse_match=True)

# Authors write paragraphs, not pages.
TEXTS: "Final[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 4, "class": "vLargeTextField"})},
    LinesField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
}


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
