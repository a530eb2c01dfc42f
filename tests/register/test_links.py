"""Reports asked for by mail and given with one press: what a link does, and what it does not (S21, S31)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from recommendations.register import links, reminders, services
from recommendations.register.models import ProgressReport, Recommendation
from tests import factories as f
from tests.datarequests.test_mail import deliver
from tests.meetings.minutes import making as m
from workflow.groups.models import Membership, Person

from .making import press, recommendation, workshop

pytestmark = pytest.mark.django_db
NOON = "2009-08-05 12:00:00Z"


@pytest.fixture
def house(time_machine_at: Any) -> m.House:
    time_machine_at("2009-05-04 09:00:00Z")
    return m.house("GH")


@pytest.fixture
def asked(house: m.House, time_machine_at: Any) -> Recommendation:
    """Accepted in May, to be reported on every three months; it is August."""
    made = recommendation(house.twg, state="issued", lead=house.ministry)
    press(made, "accept", actor=house.chair, rhythm=3, due="2009-12-31")
    deliver()
    time_machine_at(NOON)
    return made


def tick() -> list[tuple[str, str]]:
    reminders.ask(datetime.fromisoformat(NOON).astimezone(UTC))
    return deliver()


def answers_in(body: str) -> list[str]:
    return re.findall(r"http\S+(/progress/\S+)", body)


def test_the_lead_institution_is_asked_at_the_rhythm_set_and_answers_with_one_press(
    asked: Recommendation, house: m.House, time_machine_at: Any
) -> None:
    [(to, subject)] = tick()
    assert (to, "How far is it?" in subject) == (house.director.email, True)
    pressed = answers_in(str(mail.outbox[0].body))
    assert [link.rsplit("=", 1)[1] for link in pressed] == ["0", "25", "50", "75", "100"]
    page = Client().get(pressed[2])
    assert 'value="50"' in page.content.decode()
    assert not ProgressReport.objects.exists()  # opening it says nothing: mail scanners may follow it
    assert Client().post(pressed[2], {"percent": "50", "note": "Half of the posts."}).status_code == 302
    report = ProgressReport.objects.get()
    assert (report.percent, report.by, report.way) == (50, house.director, "link")
    asked.refresh_from_db()
    assert (asked.state, asked.report_due) == ("in_progress", date(2009, 11, 5))
    assert tick() == [(house.secretariat.email, f"Reported: {asked}")]  # and the director is not asked again


def test_a_link_reports_once(asked: Recommendation, house: m.House) -> None:
    path = links.link_for(asked, house.director)
    path = path[path.index("/progress/") :]
    assert Client().post(path, {"percent": "20"}).status_code == 302
    again = Client().post(path, {"percent": "90"})
    assert again.status_code == 409
    assert ProgressReport.objects.get().percent == 20
    assert "Something was reported since" in Client().get(path).content.decode()


def test_who_says_that_all_is_done_says_how_one_knows(asked: Recommendation, house: m.House) -> None:
    path = links.link_for(asked, house.director)
    path = path[path.index("/progress/") :]
    refused = Client().post(path, {"percent": "100", "note": " "})
    assert refused.status_code == 422
    assert not ProgressReport.objects.exists()
    assert Client().post(path, {"percent": "100", "note": "Decree 2009-31."}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "implemented"


@pytest.mark.parametrize("wrong", ["101", "-3", "half", ""])
def test_what_is_no_percentage_is_refused_on_its_field(asked: Recommendation, house: m.House, wrong: str) -> None:
    path = links.link_for(asked, house.director)
    path = path[path.index("/progress/") :]
    assert Client().post(path, {"percent": wrong, "note": "Kept words"}).status_code == 422
    assert Client().get(f"{path}?percent={wrong}").status_code == 200


def test_forged_links_and_those_of_people_who_left_open_nothing(asked: Recommendation, house: m.House) -> None:
    path = links.link_for(asked, house.director)
    path = path[path.index("/progress/") :]
    assert Client().get("/progress/forged:token/").status_code == 410
    others = links.link_for(asked, house.activist)  # of another institution
    assert Client().get(others[others.index("/progress/") :]).status_code == 410
    Person.objects.filter(pk=house.director.pk).update(email="moved@ministry.example")
    assert Client().get(path).status_code == 410
    Person.objects.filter(pk=house.director.pk).update(email=house.director.email)
    Membership.objects.filter(person=house.director).update(ends_on=date(2009, 6, 1))
    assert Client().post(path, {"percent": "100", "note": "Done."}).status_code == 410
    assert not ProgressReport.objects.exists()


def test_nobody_is_asked_before_the_day_nor_without_a_rhythm(house: m.House) -> None:
    soon = recommendation(house.twg, state="issued", lead=house.ministry)
    press(soon, "accept", actor=house.chair, rhythm=6)
    never = recommendation(house.twg, state="issued", lead=house.ministry)
    press(never, "accept", actor=house.chair)
    deliver()
    assert tick() == []


def test_what_is_late_is_told_once_to_the_lead_institution_and_to_the_secretariat(
    house: m.House, time_machine_at: Any
) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry, due=date(2009, 8, 1))
    deliver()
    time_machine_at(NOON)
    assert tick() == sorted((who.email, f"Its day has passed: {made}") for who in (house.director, house.secretariat))
    assert tick() == []


def test_s31_nobody_hears_of_what_a_closed_session_issued_who_took_no_part(
    house: m.House, time_machine_at: Any
) -> None:
    shut = workshop(house, closed=True, closed_reason="Sovereignty")
    made = recommendation(house.twg, meeting=shut, state="issued", lead=house.association)
    press(made, "accept", actor=house.chair, rhythm=1)
    told = {to for to, _subject in deliver()}
    assert house.activist.email not in told
    time_machine_at(NOON)
    assert house.activist.email not in {to for to, _subject in tick()}
    path = links.link_for(made, house.activist)
    assert Client().get(path[path.index("/progress/") :]).status_code == 410


def test_mails_speak_the_readers_language(house: m.House, time_machine_at: Any) -> None:
    Person.objects.filter(pk=house.director.pk).update(language="fr")
    made = recommendation(house.twg, state="issued", lead=house.ministry, texts={"en": "Count", "fr": "Compter"})
    services.change(made, {"priority": "low"}, actor=house.secretariat)
    deliver()
    letter = next(one for one in mail.outbox if one.to == [house.director.email])
    assert "Compter" in str(letter.body)
    assert "Bonjour" in str(letter.body)


def test_an_institution_without_anybody_in_the_twg_makes_no_mistake(house: m.House, time_machine_at: Any) -> None:
    made = recommendation(house.twg, state="issued", lead=f.institution("Far away"))
    press(made, "accept", actor=house.chair, rhythm=3)
    deliver()
    time_machine_at(NOON)
    assert tick() == []
