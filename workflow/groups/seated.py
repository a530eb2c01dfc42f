"""Who sits today in a TWG, or in the one that a linked body hangs on: whom its rooms tell and ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from .models import Membership, Person, Twg
from .seats import SPEAKING_ROLES


def seats_in(twg: Twg, roles: Iterable[str]) -> QuerySet[Membership]:
    """Seats of these roles that are held today."""
    places = [pk for pk in (twg.pk, twg.linked_to_id) if pk]
    return Membership.objects.active().filter(twg__in=places, role__in=roles)


def holders(seats: QuerySet[Membership]) -> Any:
    """The people on these seats who can still sign in."""
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("pk")


def speaking_for(institution: int | None, twg: Twg) -> Any:
    """The people who speak for an institution there; nobody for none."""
    return holders(seats_in(twg, SPEAKING_ROLES).filter(institution=institution or 0))
