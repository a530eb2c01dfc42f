"""Addresses of the institution directory."""

from django.urls import path, re_path

from . import directory_views as views
from . import import_views

urlpatterns = [
    path("institutions/", views.directory, name="directory"),
    path("institutions/new/", views.institution_new, name="institution-new"),
    path("institutions/import/", import_views.institution_import, name="institution-import"),
    re_path(r"^institutions/export\.(?P<form>csv|xlsx)$", views.institution_export, name="institution-export"),
    path("institutions/<slug:code>/", views.institution_page, name="institution"),
    path("institutions/<slug:code>/edit/", views.institution_edit, name="institution-edit"),
]
