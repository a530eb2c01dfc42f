"""The reader's language and zone on the way in; refusals as pages that help on the way out."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from . import refusals
from .errors import EngineError

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Speak the reader's language and show their time zone.

    The language is the one chosen on this browser's pages, else the signed-in person's, else what the browser asks for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        language = language_of(request, person)
        zone = zoneinfo.ZoneInfo(getattr(person, "time_zone", None) or settings.TIME_ZONE)
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if person.is_authenticated:
            # What a ministry reads on a shared machine does not stay in its cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def language_of(request: HttpRequest, person: Any) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        return str(chosen)
    return getattr(person, "language", None) or translation.get_language_from_request(request)


class ProblemMiddleware:
    """Turns the engine's refusals into pages with the right status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # Django measures all but files; here the whole is measured, before anything reads it.
            return refusals.too_large(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # Who signs in again after pressing a button comes to the button's address, where there is nothing to read.
            return refusals.only_pressed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusals.page(request, exception) if isinstance(exception, EngineError) else None


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or ""
    return int(stated) if stated.isdecimal() else 0
