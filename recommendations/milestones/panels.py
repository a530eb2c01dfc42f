"""The room's panel on a TWG's page."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from . import selectors
from .flow import KEEPERS


def panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """Milestones and promises of one TWG, for those who read it from the inside."""
    if not access.inside(person, twg) or twg.linked_to_id:
        return None
    may_record = KEEPERS(twg, person)
    return Wanted(selectors.of_twg(twg), lambda found: {"twg": twg, "may_record": may_record, **found})


def handover_panel(handover: Any, person: Any) -> Wanted[dict[str, Any]] | None:
    """The same on the page of a hand-over: who has promised to host the TWG from then on (S42)."""
    return panel(handover.twg, person)
