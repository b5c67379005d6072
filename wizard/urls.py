"""The wizard's addresses."""

from django.urls import path

from wizard.views import callbacks, cases, codes, desk, desk_case, health, portal, walk

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
    path("cases/<str:token>/changes/", cases.changes, name="case_changes"),
    path("cases/<str:token>/transcript.txt", cases.transcript, name="case_transcript"),
    # /callbacks/
    path("callbacks/huawei/status/", callbacks.status, name="status_callback"),
    path("callbacks/huawei/status/batch/", callbacks.status_batch, name="status_batch_callback"),
    # A push is not sent again to where a redirect points: a missing slash must not lose it.
    path("callbacks/huawei/status", callbacks.status),
    path("callbacks/huawei/status/batch", callbacks.status_batch),
    # /desk/
    path("desk/", desk.lists, name="desk"),
    path("desk/login/", desk.Login.as_view(), name="desk_login"),
    path("desk/logout/", desk.log_out, name="desk_logout"),
    path("desk/find/", desk.find, name="desk_find"),
    path("desk/open/", desk.open_case, name="desk_open"),
    path("desk/keys/", desk.keys, name="desk_keys"),
    path("desk/changes/<str:token>/", desk.changes, name="desk_changes"),
    # /desk/cases/<reference>/
    path("desk/cases/<str:reference>/", desk_case.show, name="desk_case"),
    path("desk/cases/<str:reference>/answers/", desk_case.answers, name="desk_answers"),
    path("desk/cases/<str:reference>/back/", desk_case.back, name="desk_back"),
    path("desk/cases/<str:reference>/jump/", desk_case.jump, name="desk_jump"),
    path("desk/cases/<str:reference>/tried/", desk_case.tried, name="desk_tried"),
    path("desk/cases/<str:reference>/notes/", desk_case.add_note, name="desk_notes"),
    path("desk/cases/<str:reference>/claim/", desk_case.claim, name="desk_claim"),
    path("desk/cases/<str:reference>/hand-over/", desk_case.hand_over, name="desk_hand_over"),
    path("desk/cases/<str:reference>/link/", desk_case.link, name="desk_link"),
    path("desk/cases/<str:reference>/flags/", desk_case.flag, name="desk_flags"),
    path("desk/cases/<str:reference>/transcript/", desk_case.transcript, name="desk_transcript"),
    path("healthz", health.healthz, name="healthz"),
]
