"""The room's panel on a TWG's page: what lies ahead, and when the next meeting is due."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from .flow import RUNNERS
from .models import Meeting
from .selectors import AHEAD


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """The meetings that lie ahead, for those who read the TWG from the inside."""
    if not access.inside(person, twg):
        return None
    found = Meeting.objects.all().visible_to(person).filter(twg=twg, state__in=AHEAD).order_by("starts_at", "pk")
    context = {"twg": twg, "runs": bool(RUNNERS(twg, person))}
    return Wanted(
        {"meetings": Listing(found, "titles", "state", "starts_at", "zone")},
        lambda read: {**context, "meetings": read["meetings"]},
    )
