"""Whom a TWG can ask for data, and who answers and asks for whom."""

from __future__ import annotations

from typing import Any

from workflow.groups.models import Institution, Twg
from workflow.groups.seated import holders, institutions_on, seats_in, speaking_for
from workflow.groups.seats import SPEAKING_ROLES
from workflow.profiles.selectors import drafters

from .models import DataRequest


def institutions_of(twg: Twg) -> list[Institution]:
    """The institutions for which somebody can answer."""
    return institutions_on(seats_in(twg, SPEAKING_ROLES))


def answering(request: DataRequest) -> Any:
    """The people who answer for the institution that is asked."""
    return speaking_for(request.institution_id, request.twg)


def asking(request: DataRequest) -> Any:
    """The people who wait for the answer."""
    return drafters(request.twg, request.drafted_by_id) | holders(seats_in(request.twg, ("secretariat",)))
