"""An agenda that is set again while its minutes are written: items keep their rows, and what hangs on them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from meetings.minutes import services
from meetings.scheduling import agendas
from meetings.scheduling.models import AgendaItem
from tests.meetings.minutes import making as m

pytestmark = pytest.mark.django_db


def test_items_are_moved_and_renamed_without_losing_what_was_said_and_decided_under_them() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made, "Forty came.")
    decided = m.decide(made)
    rows = [{"titles": {"en": "Welcome"}}, {"titles": {"en": "Any other business"}}, {"titles": {"en": "Opening"}}]
    agendas.set_agenda(made.meeting, rows, actor=house.secretariat)
    services.prepare(made.meeting, actor=house.secretariat)
    assert [(s.title, s.body) for s in m.sections(made)][2] == ("Opening", "Forty came.")
    decided.refresh_from_db()
    assert decided.item is not None
    assert (decided.item.title, decided.item.position) == ("Opening", 3)
    assert AgendaItem.objects.filter(meeting=made.meeting).count() == 3


def test_an_item_under_which_something_was_decided_stays_on_the_agenda() -> None:
    house = m.house()
    made = m.minutes(house)
    m.decide(made)
    rows = [{"titles": {"en": "Closed matters"}, "closed": False}]
    agendas.set_agenda(made.meeting, rows, actor=house.secretariat)  # the first item, renamed
    made.decisions.get().refresh_from_db()
    m.decide(made, item=None)
    with pytest.raises(ValidationError, match="keep this item"):
        agendas.set_agenda(made.meeting, [], actor=house.secretariat)
    assert [item.title for item in AgendaItem.objects.filter(meeting=made.meeting)] == ["Closed matters"]
