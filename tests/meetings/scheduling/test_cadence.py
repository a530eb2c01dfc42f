"""When a TWG should meet next, how far that has slipped, and who has not met for too long (S17, S31)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from meetings.scheduling import cadence, planning
from meetings.scheduling.asks import DateForm
from meetings.scheduling.models import Meeting
from tests import factories as f
from tests.groups.reading import browser
from workflow.groups.models import Twg

from . import making as m

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def held(twg: Twg, when: str, **fields: Any) -> Meeting:
    made = planning.plan(twg, {"titles": {"en": f"Met in {when}"}, **fields}, actor=None)
    m.press(made, "recall", when=when)
    return made


def page(person: Any, name: str, *args: Any) -> str:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == 200, answer.content
    return " ".join(strip_tags(answer.content.decode()).split())


@pytest.mark.parametrize(("last", "earliest", "latest", "late"), [
    ("2026-01-15", date(2026, 3, 15), date(2026, 4, 15), 0),
    ("2025-11-30", date(2026, 1, 30), date(2026, 2, 28), 2),
    ("2025-11", date(2026, 1, 30), date(2026, 2, 28), 2),
    ("2009-04/2009-05", date(2009, 7, 31), date(2009, 8, 31), 6027),
])  # fmt: skip
def test_the_next_is_due_so_many_months_after_the_last_day_of_the_last(
    last: str, earliest: date, latest: date, late: int
) -> None:
    house = m.house()
    held(house.twg, last)
    with time_machine.travel(TODAY, tick=False):
        due = cadence.of(house.twg, house.members[0])
        assert (due.earliest, due.latest, due.late_by, due.by_terms) == (earliest, latest, late, True)


def test_where_no_terms_are_in_force_the_recorded_rhythm_says_it() -> None:
    twg = f.twg("GH", cadence_from=1, cadence_to=2)
    held(twg, "2026-01-10")
    with time_machine.travel(TODAY, tick=False):
        due = cadence.of(twg, None)
        assert (due.by_terms, due.latest) == (False, date(2026, 3, 10))
        seat = f.seat(twg, "secretariat")
        assert "By the rhythm of the TWG the next meeting is due between 10 Feb 2026" in page(
            seat, "meetings", twg.code
        )


def test_trainings_and_regional_workshops_do_not_count() -> None:
    house = m.house()
    held(house.twg, "2026-02-20", kind="training")
    held(house.twg, "2025-10-01", kind="policy_workshop")
    with time_machine.travel(TODAY, tick=False):
        assert cadence.of(house.twg, None).latest == date(2026, 1, 1)


def test_a_planned_meeting_that_comes_too_late_is_slippage_and_one_in_time_is_none() -> None:
    with time_machine.travel(TODAY, tick=False):
        house = m.house()
        held(house.twg, "2026-01-10")
        late = m.scheduled(house, days=60)
        assert cadence.of(house.twg, house.chair).late_by == 21
        assert "The next meeting comes later than it should" in page(house.chair, "meetings", house.twg.code)
        m.press(late, "move", actor=house.chair, note="Sooner.", starts_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
                ends_at=datetime(2026, 3, 20, 11, tzinfo=UTC))  # fmt: skip
        assert cadence.of(house.twg, house.chair).late_by == 0


def test_the_proposed_day_leaves_the_notice_of_the_terms_and_is_a_working_day_and_no_holiday() -> None:
    house = m.house(meeting_notice_days=25)
    held(house.twg, "2026-01-10")
    with time_machine.travel(datetime(2026, 3, 9, 10, tzinfo=UTC), tick=False):
        found = cadence.proposed(house.twg, house.secretariat)
        assert found is not None
        # 3 April is Good Friday, 6 April Easter Monday: both are holidays in Ghana.
        assert found[0].date() == date(2026, 4, 7)
        assert (found[0].hour, str(found[0].tzinfo)) == (9, house.twg.time_zone)
        told = page(house.secretariat, "meetings", house.twg.code)
        assert "Proposed: 7 Apr 2026" in told
        assert "Proposed" not in page(house.members[0], "meetings", house.twg.code), "a member plans nothing"


def test_it_is_filled_in_where_the_date_is_set_and_the_date_that_suits_best_where_there_was_a_poll() -> None:
    house = m.house()
    held(house.twg, "2026-01-10")
    with time_machine.travel(TODAY, tick=False):
        meeting = m.planned(house)
        proposed = cadence.proposed(house.twg, None)
        assert proposed is not None
        assert DateForm(subject=meeting).fields["starts_at"].initial == proposed[0]
        page_of = browser(house.secretariat).get(f"/do/meeting/{meeting.pk}/schedule/").content.decode()
        assert f'value="{proposed[0]:%Y-%m-%dT%H:%M}' in page_of


def test_of_a_closed_meeting_a_rhythm_tells_nothing() -> None:
    house = m.house(closed_sessions=True)
    held(house.twg, "2025-06-10")
    held(house.twg, "2026-02-10", closed=True, closed_reason="Sovereignty.")
    with time_machine.travel(TODAY, tick=False):
        known, hidden = cadence.of(house.twg, house.members[0]), cadence.of(house.twg, house.observer)
        assert (known.latest, hidden.latest) == (date(2026, 5, 10), date(2025, 9, 10))
        for name, args in (("meetings", (house.twg.code,)), ("all-meetings", ()), ("twg", (house.twg.code,))):
            assert "10 Feb 2026" not in page(house.observer, name, *args)


def test_iom_sees_across_countries_who_has_not_met_for_too_long() -> None:
    project = f.project()
    mali, togo = (f.twg(code, of=project, cadence_from=2, cadence_to=3) for code in ("ML", "TG"))
    niger = f.twg("NE", of=project)
    held(togo, "2026-01-10")
    held(mali, "2024-05-10")
    member = f.seat(togo, "member", institution=f.institution())
    with time_machine.travel(TODAY, tick=False):
        monitor = f.monitor(project)
        told = page(monitor, "all-meetings").partition("When each TWG meets")[2]
        assert told.index("Mali") < told.index("Niger") < told.index("Togo"), "the latest comes first"
        assert "18 months late" in told
        assert "not known" in told.partition("Niger")[2]
        rows = browser(monitor).get("/api/v1/meetings/rhythm/").json()
        assert [(r["twg"], r["late_by"]) for r in rows] == [(mali.code, 569), (niger.code, 0), (togo.code, 0)]
        assert rows[2]["last"]["when"] == "2026-01-10"
        own = page(member, "all-meetings")
        assert "Togo" in own
        assert "Mali" not in own
    assert "No TWG of yours yet" in page(f.person(), "all-meetings")


def test_more_countries_and_meetings_ask_no_more_questions() -> None:
    project = f.project()
    client: Any = browser(f.monitor(project))
    address, counts = reverse("all-meetings"), []
    for code in ("ML", "NE", "SN"):
        twg = f.twg(code, of=project)
        held(twg, "2026-01")
        planning.plan(twg, {"titles": {"en": "To come"}}, actor=None)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 7


def test_a_longer_list_of_meetings_asks_no_more_questions() -> None:
    house = m.house()
    client, address = browser(house.secretariat), reverse("meetings", args=[house.twg.code])
    counts = []
    for number in (1, 2, 3):
        held(house.twg, f"2025-0{number}")
        m.planned(house)
        m.scheduled(house)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 7, [q["sql"][:160] for q in asked.captured_queries]
