"""Rows that are made by the site alone: to be read in the admin, and never changed there."""

from django.db.models import Model
from django.http import HttpRequest

from wizard.admin.generic import BaseModelAdmin, ModelT


class ReadOnly(BaseModelAdmin[ModelT]):
    """Mixed into an admin or an inline: nobody adds, changes or deletes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
