"""Reminders before a round's deadline: to whom, when, and once (S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import factories as f
from workflow.comments import services
from workflow.engine import clock
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import OutboxRow
from workflow.groups.models import Institution, Person, Twg

from . import making as m
from .post import mails, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def interior(mali: Twg) -> tuple[Institution, Person]:
    return m.ministry(mali)


def test_reminders_go_on_their_days_to_those_who_have_not_answered_and_once(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    _labour, other = m.ministry(mali, "Ministry of Labour")
    round_ = m.opened(mali, days=14, reminder_days=[7, 2])  # until the 15th, 09:00
    settle(mailoutbox)
    m.comment(round_, interior[1])
    accra("2009-03-08 08:59:00Z")
    clock.tick(force=True)
    assert mails(mailoutbox) == {}
    accra("2009-03-08 09:00:00Z")
    assert clock.tick(force=True)["rounds reminded"] == 1
    sent = mails(mailoutbox)
    assert set(sent) == {other.email}
    assert sent[other.email].subject == "Reminder: comment on Draft 1, for the March round by 15 March 2009"
    assert clock.tick(force=True)["rounds reminded"] == 0
    assert mails(mailoutbox) == {}
    services.say_nothing(round_, actor=other)
    accra("2009-03-13 09:00:00Z")
    clock.tick(force=True)
    assert mails(mailoutbox) == {}


def test_after_a_pause_only_the_last_reminder_is_sent(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    m.opened(mali, days=14, reminder_days=[7, 5, 2])
    settle(mailoutbox)
    accra("2009-03-13 12:00:00Z")
    clock.tick(force=True)
    clock.tick(force=True)
    assert set(mails(mailoutbox)) == {interior[1].email}


def test_who_was_asked_only_yesterday_is_not_reminded_of_last_week(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    m.opened(mali, days=3, reminder_days=[7, 2])
    settle(mailoutbox)
    clock.tick(force=True)
    assert mails(mailoutbox) == {}


def test_an_answer_between_the_tick_and_the_worker_is_not_reminded_of(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    round_ = m.opened(mali, days=14, reminder_days=[2])
    settle(mailoutbox)
    accra("2009-03-13 09:00:00Z")
    clock.tick(force=True)
    m.comment(round_, interior[1])
    assert mails(mailoutbox) == {}


def test_an_extended_round_is_reminded_of_anew(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    round_ = m.opened(mali, days=14, reminder_days=[2])
    accra("2009-03-13 09:00:00Z")
    clock.tick(force=True)
    settle(mailoutbox)
    services.extend(round_, round_.deadline + timedelta(days=7), actor=None, note="The minister travels.")
    sent = mails(mailoutbox)
    assert sent[interior[1].email].subject == "March round: more time, until 22 March 2009"
    assert "The minister travels." in sent[interior[1].email].body
    accra("2009-03-20 09:00:00Z")
    clock.tick(force=True)
    assert set(mails(mailoutbox)) == {interior[1].email}


def test_a_reminder_that_waits_while_the_deadline_moves_is_dropped(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    round_ = m.opened(mali, days=14, reminder_days=[2])
    settle(mailoutbox)
    accra("2009-03-13 09:00:00Z")
    clock.tick(force=True)
    services.extend(round_, round_.deadline + timedelta(days=7), actor=None, note="More time.")
    assert mails(mailoutbox)[interior[1].email].subject.startswith("March round: more time")
    assert OutboxRow.objects.get(kind="round_reminder").status == "dropped"


def test_a_press_of_the_button_reminds_now_and_once(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    secretariat = f.seat(mali, "secretariat")
    round_ = m.opened(mali)
    settle(mailoutbox)
    with pytest.raises(NotPermitted):
        services.remind(round_, actor=interior[1])
    services.remind(round_, actor=secretariat, version=round_.version)
    assert set(mails(mailoutbox)) == {interior[1].email}
    services.remind(round_, actor=secretariat)
    assert set(mails(mailoutbox)) == {interior[1].email}
    m.closed(round_)
    with pytest.raises(Unmet, match="somebody to remind"):
        services.remind(round_, actor=secretariat)


def test_a_focal_point_is_told_what_waits_inside_before_the_deadline(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any], settings: Any
) -> None:
    expert = m.colleague(mali, interior[0])
    round_ = m.opened(mali, days=14, reminder_days=[3])
    for words in ("One.", "Two."):
        m.comment(round_, expert, words, inside=True)
    settle(mailoutbox)
    accra("2009-03-12 09:00:00Z")
    clock.tick(force=True)
    sent = mails(mailoutbox)
    assert set(sent) == {interior[1].email, expert.email}
    mail = sent[interior[1].email]
    assert mail.subject == "March round: your institution's comments are not submitted"
    assert "2 comments on" in mail.body
    assert f"{settings.SITE_URL}/rounds/{round_.pk}/mine/" in mail.body
    assert sent[expert.email].subject.startswith("Reminder")
    accra("2009-03-14 09:00:00Z")  # the last day, whether or not anybody asked for a reminder then
    clock.tick(force=True)
    assert set(mails(mailoutbox)) == {interior[1].email}
