"""Addresses of the datarequests room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
