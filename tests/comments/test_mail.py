"""Mail about rounds and comments: to whom, what it says, and nothing twice (S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from workflow.comments import services
from workflow.comments.models import Remark, Round
from workflow.groups.models import Institution, Person, Twg

from . import making as m
from .post import mails, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def interior(mali: Twg) -> tuple[Institution, Person]:
    return m.ministry(mali)


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
