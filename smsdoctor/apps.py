"""Django admin, with a site of our own."""

from django.contrib.admin.apps import AdminConfig


class AuthoringConfig(AdminConfig):
    default_site = "wizard.authoring.AuthoringSite"
