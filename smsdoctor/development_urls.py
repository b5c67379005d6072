"""The site map of `make dev`: that of the site, and where its pages hear that they have changed."""

from django.urls import include, path

from smsdoctor.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("__reload__/", include("django_browser_reload.urls")), *urlpatterns]
