"""Addresses of TWGs, their seats and terms of reference, and of projects."""

from django.urls import path

from . import project_views, seat_views, terms_views, twg_views

urlpatterns = [
    path("twgs/", twg_views.twgs, name="twgs"),
    path("twgs/new/", twg_views.twg_new, name="twg-new"),
    path("twgs/<slug:code>/", twg_views.twg_page, name="twg"),
    path("twgs/<slug:code>/edit/", twg_views.twg_edit, name="twg-edit"),
    path("twgs/<slug:code>/parent/", twg_views.twg_parent, name="twg-parent"),
    path("twgs/<slug:code>/link/", twg_views.twg_link, name="twg-link"),
    path("twgs/<slug:code>/fact/", twg_views.twg_fact, name="twg-fact"),
    path("twgs/<slug:code>/seats/new/", seat_views.seat_new, name="seat-new"),
    path("seats/<int:pk>/end/", seat_views.seat_end, name="seat-end"),
    path("seats/<int:pk>/invite/", seat_views.seat_invite, name="seat-invite"),
    path("twgs/<slug:code>/terms/new/", terms_views.terms_new, name="terms-new"),
    path("terms/<int:pk>/", terms_views.terms_page, name="terms"),
    path("terms/<int:pk>/edit/", terms_views.terms_edit, name="terms-edit"),
    path("projects/<slug:code>/", project_views.project_page, name="project"),
]
