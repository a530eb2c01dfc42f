"""The room's panels: on an edition's page and on its TWG's (S21)."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Wanted
from workflow.groups import access
from workflow.groups.models import Twg
from workflow.profiles.models import Edition, Stage

from . import selectors
from .flow import KEEPERS


def of_edition(edition: Edition, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """How far the hand-over is; the way to begin it, where an edition stands there without one."""
    if not access.fully(person, edition.twg):
        return None
    may_begin = edition.stage == Stage.HANDOVER and KEEPERS(edition, person)

    def made(found: dict[str, Any]) -> dict[str, Any] | None:
        shown = found["it"][0] if found["it"] else None
        return {"handovers": found["it"], "begins": edition} if shown or may_begin else None

    return Wanted({"it": selectors.of_edition(edition)}, made)


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """The hand-overs of its profile's editions; nothing before there is one."""
    if not access.fully(person, twg) or twg.linked_to_id:
        return None
    return Wanted(
        {"it": selectors.of_twg(twg)}, lambda found: {"handovers": found["it"], "named": True} if found["it"] else None
    )
