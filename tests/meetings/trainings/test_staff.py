"""How many of an institution's people are trained, as the hand-over asks (S33, S46)."""

from __future__ import annotations

import pytest

from meetings.trainings import services, staff
from tests import factories as f
from tests.meetings.minutes import making as m
from workflow.engine import together
from workflow.handover.staff import Trained, wanted

from .making import DAY, TITLES, Room, completed, made, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return made()


def counted(institution: int) -> Trained:
    return together.answer(staff.trained(institution))


def test_each_person_counts_once_however_many_courses(room: Room) -> None:
    one = completed(room)
    institution = one.institution_id or 0
    assert counted(institution) == Trained(1, 1)
    again = m.meeting(room.house, kind="training", titles={"en": "Second training"})
    other = services.record_course({"code": "other", "titles": TITLES}, actor=None)
    second = services.enrol(services.teach(again, other, actor=None), room.house.director, actor=None)
    press(second, "complete", completed_on=DAY)
    assert counted(institution) == Trained(1, 2)
    assert together.answer(wanted(institution)) == Trained(1, 2)


def test_names_without_an_account_count_and_others_do_not(room: Room) -> None:
    ministry = f.institution("Ministry of Plan", country="CI")
    for name in ("Ama", "Kofi"):
        press(services.enrol_by_name(room.training, name, ministry, actor=None), "complete", completed_on=DAY)
    services.enrol_by_name(room.training, "Still learning", ministry, actor=None)
    left = services.enrol_by_name(room.training, "Gone", ministry, actor=None)
    press(left, "leave", note="Moved.")
    assert counted(ministry.pk) == Trained(2, 1)
    assert counted(f.institution().pk) == Trained(0, 0)


def test_of_closed_trainings_no_number_tells(room: Room) -> None:
    ministry = f.institution("Ministry of Plan", country="CI")
    closed = m.meeting(room.house, kind="training", closed=True, closed_reason="Sovereignty")
    training = services.teach(closed, room.course, actor=None)
    press(services.enrol_by_name(training, "Ama", ministry, actor=None), "complete", completed_on=DAY)
    assert counted(ministry.pk) == Trained(0, 0)


def test_nobody_counts_for_no_institution() -> None:
    assert together.answer(wanted(None)) is None
