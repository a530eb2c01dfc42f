"""What was said in a closed session reaches government members, chair and secretariat alone, by any path (S31)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.attendance import services as attendance
from meetings.minutes import annex, services
from meetings.minutes.models import ActionItem, Decision, Minutes, MinutesState
from meetings.scheduling import agendas, planning
from meetings.scheduling.models import AgendaItem, Invitation, Meeting, MeetingState
from tests import factories as f
from tests.ballots.voting import deliver
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.comments.models import Round
from workflow.engine import clock, inbox
from workflow.groups.models import Person, TermsOfReference
from workflow.writing import at_work
from workflow.writing import services as writing
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


def closed_item(of: Meeting, position: int = 1) -> list[dict[str, Any]]:
    return [{"titles": titles, "closed": n == position} for n, titles in enumerate(m.AGENDA, start=1)]


@pytest.fixture
def foreseen(house: m.House) -> m.House:
    """The terms let sessions be closed."""
    TermsOfReference.objects.filter(twg=house.twg).update(closed_sessions=True)
    f.adopt(TermsOfReference.objects.get(twg=house.twg))
    return house


Said = Callable[[Minutes, m.House], Any]
SAID: dict[str, Said] = {
    "text": lambda made, of: m.write(made),
    "typed and not saved": lambda made, of: at_work.keep_scratch(m.sections(made)[0], of.secretariat, "Forty", base=0),
    "a decision": lambda made, of: m.decide(made),
    "an action item": lambda made, of: m.give(made, institution=of.ministry),
    "a draft": lambda made, of: (m.write(made, at=1), writing.take_draft(writing.text_of(made), "x", actor=None)),
}


@pytest.mark.parametrize("what", SAID)
def test_what_was_said_in_the_open_is_not_closed_afterwards(foreseen: m.House, what: str) -> None:
    """Others have read it: on the page, in a mail, by the search, in a draft that they took along."""
    made = m.minutes(foreseen)
    SAID[what](made, foreseen)
    with pytest.raises(ValidationError, match="give the closed session an item of its own"):
        agendas.set_agenda(made.meeting, closed_item(made.meeting), actor=foreseen.secretariat)
    assert not AgendaItem.objects.filter(closed=True).exists()
    assert [s.title for s in m.sections(made)] == ["Opening", "Sources of data", "Any other business"]


def test_it_is_not_left_out_of_the_agenda_either_to_be_closed_under_another_name(foreseen: m.House) -> None:
    made = m.minutes(foreseen)
    m.write(made)
    rows = [*closed_item(made.meeting, 0)[1:], {"titles": {"en": "Borders"}, "closed": True}]
    with pytest.raises(ValidationError, match="Opening"):
        agendas.set_agenda(made.meeting, rows, actor=foreseen.secretariat)


def test_the_page_says_why(foreseen: m.House) -> None:
    made = m.minutes(foreseen)
    m.write(made)
    fields = {"title_1": "Opening", "minutes_1": 15, "closed_1": "on", "version": made.meeting.version}
    answer = browser(foreseen.secretariat).post(reverse("meeting-agenda", args=[made.meeting_id]), fields)
    assert answer.status_code == 422
    assert "has been read" in answer.content.decode()


def test_an_item_of_which_nothing_was_said_leaves_the_open_minutes_with_its_title(foreseen: m.House) -> None:
    made = m.minutes(foreseen)
    m.write(made, at=1)
    agendas.set_agenda(made.meeting, closed_item(made.meeting, 1), actor=foreseen.secretariat)
    assert [(s.place, s.title) for s in m.sections(made)] == [("A.1", "Sources of data"), ("A.2", "Any other business")]
    page = browser(foreseen.activist).get(reverse("minutes", args=[made.pk])).content.decode()
    assert "Opening" not in page
    assert [s.title for s in m.sections(m.beside(services.prepare(made.meeting, actor=foreseen.chair)))] == ["Opening"]


def test_a_meeting_whose_minutes_are_taken_in_the_open_is_not_closed_as_a_whole(foreseen: m.House) -> None:
    made = m.minutes(foreseen)
    shut = {"closed": True, "closed_reason": "Sovereignty"}
    with pytest.raises(ValidationError, match="in the open already"):
        planning.change(made.meeting, shut, actor=foreseen.secretariat)
    assert not Meeting.objects.get().closed


def test_closing_a_meeting_takes_it_out_of_the_calendars_of_all_others_with_nothing_of_it(foreseen: m.House) -> None:
    meeting = m.meeting(foreseen, state=MeetingState.SCHEDULED, place="Abidjan", descriptions={"en": "As always"})
    told = {"closed": True, "closed_reason": "Sovereignty", "titles": {"en": f"{SECRET} on the table"},
            "place": f"Hall of {SECRET}"}  # fmt: skip
    planning.change(meeting, told, actor=foreseen.secretariat)
    there = set(Invitation.objects.filter(removed_at=None).values_list("person", flat=True))
    assert there == {person.pk for person in insiders(foreseen)}
    deliver()
    for person in (foreseen.activist, foreseen.observer):
        letters = [letter for letter in mail.outbox if letter.to == [person.email]]
        assert len(letters) == 1
        told_them = letters[0].message().as_string() + str(letters[0].attachments)
        assert "CANCEL" in told_them
        assert SECRET not in told_them
        assert "Sovereignty" not in told_them
    assert any(SECRET in letter.body for letter in mail.outbox if letter.to == [foreseen.director.email])


def test_a_consultant_is_the_projects_whichever_ministry_gives_them_a_desk(house: m.House) -> None:
    main, beside = planted(house)
    consultant = f.seat(house.twg, "consultant", "The consultant", institution=house.ministry)
    assert set(Minutes.objects.all().visible_to(consultant)) == {main}
    alternate = f.seat(house.twg, "alternate", "The alternate", institution=house.ministry)
    assert set(Minutes.objects.all().visible_to(alternate)) == {main, beside}
    for who in (consultant, alternate):
        page = browser(who).get(reverse("meeting", args=[main.meeting_id])).content.decode()
        assert (SECRET in page) is (who == alternate)


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


def test_observers_read_neither_names_nor_ranks_in_the_annex(house: m.House) -> None:
    meeting = m.meeting(house)
    assert "The director" in [one.name for one in annex.annex_for(meeting, house.director).people]
    told = annex.annex_for(meeting, house.observer)
    assert not told.people
    assert dict(told.institutions)["Ministry of the Interior"] == 1


def test_page_document_api_and_history_agree_on_who_reads_ranks(house: m.House) -> None:
    meeting = m.meeting(house)
    made = m.minutes(house, meeting)
    m.write(made)
    attendance.record(meeting, house.director, {"rank": "minister"}, actor=house.secretariat)
    attendance.record(meeting, house.director, {"rank": "director"}, actor=house.secretariat)
    for person, reads in ((house.activist, True), (house.observer, False)):
        client = browser(person)
        document = client.get(reverse("minutes-export", args=[made.pk, "docx"])).content
        words = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
        told = {
            "page": client.get(reverse("minutes", args=[made.pk])).content.decode().split('aria-labelledby="annex')[1],
            "document": words,
            "api": client.get(f"/api/v1/minutes/{made.pk}/").content.decode(),
            "roster": client.get(reverse("attendance", args=[meeting.pk])).content.decode().split("<main")[1],
            "list": client.get(reverse("attendance-file", args=[meeting.pk, "csv"])).content.decode(),
            "over time": client.get(reverse("participation-file", args=[house.twg.code, "csv"])).content.decode(),
            "list in the api": client.get(f"/api/v1/meetings/{meeting.pk}/attendance/").content.decode(),
        }
        for where, text in told.items():
            assert ("director" in text.casefold()) is reads, (person, where)
        assert "Ministry of the Interior" in told["page"]
        for history in (reverse("history", args=["meeting", meeting.pk]), f"/api/v1/meetings/{meeting.pk}/history/"):
            page = client.get(history)
            assert page.status_code == 200
            assert not {"minister", "director"} & set(page.content.decode().casefold().replace('"', " ").split()), (
                history
            )


def test_an_addendum_is_signed_by_name_for_those_who_read_names(house: m.House) -> None:
    made = m.approved(house)
    services.add_addendum(made, "Forty-one came.", actor=house.chair)
    for person, reads in ((house.activist, True), (house.observer, False)):
        client = browser(person)
        document = client.get(reverse("minutes-export", args=[made.pk, "docx"])).content
        words = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
        api = client.get(f"/api/v1/minutes/{made.pk}/").json()
        assert "Forty-one came." in words
        assert ("The chair" in words) is reads
        assert ("The chair" in str(api["addenda"])) is reads


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
