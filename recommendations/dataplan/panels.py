"""The room's panels on the pages of a TWG and of its task forces."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from workflow.engine.together import Found, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from . import selectors
from .flow import KEEPERS


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """The data plan of a TWG, for those who read it from the inside."""
    if not access.inside(person, twg) or twg.linked_to_id:
        return None
    shown = selectors.of_twg(twg, person)
    told = {"twg": twg, "may_plan": KEEPERS(twg, person)}
    return Wanted(shown.listings, lambda found: told | shown.made(found))


def recommendation_panel(asked: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """What is done about a recommendation; of a region's, what each country does about it (S22)."""
    return _actions(Q(recommendation=asked.pk) | Q(recommendation__cascaded_from=asked.pk), person)


def source_panel(source: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """What is done about a data source."""
    return _actions(Q(data_sources=source.pk), person)


def gap_panel(gap: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """What is done to close a gap."""
    return _actions(Q(gaps=gap.pk), person)


def _actions(which: Q, person: Any) -> Wanted[dict[str, Any] | None]:
    def made(found: Found) -> dict[str, Any] | None:
        return found if found["actions"] else None

    return Wanted({"actions": selectors.of_subject(which, person)}, made)


def task_force_panel(body: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """What a linked body delivers, and the actions that it is at work on (S24)."""
    if not access.inside(person, body) or not body.linked_to_id:
        return None
    told = {"twg": body, "may_record": KEEPERS(body, person)}

    def made(found: Found) -> dict[str, Any]:
        return told | found

    return Wanted(selectors.of_task_force(body, person), made)
