"""The admin site: whatever is changed in it stands in the audit log under the user's name."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from wizard import audit


class AuthoringSite(AdminSite):
    site_header = _("SMS Doctor: authoring")
    site_title = _("SMS Doctor")
    index_title = _("Guides and codes")

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        def signed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with audit.by(request.user):
                return view(request, *args, **kwargs)

        # What the view asks of its middleware stays asked.
        signed.csrf_exempt = getattr(view, "csrf_exempt", False)
        return super().admin_view(signed, cacheable)
