"""A training on the Essentials of Migration Management: its course, who takes part, who completes it (S33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from meetings.scheduling.models import Meeting, MeetingKind, MeetingState
from meetings.trainings import certifying, services
from meetings.trainings.flow import ParticipationFlow
from meetings.trainings.models import Certificate, Course, Participation, ParticipationState, Training
from tests import factories as f
from tests.ballots.voting import deliver
from tests.groups.reading import browser, questions
from tests.meetings.minutes import making as m
from workflow.documents import pdf_out
from workflow.engine import inbox
from workflow.engine import services as engine
from workflow.engine.errors import Incomplete, NotPermitted, Unmet

pytestmark = pytest.mark.django_db
DAY = date(2009, 6, 12)
TITLES = {"en": "Essentials of Migration Management", "fr": "Fondamentaux de la gestion des migrations"}


@dataclass
class Room:
    house: m.House
    meeting: Meeting
    course: Course
    training: Training


@pytest.fixture
def room() -> Room:
    return made()


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


# -- checked by a stranger --------------------------------------------------------------------------------


def test_a_stranger_checks_the_code_however_it_is_typed(room: Room) -> None:
    certificate = certifying.current(completed(room))
    assert certificate is not None
    for typed in (certificate.code, certificate.code.lower().replace("-", " ")):
        told = get(None, "certificate-check", code=typed)
        for words in ("genuine", "The director", "Essentials of Migration Management", "Ministry of the Interior"):
            assert words in told


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKMN-PQRS", "x", "…", "A" * 60])
def test_a_code_that_nobody_was_given_finds_nothing(code: str) -> None:
    answer = browser(None).get(reverse("certificate-check"), {"code": code})
    assert answer.status_code == 422
    assert browser(None).get("/certificates/ABCD-EFGH-JKMN-PQRS/").status_code == 404


def test_a_completion_that_was_taken_back_leaves_a_certificate_that_does_not_hold(room: Room) -> None:
    one = completed(room)
    first = certifying.current(one)
    assert first is not None
    press(one, "reopen", actor=room.house.secretariat, note="It was another person.")
    assert "does not hold any more" in get(None, "certificate", first.code)
    press(one, "complete", actor=room.house.secretariat, completed_on=DAY)
    second = certifying.current(one)
    assert second is not None
    assert second.code != first.code
    assert "genuine" in get(None, "certificate", second.code)
    assert "does not hold any more" in get(None, "certificate", first.code)


def test_a_certificate_is_never_rewritten_and_keeps_the_names_of_its_day(room: Room) -> None:
    certificate = certifying.current(completed(room))
    assert certificate is not None
    services.change_course(room.course, {"titles": {"en": "Renamed"}}, actor=None)
    assert "Essentials of Migration Management" in get(None, "certificate", certificate.code)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Certificate.objects.update(content={})


def test_a_content_that_palabre_has_not_signed_does_not_hold(room: Room) -> None:
    one = completed(room)
    true = certifying.current(one)
    assert true is not None
    content = true.content | {"name": "Somebody else"}
    forged = Certificate.objects.create(
        participation=one, code=certifying.new_code(), content=content, signature=true.signature
    )
    checked = certifying.check(forged.code)
    assert checked is not None
    assert not checked.holds


@pytest.mark.skipif(bool(pdf_out.available()), reason="Pango is missing")
def test_the_certificate_is_a_pdf_for_its_holder_and_the_twg(room: Room) -> None:
    one = completed(room)
    for person in (room.house.director, room.house.secretariat):
        answer = browser(person).get(reverse("certificate-pdf", args=[one.pk]))
        assert answer.content.startswith(b"%PDF")
    assert browser(room.house.observer).get(reverse("certificate-pdf", args=[one.pk])).status_code == 404


# -- who knows --------------------------------------------------------------------------------------------


def test_of_a_closed_training_there_is_no_certificate_and_nobody_else_learns() -> None:
    room = made(closed=True, closed_reason="Sovereignty")
    one = completed(room)
    assert not Certificate.objects.exists()
    for person in (room.house.activist, room.house.observer, f.administrator()):
        assert not Training.objects.all().visible_to(person).exists()
        assert not Participation.objects.all().visible_to(person).exists()
        get(person, "training", room.meeting.pk, status=404)
        get(person, "participation", one.pk, status=404)
    assert "Training in Abidjan" not in get(room.house.activist, "course", "emm")


def test_a_training_that_is_closed_later_takes_its_certificates_along(room: Room) -> None:
    certificate = certifying.current(completed(room))
    assert certificate is not None
    Meeting.objects.filter(pk=room.meeting.pk).update(closed=True, closed_reason="Sovereignty")
    assert browser(None).get(reverse("certificate", args=[certificate.code])).status_code == 404


def test_observers_read_no_names(room: Room) -> None:
    completed(room)
    assert "Names are for the members of the TWG." in get(room.house.observer, "training", room.meeting.pk)
    assert "The director" in get(room.house.activist, "training", room.meeting.pk)


def test_the_page_asks_as_many_questions_however_many_take_part(room: Room) -> None:
    completed(room)
    client = browser(room.house.secretariat)
    pages = [reverse("training", args=[room.meeting.pk]), reverse("course", args=["emm"]), reverse("courses")]
    before = {page: questions(client, page) for page in pages}
    for number in range(5):
        services.enrol_by_name(room.training, f"Person {number}", room.house.ministry, actor=None)
    assert {page: questions(client, page) for page in pages} == before


def test_the_api_enrols_completes_and_tells_the_code(room: Room) -> None:
    client = browser(room.house.secretariat)
    body = {"training": room.training.pk, "name": "Awa Traoré", "institution": room.house.association.code}
    answer = client.post("/api/v1/participations/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    row = answer.json()
    address = f"/api/v1/participations/{row['id']}/"
    act = {"version": row["version"], "completed_on": "2009-06-12"}
    assert client.post(f"{address}actions/complete/", act, content_type="application/json").status_code == 200
    assert certifying.check(client.get(address).json()["certificate"]) is not None
    wrong = client.post("/api/v1/participations/", body | {"name": " "}, content_type="application/json")
    assert wrong.status_code == 422
    assert client.get("/api/v1/trainings/").json()["results"][0]["course"] == "emm"
    assert client.get("/api/v1/courses/").json()["count"] == 1
    again = {"meeting": room.meeting.pk, "course": "emm"}
    assert client.post("/api/v1/trainings/", again, content_type="application/json").status_code == 409
    other = services.enrol_by_name(room.training, "Kofi", actor=None)
    done = {"participations": [other.pk], "completed_on": "2009-06-12"}
    answer = client.post(f"/api/v1/trainings/{room.training.pk}/completed/", done, content_type="application/json")
    assert answer.json()[0]["state"] == "completed", answer.content
