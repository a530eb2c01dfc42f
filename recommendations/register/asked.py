"""The people who are told of a recommendation: those of the lead institution, and those who keep the register."""

from __future__ import annotations

from typing import Any

from workflow.groups.models import Person
from workflow.groups.seated import holders, seats_in

from .flow import LEADING_ROLES
from .models import Recommendation


def leading(recommendation: Recommendation) -> Any:
    """Those who sit for the lead institution; nobody while none is named."""
    if recommendation.lead_id is None:
        return Person.objects.none()
    return holders(seats_in(recommendation.twg, LEADING_ROLES).filter(institution=recommendation.lead_id))


def keeping(recommendation: Recommendation) -> Any:
    """The secretariat, which follows what becomes of it."""
    return holders(seats_in(recommendation.twg, ("secretariat",)))
