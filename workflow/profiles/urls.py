"""Addresses of templates, profiles and editions."""

from django.urls import path

from . import views

urlpatterns = [
    path("templates/<slug:code>/", views.template_page, name="template"),
    path("twgs/<slug:code>/profiles/new/", views.profile_new, name="profile-new"),
    path("profiles/<slug:code>/", views.profile_page, name="profile"),
    path("profiles/<slug:code>/edit/", views.profile_edit, name="profile-edit"),
    path("profiles/<slug:code>/editions/new/", views.edition_new, name="edition-new"),
    path("editions/<int:pk>/", views.edition_page, name="edition"),
]
