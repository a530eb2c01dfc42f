"""A closed session changes nothing that others find: no page, file, feed, number or inbox of theirs (S31).

Not what stands there is looked at, but whether anything is another with it than without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.attendance.models import Attendance
from meetings.minutes import services as minutes
from meetings.minutes.models import ActionItem
from meetings.scheduling import agendas, subscriptions
from meetings.scheduling.models import Meeting, MeetingKind, MeetingState
from meetings.trainings import services as trainings
from meetings.trainings.flow import ParticipationFlow
from tests import factories as f
from tests.ballots.voting import deliver
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine import clock, inbox
from workflow.engine import services as engine
from workflow.groups.models import Person, TermsOfReference

pytestmark = pytest.mark.django_db


def ordinary(house: m.House) -> Meeting:
    """An open meeting with all that hangs on it, of a TWG whose terms let sessions be closed."""
    TermsOfReference.objects.filter(twg=house.twg).update(closed_sessions=True)
    f.adopt(TermsOfReference.objects.get(twg=house.twg))
    made = m.meeting(house)
    main = minutes.prepare(made, actor=house.secretariat)
    m.write(main)
    m.decide(main)
    m.give(main, institution=house.association)
    for person in (house.director, house.activist):
        seat = f.seat_of(person)
        Attendance.objects.create(
            meeting=made, person=person, name=str(person), institution=seat.institution,
            institution_names=seat.institution.names, category=seat.institution.category, rank=seat.rank,
        )  # fmt: skip
    return made


def behind_doors(house: m.House, open_: Meeting) -> Meeting:
    """A closed meeting of each kind of thing, and a closed item in the open meeting's agenda."""
    rows: list[dict[str, Any]] = [{"titles": titles} for titles in m.AGENDA]
    agendas.set_agenda(open_, [*rows, {"titles": {"en": "Zanzibar"}, "closed": True}], actor=house.secretariat)
    beside = m.beside(minutes.prepare(open_, actor=house.secretariat))
    m.write(beside, "Zanzibar")
    m.decide(beside, "Zanzibar")
    shut = m.meet(house.twg, [house.chair, house.director], closed=True, closed_reason="Sovereignty",
                  titles={"en": "Zanzibar"})  # fmt: skip
    hidden = minutes.prepare(shut, actor=house.secretariat)
    m.write(hidden, "Zanzibar")
    m.decide(hidden, "Zanzibar")
    m.give(hidden, "Zanzibar", institution=house.ministry, due=timezone.now().date() + timedelta(days=1))
    ActionItem.objects.update(recorded_at=timezone.now() - timedelta(days=3))
    Attendance.objects.create(
        meeting=shut, person=house.director, name="The director", institution=house.ministry, rank="minister",
        institution_names=house.ministry.names, category="government",
    )  # fmt: skip
    Attendance.objects.create(meeting=shut, name="A guest", confirmed=False)
    m.circulate(hidden, actor=house.secretariat)
    ahead = timezone.now() + timedelta(days=7)
    m.meet(house.twg, [house.chair, house.director], closed=True, closed_reason="Sovereignty", state="scheduled",
           starts_at=ahead, ends_at=ahead + timedelta(hours=2), titles={"en": "Zanzibar again"},
           reminder_days=[7])  # fmt: skip
    course = trainings.record_course({"code": "zanzibar", "titles": {"en": "Essentials"}}, actor=None)
    taught = m.meet(house.twg, [], kind=MeetingKind.TRAINING, closed=True, closed_reason="Sovereignty")
    one = trainings.enrol_by_name(trainings.teach(taught, course, actor=None), "A trainee", actor=None)
    engine.perform(ParticipationFlow(one), "complete", actor=None, data={"completed_on": "2009-06-12"})
    return shut


def addresses(house: m.House, made: Meeting) -> list[str]:
    code, main = house.twg.code, made.minutes.get(closed=False)
    of_twg = ("twg", "meetings", "participation", "action-items", "meeting-decisions")
    return [
        reverse("home"), *(reverse(name, args=[code]) for name in of_twg),
        *(reverse(name, args=[made.pk]) for name in ("meeting", "attendance", "meeting-minutes", "agenda-print")),
        reverse("attendance-file", args=[made.pk, "csv"]), reverse("participation-file", args=[code, "csv"]),
        reverse("minutes", args=[main.pk]), reverse("history", args=["meeting", made.pk]),
        reverse("history", args=["minutes", main.pk]), reverse("search") + "?q=meeting",
        "/api/v1/meetings/", "/api/v1/minutes/", "/api/v1/meeting-decisions/", "/api/v1/action-items/",
        "/api/v1/rounds/", f"/api/v1/meetings/{made.pk}/", f"/api/v1/meetings/{made.pk}/attendance/",
        f"/api/v1/meetings/{made.pk}/history/",
    ]  # fmt: skip


def found_by(person: Person, paths: list[str]) -> Iterator[tuple[str, str, int]]:
    """What somebody reads at each address, without what differs each time; and how much it asks of the database."""
    client = browser(person)
    for path in paths:
        client.get(path, follow=True)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        yield (
            path,
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", body.decode()),
            len(asked),
        )


def feeds(person: Person, secret: str) -> bytes:
    return browser(None).get(reverse("calendar-feed", args=[secret])).content


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[None]:
    """Pages say what time it is in the country: here it stays the same."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.parametrize("who", ["activist", "observer", "consultant", "monitor"])
def test_nothing_is_another_with_a_closed_session_than_without(who: str) -> None:
    project = f.project()
    house = m.house(of=project)
    others: dict[str, Any] = {
        "consultant": f.seat(house.twg, "consultant", "The consultant", institution=house.ministry),
        "monitor": f.monitor(project),
    }
    person = others.get(who) or getattr(house, who)
    open_ = ordinary(house)
    paths = addresses(house, open_)
    secrets = [subscriptions.make(person, twg)[1] for twg in (None, house.twg)]
    deliver()
    mail.outbox.clear()
    before = list(found_by(person, paths)), [feeds(person, secret) for secret in secrets], len(inbox.of(person).waiting)
    behind_doors(house, open_)
    clock.tick(force=True)
    deliver()
    after = list(found_by(person, paths)), [feeds(person, secret) for secret in secrets], len(inbox.of(person).waiting)
    for (path, text, asked), (_path, other, asks) in zip(before[0], after[0], strict=True):
        assert text == other, path
        assert asked == asks, path
    assert before[1:] == after[1:]
    assert [letter for letter in mail.outbox if person.email in letter.to] == []
    assert any("Zanzibar" in f"{letter.subject} {letter.body}" for letter in mail.outbox)


def test_the_government_finds_it_so_that_this_test_can_not_pass_by_showing_nothing() -> None:
    house = m.house()
    open_ = ordinary(house)
    paths = addresses(house, open_)
    before = list(found_by(house.director, paths))
    behind_doors(house, open_)
    after = found_by(house.director, paths)
    changed = {path for (path, text, _asked), (_p, other, _a) in zip(before, after, strict=True) if text != other}
    over_time = reverse("participation", args=[house.twg.code])
    assert {"/api/v1/meetings/", "/api/v1/action-items/", over_time} <= changed
    assert MeetingState.CIRCULATED in Meeting.objects.filter(closed=True).values_list("state", flat=True)
