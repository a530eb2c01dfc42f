"""What waits for a person in the data plans room: actions to report on; for those who run the TWG, what is late.

Actions that are due soon, late or asked after are there with their day, and so they are in the person's calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from .models import DataAction, DataActionState
from .people import led_by

SOON = timedelta(days=60)  # an action waits for its lead institution so many days before it is due
KEEPING = ("chair", "secretariat")
SHOWN = ("titles", "state", "due", "due_on", "twg__code", "twg__names", "twg__time_zone", "plan")


@waiting("data actions")
def waiting_actions(person: Any) -> Wanted[Iterable[Item]] | None:
    """What one's institution leads is one thing to do for each action; what is late or blocked is one line for each
    TWG that one runs.
    """
    own = access.seats(person)
    if not own.present:
        return None
    mine = DataAction.objects.all().visible_to(person).unfinished()
    asked = Q(asked_at__isnull=False) & (Q(reported_at=None) | Q(reported_at__lt=F("asked_at")))
    near = Q(due_on__lte=timezone.now().date() + SOON)
    listings = {"led": Listing(mine.filter(led_by(person)).filter(asked | near).order_by("due_on", "pk"), *SHOWN)}
    kept = [seat.twg_id for seat in own.present if seat.role in KEEPING]
    if kept:
        stuck = Q(state=DataActionState.BLOCKED) | Q(due_on__lt=timezone.now().date())
        listings["kept"] = Listing(mine.filter(stuck, twg__in=kept).order_by("due_on", "pk"), *SHOWN)
    return Wanted(listings, _items)


def _items(found: Found) -> Iterator[Item]:
    for action in found["led"]:
        yield Item(
            title=action.title, detail=str(action.twg), action=_("Report progress"),
            url=reverse("data-action", args=[action.pk]), due=action.due_on,
        )  # fmt: skip
    by_twg: dict[int, list[DataAction]] = {}
    for action in found.get("kept", ()):
        by_twg.setdefault(action.twg_id, []).append(action)
    for several in by_twg.values():
        yield _stuck(several)


def _stuck(several: list[DataAction]) -> Item:
    count = len(several)
    said = ngettext(
        "%(count)d action of the data plan is late or blocked",
        "%(count)d actions of the data plan are late or blocked",
        count,
    )
    return Item(
        title=said % {"count": count},
        detail=str(several[0].twg),
        action=_("See which"),
        url=reverse("data-plan", args=[several[0].plan_id]) + "?stuck=on",
    )
