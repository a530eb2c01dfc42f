"""Whom the room tells by mail: who leads an action, who runs the TWG, and who is asked how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.groups.models import Person

from . import links, people, selectors
from .flow import REPORTING
from .models import DataAction, DataPlan

FOLDER = "recommendations/mail"
TO_THE_LEAD = {"planned": "data_action_planned"}
TO_THE_KEEPERS = {"block": "data_action_blocked", "finish": "data_action_done"}


def plan_notice(plan: DataPlan, event: Event) -> Notice | None:
    """An endorsed plan is told to the TWG; the question how far the actions are to those who lead them."""
    if event.name == "endorse":
        return Notice(people.seated(plan.twg), f"{FOLDER}/data_plan_endorsed")
    if event.name == "progress_asked":
        asked = DataAction.objects.filter(plan=plan, asked_at__isnull=False).unfinished().select_related("twg")
        leaders = {person.pk for action in asked for person in people.leading(action)}
        return Notice(Person.objects.filter(pk__in=leaders).order_by("pk"), f"{FOLDER}/data_progress_asked")
    return None


def plan_words(plan: DataPlan, event: Event, person: Any) -> Mapping[str, Any]:
    """Of those who are asked: their actions, each with the link that answers with one press, as they may know them."""
    if event.name != "progress_asked":
        return {}
    mine = selectors.actions(person).filter(people.led_by(person), plan=plan, asked_at__isnull=False).unfinished()
    found = list(mine.order_by(*selectors.SOONEST))
    return {"asked": [{"action": action, "link": links.link_for(action, person)} for action in found]}


def action_notice(action: DataAction, event: Event) -> Notice | None:
    if event.name in TO_THE_LEAD and action.lead_id:
        return Notice(people.leading(action), f"{FOLDER}/{TO_THE_LEAD[event.name]}")
    if event.name in TO_THE_KEEPERS:
        return Notice(people.running(action.twg), f"{FOLDER}/{TO_THE_KEEPERS[event.name]}")
    return None


def action_words(action: DataAction, event: Event, person: Any) -> Mapping[str, Any]:
    """The link that answers with one press, for those who may report."""
    if action.is_over or not REPORTING(action, person):
        return {}
    return {"link": links.link_for(action, person), "report": reverse("act", args=["data_action", action.pk, "report"])}
