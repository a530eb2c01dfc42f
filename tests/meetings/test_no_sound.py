"""While government deals with something behind closed doors, nobody else's open page hears that anything happens (S31).

A socket says that something changed, and when: that alone would tell of a closed session. So everything that is said
aloud while one is prepared, held and written up is of what outsiders can not follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.attendance import services as attendance
from meetings.minutes import services as minutes
from meetings.minutes.flow import ActionFlow, DecisionFlow
from meetings.minutes.models import ActionItem, Decision, Minutes
from meetings.scheduling import agendas, planning, polling, replying
from meetings.scheduling.flow import MeetingFlow
from meetings.scheduling.models import AgendaItem, Meeting
from tests import factories as f
from tests.engine.test_live import Page, cookie, tell
from tests.meetings.minutes import making as m
from workflow.comments import remarks, threads
from workflow.engine import clock, live
from workflow.engine import services as engine
from workflow.engine.errors import Conflict
from workflow.groups.models import TermsOfReference
from workflow.writing import at_work

Heard = set[tuple[str, int]]


def a_house() -> tuple[m.House, dict[str, Any]]:
    """A TWG whose terms let sessions be closed, and everybody who takes no part in them."""
    project = f.project()
    house = m.house(of=project)
    TermsOfReference.objects.filter(twg=house.twg).update(closed_sessions=True)
    f.adopt(TermsOfReference.objects.get(twg=house.twg))
    return house, {
        "activist": house.activist, "observer": house.observer, "monitor": f.monitor(project),
        "consultant": f.seat(house.twg, "consultant", "The consultant", institution=house.ministry),
        "administrator": f.administrator(), "stranger": f.seat(f.twg("ML"), "member", institution=f.institution()),
        "public": AnonymousUser(),
    }  # fmt: skip


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """All that is said aloud meanwhile: the subjects of events and of pulses, whoever would hear of them."""
    heard: Heard = set()
    with monkeypatch.context() as patched:
        patched.setattr(live, "announce", lambda kind, pk: heard.add((kind, pk)))
        patched.setattr(live, "pulse", lambda kind, pk: heard.add((kind, pk)))
        yield heard


def kinds_of(heard: Heard) -> set[str]:
    return {kind for kind, _pk in heard}


# -- what government does behind closed doors ------------------------------------------------------------------


def writes_up(house: m.House, closed: Minutes) -> None:
    """Minutes typed, saved, decided under, circulated, commented on, answered, approved, corrected."""
    section = m.sections(closed)[0]
    at_work.come(section, house.secretariat)
    at_work.keep_scratch(section, house.secretariat, "Zanz", base=section.number)
    m.write(closed, "Zanzibar.", actor=house.secretariat)
    at_work.leave(section, house.secretariat)
    decision, action = m.decide(closed, "Zanzibar"), m.give(closed, "Zanzibar", institution=house.ministry)
    minutes.change_row(decision, {"what": "Zanzibar and Pemba"}, actor=house.secretariat)
    engine.perform(DecisionFlow(decision), "withdraw", actor=house.secretariat, note="No.")
    m.circulate(closed, actor=house.secretariat)
    round_: Any = closed.round
    said = remarks.remark(round_, "Of Zanzibar?", section=section, actor=house.director)
    threads.reply(said, "Yes.", actor=house.secretariat)
    engine.perform(ActionFlow(action), "finish", actor=house.director, note="Sent.")
    m.after(closed)
    clock.tick(force=True)


def a_closed_meeting(house: m.House) -> None:
    """From its plan to what is written of it."""
    told = {"titles": {"en": "Zanzibar"}, "kind": "regular", "closed": True, "closed_reason": "Sovereignty."}
    meeting = planning.plan(house.twg, told, actor=house.secretariat)
    planning.invite(meeting, planning.usual(house.twg), actor=house.secretariat)
    agendas.set_agenda(meeting, [{"titles": {"en": "Zanzibar"}}], actor=house.secretariat)
    days = [timezone.now() + timedelta(days=number) for number in (7, 8)]
    polling.propose(meeting, [(day, day + timedelta(hours=2)) for day in days], actor=house.secretariat)
    press(meeting, "poll")
    press(meeting, "schedule", starts_at=days[0], ends_at=days[0] + timedelta(hours=2))
    replying.reply(meeting, house.director, replying.Said("accepted"))
    planning.change(meeting, {"place": "Stone Town"}, actor=house.secretariat)
    begins = timezone.now() - timedelta(minutes=5)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
    press(meeting, "begin")
    attendance.sign_in(meeting, actor=house.director)
    guest = attendance.record_walk_in(meeting, {"name": "A guest"}, actor=house.secretariat)
    attendance.strike(guest, actor=house.secretariat, note="Gone.")
    closed = minutes.prepare(meeting, actor=house.secretariat)
    press(meeting, "end")
    writes_up(house, closed)


def a_closed_session(house: m.House, meeting: Meeting) -> None:
    """An item of an open meeting's agenda, and what is written of it beside the open minutes."""
    _closed_item(house, meeting, "Zanz")
    _closed_item(house, meeting, "Zanzibar")
    minutes.prepare(meeting, actor=house.secretariat)
    writes_up(house, Minutes.objects.with_all().get(meeting=meeting, closed=True))


def press(meeting: Meeting, step: str, **data: Any) -> None:
    engine.perform(MeetingFlow(meeting), step, actor=None, data=data)


Doors = Callable[[m.House, Meeting], None]
BEHIND: dict[str, Doors] = {"a meeting": lambda house, _open: a_closed_meeting(house), "a session": a_closed_session}


# -- what is heard of it ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("which", BEHIND)
def test_nothing_is_said_aloud_that_an_outsider_could_follow(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house, outsiders = a_house()
    meeting = m.meeting(house)
    m.write(minutes.prepare(meeting, actor=house.secretariat))
    with listening(monkeypatch) as heard:
        BEHIND[which](house, meeting)
    for who, person in outsiders.items():
        assert live.watchable(person, heard) == set(), who
    followed = live.watchable(house.director, heard)
    assert {"minutes", "text", "section", "decision", "action_item", "round"} <= {
        kind.removeprefix("meeting_") for kind in kinds_of(followed)
    }


@pytest.mark.django_db
def test_the_agenda_is_silent_on_its_closed_items_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its history nor its version says that anything was set; what is open of it is told as ever."""
    house, _outsiders = a_house()
    meeting = m.meeting(house)
    rows: list[dict[str, Any]] = [{"titles": titles} for titles in m.AGENDA]
    agendas.set_agenda(meeting, rows, actor=house.secretariat)
    before = Meeting.objects.get(pk=meeting.pk).version
    with listening(monkeypatch) as heard:
        agendas.set_agenda(meeting, [*rows, {"titles": {"en": "Z"}, "closed": True}], actor=house.secretariat)
    assert AgendaItem.objects.filter(meeting=meeting, closed=True).count() == 1
    assert (heard, Meeting.objects.get(pk=meeting.pk).version) == (set(), before)
    with listening(monkeypatch) as heard:
        agendas.set_agenda(meeting, rows[1:], actor=house.secretariat)
    assert heard == {("meeting", meeting.pk)}


@pytest.mark.django_db
def test_of_two_who_change_closed_items_the_later_one_is_told_though_no_version_says_so() -> None:
    house, _outsiders = a_house()
    meeting = m.meeting(house)
    seen, version = agendas.behind_doors(meeting), meeting.version
    _closed_item(house, meeting, "Zanzibar", seen=seen, version=version)
    with pytest.raises(Conflict, match="closed session"):
        _closed_item(house, meeting, "Pemba", seen=seen, version=version)
    assert AgendaItem.objects.get(meeting=meeting, closed=True).title == "Zanzibar"
    _closed_item(house, meeting, "Pemba", seen=agendas.behind_doors(meeting), version=version)
    assert AgendaItem.objects.get(meeting=meeting, closed=True).title == "Pemba"


@pytest.mark.django_db
def test_an_id_of_what_is_closed_is_asked_after_as_one_that_was_never_given() -> None:
    """Neither by an answer nor by how long it takes: the same questions to the database, in the same number."""
    house, outsiders = a_house()
    a_closed_meeting(house)
    kept = {"meeting": Meeting.objects.get(), "minutes": Minutes.objects.get(),
            "meeting_decision": Decision.objects.get(), "action_item": ActionItem.objects.get()}  # fmt: skip
    for who in ("activist", "public"):
        for kind, subject in kept.items():
            asked = [_asks(outsiders[who], kind, pk) for pk in (subject.pk, 999_999)]
            assert asked[0] == asked[1], (who, kind)


def _asks(person: Any, kind: str, pk: int) -> list[str]:
    live.watchable(person, [(kind, pk)])  # whose seats are read once
    with CaptureQueriesContext(connection) as asked:
        assert live.watchable(person, [(kind, pk)]) == set()
    return [re.sub(r"\d+", "N", query["sql"]) for query in asked]


# -- over the socket itself ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_page_that_watches_all_of_it_by_number_is_told_nothing() -> None:
    """The screen of the room, the count of who came, minutes as they are typed: the director's page alone hears."""
    house, outsiders = a_house()
    open_, shut = m.meeting(house), m.meeting(house, closed=True, closed_reason="Sovereignty.", state="in_session")
    m.write(minutes.prepare(open_, actor=house.secretariat))
    _closed_item(house, open_, "Zanzibar")
    kept = [minutes.prepare(one, actor=house.secretariat) for one in (open_, shut)]
    kept[0] = m.beside(kept[0])
    secret = [f"meeting:{shut.pk}"]
    for one in kept:
        secret += [f"minutes:{one.pk}", f"text:{m.sections(one)[0].text_id}", f"section:{m.sections(one)[0].pk}"]
    sessions = {who: cookie(outsiders[who]) for who in ("activist", "consultant", "monitor")}
    director = cookie(house.director)

    def behind_doors() -> None:
        attendance.sign_in(shut, actor=house.director)
        for one in kept:
            at_work.come(m.sections(one)[0], house.secretariat)
            m.write(one, "Zanzibar", actor=house.secretariat)
            m.decide(one, "Zanzibar")
        _closed_item(house, open_, "Zanzibar and Pemba")

    def in_the_open() -> None:
        planning.change(open_, {"descriptions": {"en": "Part C."}}, actor=house.secretariat)

    async def story() -> None:
        async with AsyncExitStack() as pages:
            inside = await pages.enter_async_context(Page(director))
            outside = [await pages.enter_async_context(Page(sessions[who])) for who in sessions]
            nobody = await pages.enter_async_context(Page())
            for page in (inside, *outside, nobody):
                await page.watch(f"meeting:{open_.pk}", *secret)
            await database_sync_to_async(behind_doors)()
            told: set[str] = set()
            while not told >= set(secret):
                told.add(await inside.told(5))
            assert f"meeting:{open_.pk}" not in told
            for page in (*outside, nobody):
                assert await page.told_nothing(for_=0.3)
            await database_sync_to_async(in_the_open)()
            for page in outside:
                assert await page.told(5) == f"meeting:{open_.pk}"
            assert await nobody.told_nothing(for_=0.1)

    tell(story)


def _closed_item(house: m.House, meeting: Meeting, title: str, **seen: Any) -> None:
    rows: list[dict[str, Any]] = [{"titles": titles} for titles in m.AGENDA]
    agendas.set_agenda(meeting, [*rows, {"titles": {"en": title}, "closed": True}], actor=house.secretariat, **seen)
