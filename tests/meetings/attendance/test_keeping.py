"""The chair and the secretariat write down who came; people correct what is said of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from meetings.attendance import services
from meetings.attendance.models import Attendance, Source
from meetings.attendance.services import Stranger
from meetings.minutes import annex
from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.models import Event

from . import making as m

pytestmark = pytest.mark.django_db


def last_event(meeting: Any) -> Event:
    return Event.objects.filter(subject_kind="meeting", subject_id=meeting.pk).order_by("-sequence")[0]


# -- the secretariat --------------------------------------------------------------------------------------


def test_the_secretariat_ticks_off_who_is_in_the_room_with_one_press() -> None:
    of = m.house(3)
    meeting = m.meeting(of)
    text = m.send(of.secretariat, "attendance", meeting.pk, people=[p.pk for p in of.members[:2]], way="room")
    assert "2 people written down." in text
    assert Attendance.objects.filter(came=True, way="room").count() == 2
    assert last_event(meeting).data["people"] == [p.pk for p in of.members[:2]]
    # Ticked again, with one more: the others stay as they were.
    m.send(of.chair, "attendance", meeting.pk, people=[p.pk for p in of.members], way="online")
    assert [r.way for r in Attendance.objects.order_by("pk")] == ["room", "room", "online"]


def test_only_invited_people_are_ticked_off() -> None:
    of = m.house(1)
    meeting, stranger = m.meeting(of), m.stranger_of(of)
    text = m.send(of.secretariat, "attendance", meeting.pk, people=[stranger.pk, "x", "9" * 30])
    assert "Nobody was ticked" in text
    assert not Attendance.objects.exists()


def test_a_member_ticks_nobody_off() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    m.send(of.members[0], "attendance", meeting.pk, people=[of.members[0].pk], status=403)
    with pytest.raises(NotPermitted):
        services.record(meeting, of.members[0], {}, actor=of.members[0])


def test_what_is_copied_stays_as_it_was_on_that_day() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.record_several(meeting, of.members, actor=of.secretariat)
    of.institutions[0].names = {"en": "Renamed ministry"}
    of.institutions[0].save()
    seat = f.seat_of(of.members[0])
    seat.rank = "minister"
    seat.save()
    row = Attendance.objects.get()
    assert (row.institution_name, row.rank) == ("Ministry 0", "director")
    services.record(meeting, of.members[0], {"way": "online"}, actor=of.secretariat)
    assert Attendance.objects.get().institution_name == "Ministry 0"


def test_somebody_came_in_the_place_of_who_is_invited() -> None:
    of = m.house(2)
    meeting = m.meeting(of, of.members[0])
    services.record(meeting, of.members[1], {"replaces": of.members[0]}, actor=of.secretariat)
    text = m.page(of.secretariat, "attendance", meeting.pk)
    assert "represented by Member 1" in text
    with pytest.raises(ValidationError) as refusal:
        services.record(meeting, of.members[0], {"replaces": of.members[0]}, actor=of.secretariat)
    assert "Nobody comes in their own place." in str(refusal.value)
    third = f.seat(of.twg, "alternate")
    with pytest.raises(ValidationError):
        services.record(meeting, third, {"replaces": of.members[0]}, actor=of.secretariat)


def test_the_form_of_one_person_brings_times_by_the_meetings_clock() -> None:
    of = m.house(1)
    abidjan = m.meeting(of, zone="Africa/Lagos", starts_at=m.MORNING)
    of.secretariat.time_zone = "Asia/Tokyo"
    of.secretariat.save()
    m.send(of.secretariat, "attendance-of", abidjan.pk, of.members[0].pk, came="yes", way="room", rank="minister",
           arrived_at="2009-04-15T10:05", left_at="2009-04-15T11:00", seen=0)  # fmt: skip
    row = Attendance.objects.get()
    assert row.arrived_at is not None
    assert row.arrived_at.isoformat() == "2009-04-15T09:05:00+00:00"  # Lagos is an hour ahead of UTC
    assert row.rank == "minister"
    assert 'value="2009-04-15T10:05"' in m.page(of.secretariat, "attendance-of", abidjan.pk, of.members[0].pk)


def test_who_left_before_they_arrived_is_told_so_on_the_field_and_nothing_is_lost() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    text = m.send(of.secretariat, "attendance-of", meeting.pk, of.members[0].pk, status=422, came="yes", way="room",
                  arrived_at="2009-04-15T10:05", left_at="2009-04-15T09:00", seen=0)  # fmt: skip
    assert "They left before they arrived." in text
    assert "2009-04-15T10:05" in text
    assert not Attendance.objects.exists()


def test_two_who_write_the_same_line_do_not_overwrite_each_other() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.record(meeting, of.members[0], {"rank": "minister"}, actor=of.secretariat, seen=0)
    with pytest.raises(Conflict):
        services.record(meeting, of.members[0], {"rank": "director"}, actor=of.chair, seen=0)
    m.send(of.chair, "attendance-of", meeting.pk, of.members[0].pk, status=409, came="yes", way="room", seen=0)
    assert Attendance.objects.get().rank == "minister"


def test_nothing_is_told_when_nothing_differs() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.record(meeting, of.members[0], {"rank": "minister"}, actor=of.secretariat)
    before = last_event(meeting).sequence
    services.record(meeting, of.members[0], {"rank": "minister"}, actor=of.secretariat)
    assert last_event(meeting).sequence == before


def test_who_is_neither_invited_nor_listed_has_no_form() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    m.page(of.secretariat, "attendance-of", meeting.pk, m.stranger_of(of).pk, status=404)


# -- walk-ins ---------------------------------------------------------------------------------------------


def test_a_walk_in_is_written_down_with_their_institution() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    m.send(of.secretariat, "walk-in-new", meeting.pk, name="Ama Mensah", institution=of.institutions[0].pk,
           rank="technical_expert", way="room", seen=0)  # fmt: skip
    m.send(of.secretariat, "walk-in-new", meeting.pk, name="Yaw Boateng", typed="A union", category="civil_society",
           way="online", seen=0)  # fmt: skip
    ama, yaw = Attendance.objects.order_by("pk")
    assert (ama.institution, ama.category, ama.confirmed) == (of.institutions[0], "government", True)
    assert (yaw.institution, yaw.institution_name, yaw.category) == (None, "A union", "civil_society")
    text = m.send(of.secretariat, "walk-in-new", meeting.pk, status=422, name="ama mensah", way="room",
                  institution=of.institutions[0].pk)  # fmt: skip
    assert "Somebody of this name and institution stands in the list already." in text


def test_a_stranger_is_confirmed_completed_or_struck() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    one, two, three = (services.sign_in_stranger(meeting, Stranger(name, "Custom house")) for name in "ABC")
    text = m.page(of.secretariat, "attendance", meeting.pk)
    assert "Signed in without an invitation" in text
    assert "not in the directory" in text
    m.send(of.secretariat, "attendance-confirm", meeting.pk, one.pk)
    m.send(of.secretariat, "walk-in", meeting.pk, two.pk, name="B", institution=of.institutions[0].pk, way="room",
           seen=two.changes)  # fmt: skip
    m.send(of.secretariat, "attendance-strike", meeting.pk, three.pk, note="Nobody knows them.")
    for row in (one, two, three):
        row.refresh_from_db()
    assert (one.confirmed, two.confirmed, two.institution, three.came) == (True, True, of.institutions[0], False)
    assert last_event(meeting).note == "Nobody knows them."
    assert "Struck from the list" in m.page(of.secretariat, "attendance", meeting.pk)
    assert set(Attendance.objects.all().present()) == {one, two}


def test_a_strike_needs_its_reason() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    row = services.sign_in_stranger(meeting, Stranger("A", "B"))
    m.send(of.secretariat, "attendance-strike", meeting.pk, row.pk, status=422, note=" ")
    with pytest.raises(ValidationError):
        services.strike(row, actor=of.secretariat, note=" ")


def test_home_tells_the_secretariat_of_strangers_to_confirm() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.sign_in_stranger(meeting, Stranger("A", "B"))
    assert "1 person signed in without an invitation" in m.page(of.secretariat, "home")
    assert "without an invitation" not in m.page(of.members[0], "home")
    services.confirm(Attendance.objects.get(), actor=of.secretariat)
    assert "without an invitation" not in m.page(of.secretariat, "home")


# -- people themselves ------------------------------------------------------------------------------------


def test_a_person_corrects_what_the_list_says_of_them() -> None:
    of = m.house(1)
    meeting, member = m.meeting(of, state="held"), of.members[0]
    services.record_several(meeting, [member], actor=of.secretariat)
    text = m.page(member, "attendance-mine", meeting.pk)
    assert "I was not there" in text
    m.send(member, "attendance-mine", meeting.pk, came="no", way="room", rank="", seen=1)
    row = Attendance.objects.get()
    assert (row.came, row.source) == (False, Source.KEEPER)
    told = last_event(meeting)
    assert (told.name, told.actor) == ("attendance_corrected", member)
    assert told.data["attended"]["came"] == [True, False]
    assert history.verify().broken is None


def test_whoever_was_invited_says_that_they_were_there() -> None:
    of = m.house(1)
    meeting, member = m.meeting(of, state="circulated"), of.members[0]
    m.send(member, "attendance-mine", meeting.pk, came="yes", way="online", rank="minister", seen=0)
    row = Attendance.objects.get()
    assert (row.came, row.way, row.rank, row.source) == (True, "online", "minister", Source.SELF)


def test_a_correction_changes_no_more_than_it_may() -> None:
    of = m.house(2)
    meeting = m.meeting(of, state="held")
    services.correct(meeting, {"came": True, "replaces": of.members[1], "name": "Another"}, actor=of.members[0])
    row = Attendance.objects.get()
    assert (row.replaces, row.name) == (None, "Member 0")


def test_once_the_minutes_are_approved_nobody_changes_the_list() -> None:
    of = m.house(1)
    meeting, member = m.meeting(of, state="held"), of.members[0]
    services.record_several(meeting, [member], actor=of.secretariat)
    m.move(meeting, "approved")
    with pytest.raises(Unmet):
        services.correct(meeting, {"came": False}, actor=member)
    with pytest.raises(Unmet):
        services.record(meeting, member, {"came": False}, actor=of.secretariat)
    m.page(member, "attendance-mine", meeting.pk, status=409)
    assert "Correct my attendance" not in m.page(member, "attendance", meeting.pk)
    m.send(of.secretariat, "attendance-strike", meeting.pk, Attendance.objects.get().pk, note="No.", status=409)


def test_before_the_meeting_nobody_says_that_they_were_there() -> None:
    of = m.house(1)
    meeting = m.meeting(of, state="scheduled", starts_at=timezone.now() + timedelta(days=3))
    with pytest.raises(NotPermitted):
        services.correct(meeting, {"came": True}, actor=of.members[0])


def test_one_who_was_not_invited_corrects_nothing() -> None:
    of = m.house(2)
    meeting = m.meeting(of, of.members[0], state="held")
    m.page(of.members[1], "attendance-mine", meeting.pk, status=404)
    with pytest.raises(NotPermitted):
        services.correct(meeting, {"came": True}, actor=of.members[1])


# -- the database -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"rank": "pope"},
        {"way": "telepathy"},
        {"arrived_at": m.MORNING, "left_at": m.MORNING - timedelta(hours=1)},
    ],
)
def test_the_database_refuses_what_can_not_be(fields: dict[str, Any]) -> None:
    meeting = m.meeting(m.house(1))
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():  # by a constraint, or for its length
        Attendance.objects.create(**{"meeting": meeting, "name": "A", **fields})


def test_the_database_knows_a_person_once_a_meeting() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    Attendance.objects.create(meeting=meeting, name="A", person=of.members[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(meeting=meeting, name="B", person=of.members[0])


def test_the_annex_of_the_minutes_tells_who_came_by_rank_and_else_who_was_invited() -> None:
    of = m.house(2)
    meeting = m.meeting(of, state="held")
    assert [one.how for one in annex.attendance_annex(meeting)] == ["no answer yet", "no answer yet"]
    services.record(meeting, of.members[1], {"rank": "minister", "way": "online"}, actor=of.secretariat)
    services.record_walk_in(meeting, {"name": "A guest", "replaces": of.members[0]}, actor=of.secretariat)
    found = [(one.rank_label, one.name, one.how) for one in annex.attendance_annex(meeting)]
    assert found == [
        ("Minister", "Member 1", "online"),
        ("", "A guest", "in the room, in the place of Member 0"),
    ]
