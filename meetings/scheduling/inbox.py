"""What waits for a person: an invitation, a poll; what is coming: the meetings they are invited to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine.inbox import Item, coming, waiting
from workflow.engine.together import Listing, Wanted

from .models import Invitation, Meeting, MeetingState, Reply

COLUMNS = tuple(
    f"meeting__{c}"
    for c in ("titles", "starts_at", "state", "zone", "twg__names", "twg__country", "twg__region__names")
)


def _mine(person: Any) -> Any:
    known = Meeting.objects.all().visible_to(person).values("pk")
    return Invitation.objects.filter(person=person.pk, removed_at=None, meeting__in=known)


@waiting("meetings")
def waiting_answers(person: Any) -> Wanted[Iterable[Item]] | None:
    """Invitations without an answer, and polls in which the person has said nothing."""
    if person.pk is None:
        return None
    asked = _mine(person).filter(
        meeting__state=MeetingState.SCHEDULED, reply=Reply.NONE, meeting__starts_at__gt=timezone.now()
    )
    polled = _mine(person).filter(meeting__state=MeetingState.POLLING).exclude(answers__isnull=False)
    listings = {
        "asked": Listing(asked.order_by("meeting__starts_at", "pk"), *COLUMNS),
        "polled": Listing(polled.order_by("pk"), *COLUMNS),
    }
    return Wanted(
        listings,
        lambda read: [
            *(_item(i, _("Say whether you come")) for i in read["asked"]),
            *(_item(i, _("Say which date suits you")) for i in read["polled"]),
        ],
    )


@coming("meetings")
def coming_meetings(person: Any) -> Wanted[Iterable[Item]] | None:
    """What stands in the person's calendar."""
    if person.pk is None:
        return None
    ahead = _mine(person).filter(
        meeting__state=MeetingState.SCHEDULED, meeting__starts_at__gt=timezone.now()
    ).exclude(reply=Reply.NONE).order_by("meeting__starts_at", "pk")  # fmt: skip
    return Wanted({"ahead": Listing(ahead, *COLUMNS)}, lambda read: [_item(i, _("See it")) for i in read["ahead"]])


def _item(invitation: Invitation, action: Any) -> Item:
    meeting = invitation.meeting
    page = "meeting" if action == _("See it") else "meeting-answer"
    return Item(
        title=meeting.title,
        detail=meeting.twg.name,
        action=action,
        url=reverse(page, args=[meeting.pk]),
        due=timezone.localtime(meeting.starts_at).date() if meeting.starts_at else None,
        takes_place=True,
    )
