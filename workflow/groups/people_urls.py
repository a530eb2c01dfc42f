"""Addresses of people."""

from django.urls import path

from . import people_views as views

urlpatterns = [
    path("people/<int:pk>/", views.person_page, name="person"),
    path("people/<int:pk>/access/", views.person_access, name="person-access"),
    path("me/", views.me, name="me"),
]
