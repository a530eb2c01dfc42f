"""The secretariat plans a meeting, finds a date and invites; members answer with one press (S17, S31)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.scheduling import links, planning, polling, replying
from meetings.scheduling.models import Answer, Invitation, Meeting, Slot
from tests import factories as f
from tests.groups.reading import browser

from . import making as m

pytestmark = pytest.mark.django_db


def page(person: Any, name: str, *args: Any, status: int = 200) -> str:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Any, name: str, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(name, args=args), fields, follow=True)


def test_from_the_plan_to_the_invitation() -> None:
    house = m.house()
    assert "Plan a meeting" in page(house.secretariat, "meetings", house.twg.code)
    answer = send(
        house.secretariat, "meeting-new", house.twg.code, titles_en="Third meeting", kind="regular", form="in_person",
        place="Accra", languages=["en"], reminder_7="all", reminder_1="silent",
    )  # fmt: skip
    assert "Now choose who is invited" in answer.text
    assert (
        answer.text.index('name="people"')
        < answer.text.index('<details class="fold">')
        < answer.text.index('name="key"')
    )
    meeting = Meeting.objects.get()
    seats = [str(s.pk) for s in planning.usual(house.twg)]
    answer = send(house.secretariat, "meeting-people", meeting.pk, people=seats, key=[house.institutions[0].pk])
    assert "The list is saved." in answer.text
    assert Invitation.objects.filter(meeting=meeting).count() == len(seats)
    assert Invitation.objects.get(person=house.members[0]).required
    send(house.secretariat, "meeting-agenda", meeting.pk, title_1="Opening", minutes_1="10", title_2="Part C",
         minutes_2="45", version=Meeting.objects.get().version)  # fmt: skip
    assert "Part C" in page(house.members[1], "meeting", meeting.pk)
    dates = {"starts_1": "2030-03-04T09:00", "ends_1": "2030-03-04T12:00", "starts_2": "2030-03-05T09:00",
             "ends_2": "2030-03-05T12:00", "version": Meeting.objects.get().version}  # fmt: skip
    assert "The dates are saved." in send(house.secretariat, "meeting-dates", meeting.pk, **dates).text
    m.press(meeting, "poll", actor=house.secretariat)
    first, second = Slot.objects.all()
    told = {f"slot_{first.pk}": "no", f"slot_{second.pk}": "yes"}
    assert "your answer is recorded" in send(house.members[0], "meeting-answer", meeting.pk, **told).text
    shown = page(house.secretariat, "meeting", meeting.pk)
    assert "Ministry 0" in shown.partition("Key institutions that can")[2]
    assert Answer.objects.count() == 2


def test_by_the_link_in_the_mail_one_press_says_that_one_comes(mailoutbox: list[Any]) -> None:
    house = m.house()
    m.scheduled(house)
    m.deliver()
    mail = next(mail for mail in mailoutbox if mail.to == [house.members[0].email])
    assert "Third meeting" in mail.subject
    [path] = re.findall(r"http://[^/]+(/invited/\S+)", mail.body)
    stranger = browser(None)
    assert stranger.get(path).status_code == 200
    assert Invitation.objects.get(person=house.members[0]).reply == "none", "looking answers nothing"
    assert "your answer is recorded" in stranger.post(path, {"reply": "accepted"}, follow=True).text
    assert Invitation.objects.get(person=house.members[0]).reply == "accepted"
    missing = stranger.post(path, {"reply": "delegated"})
    assert missing.status_code == 422
    assert "Say who represents you." in missing.text


def test_of_a_closed_meeting_nobody_but_government_learns_anything(mailoutbox: list[Any]) -> None:
    house = m.house(closed_sessions=True)
    meeting = m.scheduled(house, titles={"en": "Zyxclosedqv"}, closed=True, closed_reason="Sovereignty.")
    m.deliver()
    assert house.observer.email not in {mail.to[0] for mail in mailoutbox if "Zyxclosedqv" in mail.subject}
    assert "Zyxclosedqv" in page(house.members[0], "meeting", meeting.pk)
    for somebody in (house.observer, m.f.person(), m.f.seat(house.twg, "consultant")):
        for name in ("meeting", "meeting-answer", "agenda-print", "meeting-ics"):
            page(somebody, name, meeting.pk, status=404)
        assert "Zyxclosedqv" not in page(somebody, "search") if somebody else True
    assert "Zyxclosedqv" not in page(house.observer, "meetings", house.twg.code)
    assert "Zyxclosedqv" not in page(house.observer, "twg", house.twg.code)


def test_a_meeting_is_closed_only_where_the_terms_allow_it() -> None:
    house = m.house()
    with pytest.raises(Exception, match="do not let sessions be closed"):
        m.planned(house, closed=True, closed_reason="Sovereignty.")


def test_an_update_has_a_higher_sequence_and_a_cancellation_the_same_name(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    m.deliver()
    m.press(meeting, "cancel", actor=house.secretariat, note="No quorum.")
    m.deliver()
    told = [mail for mail in mailoutbox if mail.to == [house.members[0].email] and getattr(mail, "calendar", b"")]
    entries = [mail.calendar.decode().replace("\r\n ", "") for mail in told]
    assert [mail.method for mail in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [entry.partition("SEQUENCE:")[2].partition("\r\n")[0] for entry in entries] == ["1", "2", "3"]
    assert len({entry.partition("UID:")[2].partition("\r\n")[0] for entry in entries}) == 1
    assert "LOCATION:Kumasi" in entries[1]
    assert "No quorum." in told[2].body


def test_one_press_says_that_every_date_suits() -> None:
    house = m.house()
    meeting = m.planned(house)
    starts = timezone.now() + timedelta(days=20)
    polling.propose(meeting, [(starts + timedelta(days=n), starts + timedelta(days=n, hours=2)) for n in range(3)],
                    actor=house.secretariat)  # fmt: skip
    m.press(meeting, "poll", actor=house.secretariat)
    path = links.link_for(meeting, house.members[0]).partition("8000")[2]
    stranger = browser(None)
    assert "All of them suit me" in stranger.get(path).text
    assert "your answer is recorded" in stranger.post(path, {"every": "yes"}, follow=True).text
    given = Answer.objects.filter(invitation__person=house.members[0]).values_list("availability", flat=True)
    assert list(given) == ["yes"] * 3
    assert stranger.post(path, {"every": "never"}).status_code == 422
    assert stranger.post(path, {"sent": "1"}).status_code == 422, "nothing pressed is no answer"


def test_a_meeting_that_moves_is_told_and_asks_everybody_again(mailoutbox: list[Any]) -> None:
    house = m.house()
    meeting = m.scheduled(house)
    replying.reply(meeting, house.members[0], replying.Said("accepted"))
    m.deliver()
    mailoutbox.clear()
    was = meeting.sequence
    later = (timezone.now() + timedelta(days=30)).replace(microsecond=0)
    m.press(meeting, "move", actor=house.chair, note="The minister travels.", starts_at=later,
            ends_at=later + timedelta(hours=2))  # fmt: skip
    assert (meeting.state, meeting.sequence, meeting.starts_at) == ("scheduled", was + 1, later)
    assert Invitation.objects.get(meeting=meeting, person=house.members[0]).reply == "none"
    m.deliver()
    mine = next(mail for mail in mailoutbox if mail.to == [house.members[0].email])
    assert "Changed: Third meeting" in mine.subject
    assert "The minister travels." in mine.body


def test_moving_needs_a_reason_and_is_for_those_who_run_the_meeting() -> None:
    house = m.house()
    meeting = m.scheduled(house)
    address = f"/do/meeting/{meeting.pk}/move/"
    told = {"starts_at": "2031-03-04T09:00", "ends_at": "2031-03-04T12:00", "version": meeting.version}
    assert browser(house.secretariat).post(address, told).status_code == 422
    assert browser(house.members[0]).post(address, {**told, "note": "Mine."}).status_code == 403
    assert browser(f.person()).post(address, {**told, "note": "Mine."}).status_code == 404


def test_a_meeting_is_planned_in_ones_own_language_and_what_is_asked_rarely_waits_folded() -> None:
    house = m.house()
    reader = browser(house.secretariat)
    reader.cookies["django_language"] = "fr"
    asked = reader.get(reverse("meeting-new", args=[house.twg.code])).text
    assert asked.index("titles_fr") < asked.index("<summary>Titre dans d’autres langues") < asked.index("titles_en")
    assert '<details class="fold" open>' not in asked
    assert asked.index("<summary>Rappels") < asked.index("reminder_28")
    wrong = reader.post(
        reverse("meeting-new", args=[house.twg.code]), {"kind": "regular", "form": "online", "map_url": "nowhere"}
    )
    assert wrong.status_code == 422
    assert 'href="#id_titles_fr"' in wrong.text, "it is missing where the reader would write it"
    assert wrong.text.count('<details class="fold" open>') == 1, "the fold with the mistake stands open"


def test_nobody_is_said_not_to_answer_what_nobody_asked_yet() -> None:
    house = m.house()
    meeting = m.planned(house)
    planned = page(house.secretariat, "meeting", meeting.pk)
    assert "no answer yet" not in planned
    assert "have not answered" not in planned
    m.press(meeting, "recall", when="2009-04")
    held = page(house.secretariat, "meeting", meeting.pk)
    people = held[held.index(">Who was invited</h2>") :]
    assert "<details><summary>" in people, "what is over does not fill the page"
    assert held.index(">Minutes</h2>") < held.index(">Who was invited</h2>")


def test_whoever_said_which_dates_suit_is_not_asked_as_if_they_had_not() -> None:
    house = m.house()
    meeting = m.planned(house)
    starts = timezone.now() + timedelta(days=9)
    polling.propose(meeting, [(starts + timedelta(days=n), starts + timedelta(days=n, hours=2)) for n in (0, 1)],
                    actor=None)  # fmt: skip
    m.press(meeting, "poll")
    member = house.members[0]
    assert "Give your answer" in page(member, "meeting", meeting.pk)
    polling.answer(meeting, member, {slot.pk: "yes" for slot in Slot.objects.all()})
    answered = page(member, "meeting", meeting.pk)
    assert "You have said which dates suit you." in answered
    assert "Change your answer" in answered


def test_one_step_stands_out_and_minutes_that_nobody_began_are_not_it() -> None:
    house = m.house()
    meeting = m.scheduled(house)
    chosen = re.findall(
        r'<a class="(button[\w-]*)" href="/do/meeting/\d+/(\w+)/"', page(house.chair, "meeting", meeting.pk)
    )
    assert chosen[:2] == [("button", "begin"), ("button-quiet", "end")]
    m.press(meeting, "end")
    held = page(house.chair, "meeting", meeting.pk)
    assert re.findall(r'<a class="(button[\w-]*)" href="/do/meeting/\d+/(\w+)/"', held) == [
        ("button-quiet", "circulate")
    ]


def test_home_tells_the_day_of_a_meeting_which_is_no_deadline(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = m.house()
    m.scheduled(house, days=20)
    home = page(house.members[0], "home")
    assert '<span class="small quiet"><time datetime="2009-04-21">21 Apr 2009</time>' in home
