"""Addresses of the scheduling room."""

urlpatterns: list[object] = []
