"""What waits on the home page: answers to give, answers to read, answers that are late (S11)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.datarequests.inbox import waiting_requests
from workflow.engine import inbox, together
from workflow.groups import access
from workflow.groups import services as groups
from workflow.groups.models import Person

from .making import WHAT, Country, answered, ask, country, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana(time_machine_at: Any) -> Country:
    time_machine_at("2009-04-01 09:00:00Z")
    return country()


def waiting(person: Person) -> list[tuple[str, str, date | None]]:
    return [
        (str(item.title), str(item.action), item.due)
        for item in inbox.of(person).waiting
        if "request" in item.url
    ]  # fmt: skip


def test_an_institution_finds_each_question_with_its_button_and_its_day(ghana: Country) -> None:
    request = ask(ghana, due=date(2009, 4, 15))
    ask(ghana, what="Sooner", due=date(2009, 4, 5))
    assert waiting(ghana.officer) == [
        ("Sooner", "Answer", date(2009, 4, 5)), (WHAT, "Answer", date(2009, 4, 15)),
    ]  # fmt: skip
    home = browser(ghana.officer).get(reverse("home")).content.decode()
    assert reverse("act", args=["request", request.pk, "answer"]) in home
    press(request, "answer", actor=ghana.officer, note="Here.")
    assert [title for title, _action, _due in waiting(ghana.officer)] == ["Sooner"]


def test_others_find_nothing_of_it(ghana: Country, time_machine_at: Any) -> None:
    ask(ghana, due=date(2009, 4, 2))
    answered(ghana, what="B", due=date(2009, 4, 2))
    others = [
        f.seat(ghana.twg, "member", institution=f.institution()), f.seat(ghana.twg, "chair"), f.monitor(ghana.project),
        f.seat(ghana.twg, "observer", institution=ghana.immigration), f.seat(f.twg("ML"), "secretariat"),
        f.seat(f.twg("SN"), "member", institution=ghana.immigration), f.administrator(),
    ]  # fmt: skip
    time_machine_at("2009-04-12 09:00:00Z")
    for person in others:
        assert waiting(person) == []


def test_the_consultant_finds_the_answers_to_read(ghana: Country) -> None:
    first = answered(ghana)
    assert waiting(ghana.consultant) == [("1 answer to a data request", "Read and accept", None)]
    assert reverse("data-request", args=[first.pk]) in [item.url for item in inbox.of(ghana.consultant).waiting]
    answered(ghana, what="B")
    assert waiting(ghana.consultant) == [("2 answers to data requests", "Read and accept", None)]
    for request in ghana.twg.data_requests.all():
        press(request, "receive", actor=ghana.consultant)
    assert waiting(ghana.consultant) == []


def test_the_secretariat_finds_what_is_late_in_one_line_with_the_oldest_day(
    ghana: Country, time_machine_at: Any
) -> None:
    for number in range(3):
        ask(ghana, what=f"Series {number}", due=date(2009, 4, 5 + number))
    assert waiting(ghana.secretariat) == []
    time_machine_at("2009-04-07 09:00:00Z")
    assert waiting(ghana.secretariat) == [("2 data requests are late", "See which", date(2009, 4, 5))]
    [item] = [item for item in inbox.of(ghana.secretariat).waiting if "overdue" in item.url]
    late = browser(ghana.secretariat).get(item.url)
    assert [request.what for request in late.context["page_obj"]] == ["Series 0", "Series 1"]


def test_a_linked_bodys_question_waits_for_the_twgs_member(ghana: Country) -> None:
    fields = {"code": "data", "names": {"en": "Data task force"}, "kind": "task_force"}
    body = groups.link_body(ghana.twg, fields, actor=None)
    of_body = Country(body, ghana.project, ghana.immigration, ghana.consultant, ghana.secretariat, ghana.officer)
    ask(of_body)
    assert [title for title, _action, _due in waiting(ghana.officer)] == [WHAT]


def test_more_requests_ask_no_more_questions(ghana: Country, django_assert_num_queries: Any) -> None:
    people = (ghana.officer, ghana.consultant, ghana.secretariat)
    for person in people:
        access.seats(person)
    for number in range(12):
        (ask if number % 2 else answered)(ghana, what=f"Series {number}")
    for person in people:
        wanted = waiting_requests(person)
        assert wanted
        with django_assert_num_queries(1):
            list(together.answers({"requests": wanted})["requests"])


def test_who_neither_asks_nor_answers_costs_no_question(ghana: Country) -> None:
    ask(ghana)
    for person in (f.seat(ghana.twg, "observer"), f.monitor(ghana.project), f.administrator(), f.person()):
        assert waiting_requests(person) is None
