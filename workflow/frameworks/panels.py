"""The room's panels on the pages of a TWG, of an institution and of a section of Part E."""

from __future__ import annotations

from typing import Any

from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing import services as writing
from workflow.writing.models import Scratch, TextSection

from . import inserting, selectors
from .flow import KEEPERS


def twg_panel(twg: Twg, person: Any) -> dict[str, Any] | None:
    """What the TWG's register holds, for those who read it from the inside."""
    if twg.linked_to_id or not access.inside(person, twg):
        return None
    return {"twg": twg, "may_keep": KEEPERS(twg, person), **selectors.panel(twg)}


def institution_panel(institution: Institution, person: Any) -> dict[str, Any] | None:
    """What an institution does and answers for, as the registers say that the person reads."""
    own = access.seats(person)
    if not (own.inside or own.projects):
        return None
    found = selectors.of_institution(institution, person)
    return found if found["roles"] or found["frameworks"] else None


def editor_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """The register's tables beside the editor of a section of Part E, for its writers."""
    if not inserting.takes_tables(section):
        return None
    scratch = Scratch.objects.filter(section=section, person=person).first()
    body = scratch.body if scratch else section.body
    return {"section": section, "twg": section.text.twg, "offers": inserting.offers(section, body)}


def section_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """A writer who reads a section learns that the register has moved on since its table was put there."""
    if not inserting.takes_tables(section) or not writing.may_write(section.text, person):
        return None
    moved = [offer for offer in inserting.offers(section, section.body) if offer.changes]
    return {"section": section, "offers": moved} if moved else None
