"""What the milestones room brings: its kinds of subject, its panel on the TWG's page, its part of a project file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import inbox, kinds
from workflow.engine.kinds import SubjectKind
from workflow.groups import access, panels
from workflow.projects import loading as projects

from . import loading
from .flow import KEEPERS, HostingFlow, MilestoneFlow
from .models import Hosting, Milestone, MilestoneState


def panel(twg: Any, person: Any) -> dict[str, Any] | None:
    """Milestones and promises of one TWG, for those who read it from the inside."""
    if not access.inside(person, twg) or twg.linked_to_id:
        return None
    return {
        "twg": twg,
        "steps": Milestone.objects.filter(twg=twg).select_related("responsible", "counterpart"),
        "promises": Hosting.objects.filter(twg=twg).select_related("holder"),
        "may_record": KEEPERS(twg, person),
    }


@inbox.waiting("milestones")
def waiting(person: Any) -> Iterator[inbox.Item]:
    """Steps that the TWG has agreed on or is at work on, for its secretariat."""
    kept = {seat.twg_id for seat in access.seats(person).present if seat.role == "secretariat"}
    if not kept:
        return
    under_way = (MilestoneState.AGREED, MilestoneState.IN_PROGRESS)
    for step in Milestone.objects.filter(twg__in=kept, state__in=under_way).select_related("responsible", "twg"):
        yield inbox.Item(
            title=str(step),
            detail=_("Responsible: %(who)s") % {"who": step.responsible or _("open")},
            action=_("Say how it stands"),
            url=reverse("milestone", args=[step.pk]),
        )


EVENTS = {"created": _("Recorded"), "changed": _("Changed")}


def register() -> None:
    for name, model, flow, label in (
        ("milestone", Milestone, MilestoneFlow, _("Milestone")),
        ("hosting", Hosting, HostingFlow, _("Hosting commitment")),
    ):
        kinds.register(
            SubjectKind(
                name=name,
                model=model,
                label=label,
                visible_to=lambda person, m=model: m.objects.all().visible_to(person),
                internal_to=lambda person, m=model: m.objects.all().visible_to(person),
                url=lambda subject, n=name: reverse(n, args=[subject.pk]),
                flow=flow,
                events=EVENTS,
            )
        )
    panels.register("milestones", panel, "recommendations/milestones/panel.html")
    projects.register_section("milestones", loading.load)
