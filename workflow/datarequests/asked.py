"""Whom a TWG can ask for data, and who answers and asks for whom."""

from __future__ import annotations

from typing import Any

from workflow.groups.models import CategoryRule, Institution, TermsState, Twg
from workflow.groups.seated import holders, seats_in, speaking_for
from workflow.groups.seats import SPEAKING_ROLES, taking_part
from workflow.profiles.selectors import drafters

from .models import DataRequest


def institutions_of(twg: Twg) -> list[Institution]:
    """The institutions for which somebody can answer: who only observes or is invited reads no requests (S30)."""
    held = list(seats_in(twg, SPEAKING_ROLES).exclude(institution=None).select_related("institution"))
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


def answering(request: DataRequest) -> Any:
    """The people who answer for the institution that is asked."""
    return speaking_for(request.institution_id, request.twg)


def asking(request: DataRequest) -> Any:
    """The people who wait for the answer."""
    return drafters(request.twg, request.drafted_by_id) | holders(seats_in(request.twg, ("secretariat",)))
