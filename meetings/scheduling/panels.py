"""The room's panel on a TWG's page: what lies ahead, when the next meeting is due, how late it is (S17)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from . import cadence
from .flow import RUNNERS
from .models import Meeting
from .selectors import AHEAD


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """The meetings that lie ahead, for those who read the TWG from the inside."""
    if not access.inside(person, twg):
        return None
    of_it = Q(twg=twg) | Q(with_twgs=twg)
    found = Meeting.objects.all().visible_to(person).filter(of_it, state__in=AHEAD).order_by("starts_at", "pk")
    context = {"twg": twg, "runs": bool(RUNNERS(twg, person))}
    return Wanted(
        {"meetings": Listing(found, "titles", "state", "starts_at", "zone", "when"), **cadence.listings(twg, person)},
        lambda read: {**context, "meetings": read["meetings"], "cadence": cadence.read(twg, read)},
    )
