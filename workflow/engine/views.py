"""Pages that every kind of subject shares: making a transition, reading history, a recorded decision's file."""

from __future__ import annotations

import base64
import logging
import mimetypes
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import asks, details, export, history, kinds, readers, refusals, services
from .errors import Conflict, EngineError, Incomplete, NotPermitted, Unmet
from .flow import Act, Flow, gates_of, refused_for, unmet_reason
from .forms_version import stated_version
from .models import Event, RecordedDecision
from .selectors import subject_or_404

log = logging.getLogger(__name__)

EVENTS_ON_A_PAGE = 50
CHUNK = 64 * 1024  # bytes


# -- one transition ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, kind: str, pk: int, transition: str) -> HttpResponse:
    """The form of one transition, and its performing. What can't be done says why, with the status of the refusal."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())  # the same answer whether the subject exists or not
    subject = subject_or_404(kind, pk, request.user, internal=True)
    flow_class = kinds.of(subject).flow
    if flow_class is None or not flow_class.label_of(transition):
        raise Http404
    flow = flow_class(subject, Act(actor=request.user, offering=True))
    try:
        if request.method == "POST":
            return _perform(request, flow, transition)
        return _ask(request, flow, _offered(flow, transition, request.user), version=subject.version)
    except EngineError as error:
        return refusals.page(request, error, subject=subject, kept=_kept(request, flow, transition))


def _offered(flow: Flow, name: str, person: Any) -> Any:
    """The transition, if `person` may make it now; raises what `perform` would raise."""
    found = flow.find(name)
    if found is None:
        why = services._not_from_here(flow, name)
        raise Conflict(flow.subject, [left], why) if (left := _just_left(flow, name)) else Unmet(why)
    if reason := refused_for(found, flow, person):
        raise NotPermitted(reason)
    if reason := unmet_reason(found, flow):
        raise Unmet(reason)
    return found


def _just_left(flow: Flow, name: str) -> Event | None:
    """The event that has just made the transition impossible: the page was stale then, not the idea wrong."""
    last = history.events_of(flow.subject).exclude(to_state="").last()
    sources = {str(t.source) for t in type(flow).transitions() if t.slug == name}
    return last if last is not None and last.from_state in sources else None


def _perform(request: HttpRequest, flow: Flow, name: str) -> HttpResponse:
    version = stated_version(request)
    try:
        answers = request.POST.dict()  # a QueryDict unpacks to lists
        services.perform(flow, name, actor=request.user, version=version, data=answers, files=request.FILES)
    except Incomplete as error:
        return _ask(request, flow, _offered(flow, name, request.user), version=version, status=error.status)
    subject = flow.subject
    kind = kinds.of(subject)
    said = _("Done: “%(action)s”. It now stands at “%(state)s”.")
    messages.success(
        request,
        said % {"action": type(flow).label_of(name), "state": kind.state_label(getattr(subject, flow.column()))},
    )
    return redirect(kind.url(subject))


def _ask(request: HttpRequest, flow: Flow, transition: Any, *, version: int, status: int = 200) -> HttpResponse:
    """The form; bound, with its messages, when `status` says that something is missing or too large."""
    subject, kind = flow.subject, kinds.of(flow.subject)
    refused = status in (413, 422)
    answers = (request.POST, request.FILES) if refused else (None, None)
    context = {
        "subject": subject,
        "subject_url": kind.url(subject),
        "crumbs": [(str(subject), kind.url(subject))],
        "kind": kind,
        "transition": transition,
        "custom": transition.custom,
        "from_label": kind.state_label(flow.state.value),
        "to_label": kind.state_label(str(transition.target)),
        "closed": [answer for answer in (gate.answer(flow) for gate in gates_of(transition)) if not answer],
        "forms": asks.forms_for(flow, flow.asks_of(transition), *answers),
        "refused": refused,
        "version": version,
    }
    return render(request, "workflow/engine/act.html", context, status=status)


def _kept(request: HttpRequest, flow: Flow, name: str) -> refusals.Kept:
    """What the person had typed, under the words that they saw."""
    transition = next(t for t in type(flow).transitions() if t.slug == name)
    asked = asks.forms_for(flow, (*transition.custom.get("asks", ()), "decision"))
    fields = {name: field for form in asked for name, field in form.fields.items()}
    return [(field.label, _chosen(field, request.POST[name])) for name, field in fields.items() if name in request.POST]


def _chosen(field: Any, text: str) -> str:
    """A choice in its words rather than as its number."""
    return {str(key): str(words) for key, words in getattr(field, "choices", ())}.get(text, text) if text else ""


# -- history ----------------------------------------------------------------------------------------------


@require_safe
def history_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A subject's history, the newest event first."""
    subject = subject_or_404(kind, pk, request.user, internal=True)
    of_kind = kinds.of(subject)
    paginator = Paginator(history.events_of(subject).order_by("-sequence"), EVENTS_ON_A_PAGE)
    paginator.count = subject.version  # each event raises it by one: nobody needs to count them
    found = paginator.get_page(request.GET.get("page"))
    events = list(found.object_list)
    lines = readers.lines_for(events, request.user)
    context = {
        "subject": subject,
        "kind": of_kind,
        "crumbs": [(str(subject), of_kind.url(subject))],
        "page_obj": found,
        "lines": list(zip(lines, details.of(events, request.user), strict=True)),
        "live": f"{kind}:{pk}",
    }
    return render(request, "workflow/engine/history.html", context)


@require_safe
def history_export(request: HttpRequest, kind: str, pk: int, form: str) -> HttpResponseBase:
    """The audit export: all that the hashes cover, as CSV or JSON."""
    subject = subject_or_404(kind, pk, request.user, internal=True)
    chunks = export.FORMS[form](subject, request.user)
    return export.streamed(request, chunks, f"palabre-{kind}-{pk}-history.{form}", export.TYPES[form])


@require_safe
def decision_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a recorded decision, for those who see its subject from the inside."""
    decision = get_object_or_404(RecordedDecision, pk=pk)
    subject_or_404(decision.subject_kind, decision.subject_id, request.user, internal=True)
    if not decision.file:
        raise Http404
    etag = f'"{decision.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    name = PurePath(str(decision.file.name)).name
    try:
        chunks = decision.file.open("rb").chunks(CHUNK)
        size = decision.file.size
    except FileNotFoundError as error:
        log.error("the file of decision %s is not in the storage: %s", pk, decision.file.name)
        raise Http404 from error
    response = export.streamed(request, chunks, name, mimetypes.guess_type(name)[0] or "application/octet-stream")
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(decision.sha256)).decode()}:"
    return response
