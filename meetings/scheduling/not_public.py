"""What those see who take no part in a closed session: “session not public”, or nothing, as the terms say (S31)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.calendar.event import CalendarEvent
from workflow.groups.models import TermsOfReference, TermsState, Twg

from .models import AgendaItem, Meeting

STAMPED = timedelta(days=400)  # before it begins: in the past, and the same each time it is read


def is_announced(twg: Twg) -> bool:
    """Whether the terms in force let others see that a session takes place, though nothing of it."""
    terms = TermsOfReference.objects.filter(twg=twg.linked_to_id or twg.pk, state=TermsState.ADOPTED)
    return terms.filter(closed_sessions=True, closed_announced=True).exists()


def names() -> dict[str, str]:
    """What such a session is called, in every language."""
    return {code: _name(code) for code, _language in settings.LANGUAGES}


def _name(language: str) -> str:
    with override(language):
        return _("Session not public")


def item(minutes: int) -> AgendaItem:
    """A line that stands on an agenda for all that is dealt with behind closed doors, one after the other."""
    return AgendaItem(titles=names(), minutes=minutes, closed=True)


def events_of(twg: Twg, person: Any) -> list[CalendarEvent]:
    """For the TWG's calendar: its closed meetings by their time alone, for somebody who may not know of them."""
    if not is_announced(twg) or not Twg.objects.internal_to(person).filter(pk=twg.pk).exists():
        return []
    known = Meeting.objects.all().visible_to(person).values("pk")
    hidden = Meeting.objects.filter(twg=twg, closed=True).exclude(starts_at=None).exclude(pk__in=known)
    return [event for meeting in hidden.exclude(state__in=["cancelled", "postponed"]) if (event := _event(meeting))]


def other_uid(meeting: Meeting, purpose: str) -> str:
    """For calendars of those who are not invited: the invitations' own is a secret, by which one answers them."""
    return f"{salted_hmac(f'palabre.{purpose}', meeting.uid).hexdigest()[:32]}@palabre"


def _event(meeting: Meeting) -> CalendarEvent | None:
    starts, ends = meeting.starts_at, meeting.ends_at
    if starts is None or ends is None:
        return None
    # Neither how often it was changed nor when: the stamp follows from its beginning.
    return CalendarEvent(
        uid=other_uid(meeting, "not-public"), sequence=0, stamp=starts - STAMPED, starts=starts, ends=ends,
        zone=meeting.zone, summary=_("Session not public"), description="", private=True,
        url=settings.SITE_URL + reverse("twg", args=[meeting.twg.code]),
    )  # fmt: skip
