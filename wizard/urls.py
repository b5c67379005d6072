"""The wizard's addresses."""

from django.urls import path

from wizard.views import codes, health, portal, walk

app_name = "wizard"

urlpatterns = [
    path("", portal.home, name="home"),
    # /guides/
    path("guides/<slug:slug>/", walk.guide, name="walk"),
    # /codes/
    path("codes/", codes.code_list, name="codes"),
    path("codes/<str:code>/", codes.code, name="code"),
    path("healthz", health.healthz, name="healthz"),
]
