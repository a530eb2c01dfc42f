"""Refusals as pages: what was refused, why, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from . import kinds, problems, readers
from .errors import Conflict, EngineError, Incomplete

log = logging.getLogger(__name__)

Kept = Iterable[tuple[Any, str]]
API = "/api/"  # programs are answered with problem documents, not with pages
NOT_TYPED = ("csrfmiddlewaretoken", "version")


def page(request: HttpRequest, error: EngineError, *, subject: Any = None, kept: Kept | None = None) -> HttpResponse:
    """The page of a refusal, with the refusal's status. `kept` is what the person had typed: (label, text)."""
    context: dict[str, Any] = {"reason": error.reason}
    if isinstance(error, Conflict):
        context["conflict"] = _conflict(request, error, typed(request) if kept is None else kept)
    elif subject is not None:
        context["subject_url"] = kinds.of(subject).url(subject)
    if isinstance(error, Incomplete):
        context["problems"] = [{"text": text} for messages in error.fields.values() for text in messages]
    return shown(request, f"workflow/errors/{error.status}.html", context, error.status)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """An error page; where HTMX asked for a piece of a page, it takes the place of the page's content."""
    response = render(request, template, context, status=status)
    if getattr(request, "htmx", False):
        for name, value in {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"}.items():
            response[name] = value
    return response


def typed(request: HttpRequest) -> Kept:
    """What a form brought, under its fields' names, so that a refusal gives it back."""
    return [
        (name.replace("_", " ").capitalize(), text)
        for name, values in request.POST.lists()
        for text in values
        if name not in NOT_TYPED and text.strip()
    ]


def _conflict(request: HttpRequest, error: Conflict, kept: Kept) -> dict[str, Any]:
    """Who did what meanwhile, for those who may read the subject's history."""
    kind = kinds.of(error.subject)
    inside = kind.internal_to(request.user).filter(pk=error.subject.pk).exists()
    seen = inside or kind.visible_to(request.user).filter(pk=error.subject.pk).exists()
    return {
        "events": readers.lines_for(list(reversed(error.events)), request.user) if inside else [],
        "subject_label": str(error.subject) if seen else "",
        "subject_url": kind.url(error.subject) if seen else "",
        "kept": [(label, text) for label, text in kept if text],
    }


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`, for whatever Django itself refuses to read."""
    if not hasattr(request, "user"):
        return defaults.bad_request(request, exception)  # refused before anybody knows who reads, in which language
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return shown(request, "workflow/errors/400.html", {}, 400)


def only_pressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An address that only a button leads to, opened as a page."""
    if request.path.startswith(API):
        return response
    page = shown(request, "workflow/errors/400.html", {}, 405)
    page["Allow"] = response["Allow"]
    return page


def too_large(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return problems.refused(request, "too-large")
    return shown(request, "workflow/errors/413.html", {}, 413)


def too_many(request: HttpRequest) -> HttpResponse:
    """`handler429`, which the sign-in pages call when somebody tries too often."""
    return shown(request, "workflow/errors/429.html", {"reason": _("Too many attempts in a short time.")}, 429)
