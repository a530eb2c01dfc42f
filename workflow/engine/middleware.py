"""The reader's language and zone on the way in; refusals as pages that help on the way out."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from .errors import Conflict, EngineError

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Speak the signed-in reader's language and show their time zone; others get what their browser asks for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        language = getattr(person, "language", None) or translation.get_language_from_request(request)
        zone = zoneinfo.ZoneInfo(getattr(person, "time_zone", None) or "UTC")
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if person.is_authenticated:
            # What a ministry reads on a shared machine does not stay in its cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ProblemMiddleware:
    """Turns the engine's refusals into pages with the right status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, EngineError):
            return None
        context = {"reason": exception.reason, "conflict": exception if isinstance(exception, Conflict) else None}
        return render(request, f"workflow/errors/{exception.status}.html", context, status=exception.status)
