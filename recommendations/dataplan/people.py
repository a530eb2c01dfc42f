"""The people behind an action: those who lead it, and those who run the TWG."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from workflow.groups import access
from workflow.groups.models import Membership, Person, Role, Twg
from workflow.groups.seated import holders
from workflow.groups.seats import SPEAKING_ROLES

from .models import DataAction


def leading(action: DataAction) -> QuerySet[Person]:
    """Those who sit for the lead institution in the TWG, or in the task force that is at work on it."""
    places = [pk for pk in (action.twg_id, action.task_force_id) if pk]
    seats = Membership.objects.active().filter(twg__in=places, institution=action.lead_id or 0, role__in=SPEAKING_ROLES)
    return holders(seats)


def running(twg: Twg) -> QuerySet[Person]:
    """The chair and the secretariat."""
    return holders(Membership.objects.active().filter(twg=twg, role__in=[Role.CHAIR, Role.SECRETARIAT]))


def seated(twg: Twg) -> QuerySet[Person]:
    return holders(Membership.objects.active().filter(twg=twg))


def led_by(person: Any) -> Q:
    """Which actions the person's institutions lead: `flow.leads`, for a query."""
    found = Q(pk__in=[])
    for seat in access.seats(person).speaking:
        found |= (Q(twg=seat.twg_id) | Q(task_force=seat.twg_id)) & Q(lead=seat.institution_id)
    return found
