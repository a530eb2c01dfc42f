"""What the stories of trainings begin with: a training that has been held, on a course (S33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from meetings.scheduling.models import Meeting, MeetingKind
from meetings.trainings import services
from meetings.trainings.flow import ParticipationFlow
from meetings.trainings.models import Course, Participation, Training
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine import services as engine

DAY = date(2009, 6, 12)
TITLES = {"en": "Essentials of Migration Management", "fr": "Fondamentaux de la gestion des migrations"}


@dataclass
class Room:
    house: m.House
    meeting: Meeting
    course: Course
    training: Training


def made(**fields: Any) -> Room:
    house = m.house()
    meeting = m.meeting(house, kind=MeetingKind.TRAINING, titles={"en": "Training in Abidjan"}, **fields)
    course = services.record_course({"code": "emm", "titles": TITLES, "hours": 30}, actor=None)
    return Room(house, meeting, course, services.teach(meeting, course, actor=house.secretariat))


def press(one: Participation, step: str, *, actor: Any = None, note: str = "", **answers: Any) -> Any:
    return engine.perform(ParticipationFlow(one), step, actor=actor, note=note, data=answers)


def completed(room: Room) -> Participation:
    one = services.enrol(room.training, room.house.director, actor=room.house.secretariat)
    press(one, "complete", actor=room.house.secretariat, completed_on=DAY)
    return one


def get(person: Any, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = browser(person).get(reverse(name, args=args), query, follow=True)
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Any, address: str, /, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(address, args=args), fields)
