"""What each page of the admin has that is more than Django's lists and forms."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from wizard.admin.generic import ModelAdminMixin, ModelT


def page_context(
    admin: ModelAdminMixin[ModelT],
    request: HttpRequest,
    title: str,
    original: Model | None = None,
) -> dict[str, Any]:
    """What the page around such a page is made of; its own parts come beside it.

    Args:
        original: the row that it is about. It stands below the title too.
    """
    context = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": title}
    return context if original is None else _about(original) | context


def _about(original: Model) -> dict[str, Any]:
    return {"original": original, "subtitle": str(original)}
