"""The room's panels on the pages of a TWG, of an institution and of a section of Part E."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Found, Wanted
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing import services as writing
from workflow.writing.models import Scratch, TextSection

from . import inserting, selectors
from .flow import KEEPERS


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """What the TWG's register holds, for those who read it from the inside."""
    if twg.linked_to_id or not access.inside(person, twg):
        return None
    held, may_keep = selectors.panel(twg), KEEPERS(twg, person)
    return Wanted(held.listings, lambda found: {"twg": twg, "may_keep": may_keep, **held.made(found)})


def institution_panel(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """What an institution does and answers for, as the registers say that the person reads."""
    own = access.seats(person)
    return selectors.of_institution(institution, person) if own.inside or own.projects else None


def editor_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """The register's tables beside the editor of a section of Part E, for its writers."""
    if not inserting.takes_tables(section):
        return None
    scratch = Scratch.objects.filter(section=section, person=person).first()
    body = scratch.body if scratch else section.body
    return {"section": section, "twg": section.text.twg, "offers": inserting.offers(section, body)}


def section_panel(section: TextSection, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """A writer who reads a section learns that the register has moved on since its table was put there."""
    if not inserting.takes_tables(section) or not writing.may_write(section.text, person):
        return None
    moved = inserting.moved_on(section)

    def made(found: Found) -> dict[str, Any] | None:
        offers = moved.made(found)
        return {"section": section, "offers": offers} if offers else None

    return Wanted(moved.listings, made)
