"""The room's panels on the pages of a meeting and of a TWG."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.models import Meeting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from .models import ActionItem, ActionState, Minutes
from .papers import RUNNERS, closed

SHOWN = 5


def meeting_panel(meeting: Meeting, person: Any) -> Wanted[dict[str, Any] | None]:
    """Where the minutes stand; the button that prepares them, for those who write them."""
    rows = Minutes.objects.all().visible_to(person).filter(meeting=meeting).order_by("closed")
    may_prepare = RUNNERS(meeting, person) and not closed(Minutes(meeting=meeting))

    def made(found: Found) -> dict[str, Any] | None:
        for minutes in found["minutes"]:
            minutes.meeting = meeting
        return {"meeting": meeting, "minutes": found["minutes"], "may_prepare": may_prepare}

    return Wanted({"minutes": Listing(rows, "closed", "state")}, made)


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """What is to be done, the soonest due first."""
    if not access.inside(person, twg):
        return None
    rows = ActionItem.objects.all().visible_to(person).filter(minutes__meeting__twg=twg, state=ActionState.OPEN)
    listing = Listing(rows.order_by("due", "pk"), "what", "state", "due", "institution__names", most=SHOWN)
    return Wanted({"first": listing}, lambda found: {"twg": twg, **found})
