"""Milestones and promises as the smallest story needs them."""

from __future__ import annotations

from typing import Any

from recommendations.milestones import services
from recommendations.milestones.flow import HostingFlow, MilestoneFlow
from recommendations.milestones.models import Hosting, Milestone
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Twg

PATH = ("agree", "start", "achieve", "verify")
STATES = ("proposed", "agreed", "in_progress", "achieved", "verified")
EVIDENCE = {"evidence_text": "Decree 2010-14 of the Prime Minister."}


def milestone(twg: Twg, *, state: str = "proposed", **fields: Any) -> Milestone:
    """A milestone brought to a state by the steps that people take, Palabre itself acting."""
    made = services.record_milestone(
        twg, {"kind": "endorsement", "titles": {"en": "Official endorsement"}, **fields}, actor=None
    )
    for step in PATH[: STATES.index(state)]:
        press(made, step, data=EVIDENCE if step == "achieve" else {})
    return made


def hosting(twg: Twg, **fields: Any) -> Hosting:
    return services.record_hosting(twg, {"statements": {"en": "NCFR hosts the meetings"}, **fields}, actor=None)


def press(subject: Milestone | Hosting, step: str, *, actor: Any = None, note: str = "", **options: Any) -> Event:
    flow = MilestoneFlow(subject) if isinstance(subject, Milestone) else HostingFlow(subject)
    return engine.perform(flow, step, actor=actor, note=note, **options)
