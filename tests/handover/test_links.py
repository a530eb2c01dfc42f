"""The mail that asks, its link, and who is told what and when (S21)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.datarequests.test_mail import deliver, told
from tests.groups.reading import browser
from workflow.engine import clock, history
from workflow.groups.models import Person
from workflow.handover import links, reminders

from .making import Country, accepted, asked, country, finish, press, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    made = country()
    deliver()
    return made


def token(of: Country, person: Person) -> str:
    return links.link_for(of.handover, person).split("handover-answer/")[1].strip("/")


def path(of: Country, person: Person) -> str:
    return reverse("handover-by-link", args=[token(of, person)])


def body_to(person: Person) -> str:
    return str(next(message for message in mail.outbox if message.to == [person.email]).body)


def test_each_member_of_the_institution_is_asked_with_a_link_of_their_own(ghana: Country) -> None:
    second = f.seat(ghana.twg, "alternate", "The alternate", institution=ghana.statistics)
    f.seat(ghana.twg, "observer", institution=ghana.statistics)
    deliver()
    asked(ghana, note="The minister has written to you on 2 May.")
    sent = deliver()
    assert [address for address, _subject in sent] == told(ghana.statistician, second)
    assert sent[0][1].startswith(f"{ghana.statistics} is asked to keep up to date")
    for person in (ghana.statistician, second):
        assert path(ghana, person) in body_to(person)
        assert "The minister has written to you on 2 May." in body_to(person)
        assert "1 June 2999" in body_to(person)
    assert path(ghana, second) not in body_to(ghana.statistician)


def test_a_link_shows_the_question_and_only_the_button_answers(ghana: Country) -> None:
    asked(ghana)
    page = Client().get(path(ghana, ghana.statistician))
    assert page.status_code == 200
    assert "Focal points named" in page.text
    assert "You answer as The statistician" in page.text
    assert reverse("me") not in page.text, "a link signs nobody in, and no page looks as if it did"
    assert ghana.handover.state == "asked"
    refused = Client().post(path(ghana, ghana.statistician), {"answer": "decline", "words": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    done = Client().post(
        path(ghana, ghana.statistician), {"answer": "accept_conditionally", "words": "Two posts & a car."}
    )  # fmt: skip
    assert done.status_code == 302
    assert (ghana.handover.state, ghana.handover.conditions) == ("conditional", "Two posts & a car.")
    event = history.events_of(ghana.handover).last()
    assert event is not None
    assert (event.actor, event.institution) == (ghana.statistician, ghana.statistics.name)


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_what_is_answered_is_told_to_those_who_keep_the_twg(ghana: Country, answer: str, state: str) -> None:
    asked(ghana)
    deliver()
    Client().post(path(ghana, ghana.statistician), {"answer": answer, "words": "The census takes all our people."})
    assert ghana.handover.state == state
    sent = deliver()
    assert [address for address, _subject in sent] == told(ghana.chair, ghana.secretariat)
    assert "The census takes all our people." in body_to(ghana.chair)


def test_a_used_link_answers_no_more(ghana: Country) -> None:
    asked(ghana)
    used = path(ghana, ghana.statistician)
    Client().post(used, {"answer": "decline", "words": "Nobody."})
    assert Client().get(used).status_code == 200
    again = Client().post(used, {"answer": "accept", "words": ""})
    assert again.status_code == 409
    assert ghana.handover.state == "declined"


def test_a_link_of_an_earlier_asking_is_over_and_one_of_another_institution_opens_nothing(ghana: Country) -> None:
    asked(ghana)
    old = path(ghana, ghana.statistician)
    press(ghana.handover, "replace_institution", actor=ghana.chair, institution=ghana.ministry.pk, note="No answer.")
    asked(ghana)
    assert Client().post(old, {"answer": "accept", "words": ""}).status_code == 410
    press(ghana.handover, "replace_institution", actor=ghana.chair, institution=ghana.statistics.pk, note="After all.")
    asked(ghana)
    assert Client().post(old, {"answer": "accept", "words": ""}).status_code == 409
    assert ghana.handover.state == "asked"


def test_whoever_lost_the_seat_or_the_address_has_no_link(ghana: Country) -> None:
    asked(ghana)
    link = path(ghana, ghana.statistician)
    Person.objects.filter(pk=ghana.statistician.pk).update(email="moved@twg.example")
    assert Client().get(link).status_code == 410
    ghana.statistician.refresh_from_db()
    fresh = path(ghana, ghana.statistician)
    assert Client().get(fresh).status_code == 200
    f.seat_of(ghana.statistician).delete()
    assert Client().get(fresh).status_code == 410
    assert Client().get(reverse("handover-by-link", args=["forged:token"])).status_code == 410


def test_the_address_is_told_to_no_other_site_and_kept_by_no_search_engine(ghana: Country) -> None:
    asked(ghana)
    page = Client().get(path(ghana, ghana.statistician))
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_more_time_is_told_with_the_reason_and_the_links_stay_good(ghana: Country) -> None:
    asked(ghana)
    first = path(ghana, ghana.statistician)
    deliver()
    step = f"/do/handover/{ghana.handover.pk}/extend/"
    page = browser(ghana.secretariat).get(reverse("handover", args=[ghana.handover.pk])).text
    assert step in page
    assert step not in browser(ghana.statistician).get(reverse("handover", args=[ghana.handover.pk])).text
    form = {"reply_by": "2999-07-01", "note": "The census comes first.", "version": ghana.handover.version}
    assert browser(ghana.statistician).post(step, form).status_code == 403
    assert browser(ghana.secretariat).post(step, form).status_code == 302
    assert browser(ghana.secretariat).post(step, form | {"reply_by": "2999-08-01"}).status_code == 409
    sent = deliver()
    assert sent == [(ghana.statistician.email, f"More time, until 1 July 2999: {ghana.edition.profile}")]
    for words in ("The census comes first.", "An answer is asked by 1 July 2999.", "/handover-answer/"):
        assert words in body_to(ghana.statistician)
    history_page = browser(ghana.statistician).get(reverse("history", args=["handover", ghana.handover.pk])).text
    assert "The census comes first." in history_page
    assert "Give more time" in history_page
    assert Client().post(first, {"answer": "accept", "words": ""}).status_code == 302
    assert ghana.handover.state == "accepted"


def test_with_more_time_the_reminder_comes_before_the_new_day(ghana: Country, time_machine_at: Any) -> None:
    asked(ghana, reply_by=date(2999, 6, 10))
    press(ghana.handover, "extend", actor=ghana.chair, reply_by="2999-06-20", note="The census.")
    deliver()
    time_machine_at("2999-06-12 09:00:00Z")
    assert reminders.remind(clock.moment()) == 0
    time_machine_at("2999-06-18 09:00:00Z")
    assert reminders.remind(clock.moment()) == 1


def test_the_one_named_no_more_is_told_why_if_it_had_been_asked(ghana: Country) -> None:
    press(ghana.handover, "name_institution", actor=ghana.chair, institution=ghana.ministry.pk)
    assert deliver() == []  # nobody had been asked
    asked(ghana)
    deliver()
    press(ghana.handover, "replace_institution", actor=ghana.chair, institution=ghana.statistics.pk, note="Too late.")
    assert [address for address, _subject in deliver()] == told(ghana.official)
    assert "Too late." in body_to(ghana.official)


def test_both_sides_are_told_that_the_record_is_signed(ghana: Country) -> None:
    accepted(ghana)
    finish(ghana)
    deliver()
    press(ghana.handover, "sign", actor=ghana.chair, next_due=date(2999, 6, 1))
    assert [address for address, _subject in deliver()] == told(ghana.secretariat, ghana.statistician)


def test_the_institution_is_reminded_before_its_day_and_the_twg_learns_that_it_is_late(
    ghana: Country, time_machine_at: Any
) -> None:
    asked(ghana, reply_by=date(2999, 6, 10))
    deliver()
    time_machine_at("2999-06-01 09:00:00Z")
    assert reminders.remind(clock.moment()) == 0
    time_machine_at("2999-06-08 09:00:00Z")
    assert reminders.remind(clock.moment()) == 1
    assert reminders.remind(clock.moment()) == 0
    assert [address for address, _subject in deliver()] == told(ghana.statistician)
    time_machine_at("2999-06-12 09:00:00Z")
    assert reminders.remind(clock.moment()) == 1
    assert [address for address, _subject in deliver()] == told(ghana.chair, ghana.secretariat, ghana.statistician)
    assert "name another one" in body_to(ghana.chair)
    press(ghana.handover, "accept", actor=ghana.statistician)
    assert reminders.remind(clock.moment()) == 0


def test_a_next_edition_that_is_due_is_told_once_to_those_who_open_it(ghana: Country, time_machine_at: Any) -> None:
    published(ghana, next_due=date(2999, 6, 1))
    deliver()
    time_machine_at("2999-05-31 09:00:00Z")
    assert reminders.remind(clock.moment()) == 0
    time_machine_at("2999-06-02 09:00:00Z")
    assert reminders.remind(clock.moment()) == 1
    assert reminders.remind(clock.moment()) == 0
    assert [address for address, _subject in deliver()] == told(ghana.chair, ghana.secretariat, ghana.statistician)
