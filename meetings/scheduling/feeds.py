"""Calendars as files: one meeting to take over by hand, and feeds that calendar programs read again and again."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings.calendar import content
from workflow.groups.form_tools import FORM
from workflow.groups.models import Region, Twg

from . import entries, subscriptions
from .models import CalendarLink
from .views import FOLDER, ON_A_PAGE, meeting_or_404

TYPE = "text/calendar; charset=utf-8"
REMEMBERED = 30 * 86_400  # seconds


@login_required
@require_safe
def meeting_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting, without its attendees: a file that is passed on tells of nobody."""
    found = meeting_or_404(request, pk)
    if found.starts_at is None:
        raise Http404
    made = entries.entry(found, summary=found.title, description=entries.words(found), alarms=True)
    answer = HttpResponse(content.publish([made]), content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="meeting-{found.pk}.ics"'
    return answer


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A calendar by its secret address, for programs: nobody is signed in."""
    link = subscriptions.find(secret)
    if link is None:
        raise Http404
    with translation.override(link.person.language):
        body = content.feed(f"Palabre: {link}", subscriptions.events_of(link), refresh=subscriptions.REFRESH)
    return _told(request, body, f"link-{link.pk}", "private")


@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """What is announced to the public, everywhere or in one `region`, in the `language` that the address names."""
    region = _region(request)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        name = _("Palabre: public meetings") + (f", {region}" if region else "")
        body = content.feed(name, subscriptions.public_events(region), refresh=subscriptions.REFRESH)
    return _told(request, body, f"public-{region.pk if region else ''}-{language}", "public")


def _region(request: HttpRequest) -> Region | None:
    code = request.GET.get("region", "")
    return get_object_or_404(Region, code=code) if code else None


def _told(request: HttpRequest, body: bytes, name: str, whose: str) -> HttpResponse:
    """The calendar, or 304 for who has it already, by its entity tag or by the time at which they read it.

    Changes of meetings alone do not say when a calendar changed: what its reader may know changes too. So the cache
    keeps since when it has been as it is; where that is forgotten, it is told anew.
    """
    etag, now = f'"{hashlib.sha256(body).hexdigest()[:32]}"', int(timezone.now().timestamp())
    known, since = cache.get(f"calendar:{name}") or ("", 0)
    if known != etag:
        since = max(now, since + 1)  # HTTP counts in seconds: two versions of one second must differ
        cache.set(f"calendar:{name}", (etag, since), REMEMBERED)
    answer = HttpResponse(body, content_type=TYPE)
    answer["ETag"], answer["Last-Modified"] = etag, http_date(since)
    answer["Cache-Control"] = f"{whose}, max-age=300"
    conditional: Any = get_conditional_response(request, etag=etag, last_modified=since, response=answer)
    kept: HttpResponse = conditional
    return kept


# -- pages that offer them -----------------------------------------------------------------------------------


@require_safe
def public_calendar(request: HttpRequest) -> HttpResponse:
    """What is announced to the public and lies ahead, for anybody, and the addresses at which programs read it."""
    region = _region(request)
    ahead = subscriptions.announced(region).filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")
    asked = {"region": region.code} if region else {}
    address = reverse("public-calendar-feed") + "?" + urlencode({"language": translation.get_language(), **asked})
    context = {
        "page_obj": Paginator(ahead, ON_A_PAGE).get_page(request.GET.get("page")), "region": region,
        "regions": Region.objects.all(), "address": settings.SITE_URL + address,
        "webcal": _webcal(settings.SITE_URL + address),
    }  # fmt: skip
    return render(request, f"{FOLDER}/public_calendar.html", context)


def _webcal(address: str) -> str:
    return "webcal:" + address.partition(":")[2]


@login_required
@FORM
def calendar_links(request: HttpRequest) -> HttpResponse:
    """One's calendar links: a new one is shown once, old ones can be revoked."""
    shown = ""
    if request.method == "POST":
        try:
            shown = settings.SITE_URL + reverse("calendar-feed", args=[_made(request)])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    links = CalendarLink.objects.filter(person=request.user.pk, revoked_at=None)
    context = {
        "links": links.select_related("twg__region", "region"), "shown": shown, "webcal": _webcal(shown),
        "twgs": Twg.objects.internal_to(request.user).select_related("region").order_by("code")[:200],
        "regions": subscriptions.regions(request.user),
    }  # fmt: skip
    return render(request, f"{FOLDER}/calendar_links.html", context)


def _made(request: HttpRequest) -> str:
    """The secret of a new link: a TWG's, a region's, or of the person's own calendar. 404 for what they don't know."""
    person: Any = request.user
    which, _colon, code = request.POST.get("of", "").partition(":")
    if which == "twg":
        twg = get_object_or_404(Twg.objects.internal_to(person), code=code)
        return subscriptions.make(person, twg=twg)[1]
    if which == "region":
        return subscriptions.make(person, region=get_object_or_404(subscriptions.regions(person), code=code))[1]
    return subscriptions.make(person)[1]


@login_required
@require_POST
def calendar_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    subscriptions.revoke(request.user, pk)
    messages.success(request, _("Revoked: the address opens nothing any more."))
    return redirect("calendar-links")
