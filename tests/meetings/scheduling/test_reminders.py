"""Reminders by the ladder that the secretariat sets: to whom, when, in whose language, and never twice (S17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.scheduling import deadlines, planning, replying
from meetings.scheduling.models import Invitation, Meeting
from tests.engine.test_two_at_once import at_once
from tests.groups.reading import browser
from workflow.engine import clock, outbox
from workflow.engine.models import OutboxRow
from workflow.groups.models import Person

from . import making as m

LADDER = {"reminder_days": [28, 7, 1], "reminder_to": {"28": "all", "7": "silent", "1": "chosen"}}


def near(meeting: Meeting, days: float) -> datetime:
    assert meeting.starts_at is not None
    return meeting.starts_at - timedelta(days=days) + timedelta(minutes=1)


def reminded(meeting: Meeting, days: float) -> list[str]:
    """Who gets a reminder when the meeting is so many days ahead; the clock ticks twice, the worker works."""
    mail.outbox.clear()
    with time_machine.travel(near(meeting, days), tick=False):
        clock.tick(force=True)
        clock.tick(force=True)
        m.deliver()
        clock.tick(force=True)
        m.deliver()
    return sorted(letter.to[0] for letter in mail.outbox if "near" in letter.body or "approche" in letter.body)


def addresses(*people: Person) -> list[str]:
    return sorted(person.email for person in people)


@pytest.mark.django_db
class TestTheLadder:
    def test_each_rung_is_for_those_whom_the_secretariat_has_named(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, **LADDER)
        m.deliver()
        everybody = [house.chair, house.secretariat, *house.members, house.observer]
        assert reminded(meeting, 29) == []
        assert reminded(meeting, 28) == addresses(*everybody)
        assert reminded(meeting, 20) == []
        replying.reply(meeting, house.members[0], replying.Said("accepted"))
        replying.reply(meeting, house.members[1], replying.Said("declined"))
        assert reminded(meeting, 7) == addresses(house.chair, house.secretariat, house.members[2], house.observer)
        Invitation.objects.filter(person=house.members[0]).update(chosen=True)
        assert reminded(meeting, 1) == addresses(house.members[0])
        assert reminded(meeting, 0.5) == []

    def test_in_each_persons_language(self) -> None:
        house = m.house()
        Person.objects.filter(pk=house.members[0].pk).update(language="fr")
        meeting = m.scheduled(house, days=40, **LADDER, titles={"en": "Third meeting", "fr": "Troisième réunion"})
        m.deliver()
        reminded(meeting, 28)
        by_address = {letter.to[0]: letter for letter in mail.outbox}
        assert "Troisième réunion" in by_address[house.members[0].email].body
        assert "Third meeting" in by_address[house.members[1].email].body

    def test_of_rungs_that_passed_while_nobody_looked_only_the_last_one_is_sent(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, reminder_days=[28, 7, 1])
        m.deliver()
        assert len(reminded(meeting, 0.9)) == len(planning.usual(house.twg))

    def test_who_was_told_the_date_after_a_rung_is_not_reminded_of_it(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=5, **LADDER)
        m.deliver()
        assert reminded(meeting, 4.9) == []

    def test_a_meeting_that_is_moved_is_reminded_of_anew_but_not_at_once(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, reminder_days=[7])
        m.deliver()
        assert reminded(meeting, 7)
        assert meeting.starts_at is not None
        with time_machine.travel(near(meeting, 6), tick=False):
            starts = meeting.starts_at - timedelta(days=1)
            planning.change(meeting, {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}, actor=None)
        meeting.refresh_from_db()
        assert reminded(meeting, 4) == []  # they were told the new date within the week
        with time_machine.travel(near(meeting, 3), tick=False):
            starts = meeting.starts_at + timedelta(days=30)
            planning.change(meeting, {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}, actor=None)
        meeting.refresh_from_db()
        assert len(reminded(meeting, 7)) == len(planning.usual(house.twg))

    @pytest.mark.parametrize("step", ["postpone", "cancel"])
    def test_nobody_is_reminded_of_what_does_not_take_place(self, step: str) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, **LADDER)
        m.deliver()
        m.press(meeting, step, note="Elections.")
        assert reminded(meeting, 28) == []

    def test_who_was_taken_off_the_list_is_not_reminded(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, **LADDER)
        planning.uninvite(meeting, house.members[0], actor=None)
        m.deliver()
        assert house.members[0].email not in reminded(meeting, 28)

    def test_a_meeting_that_a_file_tells_of_is_reminded_of_too_and_stops_no_clock(self) -> None:
        """It has no event of its own that says when its date was set."""
        house = m.house()
        starts = timezone.now() + timedelta(days=40)
        fields = {"titles": {"en": "From the file"}, "starts_at": starts, "ends_at": starts + timedelta(hours=2)}
        meeting = planning.plan(house.twg, {**fields, "reminder_days": [7]}, actor=None, begins="scheduled")
        planning.invite(meeting, planning.usual(house.twg), actor=None)
        m.deliver()
        assert len(reminded(meeting, 7)) == len(planning.usual(house.twg))


@pytest.mark.django_db
class TestSettingIt:
    def test_on_the_page(self) -> None:
        house = m.house()
        meeting = m.planned(house)
        client = browser(house.secretariat)
        fields = {"titles_en": "Third meeting", "kind": "regular", "form": "in_person", "reminder_28": "all",
                  "reminder_7": "silent", "reminder_1": "chosen", "version": meeting.version}  # fmt: skip
        assert client.post(reverse("meeting-edit", args=[meeting.pk]), fields).status_code == 302
        meeting.refresh_from_db()
        assert (meeting.reminder_days, meeting.reminder_to) == ([28, 7, 1], LADDER["reminder_to"])
        seats = [str(seat.pk) for seat in planning.usual(house.twg)]
        before = OutboxRow.objects.count()
        told = {"people": seats, "chosen_people": [seats[-1]]}
        assert client.post(reverse("meeting-people", args=[meeting.pk]), told).status_code == 302
        assert [i.person for i in Invitation.objects.filter(chosen=True)] == [planning.usual(house.twg)[-1].person]
        assert OutboxRow.objects.count() == before  # nobody is told anything by being chosen
        page = client.get(reverse("meeting-edit", args=[meeting.pk])).content.decode()
        assert '<option value="silent" selected' in page

    def test_through_the_api(self) -> None:
        house = m.house()
        meeting = m.planned(house)
        client = browser(house.secretariat)
        path = f"/api/v1/meetings/{meeting.pk}/"
        fields = {**LADDER, "version": meeting.version}
        assert client.patch(path, fields, content_type="application/json").status_code == 200
        assert client.get(path).json()["reminder_to"] == LADDER["reminder_to"]

    @pytest.mark.parametrize(
        "wrong",
        [{"reminder_days": [0]}, {"reminder_days": ["7"]}, {"reminder_days": [7, 7]}, {"reminder_days": 7},
         {"reminder_days": [True]}, {"reminder_days": [[7]]}, {"reminder_to": {"7": "some"}}, {"reminder_to": ["all"]},
         {"reminder_to": {"seven": "all"}}, {"reminder_days": [91]}],
    )  # fmt: skip
    def test_a_ladder_that_is_none_is_refused(self, wrong: dict[str, Any]) -> None:
        house = m.house()
        with pytest.raises(ValidationError):
            planning.plan(house.twg, {"titles": {"en": "Third"}, **wrong}, actor=None)


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_ticking_and_sending_at_once_remind_everybody_once(self) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, reminder_days=[7])
        m.deliver()
        mail.outbox.clear()
        moment = near(meeting, 7)
        with time_machine.travel(moment, tick=False):
            told = at_once(*[lambda: deadlines.remind_due(moment)] * 6)
            assert sorted(told) == [0, 0, 0, 0, 0, 1]
            for _turn in range(3):
                rows = list(OutboxRow.objects.filter(status="waiting").values_list("pk", flat=True))
                # The same row in the hands of two workers at once.
                at_once(*[_delivering(pk) for pk in rows for _worker in range(2)])
        sent = sorted(letter.to[0] for letter in mail.outbox)
        assert sent == addresses(*(seat.person for seat in planning.usual(house.twg)))

    def test_a_worker_killed_between_the_rows_loses_nobody_and_tells_nobody_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house = m.house()
        meeting = m.scheduled(house, days=40, reminder_days=[7])
        m.deliver()
        mail.outbox.clear()
        with time_machine.travel(near(meeting, 7), tick=False) as now:
            clock.tick(force=True)
            row = OutboxRow.objects.get(kind="meeting", status="waiting")
            with monkeypatch.context() as killed:
                killed.setattr(outbox, "put_many", _killed)
                with pytest.raises(KeyboardInterrupt):
                    outbox.deliver.func(row.pk)
            assert OutboxRow.objects.filter(kind="meeting-mail", status="waiting").count() == 0
            now.shift(outbox.LEASE + timedelta(seconds=1))
            outbox.deliver.func(row.pk)  # another worker, once the lease is over
            outbox.deliver.func(row.pk)
            m.deliver()
            clock.tick(force=True)
            m.deliver()
        sent = sorted(letter.to[0] for letter in mail.outbox)
        assert sent == addresses(*(seat.person for seat in planning.usual(house.twg)))


def _delivering(pk: int) -> Any:
    return lambda: outbox.deliver.func(pk)


def _killed(*_args: Any) -> None:
    raise KeyboardInterrupt
