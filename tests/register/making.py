"""Recommendations as the smallest story needs them."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.models import Meeting
from recommendations.register import services
from recommendations.register.flow import RecommendationFlow
from recommendations.register.models import Recommendation
from tests import factories as f
from tests.meetings.minutes import making as m
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Person, Twg

STATES = ("drafted", "issued", "accepted", "in_progress", "implemented", "verified")
PATH = ("issue", "accept", "report", "implement", "verify")
ANSWERS: dict[str, dict[str, Any]] = {"report": {"percent": 30}, "implement": {"note": "Decree 2010-14."}}
TEXT = {"en": "Count who crosses the border"}


def recommendation(twg: Twg, *, state: str = "drafted", closed: bool = False, **fields: Any) -> Recommendation:
    """A recommendation brought to a state by the steps that people take, Palabre itself acting."""
    made = services.draft(twg, {"ground": "data", "texts": TEXT, **fields}, actor=None, closed=closed)
    for step in PATH[: STATES.index(state)]:
        press(made, step, **ANSWERS.get(step, {}))
    return made


def press(
    subject: Recommendation, step: str, *, actor: Any = None, files: Any = None, version: int | None = None,
    **answers: Any,
) -> Event:  # fmt: skip
    return engine.perform(RecommendationFlow(subject), step, actor=actor, data=answers, files=files, version=version)


def workshop(of: m.House, **fields: Any) -> Meeting:
    """The policy workshop at which a TWG issues its recommendations."""
    return m.meeting(of, kind="policy_workshop", titles={"en": "Policy workshop"}, **fields)


def regional(countries: str = "GH,ML,NG") -> tuple[Twg, Person, list[Twg]]:
    """A region's TWG with its secretariat, and the TWGs of its countries."""
    project = f.project()
    region = f.regional_twg(project, countries)
    return region, f.seat(region, "secretariat"), [f.twg(code, of=project) for code in countries.split(",")]
