"""The list of who came, through the API: the same rights and services as on the pages."""

from __future__ import annotations

import pytest

from meetings.attendance import services
from meetings.attendance.models import Attendance, Source
from meetings.attendance.services import Stranger
from tests import factories as f
from tests.api.calls import Caller, problem

from . import making as m

pytestmark = pytest.mark.django_db


def test_a_member_reads_the_list() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    services.record_several(meeting, of.members[:1], actor=of.secretariat)
    found = Caller(of.members[1]).get(f"meetings/{meeting.pk}/attendance/").json()
    assert found["count"] == 2
    came, absent = found["results"]
    assert (came["name"], came["rank"], came["came"], came["invited"]) == ("Member 0", "director", True, True)
    assert (absent["id"], absent["came"], absent["reply"], absent["person"]) == (None, False, "none", of.members[1].pk)


def test_an_observer_reads_no_names_and_no_ranks() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.record_several(meeting, of.members, actor=of.secretariat)
    observer = f.seat(of.twg, "observer", institution=f.institution(category="research"))
    (row,) = Caller(observer).get(f"meetings/{meeting.pk}/attendance/").json()["results"]
    assert (row["name"], row["rank"], row["person"], row["institution"]) == ("", "", None, "Ministry 0")


def test_the_secretariat_writes_down_people_and_walk_ins() -> None:
    of = m.house(1)
    meeting, api = m.meeting(of), Caller(of.secretariat)
    path = f"meetings/{meeting.pk}/attendance/"
    made = api.post(path, {"person": of.members[0].pk, "rank": "minister", "seen": 0})
    assert made.status_code == 201, made.content
    assert (made.json()["rank"], made.json()["institution"]) == ("minister", "Ministry 0")
    assert Attendance.objects.get().source == Source.API
    problem(api.post(path, {"person": of.members[0].pk, "rank": "director", "seen": 0}), 409, "conflict")
    assert api.post(path, {"name": "Kofi", "institution": of.institutions[0].code}).status_code == 201
    assert (
        api.post(path, {"name": "Ama", "institution_name": "A union", "category": "civil_society"}).status_code == 201
    )
    assert Attendance.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": "A", "person": 1}, {"name": ""}, {"name": "A\u202eB"}, {"name": "A", "rank": "pope"},
        {"name": "A", "arrived_at": "2009-04-15T10:00:00Z", "left_at": "2009-04-15T09:00:00Z"}, {"name": "x" * 400},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_on_its_field(body: dict[str, object]) -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    answer = Caller(of.secretariat).post(f"meetings/{meeting.pk}/attendance/", body)
    assert answer.status_code == 422, answer.content
    assert not Attendance.objects.exists()


def test_who_does_not_run_the_meeting_writes_nothing_and_who_does_not_see_it_finds_nothing() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    path = f"meetings/{meeting.pk}/attendance/"
    assert Caller(of.members[0]).post(path, {"person": of.members[0].pk}).status_code == 403
    assert Caller(m.stranger_of(of)).get(path).status_code == 404
    assert Caller(m.stranger_of(of)).post(path, {"name": "A"}).status_code == 404
    assert Caller(None).get(path).status_code in (401, 403)


def test_a_closed_meeting_is_not_there_through_the_api_either() -> None:
    of = m.house(1)
    ngo = f.seat(of.twg, "member", institution=f.institution(category="civil_society"))
    meeting = m.meeting(of, closed=True)
    path = f"meetings/{meeting.pk}/attendance/"
    assert Caller(ngo).get(path).status_code == 404
    assert Caller(of.members[0]).get(path).status_code == 200


def test_strangers_to_confirm_are_told_to_those_who_run_the_meeting_alone() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.sign_in_stranger(meeting, Stranger("Kofi", "Customs"))
    path = f"meetings/{meeting.pk}/attendance/"
    assert Caller(of.secretariat).get(path).json()["count"] == 2
    assert Caller(of.members[0]).get(path).json()["count"] == 1
