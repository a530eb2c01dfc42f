"""Mail of a round: to whom, when, once, and only of what they may know (S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from workflow.comments import services
from workflow.comments.models import Remark, Round
from workflow.engine import clock
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import OutboxRow
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def accra(time_machine_at: Any) -> Any:
    """The clock, which stands on the first of March 2009."""
    time_machine_at("2009-03-01 09:00:00Z")
    return time_machine_at


@pytest.fixture
def mali() -> Twg:
    return f.twg("ML", time_zone="Africa/Bamako")


@pytest.fixture
def interior(mali: Twg) -> tuple[Institution, Person]:
    return m.ministry(mali)


def mails(box: list[Any]) -> dict[str, Any]:
    """What was sent of rounds and comments since the last look, by address."""
    m.deliver()
    ours = [mail for mail in box if "now at “" not in mail.subject]
    found = {mail.to[0]: mail for mail in ours}
    assert len(found) == len(ours), "nobody gets two mails at once"
    box.clear()
    return found


def settle(box: list[Any]) -> None:
    """What came before the story does not matter to it."""
    m.deliver()
    box.clear()


def test_opening_asks_those_who_speak_for_the_institutions(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any], settings: Any
) -> None:
    expert = m.colleague(mali, interior[0])
    f.seat(mali, "observer", institution=f.institution())
    secretariat = f.seat(mali, "secretariat")
    round_ = m.planned(mali, message="Look at <Part C> & its tables.")
    settle(mailoutbox)
    m.press(round_, "open_round", actor=secretariat)
    sent = mails(mailoutbox)
    assert set(sent) == {interior[1].email, expert.email}
    mail = sent[interior[1].email]
    assert mail.subject.startswith("Comment on Draft 1, for the March round by ")
    for words in ("Look at <Part C> & its tables.", "Deadline: ", f"{settings.SITE_URL}/rounds/{round_.pk}/"):
        assert words in mail.body
    assert "<time" not in mail.body
    assert "\n\n\n" not in mail.body


def test_the_deadline_is_told_in_the_readers_zone_and_the_twgs(accra: Any, mailoutbox: list[Any]) -> None:
    kinshasa = f.twg("CD", time_zone="Africa/Kinshasa")
    institution = f.institution()
    f.seat(kinshasa, "member", institution=institution)
    abroad = f.person(time_zone="Europe/Brussels")
    m.services_seat(kinshasa, abroad, institution)
    m.opened(kinshasa)
    body = mails(mailoutbox)[abroad.email].body
    assert "Deadline: 15 Mar 2009, 10:00 CET" in body


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
    assert sent[other.email].subject == "Reminder: comment on Draft 1, for the March round by March 15, 2009"
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
    assert sent[interior[1].email].subject == "March round: more time, until March 22, 2009"
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


def test_closing_and_finishing_are_told_to_those_concerned(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any], settings: Any
) -> None:
    consultant, secretariat = f.seat(mali, "consultant"), f.seat(mali, "secretariat")
    observer = f.seat(mali, "observer", institution=f.institution())
    round_ = m.opened(mali)
    remark = m.comment(round_, interior[1])
    settle(mailoutbox)
    m.press(round_, "close", actor=secretariat)
    sent = mails(mailoutbox)
    assert {interior[1].email, consultant.email} <= set(sent)
    assert not {secretariat.email, observer.email} & set(sent)
    assert "1 comment was made" in sent[interior[1].email].body
    assert f"/rounds/{round_.pk}/answering/" in sent[consultant.email].body
    assert "/answering/" not in sent[interior[1].email].body
    m.answer(remark, by=consultant)
    m.press(round_, "finish", actor=secretariat)
    mine = mails(mailoutbox)[interior[1].email]
    assert mine.subject == "March round: every comment is answered"
    assert f"/rounds/{round_.pk}/mine/" in mine.body


def test_answers_of_an_hour_come_in_one_mail(
    accra: Any, mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    consultant = f.seat(mali, "consultant")
    round_ = m.opened(mali)
    _labour, other = m.ministry(mali, "Ministry of Labour")
    services.ask_more(round_, [_labour], actor=None)
    made = [m.comment(round_, interior[1], f"Comment {n}") for n in range(3)]
    theirs = m.comment(round_, other, "Of another ministry.")
    settle(mailoutbox)
    for remark in (*made, theirs):
        m.answer(remark, "noted", f"Answer to {remark.comment}", by=consultant)
    assert mails(mailoutbox) == {}
    accra("2009-03-01 10:00:00Z")
    sent = mails(mailoutbox)
    assert set(sent) == {interior[1].email, other.email}
    assert sent[interior[1].email].subject == "March round: 3 of your comments were answered"
    assert "Answer to Comment 2" in sent[interior[1].email].body
    assert "Of another ministry" not in sent[interior[1].email].body
    m.press(made[0], "reopen", actor=interior[1], note="No.")
    assert "Comment 1 is reopened" in mails(mailoutbox)[consultant.email].subject
    m.answer(made[0], by=consultant)
    accra("2009-03-01 11:00:00Z")
    assert set(mails(mailoutbox)) == {interior[1].email}


def test_a_flag_is_told_to_chair_and_secretariat(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    from workflow.comments import threads

    keepers = {f.seat(mali, "chair").email, f.seat(mali, "secretariat").email}
    f.seat(mali, "consultant")
    remark = m.comment(m.opened(mali), interior[1])
    settle(mailoutbox)
    threads.flag(remark, actor=interior[1], note="It is for the minister.")
    sent = mails(mailoutbox)
    assert set(sent) == keepers
    assert all("It is for the minister." in mail.body for mail in sent.values())


def test_who_has_left_before_the_worker_came_is_told_nothing(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    round_ = m.planned(mali)
    settle(mailoutbox)
    m.press(round_, "open_round")
    Person.objects.filter(pk=interior[1].pk).update(is_active=False)
    assert mails(mailoutbox) == {}


def test_a_cancelled_plan_is_told_to_nobody_and_a_cancelled_round_to_all(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    draft = m.draft(mali)
    one = m.planned(mali, draft)
    m.press(one, "cancel", note="Not now.")
    assert mails(mailoutbox) == {}
    two = m.opened(mali, draft)
    settle(mailoutbox)
    m.press(two, "cancel", note="The wrong draft.")
    assert "The wrong draft." in mails(mailoutbox)[interior[1].email].body


def test_a_round_that_opens_again_is_told_once(
    mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]
) -> None:
    round_ = m.closed(m.opened(mali))
    settle(mailoutbox)
    services.extend(round_, timezone.now() + timedelta(days=30), actor=None, note="Two ministries ask for it.")
    mail = mails(mailoutbox)[interior[1].email]
    assert "It is open again, because:\nTwo ministries ask for it." in mail.body


def test_a_loaded_round_tells_nobody(mali: Twg, interior: tuple[Institution, Person], mailoutbox: list[Any]) -> None:
    from workflow.engine.services import Telling

    quiet = Telling(quiet=True)
    services.plan_round(
        mali, m.draft(mali), {"name": "Of 2009", "deadline": timezone.now() - timedelta(days=30)}, actor=None,
        telling=quiet,
    )  # fmt: skip
    assert mails(mailoutbox) == {}
    assert (Round.objects.count(), Remark.objects.count()) == (1, 0)
