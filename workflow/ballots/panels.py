"""The room's panels: a TWG's ballots, and those on one edition, template or terms of reference."""

from __future__ import annotations

from typing import Any

from workflow.engine import kinds
from workflow.groups import access
from workflow.groups.models import Twg

from . import selectors
from .models import BallotState
from .services import KEEPERS

SHOWN = 3


def of_twg(twg: Twg, person: Any) -> dict[str, Any] | None:
    """The last ballots, for those who read the TWG from the inside."""
    if not access.inside(person, twg):
        return None
    return {"twg": twg, "ballots": list(selectors.ballots(person).filter(twg=twg)[:SHOWN])}


def of_subject(subject: Any, person: Any) -> dict[str, Any] | None:
    """The ballots on a subject; nothing where there is none and the person prepares none."""
    kind = kinds.of(subject).name
    found = list(
        selectors.ballots(person).filter(about_kind=kind, about_id=subject.pk).exclude(state=BallotState.CANCELLED)
    )
    twg = getattr(subject, "twg", None)
    keeps = twg is not None and KEEPERS(subject, person)
    return {"twg": twg, "ballots": found, "keeps": keeps} if found or keeps else None
