"""Publications: to be read, compared and downloaded, and to roll back to.

Nobody adds, changes or deletes one here.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from wizard.admin.attachments import attachment
from wizard.admin.generic import ModelAdmin
from wizard.admin.links import DRAFT, compare_url, may_publish, url_of
from wizard.admin.publishing.roll_back import roll_back_view
from wizard.admin.readonly import ReadOnly
from wizard.models import Publication
from wizard.web.requests import UserRequest


@admin.register(Publication)
class PublicationAdmin(ReadOnly[Publication], ModelAdmin[Publication]):
    list_display = ("__str__", "guide", "is_live", "published_at", "author", "note")
    list_filter = ("guide", "author", "published_at")
    list_select_related = ("guide", "author")
    search_fields = ("note", "digest", "guide__title", "guide__slug")
    fields = ("guide", "number", "is_live", "published_at", "author", "note", "digest")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).defer("snapshot")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        @admin.display(description=_("changes"))
        def links(obj: Publication) -> str:
            return render_to_string("admin/wizard/publishing/_links.html", _links(request, obj))

        # Before what may be wide.
        return (*self.list_display[:3], links, *self.list_display[3:])

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Publication | None = None,
    ) -> HttpResponse:
        if obj:
            context |= _links(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/snapshot/<str:form>/",
                page(self.download),
                name="wizard_publication_snapshot",
            ),
            path(
                "<int:pk>/roll-back/", page(self.roll_back), name="wizard_publication_roll_back"
            ),
            *super().get_urls(),
        ]  # fmt: skip

    @admin.display(description=_("live"), boolean=True)
    def is_live(self, obj: Publication) -> bool:
        return obj.guide.live_id == obj.pk

    def download(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The snapshot as a guide file, which import can make the draft again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        publication = self._publication(pk)
        name = f"{publication.guide.slug}-{publication.number}"
        return attachment(publication.snapshot, name, form)

    def roll_back(self, request: UserRequest, pk: int) -> HttpResponse:
        if not may_publish(request):
            raise PermissionDenied
        return roll_back_view(self, request, self._publication(pk))

    def _publication(self, pk: int) -> Publication:
        publications = Publication.objects.select_related("guide__live", "guide__start")
        return get_object_or_404(publications, pk=pk)


def _links(request: HttpRequest, publication: Publication) -> dict[str, str]:
    """Addresses of what can be done with a publication, "" for what cannot."""
    guide, number = publication.guide, publication.number
    is_live = guide.live_id == publication.pk
    rolls_back = may_publish(request) and not is_live
    return {
        "before_url": compare_url(guide.pk, number - 1, number) if number > 1 else "",
        "draft_url": compare_url(guide.pk, number, DRAFT),
        "live_url": "" if is_live else compare_url(guide.pk, new=number),
        "roll_back_url": url_of(publication, "roll_back") if rolls_back else "",
    }
