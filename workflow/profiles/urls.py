"""Addresses of templates, profiles and editions."""

from django.urls import path

from . import template_views, views

urlpatterns = [
    path("templates/<slug:code>/", views.template_page, name="template"),
    path("templates/<slug:code>/versions/new/", template_views.template_version, name="template-version"),
    path("templates/<slug:code>/edit/", template_views.template_edit, name="template-edit"),
    path("templates/<slug:code>/names/", template_views.template_names, name="template-names"),
    path("templates/<slug:code>/parts/new/", template_views.template_part, name="template-part-new"),
    path("templates/<slug:code>/parts/<int:pk>/", template_views.template_part, name="template-part"),
    path("templates/<slug:code>/parts/<int:pk>/remove/", template_views.template_part_remove, name="template-part-remove"),
    path("templates/<slug:code>/sections/new/", template_views.template_section, name="template-section-new"),
    path("templates/<slug:code>/sections/<int:pk>/", template_views.template_section, name="template-section"),
    path(
        "templates/<slug:code>/sections/<int:pk>/remove/", template_views.template_section_remove,
        name="template-section-remove",
    ),  # fmt: skip
    path("twgs/<slug:code>/profiles/new/", views.profile_new, name="profile-new"),
    path("profiles/<slug:code>/", views.profile_page, name="profile"),
    path("profiles/<slug:code>/edit/", views.profile_edit, name="profile-edit"),
    path("profiles/<slug:code>/editions/new/", views.edition_new, name="edition-new"),
    path("editions/<int:pk>/", views.edition_page, name="edition"),
]
