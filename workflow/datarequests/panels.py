"""The room's panels on the pages of a TWG, of a section and of an institution."""

from __future__ import annotations

from typing import Any

from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing.models import TextSection

from . import selectors
from .flow import ASKERS

ON_AN_INSTITUTION = 20


def twg_panel(twg: Twg, person: Any) -> dict[str, Any] | None:
    """What a TWG waits for, for its members in the full sense and IOM."""
    if not access.fully(person, twg):
        return None
    return {"twg": twg, "summary": selectors.summary(twg), "may_ask": ASKERS(twg, person)}


def section_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """What was asked for a section, and the way to ask for more."""
    twg = section.twg
    if twg is None or not access.fully(person, twg):
        return None
    return {
        "twg": twg,
        "section": section,
        "requests": selectors.of_section(section, person),
        "may_ask": ASKERS(twg, person),
    }


def institution_panel(institution: Institution, person: Any) -> dict[str, Any] | None:
    """What an institution was asked and gave, and what was asked for its use (S12), as far as the person may know."""
    own = access.seats(person)
    if not (own.full or own.projects):
        return None
    produced, used = selectors.of_institution(institution, person)
    if not (produced or used):
        return None
    given = sum(request.state in selectors.GIVEN for request in produced)
    return {
        "produced": produced[:ON_AN_INSTITUTION],
        "asked": len(produced),
        "given": given,
        "used": used[:ON_AN_INSTITUTION],
    }
