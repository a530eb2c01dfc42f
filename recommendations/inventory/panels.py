"""The room's panels on the pages of a TWG, of an edition, of a section and of an institution."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Wanted
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.profiles.models import Edition
from workflow.writing.models import TextSection

from . import selectors
from .flow import KEEPERS


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """What the TWG's inventory holds and lacks, for those who read it from the inside."""
    if twg.linked_to_id or not access.inside(person, twg):
        return None
    held, may_keep = selectors.summary(twg), KEEPERS(twg, person)
    return Wanted(held.listings, lambda found: {"twg": twg, "may_keep": may_keep, **held.made(found)})


def edition_panel(edition: Edition, person: Any) -> Wanted[dict[str, Any]] | None:
    """The same beside an edition: what it can draw on, and what it will lack."""
    return twg_panel(edition.twg, person)


def section_panel(section: TextSection, person: Any) -> Wanted[dict[str, Any]] | None:
    """For a section of an edition: its sources and the gaps in them."""
    twg = section.twg
    if twg is None or section.text.subject_kind != "edition" or twg.linked_to_id or not access.inside(person, twg):
        return None
    told = {"twg": twg, "place": section.place, "may_keep": KEEPERS(twg, person)}
    return Wanted(selectors.of_place(twg, section.place, section.part), lambda found: told | found)


def institution_panel(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """Which data an institution produces and which it uses (S12)."""
    return selectors.of_institution(institution, person) if selectors.reads_inventories(person) else None
