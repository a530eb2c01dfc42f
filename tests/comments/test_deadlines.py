"""Rounds that open and close by themselves, on their days (S13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests import factories as f
from workflow.comments import services
from workflow.engine import clock
from workflow.engine.errors import Unmet
from workflow.engine.models import Event
from workflow.groups.models import Twg

from . import making as m

pytestmark = pytest.mark.django_db


def test_a_round_opens_by_itself_when_its_day_begins_where_the_twg_works(time_machine_at: Any) -> None:
    time_machine_at("2009-03-01 09:00:00Z")
    praia = f.twg("CV", time_zone="Atlantic/Cape_Verde")  # an hour behind UTC
    m.ministry(praia)
    round_ = m.planned(praia, opens_on=date(2009, 3, 5))
    time_machine_at("2009-03-05 00:59:00Z")
    assert clock.tick(force=True)["rounds opened"] == 0
    time_machine_at("2009-03-05 01:00:00Z")
    assert clock.tick(force=True)["rounds opened"] == 1
    round_.refresh_from_db()
    assert round_.state == "open"
    assert round_.opened_at == datetime(2009, 3, 5, 1, tzinfo=ZoneInfo("UTC"))
    assert clock.tick(force=True)["rounds opened"] == 0


def test_what_cannot_open_on_its_day_opens_when_it_can(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2009-03-01 09:00:00Z")
    round_ = m.planned(ghana, opens_on=date(2009, 3, 2))
    time_machine_at("2009-03-02 09:00:00Z")
    assert clock.tick(force=True)["rounds opened"] == 0
    m.ministry(ghana)
    assert clock.tick(force=True)["rounds opened"] == 1
    round_.refresh_from_db()
    assert round_.state == "open"


def test_a_round_closes_by_itself_at_its_deadline(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2009-03-01 18:00:00Z")
    _interior, member = m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    time_machine_at("2009-03-15 17:59:59Z")
    assert clock.tick(force=True)["rounds closed"] == 0
    m.comment(round_, member)
    time_machine_at("2009-03-15 18:00:00Z")
    assert clock.tick(force=True)["rounds closed"] == 1
    assert clock.tick(force=True)["rounds closed"] == 0
    round_.refresh_from_db()
    last = Event.objects.filter(subject_kind="round").last()
    assert last is not None
    assert (round_.state, last.actor, last.data["comments"]) == ("closed", None, 1)


def test_at_the_very_second_of_the_deadline_no_comment_is_taken_whether_or_not_anybody_has_closed(
    ghana: Twg, time_machine_at: Any
) -> None:
    time_machine_at("2009-03-01 18:00:00Z")
    _interior, member = m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    time_machine_at("2009-03-15 18:00:00Z")
    assert round_.state == "open"
    with pytest.raises(Unmet, match="takes no more comments"):
        m.comment(round_, member)
    with pytest.raises(Unmet, match="takes no more comments"):
        services.say_nothing(round_, actor=member)


def test_a_round_extended_in_the_last_second_does_not_close(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2009-03-01 18:00:00Z")
    m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    services.extend(round_, round_.deadline + timedelta(days=1), actor=None, note="A day more.")
    time_machine_at("2009-03-15 18:00:01Z")
    assert clock.tick(force=True)["rounds closed"] == 0
