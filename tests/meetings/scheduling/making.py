"""The smallest meetings that a story needs, made through the services that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from meetings.scheduling import planning
from meetings.scheduling.flow import MeetingFlow
from meetings.scheduling.models import Meeting
from tests import factories as f
from workflow.engine import outbox
from workflow.engine import services as engine
from workflow.engine.models import Event, OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, TermsOfReference, Twg


@dataclass
class House:
    """A TWG with its keepers, ministries with a member each, and a civil-society observer."""

    twg: Twg
    chair: Person
    secretariat: Person
    institutions: list[Institution]
    members: list[Person]
    observer: Person


def house(size: int = 3, **terms: Any) -> House:
    """Under adopted terms; `terms` change them first."""
    ghana = f.twg("GH")
    draft = TermsOfReference.objects.get(twg=ghana)
    rules = {r.category: (r.modality, r.votes) for r in draft.rules.all()}
    rules["civil_society"] = ("observer", False)
    groups.change_terms(draft, terms, rules, actor=None)
    f.adopt(draft)
    ministries = [f.institution(f"Ministry {n}") for n in range(size)]
    members = [f.seat(ghana, "member", f"Member {n}", institution=m) for n, m in enumerate(ministries)]
    society = f.institution("Women's league", category="civil_society")
    return House(
        ghana, f.seat(ghana, "chair", "The chair"), f.seat(ghana, "secretariat", "The secretariat"), ministries,
        members, f.seat(ghana, "member", "The observer", institution=society),
    )  # fmt: skip


def planned(of: House, **fields: Any) -> Meeting:
    """A meeting to which everybody is invited who may know of it."""
    told = {"titles": {"en": "Third meeting"}, "kind": "regular", "place": "Accra", **fields}
    made = planning.plan(of.twg, told, actor=None)
    planning.invite(made, planning.usual(of.twg), actor=None)
    return made


def scheduled(of: House, *, days: int = 20, **fields: Any) -> Meeting:
    made = planned(of, **fields)
    starts = (timezone.now() + timedelta(days=days)).replace(microsecond=0)
    press(made, "schedule", starts_at=starts, ends_at=starts + timedelta(hours=3))
    return made


def press(meeting: Meeting, step: str, *, actor: Any = None, note: str = "", **data: Any) -> Event:
    return engine.perform(MeetingFlow(meeting), step, actor=actor, note=note, data=data)


def deliver() -> None:
    """What the worker does, until nothing waits that is due."""
    for _turn in range(5):
        for row in list(OutboxRow.objects.filter(status="waiting", due__lte=timezone.now())):
            outbox.deliver.func(row.pk)
