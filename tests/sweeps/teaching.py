"""Secrets of trainings: who takes part in an open one, and all of one that is for government alone (S31, S33)."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.models import MeetingKind
from meetings.trainings import services
from meetings.trainings.flow import ParticipationFlow
from tests.meetings.minutes import making as m
from workflow.engine import services as engine

from .minuting import CLOSED
from .world import FULL, INSIDE, SEATED, World


def plant(world: World) -> None:
    title, code = world.plant("course", known_to=SEATED), "essentials"
    course = services.record_course({"code": code, "titles": {"en": title}}, actor=None)
    world.objects["course"] = course
    for which, known_to, names in (("", INSIDE, FULL), ("closed", CLOSED, CLOSED)):
        fields: dict[str, Any] = {"closed": True, "closed_reason": "Sovereignty"} if which else {}
        meeting = m.meet(
            world.objects["twg"], [], kind=MeetingKind.TRAINING,
            titles={"en": world.plant(f"training{which}", known_to=known_to)}, **fields,
        )  # fmt: skip
        training = services.teach(meeting, course, actor=None)
        name = world.plant(f"trained{which}", known_to=names)
        one = services.enrol_by_name(training, name, world.objects["institution"], actor=None)
        engine.perform(ParticipationFlow(one), "complete", actor=None, data={"completed_on": "2009-06-12"})
        told = world.plant(f"untrained{which}", known_to=names)
        other = services.enrol_by_name(training, told, actor=None)
        reason = world.plant(f"whyleft{which}", known_to=names)
        engine.perform(ParticipationFlow(other), "leave", actor=None, note=reason)
        world.objects |= {f"{which} training".strip(): training, f"{which} participation".strip(): one}
        world.objects |= {f"{'inside' if which else 'other'} participation": other}
        world.objects |= {f"{'inside' if which else 'second'} meeting": meeting}
