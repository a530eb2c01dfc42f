"""Addresses of the frameworks room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
