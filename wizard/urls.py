"""The wizard's addresses."""

from django.urls import path

from wizard.views import callbacks, cases, codes, health, portal, walk

app_name = "wizard"

urlpatterns = [
    path("", portal.home, name="home"),
    # /guides/
    path("guides/<slug:slug>/", walk.guide, name="walk"),
    # /codes/
    path("codes/", codes.code_list, name="codes"),
    path("codes/<str:code>/", codes.code, name="code"),
    # /cases/
    path("cases/", cases.open_case, name="case_open"),
    path("cases/<str:token>/", cases.show, name="case"),
    path("cases/<str:token>/answers/", cases.answers, name="case_answers"),
    path("cases/<str:token>/lookups/", cases.lookups, name="case_lookups"),
    # /callbacks/
    path("callbacks/huawei/status/", callbacks.status, name="status_callback"),
    path("callbacks/huawei/status/batch/", callbacks.status_batch, name="status_batch_callback"),
    # A push is not sent again to where a redirect points: a missing slash must not lose it.
    path("callbacks/huawei/status", callbacks.status),
    path("callbacks/huawei/status/batch", callbacks.status_batch),
    path("healthz", health.healthz, name="healthz"),
]
