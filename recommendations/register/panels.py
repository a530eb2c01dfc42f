"""The room's panels: on a TWG's page (a region's with its roll-up), a meeting's, an edition's, a decision's."""

from __future__ import annotations

from typing import Any

from meetings.minutes.models import ActionItem
from meetings.scheduling.models import Meeting
from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from . import selectors
from .flow import KEEPERS
from .models import Recommendation


def twg_panel(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """How a TWG's recommendations stand, for those who read it from the inside; a region's also by its countries."""
    if not access.inside(person, twg) or twg.linked_to_id:
        return None
    summary, may_draft = selectors.summary(twg, person), KEEPERS(twg, person)
    return Wanted(summary.listings, lambda found: {"twg": twg, "may_draft": may_draft, **summary.made(found)})


def issued_panel(subject: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """What a meeting has issued, or what was issued on an edition."""
    meeting = isinstance(subject, Meeting)
    listing = selectors.issued_of(subject, person) if meeting else selectors.issued_for(subject, person)
    # They are a TWG's own: of a body's meeting its TWG issues them.
    may_draft = meeting and subject.twg.linked_to_id is None and KEEPERS(subject, person)
    about = {"may_draft": may_draft, "meeting": subject} if meeting else {}

    def made(found: dict[str, Any]) -> dict[str, Any] | None:
        return {"found": found["issued"], **about} if found["issued"] or may_draft else None

    return Wanted({"issued": listing}, made)


def framework_panel(framework: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """Which recommendations follow a policy framework, a region's too (S36)."""
    mine = Recommendation.objects.all().visible_to(person).filter(frameworks=framework.pk)
    listing = Listing(selectors.listed(mine), *selectors.LINE, most=30)
    return Wanted({"following": listing}, _with_place)


def _with_place(found: dict[str, Any]) -> dict[str, Any] | None:
    return {"found": found["following"], "with_place": True} if found["following"] else None


def row_panel(row: Any, person: Any) -> Wanted[dict[str, Any] | None]:
    """What a decision or an action item became; the buttons by which it becomes a recommendation."""
    became = Recommendation.objects.all().visible_to(person).filter(
        pk=row.about_id if row.about_kind == "recommendation" and row.about_id else 0
    )  # fmt: skip
    may_issue = row.about_id is None and KEEPERS(row.twg.linked_to or row.twg, person)

    def made(found: dict[str, Any]) -> dict[str, Any] | None:
        if not found["became"] and not may_issue:
            return None
        return {"row": row, "found": found["became"], "is_action": isinstance(row, ActionItem)}

    return Wanted({"became": Listing(became, *selectors.LINE)}, made)
