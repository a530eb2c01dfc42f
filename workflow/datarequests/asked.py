"""Whom a TWG can ask for data, and who answers and asks for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from workflow.groups.models import CategoryRule, Institution, Membership, Person, TermsState, Twg
from workflow.groups.seats import taking_part

from .flow import ANSWERING_ROLES
from .models import DataRequest


def _seated(twg: Twg, roles: Iterable[str]) -> QuerySet[Membership]:
    """Seats held today in the TWG, or in the one that it is linked to."""
    places = [pk for pk in (twg.pk, twg.linked_to_id) if pk]
    return Membership.objects.active().filter(twg__in=places, role__in=roles)


def institutions_of(twg: Twg) -> list[Institution]:
    """The institutions for which somebody can answer: who only observes or is invited reads no requests (S30)."""
    held = list(_seated(twg, ANSWERING_ROLES).exclude(institution=None).select_related("institution"))
    rules = CategoryRule.objects.filter(
        terms__twg__in={seat.twg_id for seat in held}, terms__state=TermsState.ADOPTED
    ).values_list("terms__twg", "category", "modality")
    stated = {(place, category): modality for place, category, modality in rules}
    found: dict[int, Institution] = {}
    for seat in held:
        institution = seat.institution
        if institution is None:
            continue
        if taking_part(seat.role, stated.get((seat.twg_id, institution.category))) == "member":
            found[institution.pk] = institution
    return sorted(found.values(), key=lambda institution: institution.folded)


def _people(seats: QuerySet[Membership]) -> Any:
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("pk")


def answering(request: DataRequest) -> Any:
    """The people who answer for the institution that is asked."""
    return _people(_seated(request.twg, ANSWERING_ROLES).filter(institution=request.institution_id))


def asking(request: DataRequest) -> Any:
    """The people who wait for the answer."""
    return _people(_seated(request.twg, ("consultant", "secretariat")))
