"""A training on the Essentials of Migration Management: its course, who takes part, who completes it (S33)."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from meetings.scheduling.models import MeetingState
from meetings.trainings import certifying, services
from meetings.trainings.models import Certificate, Course, Participation, ParticipationState
from tests import factories as f
from tests.ballots.voting import deliver
from tests.meetings.minutes import making as m
from tests.meetings.trainings.making import DAY, Room, completed, get, made, press, send
from workflow.engine import inbox
from workflow.engine.errors import Incomplete, NotPermitted, Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return made()


# -- courses ----------------------------------------------------------------------------------------------


def test_a_secretariat_records_a_course_once_and_all_who_hold_a_seat_read_it() -> None:
    house = m.house()
    fields = {"code": "emm", "titles_en": "Essentials of Migration Management", "hours": "30"}
    assert send(house.secretariat, "course-new", **fields).status_code == 302
    again = send(house.secretariat, "course-new", **fields)
    assert again.status_code == 422
    assert "Essentials of Migration Management" in get(house.observer, "courses")
    get(f.person("A stranger"), "courses", status=404)
    assert send(house.director, "course-new", **fields).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"code": "new"}, {"code": "a b"}, {"titles_en": ""}, {"hours": "0"}, {"hours": "9999"}]
)
def test_a_wrong_course_is_refused_on_its_field(wrong: dict[str, str]) -> None:
    fields = {"code": "emm", "titles_en": "Essentials", "hours": "30"} | wrong
    assert send(m.house().secretariat, "course-new", **fields).status_code == 422
    assert not Course.objects.exists()


def test_a_stale_course_form_is_answered_with_who_was_faster(room: Room) -> None:
    fields = {"code": "emm", "titles_en": "Essentials, second edition", "hours": "30", "version": room.course.version}
    assert send(room.house.secretariat, "course-edit", "emm", **fields).status_code == 302
    assert send(room.house.secretariat, "course-edit", "emm", **fields).status_code == 409


# -- trainings --------------------------------------------------------------------------------------------


def test_only_a_training_teaches_a_course(room: Room) -> None:
    regular = m.meeting(room.house)
    with pytest.raises(ValidationError):
        services.teach(regular, room.course, actor=room.house.secretariat)
    get(room.house.secretariat, "training", regular.pk, status=404)


def test_a_course_is_exchanged_until_somebody_has_completed_it(room: Room) -> None:
    other = services.record_course({"code": "other", "titles": {"en": "Other"}}, actor=None)
    services.teach(room.meeting, other, actor=room.house.secretariat)
    completed(room)
    with pytest.raises(Unmet):
        services.teach(room.meeting, room.course, actor=room.house.secretariat)


def test_a_member_takes_part_for_the_institution_of_their_seat(room: Room) -> None:
    one = services.enrol(room.training, room.house.director, actor=room.house.secretariat)
    assert (one.name, one.institution) == ("The director", room.house.ministry)
    with pytest.raises(ValidationError, match="already"):
        services.enrol(room.training, room.house.director, actor=room.house.secretariat)


def test_somebody_without_an_account_takes_part_by_name(room: Room) -> None:
    fields = {"name": "Awa Traoré", "institution": room.house.association.pk}
    assert send(room.house.secretariat, "training-enrol", room.meeting.pk, **fields).status_code == 302
    assert Participation.objects.get().name == "Awa Traoré"
    empty = send(room.house.secretariat, "training-enrol", room.meeting.pk, name=" ")
    assert empty.status_code == 422
    assert "Choose a person, or give a name." in empty.content.decode()


def test_members_run_no_training(room: Room) -> None:
    with pytest.raises(NotPermitted):
        services.enrol(room.training, room.house.director, actor=room.house.director)
    assert send(room.house.director, "training-enrol", room.meeting.pk, name="Me").status_code == 403


# -- completed --------------------------------------------------------------------------------------------


def test_several_complete_it_at_once_from_one_page(room: Room) -> None:
    people = [services.enrol_by_name(room.training, f"Person {n}", actor=None) for n in range(3)]
    assert [str(i.action) for i in inbox.of(room.house.secretariat).waiting if str(i.title) == "Training in Abidjan"]
    fields = {"who": [people[0].pk, people[1].pk], "completed_on": "2009-06-12"}
    assert send(room.house.secretariat, "training-completed", room.meeting.pk, **fields).status_code == 302
    states = list(Participation.objects.order_by("pk").values_list("state", flat=True))
    assert states == [ParticipationState.COMPLETED, ParticipationState.COMPLETED, ParticipationState.ENROLLED]
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize("day", ["", "soon", "2999-01-01"])
def test_a_wrong_day_is_refused_and_nobody_has_completed_anything(room: Room, day: str) -> None:
    one = services.enrol_by_name(room.training, "Awa", actor=None)
    answer = send(room.house.secretariat, "training-completed", room.meeting.pk, who=[one.pk], completed_on=day)
    assert answer.status_code == 422
    assert not Certificate.objects.exists()


def test_nobody_completes_a_training_that_is_not_over() -> None:
    room = made(state=MeetingState.SCHEDULED)
    one = services.enrol_by_name(room.training, "Awa", actor=None)
    with pytest.raises(Unmet, match="not over"):
        press(one, "complete", completed_on=DAY)


def test_who_did_not_complete_it_has_no_certificate_and_the_reason_is_kept(room: Room) -> None:
    one = services.enrol_by_name(room.training, "Awa", actor=None)
    with pytest.raises(Incomplete):
        press(one, "leave", actor=room.house.secretariat)
    press(one, "leave", actor=room.house.secretariat, note="Was called back.")
    assert one.state == ParticipationState.LEFT
    assert certifying.current(one) is None


def test_whoever_completed_it_is_told_where_the_certificate_is(room: Room) -> None:
    one = completed(room)
    deliver()
    [letter] = [letter for letter in mail.outbox if letter.to == [room.house.director.email]]
    assert letter.subject == "Your certificate: Essentials of Migration Management"
    assert reverse("participation", args=[one.pk]) in letter.body
