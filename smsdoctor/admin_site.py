"""The admin site: whatever is changed in it stands in the audit log under the user's name."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from wizard.authoring import audit
from wizard.web.requests import UserRequest

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


class AuthoringSite(AdminSite):
    site_header = _("SMS Doctor: authoring")
    site_title = _("SMS Doctor")
    index_title = _("Guides and codes")

    def admin_view(self, view: _View, cacheable: bool = False) -> _View:
        def signed(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with audit.by(request.user):
                return view(request, *args, **kwargs)

        # What the view asks of its middleware stays asked; a function takes any attribute.
        signed.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
        return cast(_View, super().admin_view(signed, cacheable))
