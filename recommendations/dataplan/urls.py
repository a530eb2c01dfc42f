"""Addresses of the data plans room."""

from django.urls import path, re_path

from . import action_views, files, link_views, row_views, views

urlpatterns = [
    path("data-plans/", views.data_plans, name="data-plans"),
    path("twgs/<slug:code>/data-plan/", views.of_twg, name="data-plan-of"),
    path("twgs/<slug:code>/data-plan/new/", views.plan_new, name="data-plan-new"),
    path("data-plans/<int:pk>/", views.plan, name="data-plan"),
    path("data-plans/<int:pk>/edit/", views.plan_edit, name="data-plan-edit"),
    path("data-plans/<int:pk>/ask/", views.plan_ask, name="data-plan-ask"),
    path("data-plans/<int:pk>/schedule/", views.schedule, name="data-plan-schedule"),
    path("data-plans/<int:pk>/actions/new/", action_views.action_new, name="data-action-new"),
    re_path(
        r"^data-plans/(?P<pk>\d{1,18})/actions\.(?P<ending>xlsx|csv)$", files.actions_export, name="data-actions-export"
    ),
    re_path(r"^data-plans/(?P<pk>\d{1,18})/plan\.(?P<ending>docx|pdf)$", files.plan_export, name="data-plan-export"),
    path("data-actions/<int:pk>/", action_views.action, name="data-action"),
    path("data-actions/<int:pk>/edit/", action_views.action_edit, name="data-action-edit"),
    path("data-actions/<int:pk>/commitments/new/", row_views.commitment_new, name="commitment-new"),
    path("data-progress/<str:token>/", link_views.by_link, name="data-action-by-link"),
    path("commitments/<int:pk>/", row_views.commitment, name="commitment"),
    path("commitments/<int:pk>/edit/", row_views.commitment_edit, name="commitment-edit"),
    path("twgs/<slug:code>/outputs/new/", row_views.output_new, name="output-new"),
    path("outputs/<int:pk>/", row_views.output, name="output"),
    path("outputs/<int:pk>/edit/", row_views.output_edit, name="output-edit"),
]
