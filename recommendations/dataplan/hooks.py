"""What the data plans room brings: its kinds of subject, its paper, what a ballot on it does, panels, search, mails."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from workflow.ballots import panels as ballots
from workflow.ballots import subjects
from workflow.comments import panels as comments
from workflow.engine import context, details, gates, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.projects import loading as projects
from workflow.writing import hooks as writing

from . import (
    asks,
    inbox,  # noqa: F401 - these register themselves
    loading,
    notices,
    outcomes,
    papers,
    proofs,  # noqa: F401
    reminders,  # noqa: F401
    selectors,
)
from . import panels as own
from .flow import DATA_PLAN_ENDORSED, ActionFlow, CommitmentFlow, OutputFlow, PlanFlow
from .models import Commitment, DataAction, DataPlan, Output, PlanState

PAGE = "data_plan"
FOLDER = "recommendations/dataplan"


def register() -> None:
    asks.register()
    context.across_countries("data-plans", _("Data plans"), "calendar")
    papers.register()
    gates.answer(DATA_PLAN_ENDORSED, outcomes.plan_endorsed)
    subjects.register(PAGE, lambda twg: DataPlan.objects.filter(twg=twg, state=PlanState.DRAFT))
    details.reads(
        "needs", lambda keys: ngettext("%(count)d action", "%(count)d actions", len(keys)) % {"count": len(keys)}
    )
    panels.register("data plan", own.twg_panel, f"{FOLDER}/panel.html")
    panels.register("task force", own.task_force_panel, f"{FOLDER}/task_force_panel.html")
    for page, panel in (("recommendation", own.recommendation_panel), ("data_source", own.source_panel),
                        ("data_gap", own.gap_panel)):  # fmt: skip
        panels.register("data actions", panel, f"{FOLDER}/subject_panel.html", page=page)
    panels.register("text", writing.panel, "workflow/writing/panel.html", page=PAGE)
    panels.register("rounds", comments.subject_panel, "workflow/comments/panel.html", page=PAGE)
    panels.register("ballots", ballots.of_subject, "workflow/ballots/panel.html", page=PAGE)
    shelves.register("data plans", Shelf(_("Data plans"), selectors.found_plans, _plan_line))
    shelves.register("data actions", Shelf(_("Actions of data plans"), selectors.found_actions, _action_line))
    projects.register_section("data plans", loading.load)
    _register_kinds()


def _plan_line(plan: DataPlan) -> tuple[Any, ...]:
    return ("data-plan", plan.pk, plan.twg.place, *plan.titles.values())


def _action_line(action: DataAction) -> tuple[Any, ...]:
    return ("data-action", action.pk, action.twg.place, action.folded)


def _register_kinds() -> None:
    changed = {"changed": _("Changed")}
    recorded = {"recorded": _("Recorded")} | changed
    asked = {"created": _("Begun"), "progress_asked": _("Asked how far the actions are")}
    _kind("data_plan", DataPlan, _("Data plan"), PlanFlow, "data-plan", asked | changed,
          notice=notices.plan_notice, mail_words=notices.plan_words)  # fmt: skip
    planned = {"planned": pgettext_lazy("event", "Planned"), "carried_over": _("Carried over into the next data plan")}
    _kind("data_action", DataAction, _("Action of a data plan"), ActionFlow, "data-action", planned | changed,
          notice=notices.action_notice, mail_words=notices.action_words)  # fmt: skip
    _kind("commitment", Commitment, _("Budget commitment"), CommitmentFlow, "commitment", recorded)
    _kind("output", Output, pgettext_lazy("of a task force", "Output"), OutputFlow, "output", recorded)


def _kind(name: str, model: Any, label: Any, flow: Any, address: str, events: dict[str, Any], **more: Any) -> None:
    """Who may open the page may follow the history, too."""

    def visible_to(person: Any) -> Any:
        return model.objects.all().visible_to(person).with_all()

    kinds.register(
        SubjectKind(
            name=name,
            model=model,
            label=label,
            visible_to=visible_to,
            internal_to=visible_to,
            url=lambda subject: reverse(address, args=[subject.pk]),
            flow=flow,
            events=events,
            **more,
        )
    )
