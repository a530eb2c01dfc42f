"""What a workshop asks of an institution, from the draft to the second pair of eyes (S21)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from recommendations.register import services
from recommendations.register.models import ProgressReport, Recommendation
from tests import factories as f
from tests.meetings.minutes import making as m
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.selectors import actions

from .making import TEXT, press, recommendation, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house("GH")


def test_s21_the_ministry_carries_out_what_the_workshop_recommended_and_the_chair_verifies_it(
    house: m.House, time_machine_at: Any
) -> None:
    time_machine_at("2009-05-04 09:00:00Z")
    made = services.draft(
        house.twg,
        {"ground": "policy", "texts": TEXT, "lead": house.ministry, "meeting": workshop(house), "priority": "high"},
        actor=house.secretariat,
    )
    assert (made.state, made.number, made.reference) == ("drafted", None, "")
    press(made, "issue", actor=house.secretariat, issued_on="2009-04-15")
    assert (made.state, made.reference, made.issued_on) == ("issued", "R1", "2009-04-15")
    press(made, "accept", actor=house.director, note="We take it on.", due="2009-12-31", rhythm=3)
    assert (made.answer, made.due, made.report_due) == ("We take it on.", date(2009, 12, 31), date(2009, 8, 4))
    press(made, "report", actor=house.director, percent=40, note="Two posts count.")
    assert (made.state, made.percent, made.reported_on) == ("in_progress", 40, date(2009, 5, 4))
    press(made, "implement", actor=house.director, note="All posts count: decree 2009-31.")
    assert (made.state, made.percent, made.report_due) == ("implemented", 100, None)
    press(made, "verify", actor=house.chair)
    assert made.state == "verified"
    reports = ProgressReport.objects.filter(recommendation=made)
    assert [(r.number, r.percent, r.words) for r in reports] == [
        (1, 40, "Two posts count."), (2, 100, "All posts count: decree 2009-31.")
    ]  # fmt: skip
    assert {r.institution for r in reports} == {house.ministry.name}
    assert history.verify().broken is None


def test_its_words_stand_in_its_row_and_in_no_event(house: m.House) -> None:
    made = recommendation(house.twg, texts={"en": "Zyxwords"}, rationales={"en": "Zyxreasons"})
    services.change(made, {"texts": {"en": "Other Zyxwords"}}, actor=house.secretariat)
    told = [event.content() for event in history.events_of(made)]
    assert [e["name"] for e in told] == ["created", "changed"]
    assert "Zyx" not in str(told)


def test_numbers_follow_each_other_in_each_twg(house: m.House) -> None:
    elsewhere = f.twg("ML")
    mine = [recommendation(house.twg, state="issued") for _ in range(3)]
    theirs = recommendation(elsewhere, state="issued")
    draft = recommendation(house.twg)
    assert [one.reference for one in mine] == ["R1", "R2", "R3"]
    assert (theirs.reference, draft.reference) == ("R1", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=mine[0].pk).update(number=2)


def test_s31_those_of_closed_sessions_leave_no_gap_in_the_numbers_of_the_others(house: m.House) -> None:
    shut = workshop(house, closed=True, closed_reason="Sovereignty")
    first = recommendation(house.twg, state="issued")
    hidden = recommendation(house.twg, meeting=shut, state="issued")
    second = recommendation(house.twg, state="issued")
    assert (first.reference, hidden.reference, second.reference) == ("R1", "RC1", "R2")


# -- the government's answer ------------------------------------------------------------------------------


def test_whoever_declines_or_accepts_in_part_says_why(house: m.House) -> None:
    made = recommendation(house.twg, state="issued", lead=house.ministry)
    for step in ("decline", "accept_partly"):
        with pytest.raises(Incomplete) as refusal:
            press(made, step, actor=house.director)
        assert "note" in refusal.value.fields
    press(made, "decline", actor=house.director, note="No budget before 2011.")
    assert (made.state, made.answer) == ("declined", "No budget before 2011.")
    press(made, "accept_partly", actor=house.chair, note="The airports, not the land borders.")
    assert (made.state, made.answer) == ("partly", "The airports, not the land borders.")


def test_iom_does_not_answer_for_a_government() -> None:
    project = f.project()
    ghana, monitor = f.twg("GH", of=project), f.monitor(project)
    made = recommendation(ghana, state="issued")
    with pytest.raises(NotPermitted):
        press(made, "accept", actor=monitor)
    told = {a.name: a.allowed for a in actions(made, monitor)}
    assert not told["accept"]
    assert told["lapse"]


@pytest.mark.parametrize("who", ["activist", "observer"])
def test_others_than_the_lead_institution_neither_answer_nor_report(house: m.House, who: str) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    with pytest.raises(NotPermitted):
        press(made, "report", actor=getattr(house, who), percent=100)
    assert not ProgressReport.objects.exists()


def test_what_was_answered_stays_as_it_was_but_a_language_may_be_added(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted")
    with pytest.raises(ValidationError) as refusal:
        services.change(made, {"texts": {"en": "Something else"}}, actor=house.secretariat)
    assert "texts" in refusal.value.message_dict
    with pytest.raises(ValidationError):
        services.change(made, {"ground": "policy"}, actor=house.secretariat)
    services.change(made, {"texts": TEXT | {"fr": "Compter les passages"}}, actor=house.secretariat)
    services.change(made, {"priority": "high", "due": date(2010, 1, 1)}, actor=house.secretariat)
    made.refresh_from_db()
    assert (made.texts["fr"], made.priority) == ("Compter les passages", "high")


# -- four eyes --------------------------------------------------------------------------------------------


def test_who_said_that_it_is_implemented_does_not_verify_it(house: m.House) -> None:
    made = recommendation(house.twg, state="in_progress")
    press(made, "implement", actor=house.chair, note="Seen with my own eyes.")
    with pytest.raises(Unmet, match="somebody else"):
        press(made, "verify", actor=house.chair)
    press(made, "verify", actor=house.secretariat)
    assert made.state == "verified"


def test_the_institution_that_carried_it_out_does_not_verify_it_through_another_of_its_people() -> None:
    ghana, ministry = f.twg("GH"), f.institution()
    chair = f.seat(ghana, "chair", institution=ministry)
    expert = f.seat(ghana, "member", institution=ministry)
    made = recommendation(ghana, state="in_progress", lead=ministry)
    press(made, "implement", actor=expert, note="Done.")
    with pytest.raises(Unmet, match="carried it out"):
        press(made, "verify", actor=chair)


def test_what_is_not_implemented_after_all_is_asked_after_again(house: m.House, time_machine_at: Any) -> None:
    time_machine_at("2009-05-04 09:00:00Z")
    made = recommendation(house.twg, state="implemented", rhythm=2)
    press(made, "reopen", actor=house.chair, note="The airport does not count.")
    assert (made.state, made.report_due) == ("in_progress", date(2009, 7, 4))


# -- reports ----------------------------------------------------------------------------------------------


def test_a_report_says_how_far_it_is_and_never_more_than_all(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    for wrong in ("101", "-1", "much", ""):
        with pytest.raises(Incomplete) as refusal:
            press(made, "report", actor=house.director, percent=wrong)
        assert "percent" in refusal.value.fields


def test_nobody_reports_on_a_day_to_come_and_nothing_is_implemented_without_words(
    house: m.House, time_machine_at: Any
) -> None:
    time_machine_at("2009-05-04 09:00:00Z")
    made = recommendation(house.twg, state="accepted")
    with pytest.raises(Incomplete) as refusal:
        press(made, "report", percent=10, on="2009-05-05")
    assert "on" in refusal.value.fields
    with pytest.raises(Incomplete) as refusal:
        press(made, "implement")
    assert "note" in refusal.value.fields


def test_a_report_is_never_changed_nor_deleted(house: m.House) -> None:
    recommendation(house.twg, state="in_progress")
    report = ProgressReport.objects.get()
    for sql in ("UPDATE recommendations_progressreport SET percent = 90", "DELETE FROM recommendations_progressreport"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    report.refresh_from_db()
    assert report.percent == 30


def test_a_stale_form_is_told_what_happened(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    seen = made.version
    press(made, "report", actor=house.director, percent=20)
    with pytest.raises(Conflict):
        press(made, "report", actor=house.secretariat, percent=50, version=seen)


# -- late -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "late"), [("issued", 9), ("accepted", 9), ("in_progress", 9), ("implemented", 0), ("drafted", 0)]
)
def test_what_is_open_past_its_day_is_late_by_so_many_days(
    house: m.House, time_machine_at: Any, state: str, late: int
) -> None:
    time_machine_at("2010-01-10 09:00:00Z")
    assert recommendation(house.twg, state=state, due=date(2010, 1, 1)).days_late == late


def test_reports_are_owed_at_the_rhythm_set_and_late_when_none_came(house: m.House, time_machine_at: Any) -> None:
    time_machine_at("2009-11-30 09:00:00Z")
    made = recommendation(house.twg, state="issued")
    press(made, "accept", actor=house.chair, rhythm=3)
    assert made.report_due == date(2010, 2, 28)  # the last day of a shorter month
    time_machine_at("2010-03-02 09:00:00Z")
    assert made.report_days_late == 2
    press(made, "report", actor=house.chair, percent=5)
    assert (made.report_due, made.report_days_late) == (date(2010, 6, 2), 0)


# -- where it comes from ----------------------------------------------------------------------------------


def test_the_meeting_and_the_edition_are_the_twgs_own_and_the_section_is_of_the_editions_template(
    house: m.House,
) -> None:
    other = m.house("ML")
    mine, theirs = f.edition(house.twg), f.edition(other.twg)
    foreign = theirs.template.parts.first().sections.first()  # type: ignore[union-attr]
    for name, fields in (
        ("meeting", {"meeting": workshop(other)}),
        ("edition", {"edition": theirs}),
        ("section", {"edition": mine, "section": foreign}),
        ("supporting", {"lead": house.ministry, "supporting": [house.ministry]}),
    ):
        with pytest.raises(ValidationError) as refusal:
            recommendation(house.twg, **fields)
        assert name in refusal.value.message_dict
    assert not Recommendation.objects.exists()


def test_recommendations_are_the_twgs_own_and_not_those_of_a_body_linked_to_it(house: m.House) -> None:
    from workflow.groups import services as groups

    body = groups.link_body(
        house.twg, {"code": "experts", "names": {"en": "Experts"}, "kind": "expert_group"}, actor=None
    )
    with pytest.raises(ValidationError):
        recommendation(body)
