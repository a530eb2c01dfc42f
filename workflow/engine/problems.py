"""Every refusal of the API as a problem document (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as Invalid
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings

from . import kinds, readers
from .errors import Conflict, EngineError, Incomplete, NotPermitted, Unmet
from .flow import subject_state

logger = logging.getLogger(__name__)
Text = str | Promise


@dataclass(frozen=True)
class Type:
    """One type of problem: its name is the anchor under which the API's page explains it."""

    name: str
    status: int
    title: Text
    help: Text


TYPES = {
    t.name: t
    for t in (
        Type("unreadable", 400, _("The request can't be read"), _("The body is not what its media type says.")),
        Type("not-signed-in", 401, _("Sign in first"), _("No token, or one that is unknown, revoked or out of date.")),
        Type("not-permitted", 403, _("Not permitted"), _("You see this, but it is for somebody else to do.")),
        Type("not-found", 404, _("Not found"), _("It does not exist, or it is not yours to see.")),
        Type("method-not-allowed", 405, _("Method not allowed"), _("This address does not answer that method.")),
        Type("not-acceptable", 406, _("Not acceptable"), _("The API answers in JSON.")),
        Type(
            "conflict", 409, _("Somebody was faster"),
            _("It has changed since you read it: `events` says how, `version` is the one to send."),
        ),
        Type("unmet", 409, _("Not possible yet"), _("A condition does not hold; `detail` says which.")),
        Type("too-large", 413, _("Too large"), _("The body is larger than Palabre takes.")),
        Type("unsupported-media-type", 415, _("Unsupported media type"), _("Send JSON, or multipart with files.")),
        Type("incomplete", 422, _("Something is missing or wrong"), _("`errors` holds each field's messages.")),
        Type(
            "version-required", 428, _("Say which version you have read"),
            _("Send the version that you have read as If-Match or as `version`."),
        ),
        Type("too-many-requests", 429, _("Too many requests"), _("Wait for as many seconds as Retry-After says.")),
        Type("server-error", 500, _("Palabre has failed"), _("It was written to the server's log; nothing changed.")),
    )
}  # fmt: skip


class VersionRequired(exceptions.APIException):
    """A change names the version that it starts from (428)."""

    status_code = 428
    default_detail = _("Send the version that you have read, as If-Match or as “version” in the body.")
    default_code = "version-required"


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"
    format = "problem"


@dataclass
class Problem:
    """What the document says beside its type."""

    type: Type
    detail: Text
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        return {
            "type": f"{reverse('api-docs')}#{self.type.name}",
            "title": str(self.type.title),
            "status": self.type.status,
            "detail": str(self.detail),
            "instance": instance,
            **self.more,
        }


def as_problem(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Django REST framework's exception handler: never an HTML page, and no details of what went wrong inside."""
    request = context.get("request")
    # The person is asked for only where there is one: an unknown token would be refused again here.
    problem = problem_of(exc, request.user if isinstance(exc, Conflict) and request is not None else None)
    if problem.type.status == 500:
        logger.error("The API failed at %s", getattr(request, "path", ""), exc_info=exc)
        got_request_exception.send(sender=as_problem, request=getattr(request, "_request", None))
    response = Response(
        problem.document(getattr(request, "path", "")), status=problem.type.status, headers=problem.headers
    )
    if request is not None:
        # The body is a problem whatever the request accepts: there is no other form of it.
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = ProblemRenderer.media_type
    response.content_type = ProblemRenderer.media_type
    return response


def refused(request: HttpRequest, name: str) -> HttpResponse:
    """A problem for what is refused before the framework has seen the request (the middleware's 413)."""
    problem = Problem(TYPES[name], TYPES[name].help)
    body = ProblemRenderer().render(problem.document(request.path))
    return HttpResponse(body, status=problem.type.status, content_type=ProblemRenderer.media_type)


def problem_of(exc: Exception, person: Any = None) -> Problem:
    """The problem that an exception is; anything unforeseen is a server error that says nothing."""
    if isinstance(exc, EngineError):
        return _refusal(exc, person)
    if isinstance(exc, Invalid):
        problem = _incomplete(errors_of(exc))
        too_large = any(error.code == "too-large" for error in _each(exc))
        return Problem(TYPES["too-large"], problem.detail, problem.more) if too_large else problem
    if isinstance(exc, exceptions.ValidationError):
        return _incomplete(_flat(exc.detail))
    if isinstance(exc, Http404):
        return Problem(TYPES["not-found"], TYPES["not-found"].help)
    if isinstance(exc, PermissionDenied):
        return Problem(TYPES["not-permitted"], str(exc) or TYPES["not-permitted"].help)
    if isinstance(exc, RequestDataTooBig):
        return Problem(TYPES["too-large"], TYPES["too-large"].help)
    if isinstance(exc, SuspiciousOperation):
        return Problem(TYPES["unreadable"], TYPES["unreadable"].help)
    if isinstance(exc, IntegrityError):
        # Two requests passed the same check at once; the database let one through.
        logger.warning("Two requests met in the database", exc_info=exc)
        return Problem(TYPES["conflict"], _("Somebody else has just done this."))
    if isinstance(exc, exceptions.APIException):
        return _framework(exc)
    return Problem(TYPES["server-error"], TYPES["server-error"].help)


def _refusal(exc: EngineError, person: Any) -> Problem:
    if isinstance(exc, NotPermitted):
        return Problem(TYPES["not-permitted"], exc.reason)
    if isinstance(exc, Incomplete):
        problem = _incomplete(exc.fields)
        return Problem(TYPES["too-large"], problem.detail, problem.more) if exc.status == 413 else problem
    if isinstance(exc, Conflict):
        return Problem(TYPES["conflict"], exc.reason, _standing(exc, person))
    if isinstance(exc, Unmet):
        return Problem(TYPES["unmet"], exc.reason)
    return Problem(TYPES["unreadable"], exc.reason)


def _standing(exc: Conflict, person: Any) -> dict[str, Any]:
    """Where the subject stands now, and what happened since, for those who may read its history."""
    kind = kinds.of(exc.subject)
    more: dict[str, Any] = {"version": exc.subject.version, **exc.more}
    if kind.flow:
        more["state"] = subject_state(exc.subject, kind.flow)
    if kind.internal_to(person).filter(pk=exc.subject.pk).exists():
        lines = readers.lines_for(exc.events, person)
        more["events"] = [
            {
                "sequence": line.sequence,
                "name": line.name,
                "label": str(line.label),
                "at": line.at,
                "actor_name": line.actor_name,
                "institution": line.institution,
                "capacity": line.capacity,
                "to": event.to_state,
                "note": line.note,
            }
            for event, line in zip(exc.events, lines, strict=True)
        ]
    return more


def _incomplete(errors: Mapping[str, Sequence[str]]) -> Problem:
    return Problem(TYPES["incomplete"], _("Something is missing or wrong."), {"errors": dict(errors)})


def _each(exc: Invalid) -> Iterator[Invalid]:
    """The single errors in a validation error of any shape."""
    lists = exc.error_dict.values() if hasattr(exc, "error_dict") else [exc.error_list]
    return (error for errors in lists for error in errors)


def errors_of(exc: Invalid) -> dict[str, list[str]]:
    """A validation error of Django's by field; what belongs to no field is under `__all__`."""
    if hasattr(exc, "error_dict"):
        return {name: [str(m) for m in messages] for name, messages in exc.message_dict.items()}
    return {NON_FIELD_ERRORS: [str(m) for m in exc.messages]}


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """The framework's nested errors by dotted path, such as `parts.0.titles`."""
    if isinstance(detail, Mapping):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            name = "" if name == api_settings.NON_FIELD_ERRORS_KEY else str(name)
            flat.update(_flat(inner, ".".join(p for p in (path, name) if p)))
        return flat
    if isinstance(detail, list) and any(isinstance(d, Mapping) for d in detail):
        return _flat({str(number): d for number, d in enumerate(detail) if d}, path)
    messages = detail if isinstance(detail, list) else [detail]
    return {path or NON_FIELD_ERRORS: [str(m) for m in messages]}


_BY_STATUS = {
    status: TYPES[name]
    for status, name in (
        (400, "unreadable"), (401, "not-signed-in"), (403, "not-permitted"), (404, "not-found"),
        (405, "method-not-allowed"), (406, "not-acceptable"), (413, "too-large"), (415, "unsupported-media-type"),
        (428, "version-required"), (429, "too-many-requests"),
    )
}  # fmt: skip


def _framework(exc: exceptions.APIException) -> Problem:
    problem = Problem(_BY_STATUS.get(exc.status_code, TYPES["server-error"]), str(exc.detail))
    if problem.type.status == 500:
        problem.detail = problem.type.help
    if header := getattr(exc, "auth_header", None):
        problem.headers["WWW-Authenticate"] = header
    if (wait := getattr(exc, "wait", None)) is not None:
        problem.headers["Retry-After"] = str(int(wait) + 1)
    return problem
