"""A whole room signs in at once: nobody is lost, nobody is there twice. Real threads, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from meetings.attendance import services
from meetings.attendance.models import Attendance
from meetings.attendance.services import Stranger
from meetings.scheduling.models import Meeting
from tests.engine.test_two_at_once import at_once
from workflow.engine import history
from workflow.engine.models import Event
from workflow.groups.models import Person

from . import making as m

pytestmark = pytest.mark.django_db(transaction=True)


def signing(meeting: Meeting, person: Person) -> Callable[[], Any]:
    """As a request does: with rows of its own."""

    def work() -> Attendance:
        return services.sign_in(Meeting.objects.get(pk=meeting.pk), actor=Person.objects.get(pk=person.pk))

    return work


def walking_in(meeting: Meeting, name: str) -> Callable[[], Any]:
    def work() -> Attendance:
        return services.sign_in_stranger(Meeting.objects.get(pk=meeting.pk), Stranger(name, "Customs"))

    return work


def told_of(meeting: Meeting) -> list[str]:
    events = Event.objects.filter(subject_kind="meeting", subject_id=meeting.pk).exclude(name="created")
    return sorted(events.values_list("name", flat=True))


def test_one_person_pressing_ten_times_at_once_is_there_once() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    outcome = at_once(*[signing(meeting, of.members[0])] * 10)
    assert {type(one) for one in outcome} == {Attendance}, outcome
    assert len({one.pk for one in outcome}) == 1
    assert told_of(meeting) == ["signed_in"]


def test_two_people_signing_in_at_once_are_both_there() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    outcome = at_once(*(signing(meeting, person) for person in of.members))
    assert {one.person_id for one in outcome} == {person.pk for person in of.members}, outcome
    assert told_of(meeting) == ["signed_in", "signed_in"]


def test_a_room_of_members_and_strangers_signing_in_at_once_loses_nobody() -> None:
    of = m.house(12)
    meeting = m.meeting(of)
    names = [f"Guest {n}" for n in range(12)]
    outcome = at_once(
        *(signing(meeting, person) for person in of.members), *(walking_in(meeting, name) for name in names)
    )
    assert [one for one in outcome if isinstance(one, Exception)] == []
    assert Attendance.objects.filter(person__in=of.members).count() == 12
    assert set(Attendance.objects.filter(person=None).values_list("name", flat=True)) == set(names)
    assert history.verify().broken is None


def test_one_stranger_sending_twice_at_once_is_there_once() -> None:
    meeting = m.meeting(m.house(1))
    outcome = at_once(*[walking_in(meeting, "Guest")] * 4)
    assert len({one.pk for one in outcome}) == 1, outcome
    assert Attendance.objects.count() == 1


def test_who_signs_in_while_the_secretariat_writes_them_down_is_there_once() -> None:
    of = m.house(1)
    meeting = m.meeting(of)

    def writing() -> Attendance:
        keeper = Person.objects.get(pk=of.secretariat.pk)
        member = Person.objects.get(pk=of.members[0].pk)
        return services.record(Meeting.objects.get(pk=meeting.pk), member, {"rank": "minister"}, actor=keeper)

    outcome = at_once(signing(meeting, of.members[0]), writing)
    assert len({one.pk for one in outcome}) == 1, outcome
    assert Attendance.objects.get().came
