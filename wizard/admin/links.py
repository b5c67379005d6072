"""Addresses of the admin's own pages, and the links between them."""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from wizard.models import Guide
from wizard.wording.languages import language_name

NO_TARGET: Final = Q(to_question=None, to_outcome=None)


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


def translate_url(guide_id: int, language: str, node: str = "") -> str:
    """The page for one language; for one node of the guide, such as `question:report`."""
    url = reverse("admin:wizard_guide_translate", args=[guide_id, language])
    return f"{url}?{urlencode({'node': node})}" if node else url


def other_languages(guide: Guide) -> list[tuple[str, str]]:
    """The languages that a guide can be translated into, with their names."""
    return [
        (code, language_name(code)) for code, _name in settings.LANGUAGES if code != guide.language
    ]


def log_url(guide_id: int | None, node: str = "") -> str:
    """The log of a guide, or of one node of it."""
    query = {"guide": guide_id} | ({"node": node} if node else {})
    return reverse("admin:auditlog_logentry_changelist", query=query)


DRAFT: Final = "draft"


def compare_url(guide_id: int, old: int | str = "", new: int | str = "") -> str:
    """The page that compares two versions: numbers of publications or `draft`; "" for the usual.

    What is scheduled is named by `scheduled_version`.
    """
    query = urlencode({name: one for name, one in (("from", old), ("to", new)) if one})
    return reverse("admin:wizard_guide_compare", args=[guide_id]) + (query and f"?{query}")
