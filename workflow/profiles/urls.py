"""Addresses of templates, profiles and editions."""

from django.urls import path

from . import template_views as outlines
from . import views

urlpatterns = [
    path("templates/<slug:code>/", views.template_page, name="template"),
    path("templates/<slug:code>/versions/new/", outlines.template_version, name="template-version"),
    path("templates/<slug:code>/edit/", outlines.template_edit, name="template-edit"),
    path("templates/<slug:code>/names/", outlines.template_names, name="template-names"),
    path("templates/<slug:code>/parts/new/", outlines.template_part, name="template-part-new"),
    path("templates/<slug:code>/parts/<int:pk>/", outlines.template_part, name="template-part"),
    path("templates/<slug:code>/parts/<int:pk>/remove/", outlines.part_remove, name="template-part-remove"),
    path("templates/<slug:code>/sections/new/", outlines.template_section, name="template-section-new"),
    path("templates/<slug:code>/sections/<int:pk>/", outlines.template_section, name="template-section"),
    path("templates/<slug:code>/sections/<int:pk>/remove/", outlines.section_remove, name="template-section-remove"),
    path("twgs/<slug:code>/profiles/new/", views.profile_new, name="profile-new"),
    path("profiles/<slug:code>/", views.profile_page, name="profile"),
    path("profiles/<slug:code>/edit/", views.profile_edit, name="profile-edit"),
    path("profiles/<slug:code>/next-edition/", views.profile_next, name="profile-next"),
    path("profiles/<slug:code>/editions/new/", views.edition_new, name="edition-new"),
    path("editions/<int:pk>/", views.edition_page, name="edition"),
]
