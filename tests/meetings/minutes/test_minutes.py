"""From the agenda to approved minutes (S31)."""

from __future__ import annotations

import pytest

from meetings.minutes import services
from meetings.scheduling.models import AgendaItem, MeetingState
from tests.meetings.minutes import making as m
from workflow.engine import history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.writing import services as writing
from workflow.writing.errors import Diverged

pytestmark = pytest.mark.django_db


# -- prepared and written ---------------------------------------------------------------------------------


def test_the_page_begins_with_one_entry_for_each_item_of_the_agenda_in_order() -> None:
    made = m.minutes(m.house())
    assert [section.title for section in m.sections(made)] == ["Opening", "Sources of data", "Any other business"]
    assert made.main
    assert [event.name for event in history.events_of(made)] == ["prepared"]


def test_a_meeting_without_an_agenda_has_one_entry() -> None:
    house = m.house()
    meeting = m.meeting(house)
    AgendaItem.objects.filter(meeting=meeting).delete()
    assert [section.title for section in m.sections(m.minutes(house, meeting))] == ["What was said"]


def test_only_chair_and_secretariat_prepare_them() -> None:
    house = m.house()
    with pytest.raises(NotPermitted):
        services.prepare(m.meeting(house), actor=house.director)


def test_a_meeting_without_a_date_has_no_minutes() -> None:
    house = m.house()
    with pytest.raises(Unmet):
        m.minutes(house, state=MeetingState.PLANNED, starts_at=None, ends_at=None)


def test_an_agenda_that_changed_is_followed_again_and_no_text_is_lost() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made, "Forty came.", at=0)
    AgendaItem.objects.filter(meeting=made.meeting, position=1).update(position=9, titles={"en": "Closing"})
    services.prepare(made.meeting, actor=house.secretariat)
    assert [s.title for s in m.sections(made)] == ["Sources of data", "Any other business", "Closing"]
    assert m.sections(made)[2].body == "Forty came."


def test_two_who_type_do_not_overwrite_each_other() -> None:
    house = m.house()
    section = m.sections(m.minutes(house))[0]
    writing.save(section, "The chair opened.", actor=house.secretariat, base=0)
    with pytest.raises(Diverged) as refused:
        writing.save(section, "The minister opened.", actor=house.chair, base=0)
    assert refused.value.section.body == "The chair opened."
    assert refused.value.mine == "The minister opened."


def test_others_than_chair_and_secretariat_do_not_write() -> None:
    house = m.house()
    with pytest.raises(NotPermitted):
        m.write(m.minutes(house), actor=house.director)
