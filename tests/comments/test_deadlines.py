"""Rounds that open and close by themselves, on their days (S13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.comments import offline, services
from workflow.comments.models import Remark
from workflow.engine import clock
from workflow.engine.errors import Unmet
from workflow.engine.models import Event
from workflow.groups import sheets
from workflow.groups.models import Person, Twg

from . import making as m
from .on_pages import page

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


# -- without a worker -------------------------------------------------------------------------------------


def test_with_no_worker_running_the_deadline_holds_on_every_way_in(
    ghana: Twg, secretariat: Person, time_machine_at: Any
) -> None:
    time_machine_at("2009-03-01 18:00:00Z")
    interior, member = m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    section = m.first(round_)
    expert = m.colleague(ghana, interior)
    kept = m.comment(round_, expert, "Between ourselves.", inside=True)
    plan = offline.plan(sheets.read("c.csv", b"place,comment\n,One.\n", offline.LAYOUT), round_, interior)
    time_machine_at("2009-03-15 18:00:00Z")
    round_.refresh_from_db()
    assert round_.state == "open", "nobody has closed it"
    address = reverse("round-section", args=[round_.pk, section.pk])
    sent = browser(member).post(address, {"comment": "Late.", "kind": "data", "weight": "must"})
    assert sent.status_code == 409
    by_program = browser(member).post("/api/v1/comments/", {"round": round_.pk, "comment": "Late."})
    assert by_program.status_code == 409
    with pytest.raises(Unmet, match="takes no more comments"):
        offline.apply(plan.to_do, round_, interior, actor=member)
    with pytest.raises(Unmet, match="takes no more comments"):
        m.press(kept, "submit", actor=member)
    assert not Remark.objects.comments()
    shown = page(secretariat, "round", round_.pk)
    assert "Deadline passed" in shown
    assert "Close the round" in shown
    m.press(round_, "close", actor=secretariat)


def test_a_round_past_its_deadline_is_extended_and_takes_comments_again(
    ghana: Twg, secretariat: Person, time_machine_at: Any
) -> None:
    time_machine_at("2009-03-01 18:00:00Z")
    _interior, member = m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    time_machine_at("2009-03-15 19:00:00Z")
    services.extend(round_, round_.deadline + timedelta(days=2), actor=secretariat, note="The minister asked.")
    assert m.comment(round_, member).number == 1
    assert clock.tick(force=True)["rounds closed"] == 0
