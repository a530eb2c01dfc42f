"""Whom the room tells: mails, links that answer with one press, the inbox, calendars, reminders (S14)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing

from meetings.scheduling import subscriptions
from recommendations.dataplan import links, reminders, services
from tests import factories as f
from tests.ballots.voting import deliver
from workflow.engine import inbox

from . import making as m

pytestmark = pytest.mark.django_db
NOW = datetime(2010, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def at() -> m.Country:
    return m.country()


def to(person: Any, mails: list[Any]) -> list[Any]:
    return [mail for mail in mails if mail.to == [person.email]]


def test_who_leads_a_new_action_is_told_and_who_runs_the_twg_when_it_is_blocked_or_done(
    at: m.Country, mailoutbox: list[Any]
) -> None:
    plan = m.plan(at.twg)
    told = {"kind": "survey", "titles": {"en": "Border survey"}, "lead": at.office, "due": "2010-06"}
    made = services.plan_action(plan, told, actor=at.secretariat)
    m.press(made, "block", actor=at.officer, note="No vehicles.")
    m.press(made, "finish", actor=at.officer)
    deliver()
    [given] = to(at.officer, mailoutbox)
    assert given.subject == "Your institution leads: Border survey"
    assert "Due: June 2010" in given.body
    assert [mail.subject for mail in to(at.chair, mailoutbox)] == ["Blocked: Border survey", "Done: Border survey"]
    assert "No vehicles." in to(at.secretariat, mailoutbox)[0].body
    assert to(at.specialist, mailoutbox) == []


def test_an_endorsed_plan_is_told_to_the_twg(at: m.Country, mailoutbox: list[Any]) -> None:
    m.endorse(m.plan(at.twg), actor=at.chair)
    deliver()
    assert to(at.officer, mailoutbox)[0].subject == "In force: Data plan"
    assert to(at.chair, mailoutbox) == []


# -- asked with one press, answered with one --------------------------------------------------------------


def asked(at: m.Country, mailoutbox: list[Any], **fields: Any) -> tuple[Any, str]:
    """An action that was asked after, and the link in the mail to who leads it."""
    made = m.action(m.plan(at.twg), "Border survey", lead=at.office, **fields)
    services.ask_progress(made.plan, actor=at.secretariat)
    deliver()
    [mail] = [one for one in to(at.officer, mailoutbox) if "How far is it?" in one.subject]
    assert "Border survey" in mail.body
    return made, re.findall(r"/data-progress/(\S+)/", mail.body)[0]


def test_one_press_says_that_it_goes_on_as_planned(at: m.Country, mailoutbox: list[Any]) -> None:
    made, token = asked(at, mailoutbox)
    assert "It goes on as planned" in m.page(None, "data-action-by-link", token)
    made.refresh_from_db()
    assert made.state == "planned"  # looking changes nothing
    m.send(None, "data-action-by-link", token, answer="as_planned")
    made.refresh_from_db()
    assert made.state == "in_progress"
    report = made.reports.get()
    assert (report.by, report.words, report.percent) == (at.officer, "It goes on as planned.", 0)


def test_one_press_says_that_it_is_done_and_nothing_after_that(at: m.Country, mailoutbox: list[Any]) -> None:
    made, token = asked(at, mailoutbox)
    m.send(None, "data-action-by-link", token, answer="done")
    made.refresh_from_db()
    assert (made.state, made.percent) == ("done", 100)
    assert "Nothing is asked of it any more" in m.page(None, "data-action-by-link", token)
    assert m.send(None, "data-action-by-link", token, answer="as_planned").status_code == 409
    assert m.send(None, "data-action-by-link", token, answer="nonsense").status_code == 409


def test_a_link_is_one_persons_and_ends_with_their_seat(at: m.Country, mailoutbox: list[Any]) -> None:
    made, token = asked(at, mailoutbox)
    forged = signing.dumps([made.pk, at.specialist.pk, "0" * 16], salt=links.SALT, compress=True)
    for wrong in ("forged", forged, token[:-2] + "xx"):
        m.page(None, "data-action-by-link", wrong, status=410)
    other = links.link_for(made, at.specialist).rstrip("/").rsplit("/", 1)[1]
    m.page(None, "data-action-by-link", other, status=410)  # not theirs to report on
    services.change_action(made, {"lead": at.oni}, actor=at.secretariat)
    m.page(None, "data-action-by-link", token, status=410)
    at.officer.email = "moved@twg.example"
    assert links.read(token) is None


# -- the inbox and the calendar ---------------------------------------------------------------------------


def waiting(person: Any) -> list[tuple[str, Any]]:
    return [(str(item.title), item.due) for item in inbox.of(person).waiting]


@time_machine.travel(NOW, tick=False)
def test_an_action_waits_for_who_leads_it_when_its_day_is_near_or_somebody_asked(at: m.Country) -> None:
    plan = m.plan(at.twg)
    near = m.action(plan, "Near", lead=at.office, due="2010-04")
    m.action(plan, "Far", lead=at.office, due="2011")
    m.action(plan, "Another's", lead=at.oni, due="2010-04")
    assert [title for title, _due in waiting(at.officer)] == ["Near"]
    services.ask_progress(plan, actor=at.secretariat)
    assert [title for title, _due in waiting(at.officer)] == ["Near", "Far"]
    link, _secret = subscriptions.make(at.officer)
    days = {(event.summary, str(event.starts.date())) for event in subscriptions.events_of(link)}
    assert ("Near", "2010-04-30") in days
    m.press(near, "finish", actor=at.officer)
    assert [title for title, _due in waiting(at.officer)] == ["Far"]


@time_machine.travel(NOW, tick=False)
def test_what_is_late_or_blocked_is_one_line_for_those_who_run_the_twg(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "Late", due="2010-01")
    m.press(m.action(plan, "Blocked"), "block", note="No law.")
    m.action(plan, "Calm", due="2010-12")
    said = "2 actions of the data plan are late or blocked"
    assert (said, None) in waiting(at.secretariat)
    assert (said, None) in waiting(at.chair)
    assert said not in str(waiting(at.specialist))


# -- reminders --------------------------------------------------------------------------------------------


def test_reminders_come_once_before_the_day_and_once_after_it(at: m.Country, mailoutbox: list[Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        made = m.action(m.plan(at.twg), "Border survey", lead=at.office, due="2010-03-20")
        assert reminders.remind(NOW) == 0
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        assert reminders.remind(NOW + timedelta(days=6)) == 1
        assert reminders.remind(NOW + timedelta(days=6)) == 0
        deliver()
    [near] = [mail for mail in mailoutbox if "leads" not in mail.subject]
    assert (near.subject, near.to) == ("Due soon: Border survey", [at.officer.email])
    assert "/data-progress/" in near.body
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        assert reminders.remind(NOW + timedelta(days=20)) == 1
        deliver()
    late = [mail for mail in mailoutbox if mail.subject == "Late: Border survey"]
    assert {mail.to[0] for mail in late} == {at.officer.email, at.chair.email, at.secretariat.email}
    assert "/data-progress/" in to(at.officer, late)[0].body
    m.press(made, "drop", note="No money.")
    with time_machine.travel(NOW + timedelta(days=21), tick=False):
        assert reminders.remind(NOW + timedelta(days=21)) == 0


def test_what_was_done_before_the_mail_left_is_not_reminded_of(at: m.Country, mailoutbox: list[Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        made = m.action(m.plan(at.twg), lead=at.office, due="2010-03-05")
        reminders.remind(NOW)
        m.press(made, "drop", note="No money.")
        deliver()
    assert [mail for mail in mailoutbox if "leads" not in mail.subject] == []


def test_an_action_without_a_lead_reminds_those_who_run_the_twg(at: m.Country, mailoutbox: list[Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        m.action(m.plan(at.twg), due="2010-03-05")
        reminders.remind(NOW)
        deliver()
    assert {mail.to[0] for mail in mailoutbox} == {at.chair.email, at.secretariat.email}


def test_what_a_project_file_tells_of_long_ago_reminds_nobody(at: m.Country) -> None:
    m.action(m.plan(at.twg), lead=at.office, due="2009")
    assert reminders.remind(NOW + timedelta(days=365)) == 0


def test_a_stranger_holds_no_seat_and_nothing_waits() -> None:
    assert waiting(f.person()) == []
