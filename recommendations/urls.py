"""Addresses of the recommendations floor."""

from django.urls import include, path

from .milestones import views

urlpatterns = [
    path("", include("recommendations.inventory.urls")),
    path("", include("recommendations.register.urls")),
    path("milestones/", views.milestones, name="milestones"),
    path("milestones/<int:pk>/", views.milestone, name="milestone"),
    path("milestones/<int:pk>/edit/", views.milestone_edit, name="milestone-edit"),
    path("twgs/<slug:code>/milestones/new/", views.milestone_new, name="milestone-new"),
    path("hosting/<int:pk>/", views.hosting, name="hosting"),
    path("hosting/<int:pk>/edit/", views.hosting_edit, name="hosting-edit"),
    path("twgs/<slug:code>/hosting/new/", views.hosting_new, name="hosting-new"),
    path("", include("recommendations.dataplan.urls")),
]
