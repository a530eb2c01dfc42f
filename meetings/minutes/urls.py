"""Addresses of the minutes room."""

from django.urls import path, re_path

from . import row_views, views

urlpatterns = [
    path("meetings/<int:pk>/minutes/", views.meeting_minutes, name="meeting-minutes"),
    path("meetings/<int:pk>/minutes/prepare/", views.minutes_prepare, name="minutes-prepare"),
    path("minutes/<int:pk>/", views.minutes, name="minutes"),
    re_path(r"^minutes/(?P<pk>\d{1,18})/minutes\.(?P<ending>docx|pdf)$", views.minutes_export, name="minutes-export"),
    path("minutes/<int:pk>/addenda/new/", views.addendum_new, name="addendum-new"),
    path("minutes/<int:pk>/decisions/new/", row_views.decision_new, name="meeting-decision-new"),
    path("minutes/<int:pk>/action-items/new/", row_views.action_new, name="action-item-new"),
    path("meeting-decisions/<int:pk>/", row_views.decision, name="meeting-decision"),
    path("meeting-decisions/<int:pk>/edit/", row_views.decision_edit, name="meeting-decision-edit"),
    path("action-items/<int:pk>/", row_views.action_item, name="action-item"),
    path("action-items/<int:pk>/edit/", row_views.action_edit, name="action-item-edit"),
    path("twgs/<slug:code>/action-items/", row_views.action_items, name="action-items"),
    path("twgs/<slug:code>/meeting-decisions/", row_views.decisions, name="meeting-decisions"),
]
