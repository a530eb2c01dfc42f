"""Certificates that a stranger checks, and who knows of a training (S31, S33)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from meetings.scheduling.models import Meeting
from meetings.trainings import certifying, services
from meetings.trainings.models import Certificate, Participation, Training
from tests import factories as f
from tests.groups.reading import browser, questions
from tests.meetings.trainings.making import DAY, Room, completed, get, made, press
from workflow.documents import pdf_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return made()


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
