"""Addresses of the register."""

from django.urls import path, re_path

from . import insert_views, sheet_views, views

FORM = r"export\.(?P<form>csv|xlsx)$"

urlpatterns = [
    path("twgs/<slug:code>/frameworks/", views.frameworks, name="frameworks"),
    path("twgs/<slug:code>/frameworks/new/", views.framework_new, name="framework-new"),
    path("twgs/<slug:code>/frameworks/import/", sheet_views.frameworks_import, name="frameworks-import"),
    re_path(rf"^twgs/(?P<code>[-\w]+)/frameworks/{FORM}", sheet_views.frameworks_export, name="frameworks-export"),
    path("frameworks/<int:pk>/", views.framework, name="framework"),
    path("frameworks/<int:pk>/edit/", views.framework_edit, name="framework-edit"),
    path("twgs/<slug:code>/actors/", views.actors, name="actors"),
    path("twgs/<slug:code>/actors/new/", views.actor_new, name="actor-new"),
    path("twgs/<slug:code>/actors/import/", sheet_views.actors_import, name="actors-import"),
    re_path(rf"^twgs/(?P<code>[-\w]+)/actors/{FORM}", sheet_views.actors_export, name="actors-export"),
    path("actors/<int:pk>/", views.actor, name="actor"),
    path("actors/<int:pk>/edit/", views.actor_edit, name="actor-edit"),
    path("sections/<int:pk>/register/", insert_views.section_register, name="section-register"),
]
