"""Who is told what by mail, and who is reminded when (S11)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from tests import factories as f
from workflow.datarequests import reminders
from workflow.engine import clock, outbox
from workflow.engine.models import OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Person

from .making import WHAT, Country, answered, ask, country, press, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    made = country()
    deliver()
    return made


def deliver() -> list[tuple[str, str]]:
    """Do what the worker does; what it sent: (address, subject), and nothing else was sent before it."""
    mail.outbox.clear()
    while rows := list(OutboxRow.objects.filter(status="waiting").order_by("pk")):
        for row in rows:
            outbox.deliver.call(row.pk)
    assert not OutboxRow.objects.filter(status="failed").exists()
    DBTaskResult.objects.all().delete()
    return sorted((message.to[0], str(message.subject)) for message in mail.outbox)


def told(*people: Person) -> list[str]:
    return sorted(person.email for person in people)


def test_whoever_answers_for_the_institution_gets_the_question(ghana: Country) -> None:
    second = f.seat(ghana.twg, "alternate", institution=ghana.immigration)
    f.seat(ghana.twg, "observer", institution=ghana.immigration)
    f.seat(f.twg("ML"), "member", institution=ghana.immigration)
    request = ask(ghana, actor=ghana.consultant, data_source="Permit register")
    sent = deliver()
    assert [address for address, _subject in sent] == told(ghana.officer, second)
    assert sent[0][1] == f"Data are asked of Immigration Service GH: {WHAT}"
    body = mail.outbox[0].body
    for words in (WHAT, "Part C describes who stays.", "Permit register", "1 June 2999", f"/requests/{request.pk}/"):
        assert words in body


def test_a_mail_is_in_its_readers_own_words_and_not_escaped(ghana: Country) -> None:
    ask(ghana, what='Permits & visas, "2008"', why="Who stays <and> who goes")
    deliver()
    assert 'Permits & visas, "2008"' in mail.outbox[0].subject
    assert "Who stays <and> who goes" in mail.outbox[0].body


def test_the_consultant_and_the_secretariat_are_told_of_the_answer(ghana: Country) -> None:
    request = ask(ghana)
    deliver()
    press(request, "answer", actor=ghana.officer, note="12,431 permits.", data_file=upload())
    sent = deliver()
    assert [address for address, _subject in sent] == told(ghana.consultant, ghana.secretariat)
    assert "12,431 permits." in mail.outbox[0].body
    assert "permits.csv" in mail.outbox[0].body


def test_a_refusal_goes_to_those_who_asked_with_its_reason(ghana: Country) -> None:
    request = ask(ghana)
    deliver()
    press(request, "decline", actor=ghana.officer, note="Statistics are secret by law.")
    assert [address for address, _subject in deliver()] == told(ghana.consultant, ghana.secretariat)
    assert "Statistics are secret by law." in mail.outbox[0].body


def test_asking_again_and_withdrawing_reach_those_who_were_asked(ghana: Country) -> None:
    request = answered(ghana)
    deliver()
    press(request, "ask_again", actor=ghana.consultant, note="By sex, too.", due="2999-07-01")
    assert [address for address, _subject in deliver()] == told(ghana.officer)
    assert "By sex, too." in mail.outbox[0].body
    press(request, "withdraw", actor=ghana.consultant, note="Found in the census.")
    [(address, subject)] = deliver()
    assert (address, subject) == (ghana.officer.email, f"No longer needed: {WHAT}")


def test_nobody_is_told_what_they_may_no_longer_see(ghana: Country) -> None:
    ask(ghana)
    groups.end_seat(f.seat_of(ghana.officer), until="2009-01-01", actor=None, note="Moved.")
    assert deliver() == []


def test_accepting_an_answer_sends_no_mail(ghana: Country) -> None:
    request = answered(ghana)
    deliver()
    press(request, "receive", actor=ghana.consultant)
    assert deliver() == []


# -- reminders -----------------------------------------------------------------------------------------------


@pytest.fixture
def april(time_machine_at: Any) -> Any:
    time_machine_at("2009-04-01 09:00:00Z")
    return time_machine_at


@pytest.fixture
def due(april: Any) -> Country:
    """Asked on 1 April, due on the 15th."""
    made = country()
    ask(made, due=date(2009, 4, 15))
    deliver()
    return made


def remind() -> list[tuple[str, str]]:
    clock.tick(force=True)
    return deliver()


def test_a_reminder_comes_three_days_before_and_one_when_the_day_is_over(due: Country, april: Any) -> None:
    april("2009-04-11 12:00:00Z")
    assert remind() == []
    april("2009-04-12 12:00:00Z")
    assert remind() == [(due.officer.email, f"To be answered by 15 April 2009: {WHAT}")]
    april("2009-04-15 23:59:00Z")
    assert remind() == []
    april("2009-04-16 00:01:00Z")
    waiting = f"Immigration Service GH has not answered: {WHAT}"
    assert remind() == sorted([
        (due.officer.email, f"Late: {WHAT}"), (due.consultant.email, waiting), (due.secretariat.email, waiting),
    ])  # fmt: skip


def test_each_reminder_is_sent_once_however_often_the_clock_ticks(due: Country, april: Any) -> None:
    april("2009-04-12 12:00:00Z")
    assert len(remind()) == 1
    for hour in range(13, 20):
        april(f"2009-04-12 {hour}:00:00Z")
        assert remind() == []
    april("2009-04-20 12:00:00Z")
    assert len(remind()) == 3
    april("2009-05-20 12:00:00Z")
    assert remind() == []


def test_a_clock_that_stood_still_sends_the_late_reminder_alone(due: Country, april: Any) -> None:
    april("2009-05-01 12:00:00Z")
    assert {subject.split(":")[0] for _address, subject in remind()} == {
        "Late", "Immigration Service GH has not answered",
    }  # fmt: skip


def test_whoever_has_just_been_asked_is_not_reminded_at_once(april: Any) -> None:
    made = country()
    ask(made, due=date(2009, 4, 2))
    deliver()
    assert remind() == []
    april("2009-04-02 10:00:00Z")
    assert len(remind()) == 1, "on its day"


def test_what_is_answered_declined_or_withdrawn_reminds_nobody(due: Country, april: Any) -> None:
    press(ask(due, what="B", due=date(2009, 4, 15)), "decline", note="No.")
    press(ask(due, what="C", due=date(2009, 4, 15)), "withdraw", note="No.")
    answered(due, what="D", due=date(2009, 4, 15))
    deliver()
    april("2009-04-20 12:00:00Z")
    assert {subject.rpartition(": ")[2] for _address, subject in remind()} == {WHAT}


def test_an_answer_that_comes_before_the_worker_stops_the_reminder(due: Country, april: Any) -> None:
    april("2009-04-12 12:00:00Z")
    clock.tick(force=True)
    press(due.twg.data_requests.get(), "answer", actor=due.officer, note="Here.")
    assert {subject.split(":")[0] for _address, subject in deliver()} == {"Immigration Service GH has answered"}
    assert OutboxRow.objects.get(kind="request_reminder").status == "dropped"


def test_a_new_day_is_reminded_of_anew(due: Country, april: Any) -> None:
    april("2009-04-16 12:00:00Z")
    remind()
    request = due.twg.data_requests.get()
    press(request, "answer", actor=due.officer, note="Half of it.")
    press(request, "ask_again", actor=due.consultant, note="The other half.", due="2009-04-30")
    deliver()
    april("2009-04-28 12:00:00Z")
    assert remind() == [(due.officer.email, f"To be answered by 30 April 2009: {WHAT}")]


def test_a_reminder_leaves_open_forms_valid(due: Country, april: Any) -> None:
    request = due.twg.data_requests.get()
    seen = request.version
    april("2009-04-12 12:00:00Z")
    remind()
    press(request, "answer", actor=due.officer, version=seen, note="Here.")
    assert request.state == "answered"


def test_a_quiet_clock_asks_the_database_twice(due: Country, april: Any, django_assert_num_queries: Any) -> None:
    for number in range(4):
        ask(due, what=f"Series {number}", due=date(2009, 4, 15))
    april("2009-04-16 12:00:00Z")
    remind()
    from django.utils import timezone

    with django_assert_num_queries(2):
        assert reminders.remind(timezone.now()) == 0
