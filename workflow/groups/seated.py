"""Who sits today in a TWG, or in the one that a linked body hangs on: whom its rooms tell and ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from .models import CategoryRule, Institution, Membership, Person, TermsState, Twg
from .seats import SPEAKING_ROLES, taking_part

RULE = ("terms__twg", "category", "modality")


def seats_in(twg: Twg, roles: Iterable[str]) -> QuerySet[Membership]:
    """Seats of these roles that are held today."""
    places = [pk for pk in (twg.pk, twg.linked_to_id) if pk]
    return Membership.objects.active().filter(twg__in=places, role__in=roles)


def holders(seats: QuerySet[Membership]) -> Any:
    """The people on these seats who can still sign in."""
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("pk")


def institutions_on(seats: QuerySet[Membership]) -> list[Institution]:
    """The institutions of these seats that take part as members by the terms in force, by name: who only observes or is
    invited is asked nothing (S30)."""
    held = list(seats.exclude(institution=None).select_related("institution"))
    rules = CategoryRule.objects.filter(terms__twg__in={seat.twg_id for seat in held}, terms__state=TermsState.ADOPTED)
    stated = {(twg, category): modality for twg, category, modality in rules.values_list(*RULE)}
    found: dict[int, Institution] = {}
    for seat in held:
        institution = seat.institution
        if institution and taking_part(seat.role, stated.get((seat.twg_id, institution.category))) == "member":
            found[institution.pk] = institution
    return sorted(found.values(), key=lambda institution: institution.folded)


def speaking_for(institution: int | None, twg: Twg) -> Any:
    """The people who speak for an institution there; nobody for none."""
    return holders(seats_in(twg, SPEAKING_ROLES).filter(institution=institution or 0))
