"""The room's panels on the pages of a TWG, of a section and of an institution."""

from __future__ import annotations

from typing import Any

from workflow.engine.together import Wanted
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing.models import TextSection

from . import selectors
from .flow import ASKERS
from .models import DataRequest


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """What a TWG waits for, for its members in the full sense and IOM."""
    if not access.fully(person, twg):
        return None
    summary, may_ask = selectors.summary(twg), ASKERS(twg, person)
    return Wanted(summary.listings, lambda found: {"twg": twg, "may_ask": may_ask, **summary.made(found)})


def section_panel(section: TextSection, person: Any) -> Wanted[dict[str, Any]] | None:
    """What was asked for a section, and the way to ask for more; of minutes nothing is."""
    twg = section.twg
    if twg is None or section.text.paper.at_once or not access.fully(person, twg):
        return None
    told = {"twg": twg, "section": section, "may_ask": ASKERS(DataRequest(twg=twg, section=section), person)}
    return Wanted({"requests": selectors.of_section(section, person)}, lambda found: told | found)


def institution_panel(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """What an institution was asked and gave, and what was asked for its use (S12), as far as the person may know."""
    own = access.seats(person)
    return selectors.of_institution(institution, person) if own.full or own.projects else None
