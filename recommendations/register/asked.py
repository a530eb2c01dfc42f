"""The people who are told of a recommendation: those of the lead institution, and those who keep the register."""

from __future__ import annotations

from typing import Any

from workflow.groups.seated import holders, seats_in, speaking_for

from .models import Recommendation


def leading(recommendation: Recommendation) -> Any:
    """Those who sit for the lead institution; nobody while none is named."""
    return speaking_for(recommendation.lead_id, recommendation.twg)


def keeping(recommendation: Recommendation) -> Any:
    """The secretariat, which follows what becomes of it."""
    return holders(seats_in(recommendation.twg, ("secretariat",)))
