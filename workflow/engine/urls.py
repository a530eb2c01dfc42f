"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from . import file_views, outbox_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("do/<slug:kind>/<int:pk>/<slug:transition>/", views.act, name="act"),
    path("history/<slug:kind>/<int:pk>/", views.history_page, name="history"),
    re_path(
        r"^history/(?P<kind>[-\w]+)/(?P<pk>[0-9]+)/export\.(?P<form>csv|json)$",
        views.history_export,
        name="history-export",
    ),
    path("decisions/<int:pk>/file/", views.decision_file, name="decision-file"),
    path("files/<int:pk>/", file_views.file_job, name="file-job"),
    path("files/<int:pk>/download/", file_views.file_download, name="file-download"),
    path("administration/outbox/", outbox_views.failed_outbox, name="failed-outbox"),
    path("administration/outbox/<int:pk>/retry/", outbox_views.outbox_retry, name="outbox-retry"),
]
