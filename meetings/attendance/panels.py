"""The room's panels: how many came, on the meeting's page; the way to the analyses, on the TWG's."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.models import Meeting
from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from . import places
from .models import Attendance


def of_meeting(meeting: Meeting, person: Any) -> Wanted[dict[str, Any]] | None:
    """How many came, and what the reader can do about it. The page has asked who reads the meeting."""
    if meeting.state not in (*places.LISTED, *places.TOOK_PLACE):
        return None
    runs = bool(places.RUNNERS(meeting, person))
    doors = places.signs_in(meeting)
    rows = Attendance.objects.filter(meeting=meeting, came=True)

    def told(read: dict[str, list[Any]]) -> dict[str, Any]:
        came = [row for row in read["rows"] if row.confirmed]
        mine = any(row.person_id == person.pk for row in read["rows"])
        return {
            "meeting": meeting, "runs": runs, "came": len(came), "unconfirmed": len(read["rows"]) - len(came),
            "mine": mine, "doors": doors, "corrects": places.corrects(meeting),
        }  # fmt: skip

    return Wanted({"rows": Listing(rows, "person", "confirmed")}, told)


def of_twg(twg: Twg, person: Any) -> dict[str, Any] | None:
    """Who takes part over time, for those who read the TWG from the inside."""
    return {"twg": twg} if access.inside(person, twg) else None
