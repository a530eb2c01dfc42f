"""Who takes part over time: the senior and the steady, who drifts away, and practice against what was agreed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from meetings.attendance import analyses, services
from meetings.attendance.models import Attendance
from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.groups.models import Category

from . import making as m

pytestmark = pytest.mark.django_db


def series(of: m.House, *came: list[int], **fields: Any) -> list[Any]:
    """Meetings a month apart; at each the members with these numbers came."""
    made = []
    for n, numbers in enumerate(came):
        meeting = m.meeting(of, state="held", starts_at=m.MORNING + timedelta(days=30 * n),
                            titles={"en": f"Meeting {n + 1}"}, **fields)  # fmt: skip
        services.record_several(meeting, [of.members[k] for k in numbers], actor=of.secretariat)
        made.append(meeting)
    return made


def test_who_came_is_counted_by_rank_and_category_over_time() -> None:
    of = m.house(3)
    launch, _regular = series(of, [0, 1, 2], [0])
    services.record(launch, of.members[0], {"rank": "minister"}, actor=of.secretariat)
    found = analyses.of(of.twg, of.secretariat)
    ranks = {str(over.label): over.counts for over in found.ranks if over.total}
    assert ranks == {"Minister": [1, 0], "Director": [2, 1]}
    categories = {str(over.label): over.counts for over in found.categories if over.total}
    assert categories == {"Government": [3, 1]}


def test_an_institution_absent_from_the_last_meetings_drifts_away() -> None:
    of = m.house(3)
    series(of, [0, 1], [0, 2], [0, 2])
    found = analyses.of(of.twg, of.secretariat)
    told = {one.name: (one.times, one.missed, one.drifting) for one in found.institutions}
    assert told == {"Ministry 0": (3, 0, False), "Ministry 1": (1, 2, True), "Ministry 2": (2, 0, False)}
    text = m.page(of.members[0], "participation", of.twg.code)
    assert "Drifting away" in text
    assert "absent from the last 2 meetings" in text


def test_one_meeting_missed_is_no_drift() -> None:
    of = m.house(2)
    series(of, [0])
    assert analyses.of(of.twg, of.secretariat).drifting == []


def test_a_meeting_without_a_list_makes_nobody_drift() -> None:
    of = m.house(2)
    series(of, [0, 1], [], [], [])
    assert analyses.of(of.twg, of.secretariat).drifting == []
    text = m.page(of.members[0], "participation", of.twg.code)
    assert "Over the last meeting." in text
    assert "3 meetings are not counted: nobody has written down who came." in text


def test_a_day_of_which_only_the_months_are_known_is_said_in_words_and_comes_first() -> None:
    of = m.house(1)
    [later] = series(of, [0])
    launch = m.meeting(of, state="held", starts_at=None, when="2008-11/2008-12")
    services.record_several(launch, of.members, actor=of.secretariat)
    assert [held.meeting for held in analyses.held(of.twg, of.secretariat)] == [launch, later]
    text = m.page(of.members[0], "participation", of.twg.code)
    assert "November to December 2008" in text
    assert "2008-11/2008-12" not in text


def test_practice_is_measured_against_the_terms_of_reference() -> None:
    of = m.house(1)
    _first, second = series(of, [0], [])
    guest = {"name": "Aya", "institution": f.institution(category="civil_society")}
    services.record_walk_in(second, guest, actor=of.secretariat)
    found = {one.category: one for one in analyses.of(of.twg, of.secretariat).practice}
    assert set(found) == set(Category.values)
    government, society = found["government"], found["civil_society"]
    assert (government.seated, government.meetings, government.of, government.people) == (1, 1, 2, 1)
    assert (str(government.modality), str(government.judged), government.apart) == ("member", "as agreed", False)
    assert (society.seated, society.meetings, society.percent) == (0, 1, 50)
    assert "as agreed" in m.page(of.members[0], "participation", of.twg.code)


@pytest.mark.parametrize(
    ("modality", "meetings", "seated", "apart"),
    [
        ("member", 4, 1, False), ("member", 1, 1, True), ("member", 0, 1, True), ("member", 0, 0, False),
        ("excluded", 0, 0, False), ("excluded", 1, 0, True), ("invited", 0, 0, False), ("observer", 2, 1, False),
        ("", 0, 0, False), ("", 1, 0, True),
    ],
)  # fmt: skip
def test_what_is_apart_from_what_was_agreed(modality: str, meetings: int, seated: int, apart: bool) -> None:
    assert analyses.judged(modality, meetings, 4, seated)[1] is apart


def test_a_closed_meeting_leaves_no_trace_in_the_numbers_of_others() -> None:
    of = m.house(2)
    ngo = f.seat(of.twg, "member", institution=f.institution(category="civil_society"))
    (opened,) = series(of, [0])
    (closed,) = series(of, [0, 1], closed=True)
    services.record_walk_in(closed, {"name": "Secret guest"}, actor=of.secretariat)
    assert len(analyses.of(of.twg, of.members[0]).held) == 2
    for outsider in (ngo, f.seat(of.twg, "observer", institution=f.institution(category="research"))):
        found = analyses.of(of.twg, outsider)
        assert [held.meeting for held in found.held] == [opened]
        assert {one.name: one.times for one in found.institutions}["Ministry 1"] == 0
        rows = csv.reader(io.StringIO(browser(outsider).get(
            reverse("participation-file", args=[of.twg.code, "csv"])).content.decode("utf-8-sig")))  # fmt: skip
        assert len(list(rows)) == 2
    before = m.still(m.page(ngo, "participation", of.twg.code))
    Attendance.objects.filter(meeting=closed).update(rank="minister", category="private_sector")
    assert m.still(m.page(ngo, "participation", of.twg.code)) == before


def test_observers_read_institutions_and_no_ranks_and_no_names() -> None:
    of = m.house(1)
    series(of, [0])
    observer = f.seat(of.twg, "observer", institution=f.institution(category="research"))
    text = m.page(observer, "participation", of.twg.code)
    assert "Who came, by rank" not in text
    assert "Who came, by category" in text
    assert "Who came, by rank" in m.page(of.members[0], "participation", of.twg.code)
    rows = browser(observer).get(reverse("participation-file", args=[of.twg.code, "csv"])).content.decode()
    assert "Member 0" not in rows
    assert "director" not in rows
    assert "Member 0" in browser(of.members[0]).get(
        reverse("participation-file", args=[of.twg.code, "csv"])).content.decode()  # fmt: skip


def test_who_does_not_read_the_twg_does_not_find_the_page() -> None:
    of = m.house(1)
    for person in (m.stranger_of(of), f.administrator()):
        m.page(person, "participation", of.twg.code, status=404)
        m.page(person, "participation-file", of.twg.code, "xlsx", status=404)


def test_a_twg_that_has_not_met_yet_says_so() -> None:
    of = m.house(1)
    m.meeting(of, state="scheduled")
    assert "Nobody has written down yet who came" in m.page(of.secretariat, "participation", of.twg.code)


def test_more_meetings_and_institutions_ask_no_more_questions() -> None:
    of = m.house(4)
    series(of, [0])
    client, url = browser(of.secretariat), reverse("participation", args=[of.twg.code])
    few = questions(client, url)
    series(of, [0, 1], [2, 3], [1], [0, 3])
    assert questions(client, url) == few


def test_charts_are_drawn_with_their_table_beneath() -> None:
    of = m.house(2)
    series(of, [0, 1], [0])
    text = m.page(of.secretariat, "participation", of.twg.code)
    assert text.count("<figure") == 3
    drawn = analyses.stacked(analyses.of(of.twg, of.secretariat).ranks, analyses.held(of.twg, of.secretariat))
    assert [row["total"] for row in drawn["rows"]] == [2, 1]
    assert drawn["rows"][0]["parts"][0]["width"] == 84
    assert "</svg>" in text
    assert text.index("</svg>") < text.index("Who came, by rank</caption>")
