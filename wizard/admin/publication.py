"""Publications: to be read and downloaded. Nobody adds, changes or deletes one here."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wizard.admin.files import attachment
from wizard.admin.readonly import ReadOnly
from wizard.models import Publication


@admin.register(Publication)
class PublicationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "guide", "is_live", "published_at", "author", "note")
    list_filter = ("guide", "author", "published_at")
    list_select_related = ("guide", "author")
    search_fields = ("note", "digest", "guide__title", "guide__slug")
    fields = ("guide", "number", "is_live", "published_at", "author", "note", "digest")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("snapshot")

    def get_urls(self):
        download = path(
            "<int:pk>/snapshot/<str:form>/",
            self.admin_site.admin_view(self.download),
            name="wizard_publication_snapshot",
        )
        return [download, *super().get_urls()]

    @admin.display(description=_("live"), boolean=True)
    def is_live(self, obj: Publication) -> bool:
        return obj.guide.live_id == obj.pk

    def download(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The snapshot as a guide file, which import can make the draft again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        publication = get_object_or_404(Publication.objects.select_related("guide"), pk=pk)
        name = f"{publication.guide.slug}-{publication.number}"
        return attachment(publication.snapshot, name, form)
