"""Addresses of data requests."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("twgs/<slug:code>/requests/", views.data_requests, name="data-requests"),
    path("twgs/<slug:code>/requests/new/", views.data_request_new, name="data-request-new"),
    re_path(
        r"^twgs/(?P<code>[-\w]+)/requests/export\.(?P<form>csv|xlsx)$",
        views.data_requests_export,
        name="data-requests-export",
    ),
    path("requests/<int:pk>/", views.data_request, name="data-request"),
    path("requests/<int:pk>/edit/", views.data_request_edit, name="data-request-edit"),
    path("answers/<int:pk>/file/", views.answer_file, name="data-answer"),
]
