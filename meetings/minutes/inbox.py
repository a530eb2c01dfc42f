"""What waits for a person in the minutes room: action items to do; minutes to write, to circulate, to approve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting, MeetingState
from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from .models import ActionItem, ActionState, Minutes, MinutesState
from .owing import owed_by


@waiting("action items")
def waiting_actions(person: Any) -> Wanted[Iterable[Item]] | None:
    """What the person owes, or the institution for which they sit; each with its day."""
    if not person.pk:
        return None
    rows = ActionItem.objects.all().visible_to(person).filter(owed_by(person), state=ActionState.OPEN)
    listing = Listing(rows.order_by("due", "pk"), "what", "due", "minutes__meeting__titles")
    return Wanted({"owed": listing}, lambda found: map(_to_do, found["owed"]))


def _to_do(action: ActionItem) -> Item:
    return Item(
        title=str(action), detail=action.minutes.meeting.title, action=_("Say that it is done"),
        url=reverse("action-item", args=[action.pk]), due=action.due,
    )  # fmt: skip


@waiting("minutes")
def waiting_minutes(person: Any) -> Wanted[Iterable[Item]] | None:
    """For those who run the TWG: minutes that nobody has begun, that were not circulated, that silence did not approve.

    Of a closed session's minutes only they know, too.
    """
    kept = [seat.twg_id for seat in access.seats(person).present if seat.role == "secretariat"]
    if not kept:
        return None
    begun = Minutes.objects.filter(meeting__twg__in=kept).visible_to(person)
    over = begun.filter(meeting__state__in=[MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED])
    # Of what a project file tells of the past, without a day, nobody owes minutes.
    unwritten = Meeting.objects.filter(twg__in=kept, state=MeetingState.HELD, minutes=None, starts_at__isnull=False)
    shown = ("closed", "meeting__titles", "meeting__closed")
    listings = {
        "unwritten": Listing(unwritten.order_by("pk"), "titles"),
        "written": Listing(over.filter(state=MinutesState.WRITTEN).order_by("pk"), *shown),
        "heard": Listing(
            begun.filter(state=MinutesState.CIRCULATED, round__deadline__lte=timezone.now()).order_by("pk"), *shown
        ),
    }
    return Wanted(listings, _items)


def _items(found: Found) -> Iterator[Item]:
    for meeting in found["unwritten"]:
        url = reverse("meeting-minutes", args=[meeting.pk])
        yield Item(title=_("Minutes: %(meeting)s") % {"meeting": meeting.title}, action=_("Write the minutes"), url=url)
    for name, action in (("written", _("Circulate the minutes")), ("heard", _("Approve the minutes"))):
        for minutes in found[name]:
            yield Item(title=str(minutes), action=action, url=reverse("minutes", args=[minutes.pk]))
