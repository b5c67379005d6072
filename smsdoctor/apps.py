"""Django admin, with a site of our own."""

from django.contrib.admin.apps import AdminConfig


class AuthoringConfig(AdminConfig):
    default_site = "smsdoctor.admin_site.AuthoringSite"

    def ready(self) -> None:
        super().ready()
        from smsdoctor import checks  # noqa: F401 -- Django knows them by their import
