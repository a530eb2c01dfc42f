"""Addresses of the meetings floor."""

from django.urls import include, path

urlpatterns = [
    path("", include("meetings.scheduling.urls")),
    path("", include("meetings.trainings.urls")),
    path("", include("meetings.minutes.urls")),
    path("", include("meetings.attendance.urls")),
]
