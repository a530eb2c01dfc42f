"""Addresses of the demonstration; without PALABRE_DEMO they don't exist."""

from django.urls import path

from . import demo_views as views

urlpatterns = [
    path("mail/", views.mailbox, name="mailbox"),
    path("enter/<str:token>/", views.enter, name="demo-enter"),
    path("as/", views.enter_as, name="demo-as"),
]
