"""Data plans as the smallest story needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from meetings.minutes import services as minutes_services
from recommendations.dataplan import services
from recommendations.dataplan.flow import ActionFlow, CommitmentFlow, OutputFlow, PlanFlow
from recommendations.dataplan.models import Commitment, DataAction, DataPlan, Output
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as minutes
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, Project, Twg

FLOWS: dict[type, Any] = {DataPlan: PlanFlow, DataAction: ActionFlow, Commitment: CommitmentFlow, Output: OutputFlow}


@dataclass
class Country:
    """Côte d'Ivoire's TWG: the statistics office leads, ONI contributes, both have somebody there."""

    twg: Twg
    project: Project
    chair: Person
    secretariat: Person
    office: Institution
    officer: Person
    oni: Institution
    specialist: Person


def country(code: str = "CI") -> Country:
    project = f.project()
    twg = f.twg(code, of=project)
    f.adopt(twg.terms.get())
    office = f.institution("National Statistical Office", category="statistics", country=code)
    oni = f.institution("National Identification Office", country=code)
    return Country(
        twg, project, f.seat(twg, "chair", "The chair"), f.seat(twg, "secretariat", "The secretariat"), office,
        f.seat(twg, "member", "The statistician", institution=office), oni,
        f.seat(twg, "member", "The specialist", institution=oni),
    )  # fmt: skip


def plan(twg: Twg, **fields: Any) -> DataPlan:
    return services.open_plan(twg, {"titles": {"en": "Data plan"}, **fields}, actor=None)


def action(of: DataPlan, title: str = "A survey", *, needs: Any = (), **fields: Any) -> DataAction:
    told = {"kind": "survey", "titles": {"en": title}, **fields}
    return services.plan_action(of, told, actor=None, needs=needs)


def money(of: DataAction, **fields: Any) -> Commitment:
    told = {"payer": "A donor", **fields} if "institution" not in fields else fields
    return services.commit(of, told, actor=None)


def task_force(twg: Twg, code: str = "strategy-group") -> Twg:
    return groups.link_body(
        twg, {"code": code, "names": {"en": "Expert group on the strategy"}, "kind": "expert_group"}, actor=None
    )


def output(body: Twg, **fields: Any) -> Output:
    return services.record_output(body, {"titles": {"en": "A long-term strategy"}, **fields}, actor=None)


def press(subject: Any, step: str, *, actor: Any = None, note: str = "", **answers: Any) -> Event:
    return engine.perform(FLOWS[type(subject)](subject), step, actor=actor, note=note, data={"note": note, **answers})


def endorse(of: DataPlan, *, actor: Any = None) -> DataPlan:
    """By a decision taken outside."""
    press(of, "endorse", actor=actor, **f.DECISION)
    return of


def closed_decision(at: Country) -> Any:
    """Something decided in a session that is closed to all but government."""
    return _decision(at, closed=True, closed_reason="Sovereignty")


def open_decision(at: Country) -> Any:
    return _decision(at)


def _decision(at: Country, **fields: Any) -> Any:
    meeting = minutes.meet(at.twg, [at.chair, at.secretariat], **fields)
    return minutes.decide(minutes_services.prepare(meeting, actor=at.secretariat), "Hire a consultant.")


def soon(days: int) -> str:
    """A day so many days from today, as a date is written."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def page(person: Any, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    """A page as its reader finds it, with single spaces."""
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Any, name: str, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(name, args=args), fields)
