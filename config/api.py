"""The API's addresses: its schema, its own page, and the rooms' resources."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from workflow.engine.problems import TYPES


def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    from drf_spectacular.views import SpectacularAPIView

    answer: HttpResponse = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[])(request)
    return answer


def docs(request: HttpRequest) -> HttpResponse:
    """The API's page: what can be called, and what can go wrong."""
    return render(request, "workflow/engine/api_docs.html", {"problems": TYPES.values()})


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", schema, name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
