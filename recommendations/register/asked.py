"""The people who are told of a recommendation: those of the lead institution, and those who keep the register."""

from __future__ import annotations

from typing import Any

from workflow.groups.models import Membership, Person

from .flow import LEADING_ROLES
from .models import Recommendation


def _seated(recommendation: Recommendation, roles: tuple[str, ...], **only: Any) -> Any:
    places = [pk for pk in (recommendation.twg_id, recommendation.twg.linked_to_id) if pk]
    seats = Membership.objects.active().filter(twg__in=places, role__in=roles, **only)
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True).order_by("pk")


def leading(recommendation: Recommendation) -> Any:
    """Those who sit for the lead institution; nobody while none is named."""
    if recommendation.lead_id is None:
        return Person.objects.none()
    return _seated(recommendation, LEADING_ROLES, institution=recommendation.lead_id)


def keeping(recommendation: Recommendation) -> Any:
    """The secretariat, which follows what becomes of it."""
    return _seated(recommendation, ("secretariat",))
