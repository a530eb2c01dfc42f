"""The room's panels on the pages of a TWG, of a hand-over and of an institution."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Found, Wanted
from workflow.groups import access
from workflow.groups.models import Institution, Twg

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


def institution_panel(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None]:
    """On an institution's page: what it is responsible for, to what it is the counterpart, and what it hosts."""

    def made(found: Found) -> dict[str, Any] | None:
        told = {
            "responsible": [step for step in found["steps"] if step.responsible_id == institution.pk],
            "counterpart": [step for step in found["steps"] if step.responsible_id != institution.pk],
            "promises": found["promises"],
        }
        return told if any(told.values()) else None

    return Wanted(selectors.of_institution(institution, person), made)
