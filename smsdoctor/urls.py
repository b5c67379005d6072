"""The site map: the wizard, and Django admin for its authors."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("wizard.urls")),
]

handler400 = "wizard.views.errors.bad_request"
handler403 = "wizard.views.errors.denied"
handler404 = "wizard.views.errors.not_found"
handler500 = "wizard.views.errors.broken"
