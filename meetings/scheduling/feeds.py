"""Calendars as files: one meeting to take over by hand, and feeds that calendar programs read again and again."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings.calendar import content
from workflow.groups.form_tools import FORM
from workflow.groups.models import Twg

from . import entries, subscriptions
from .models import CalendarLink
from .views import FOLDER, meeting_or_404

TYPE = "text/calendar; charset=utf-8"


@login_required
@require_safe
def meeting_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting, without its attendees: a file that is passed on tells of nobody."""
    found = meeting_or_404(request, pk)
    if found.starts_at is None:
        raise Http404
    made = entries.entry(found, summary=found.title, description=found.description)
    answer = HttpResponse(content.publish([made]), content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="meeting-{found.pk}.ics"'
    return answer


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A calendar by its secret address, for programs: nobody is signed in. Unchanged ones are answered with 304."""
    link = subscriptions.find(secret)
    if link is None:
        raise Http404
    with translation.override(link.person.language):
        events = subscriptions.events_of(link)
        body = content.feed(f"Palabre: {link}", events, refresh=subscriptions.REFRESH)
    changed = max((event.stamp for event in events), default=link.made_at)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type=TYPE)
    answer["ETag"], answer["Last-Modified"] = etag, http_date(changed.timestamp())
    answer["Cache-Control"] = "private, max-age=300"
    # By the entity tag alone: what someone may know can change although nothing was changed.
    conditional: Any = get_conditional_response(request, etag=etag, response=answer)
    kept: HttpResponse = conditional
    return kept


@login_required
@FORM
def calendar_links(request: HttpRequest) -> HttpResponse:
    """One's calendar links: a new one is shown once, old ones can be revoked."""
    shown = ""
    if request.method == "POST":
        code = request.POST.get("twg", "")
        twg = get_object_or_404(Twg.objects.internal_to(request.user), code=code) if code else None
        try:
            shown = settings.SITE_URL + reverse("calendar-feed", args=[subscriptions.make(request.user, twg)[1]])  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    links = CalendarLink.objects.filter(person=request.user.pk, revoked_at=None).select_related("twg__region")
    twgs = Twg.objects.internal_to(request.user).select_related("region").order_by("code")[:200]
    context = {"links": links, "twgs": twgs, "shown": shown, "webcal": shown.replace("https:", "webcal:", 1)}
    return render(request, f"{FOLDER}/calendar_links.html", context)


@login_required
@require_POST
def calendar_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    subscriptions.revoke(request.user, pk)
    messages.success(request, _("Revoked: the address opens nothing any more."))
    return redirect("calendar-links")
