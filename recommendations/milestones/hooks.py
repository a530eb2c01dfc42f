"""What the milestones room brings: its kinds of subject, its panel on the TWG's page, its part of a project file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import context, kinds
from workflow.engine.flow import Flow
from workflow.engine.kinds import SubjectKind
from workflow.groups import panels
from workflow.projects import loading as projects

from . import (
    asks,
    inbox,  # noqa: F401 - registers what waits
    loading,
)
from .flow import HostingFlow, MilestoneFlow
from .models import Hosting, Milestone, OfTwgQuerySet
from .panels import handover_panel, institution_panel, panel

EVENTS = {"created": _("Recorded"), "changed": _("Changed")}


def register() -> None:
    asks.register()
    context.across_countries("milestones", _("Will it last?"), "flag")
    _kind("milestone", Milestone, MilestoneFlow, _("Milestone"))
    _kind("hosting", Hosting, HostingFlow, _("Hosting commitment"))
    panels.register("milestones", panel, "recommendations/milestones/panel.html")
    panels.register("milestones", handover_panel, "recommendations/milestones/panel.html", page="handover")
    panels.register(
        "milestones", institution_panel, "recommendations/milestones/institution_panel.html", page="institution"
    )
    projects.register_section("milestones", loading.load)


def _kind(name: str, model: type[Milestone | Hosting], flow: type[Flow], label: Any) -> None:
    """Who may open the page may follow the history, too."""

    def visible_to(person: Any) -> QuerySet[Any]:
        return OfTwgQuerySet(model).visible_to(person)

    def url(subject: Any) -> str:
        return reverse(name, args=[subject.pk])

    kinds.register(
        SubjectKind(
            name=name,
            model=model,
            label=label,
            visible_to=visible_to,
            internal_to=visible_to,
            url=url,
            flow=flow,
            events=EVENTS,
        )
    )
