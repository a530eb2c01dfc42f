"""What was said in a closed session reaches government members, chair and secretariat alone, by any path (S31)."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.minutes import annex
from meetings.minutes.models import ActionItem, Decision, Minutes, MinutesState
from meetings.scheduling.models import AgendaItem, Meeting, MeetingState
from tests import factories as f
from tests.ballots.voting import deliver
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.comments.models import Round
from workflow.engine import clock, inbox
from workflow.groups.models import Person
from workflow.writing.models import Draft, Revision, Text, TextSection

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


@pytest.fixture
def house() -> m.House:
    return m.house()


def planted(house: m.House) -> tuple[Minutes, Minutes]:
    """An open meeting whose second item was dealt with behind closed doors, with a secret in everything."""
    meeting = m.meeting(house, closed_items=(2,))
    AgendaItem.objects.filter(meeting=meeting, position=2).update(titles={"en": f"{SECRET} on the agenda"})
    main = m.minutes(house, meeting)
    beside = m.beside(main)
    m.write(main, "Words for all.")
    m.write(beside, f"{SECRET} in the text.", actor=house.secretariat)
    m.decide(main, "Decided in the open.")
    m.decide(beside, f"{SECRET} in a decision.")
    m.give(beside, f"{SECRET} to do.", institution=house.ministry)
    return main, beside


def insiders(house: m.House) -> list[Person]:
    return [house.chair, house.secretariat, house.director]


def outsiders(house: m.House) -> list[Person]:
    monitor = f.monitor(house.twg.project) if house.twg.project else f.administrator()
    return [house.activist, house.observer, monitor]


def test_the_closed_item_has_a_text_of_its_own_and_the_open_one_shows_no_gap(house: m.House) -> None:
    main, beside = planted(house)
    assert [(s.place, s.title) for s in m.sections(main)] == [("A.1", "Opening"), ("A.2", "Any other business")]
    assert [s.title for s in m.sections(beside)] == [f"{SECRET} on the agenda"]


def test_it_is_read_by_government_chair_and_secretariat_alone(house: m.House) -> None:
    main, beside = planted(house)
    for person in insiders(house):
        assert set(Minutes.objects.all().visible_to(person)) == {main, beside}
        assert Decision.objects.all().visible_to(person).count() == 2
    for person in (house.activist, house.observer):
        assert set(Minutes.objects.all().visible_to(person)) == {main}
        assert Decision.objects.all().visible_to(person).count() == 1
        assert not ActionItem.objects.all().visible_to(person).exists()


@pytest.mark.parametrize("which", [Text, TextSection, Draft])
def test_neither_its_text_nor_a_draft_of_it_is_anybody_elses(house: m.House, which: Any) -> None:
    _main, beside = planted(house)
    m.circulate(beside, actor=house.secretariat)
    for person in outsiders(house):
        found = which.objects.all().visible_to(person)
        assert not [row for row in found if SECRET in str(row) or getattr(row, "text", row) == beside.draft.text]  # type: ignore[union-attr]


def addresses(beside: Minutes) -> list[str]:
    text = Text.objects.get(subject_kind="minutes", subject_id=beside.pk)
    section = text.sections.get()
    decision, action = beside.decisions.get(), beside.action_items.get()
    found = [
        reverse("minutes", args=[beside.pk]), reverse("minutes-export", args=[beside.pk, "docx"]),
        reverse("minutes-export", args=[beside.pk, "pdf"]), reverse("addendum-new", args=[beside.pk]),
        reverse("meeting-decision-new", args=[beside.pk]), reverse("action-item-new", args=[beside.pk]),
        reverse("meeting-decision", args=[decision.pk]), reverse("meeting-decision-edit", args=[decision.pk]),
        reverse("action-item", args=[action.pk]), reverse("action-item-edit", args=[action.pk]),
        reverse("text", args=[text.pk]), reverse("section", args=[section.pk]),
        reverse("section-edit", args=[section.pk]), reverse("text-export", args=[text.pk, "docx"]),
        reverse("act", args=["minutes", beside.pk, "circulate"]),
    ]  # fmt: skip
    subjects = (("minutes", beside), ("meeting_decision", decision), ("action_item", action), ("text", text))
    return found + [reverse("history", args=[kind, subject.pk]) for kind, subject in subjects]


def test_every_address_of_it_answers_404_to_all_others(house: m.House) -> None:
    _main, beside = planted(house)
    for person in (house.activist, house.observer, f.administrator()):
        client = browser(person)
        for address in addresses(beside):
            assert client.get(address).status_code == 404, (person, address)


def test_the_pages_that_others_read_hold_nothing_of_it(house: m.House) -> None:
    main, _beside = planted(house)
    code = house.twg.code
    pages = [
        reverse("minutes", args=[main.pk]), reverse("meeting-minutes", args=[main.meeting_id]),
        reverse("action-items", args=[code]), reverse("meeting-decisions", args=[code]), reverse("twg", args=[code]),
        reverse("history", args=["minutes", main.pk]), reverse("home"), reverse("search") + f"?q={SECRET}&q=decided",
    ]  # fmt: skip
    for person in (house.activist, house.observer):
        for address in pages:
            answer = browser(person).get(address, follow=True)
            assert answer.status_code == 200
            told = answer.content.decode().replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
            assert f"{SECRET} " not in told, address
            assert "closed session" not in told.lower(), address


def test_lists_count_what_the_reader_may_know(house: m.House) -> None:
    planted(house)
    page = browser(house.activist).get(reverse("meeting-decisions", args=[house.twg.code])).content.decode()
    assert "1 decision<" in page
    page = browser(house.director).get(reverse("meeting-decisions", args=[house.twg.code])).content.decode()
    assert "2 decisions<" in page


def test_the_document_holds_nothing_of_it(house: m.House) -> None:
    main, beside = planted(house)
    for person, minutes, holds in ((house.director, main, False), (house.director, beside, True)):
        answer = browser(person).get(reverse("minutes-export", args=[minutes.pk, "docx"]))
        words = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
        assert (SECRET in words) is holds


def test_its_round_asks_government_alone_and_mails_nobody_else(house: m.House) -> None:
    _main, beside = planted(house)
    m.circulate(beside, actor=house.secretariat)
    assert beside.round is not None
    assert {asked.institution for asked in beside.round.asked.all()} == {house.ministry}
    for person in outsiders(house):
        assert beside.round not in Round.objects.all().visible_to(person)
    deliver()
    assert {letter.to[0] for letter in mail.outbox} <= {person.email for person in insiders(house)}


def test_it_leaves_no_trace_in_the_meetings_own_state(house: m.House) -> None:
    _main, beside = planted(house)
    m.circulate(beside, actor=house.secretariat)
    meeting: Any = Meeting.objects.get()
    assert (meeting.state, meeting.version) == (MeetingState.HELD, 1)
    m.after(beside)
    assert beside.state == MinutesState.APPROVED
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version) == (MeetingState.HELD, 1)


def test_approval_is_told_to_those_who_may_know(house: m.House) -> None:
    _main, beside = planted(house)
    m.circulate(beside, actor=house.secretariat)

    def time_brings() -> None:
        clock.tick(force=True)
        deliver()

    m.after(beside, time_brings)
    told = {letter.to[0] for letter in mail.outbox if "Approved" in letter.subject}
    assert told == {person.email for person in insiders(house)}


def test_nobody_outside_government_is_given_to_do_what_was_closed(house: m.House) -> None:
    _main, beside = planted(house)
    for fields in ({"institution": house.association}, {"person": house.activist}):
        with pytest.raises(ValidationError):
            m.give(beside, "Tell nobody.", **fields)


def test_an_item_that_was_closed_later_takes_along_what_was_decided_under_it(house: m.House) -> None:
    main = m.minutes(house)
    decided = m.decide(main)
    assert Decision.objects.all().visible_to(house.activist).exists()
    AgendaItem.objects.filter(decisions=decided).update(closed=True)
    assert not Decision.objects.all().visible_to(house.activist).exists()
    assert Decision.objects.all().visible_to(house.director).exists()


def test_of_a_closed_meeting_nothing_is_anybody_elses(house: m.House) -> None:
    main = m.minutes(house, closed=True, closed_reason="Sovereignty")
    m.write(main)
    assert main.main
    assert main.closed
    decided = m.decide(main)
    for person in (house.activist, house.observer, f.administrator()):
        assert not Minutes.objects.all().visible_to(person).exists()
        assert not TextSection.objects.all().visible_to(person).exists()
        assert browser(person).get(reverse("meeting-minutes", args=[main.meeting_id])).status_code == 404
        assert browser(person).get(reverse("meeting-decision", args=[decided.pk])).status_code == 404
    m.circulate(main, actor=house.secretariat)
    assert Meeting.objects.get().state == MeetingState.CIRCULATED


def test_the_inbox_of_others_does_not_know_of_it(house: m.House) -> None:
    planted(house)
    assert any(SECRET in str(item.title) for item in inbox.of(house.director).waiting)
    for person in outsiders(house):
        assert not any(SECRET in str(item.title) for item in inbox.of(person).waiting)


def test_the_api_answers_others_as_if_it_were_not_there(house: m.House) -> None:
    main, beside = planted(house)
    client = browser(house.activist)
    for kind, row in (("minutes", beside), ("meeting-decisions", beside.decisions.get())):
        assert client.get(f"/api/v1/{kind}/{row.pk}/").status_code == 404
    hidden = AgendaItem.objects.get(meeting=main.meeting, closed=True)
    assert SECRET not in client.get(f"/api/v1/action-items/?meeting={hidden.meeting_id}").content.decode()


def test_observers_read_no_names_in_the_annex(house: m.House) -> None:
    meeting = m.meeting(house)
    assert "The director" in [one.name for one in annex.annex_for(meeting, house.director)]
    assert {one.name for one in annex.annex_for(meeting, house.observer)} == {"Somebody"}


def test_no_revision_is_left_where_others_read(house: m.House) -> None:
    planted(house)
    hidden = Revision.objects.filter(body__contains=SECRET)
    readable = TextSection.objects.all().visible_to(house.activist)
    assert hidden.exists()
    assert not hidden.filter(section__in=readable).exists()


def test_a_day_in_the_closed_session_is_reminded_of_to_government_alone(house: m.House) -> None:

    planted(house)
    with time_machine.travel(timezone.now() + timedelta(days=28), tick=False):
        clock.tick(force=True)
        deliver()
    told = [letter for letter in mail.outbox if SECRET in f"{letter.subject} {letter.body}"]
    assert {letter.to[0] for letter in told} == {house.director.email}
