"""Time in each stage, computed from events (S40), and how fresh a profile is (S02)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.engine.services import Telling
from workflow.profiles import selectors
from workflow.profiles.durations import STAGE_DAYS, standing, standings
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import CLOSED, Edition, Profile, Stage

NOW = datetime(2010, 1, 31, 12, tzinfo=UTC)


def told(to: str, when: str) -> Event:
    """An event that reached a stage: at an instant ("2009-01-05 10:00"), or as far as it is known ("~2009-04")."""
    if when.startswith("~"):
        return Event(to_state=to, occurred=when[1:], at=NOW)
    return Event(to_state=to, at=datetime.fromisoformat(when).replace(tzinfo=UTC))


def stays(*events: Event) -> list[tuple[str, int | None, bool]]:
    return [(v.stage, v.days, v.approximate) for v in standing(events, now=NOW).visits]


def test_a_stage_lasts_until_the_next_one_begins_and_the_last_until_today() -> None:
    events = told("template", "2009-01-05 10:00"), told("drafting", "2009-01-25 11:00")
    assert stays(*events) == [("template", 20, False), ("drafting", 371, False)]


def test_only_whole_days_count() -> None:
    assert stays(told("template", "2009-01-05 10:00"), told("drafting", "2009-01-06 09:59"))[0] == (
        "template",
        0,
        False,
    )


def test_events_that_change_no_stage_change_no_figure() -> None:
    comment = Event(name="changed", at=datetime(2009, 6, 1, tzinfo=UTC))
    events = told("template", "2009-01-05 10:00"), comment, told("drafting", "2009-01-25 11:00")
    assert stays(*events)[0] == ("template", 20, False)


def test_a_month_counts_from_its_first_day_and_says_that_it_is_approximate() -> None:
    events = told("template", "~2009-04"), told("drafting", "~2009-05-11"), told("comment", "~2009")
    assert stays(*events) == [("template", 40, True), ("drafting", 0, True), ("comment", 395, True)]


def test_a_known_day_is_exact() -> None:
    assert stays(told("template", "~2010-01-01"))[0] == ("template", 30, False)


def test_a_period_counts_from_its_first_day() -> None:
    assert stays(told("template", "~2009-04/2009-05"), told("drafting", "~2009-04-11"))[0] == ("template", 10, True)


@pytest.mark.parametrize("unknown", ["~open", "~../2009-05"])
def test_an_unknown_boundary_leaves_both_its_neighbours_unknown(unknown: str) -> None:
    events = told("template", "2009-01-05 10:00"), told("drafting", unknown), told("comment", "2010-01-01 10:00")
    assert stays(*events) == [("template", None, True), ("drafting", None, True), ("comment", 30, False)]


def test_what_is_closed_lasts_no_more() -> None:
    for closed in CLOSED:
        assert stays(told("handover", "2010-01-01 00:00"), told(closed, "2010-01-11 00:00"))[-1][1] is None


def test_a_stage_visited_twice_is_counted_twice_and_the_return_is_counted() -> None:
    stood = standing(
        [
            told("template", "2009-01-01 00:00"),
            told("drafting", "2009-01-11 00:00"),
            told("comment", "2009-02-10 00:00"),
            told("drafting", "2009-02-20 00:00"),
            told("comment", "2009-02-25 00:00"),
        ],
        now=NOW,
    )
    assert (stood.total("drafting"), stood.total("template"), stood.total("workshop")) == (35, 10, None)
    assert stood.returns == 1
    assert stood.current is not None
    assert (stood.current.stage, stood.current.days) == ("comment", 340)


def test_a_total_with_one_unknown_stay_is_unknown_rather_than_too_small() -> None:
    events = [told("drafting", "2009-01-01 00:00"), told("comment", "~open"), told("drafting", "2009-03-01 00:00")]
    assert standing(events, now=NOW).total("drafting") is None


def test_nothing_told_is_nowhere() -> None:
    assert standing([]).current is None
    assert standing([]).days_late == 0


def test_late_begins_the_day_after_the_limit() -> None:
    limit = STAGE_DAYS[Stage.COMMENT]
    reached = told("comment", "2010-01-01 00:00")
    for days, late in ((limit, 0), (limit + 1, 1), (limit + 30, 30)):
        assert standing([reached], now=reached.at + timedelta(days=days)).days_late == late


def test_every_open_stage_has_its_limit() -> None:
    assert set(STAGE_DAYS) == set(Stage) - set(CLOSED)


@pytest.mark.django_db
def test_an_editions_own_history_is_read(time_machine_at: Any) -> None:
    time_machine_at("2009-01-05 09:00:00Z")
    edition = f.edition(f.twg("GH"))
    f.prepare(edition, "start_drafting")
    engine.perform(
        EditionFlow(edition), "start_drafting", actor=None, data=f.DECISION, telling=Telling(occurred="2009-01-15")
    )
    time_machine_at("2009-02-04 09:00:00Z")
    stood = standings([edition])[edition.pk]
    assert [(v.stage, v.days, v.told) for v in stood.visits] == [("template", 9, ""), ("drafting", 20, "2009-01-15")]


@pytest.mark.django_db
def test_many_editions_take_one_query() -> None:
    made = [f.edition(f.twg(country), stage="drafting") for country in ("GH", "ML", "SN")]
    with CaptureQueriesContext(connection) as queries:
        found = standings(made)
    assert len(queries) == 1
    assert {pk: stood.current.stage for pk, stood in found.items() if stood.current} == {e.pk: "drafting" for e in made}


@pytest.mark.django_db
def test_another_subject_with_the_same_number_adds_nothing() -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    of_terms = {"subject_kind": "terms", "subject_id": edition.pk, "sequence": 99, "actor_name": "Palabre", "hash": "0"}
    Event.objects.create(**of_terms, name="adopt", from_state="draft", to_state="adopted")
    assert [v.stage for v in standings([edition])[edition.pk].visits] == ["template", "drafting", "comment"]


# -- how fresh a profile is (S02) ---------------------------------------------------------------------------


def fresh(published_on: str, months: int | None) -> selectors.Freshness:
    edition = Edition(published_on=published_on, stage=Stage.PUBLISHED)
    return selectors.freshness(Profile(update_months=months), edition)


@pytest.mark.parametrize(
    ("published_on", "months", "due"),
    [
        ("2009-12-15", 24, date(2011, 12, 15)),
        ("2009-12", 24, date(2011, 12, 31)),
        ("2009", 12, date(2010, 12, 31)),
        ("2009-01-31", 1, date(2009, 2, 28)),
        ("2008-01-31", 1, date(2008, 2, 29)),
        ("2009-11-30", 1, date(2009, 12, 30)),
        ("2009-12-01", 1, date(2010, 1, 1)),
        ("2009-12-31", 240, date(2029, 12, 31)),
        ("2009-12-15", None, None),
    ],
)
def test_the_next_edition_is_due_after_the_profiles_months(published_on: str, months: int | None, due: date) -> None:
    assert fresh(published_on, months).due == due


def test_it_is_overdue_only_once_the_last_possible_day_is_over(time_machine_at: Any) -> None:
    time_machine_at("2011-12-31 12:00:00Z")
    assert fresh("2009-12", 24).overdue_days == 0
    time_machine_at("2012-01-10 12:00:00Z")
    assert (fresh("2009-12", 24).overdue_days, fresh("2009-12", 24).age_days) == (10, 770)


def test_what_was_never_published_has_no_age_and_no_due_date() -> None:
    assert selectors.freshness(Profile(update_months=24), None) == selectors.Freshness("", None, None, 0)
    assert fresh("2009-12/..", 24) == selectors.Freshness("2009-12/..", None, None, 0)
