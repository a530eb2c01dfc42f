"""Addresses of the desk: home, overview, search."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("overview/export.csv", views.overview_export, name="overview-export"),
    path("search/", views.search, name="search"),
]
