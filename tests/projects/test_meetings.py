"""Meetings and courses in a project file: read, loaded through the services, each thing once (S17, S19, S33, S35)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core import mail

from meetings.models import Course, Invitation, Meeting, Training
from meetings.scheduling import planning
from tests import factories as f
from tests.groups.reading import browser
from tests.projects import example
from tests.projects.example import MEETINGS, WHOLE, altered
from workflow.engine import history
from workflow.engine.models import Event, OutboxRow
from workflow.projects import loading, reading

pytestmark = pytest.mark.django_db
MORE = """  - {key: togo-next, twg: togo, kind: regular, title: {en: Next meeting}, when: 2031-02,
     state: planned, confidence: probable, source: [Minutes 2]}
  - {key: togo-first, twg: togo, kind: ad_hoc, title: {en: On data}, when: open, state: held, confidence: stated,
     source: [S22]}
"""
SMALL = WHOLE + MEETINGS + MORE


changed = partial(altered, SMALL)


def load(text: str = SMALL) -> loading.Report:
    return example.load(text)


def meeting(title: str) -> Meeting:
    return Meeting.objects.get(titles__en=title)


def test_meetings_are_held_or_planned_with_their_dates_as_they_are_known() -> None:
    load()
    told = {m.title: (m.kind, m.state, m.when, m.confidence) for m in Meeting.objects.all()}
    assert told == {
        "Launch of the TWG, Togo": ("launch", "held", "2009", "general"),
        "Training": ("training", "held", "2009-06", "stated"),
        "Next meeting": ("regular", "planned", "2031-02", "probable"),
        "On data": ("ad_hoc", "held", "", "stated"),
    }
    assert not Meeting.objects.exclude(starts_at=None).exists(), "no hour is made up"
    assert (meeting("Training").place, meeting("Training").zone) == ("Lomé", "Africa/Lome")
    assert [(e.name, e.occurred) for e in history.events_of(meeting("Training"))] == [
        ("planned", ""), ("recall", "2009-06"),
    ]  # fmt: skip
    assert [e.occurred for e in history.events_of(meeting("On data"))] == ["", "open"]


def test_a_training_teaches_its_course() -> None:
    load()
    course = Course.objects.get()
    assert (course.code, course.hours) == ("basics", 20)
    assert [t.meeting.title for t in Training.objects.filter(course=course)] == ["Training"]


def test_nobody_is_invited_to_the_past_and_nobody_gets_mail() -> None:
    load()
    assert not Invitation.objects.exists()
    assert not OutboxRow.objects.exists()
    assert mail.outbox == []
    assert history.verify().broken is None


def test_a_second_load_adds_nothing() -> None:
    new = load().new
    before = list(Event.objects.values_list("pk", "hash"))
    again = load()
    assert (again.new, again.known, again.differences) == (0, new, [])
    assert list(Event.objects.values_list("pk", "hash")) == before


def test_what_was_planned_and_is_held_by_now_takes_just_that_step() -> None:
    load(changed("title: {en: Training}, place: Lomé, when: 2009-06,\n     state: held",
                 "title: {en: Training}, place: Lomé, when: 2009-06,\n     state: planned"))  # fmt: skip
    report = load()
    assert (report.new, report.differences) == (1, [])
    assert meeting("Training").state == "held"


def test_a_course_of_the_common_catalogue_is_taken_as_it_is() -> None:
    from meetings.trainings import services

    services.record_course({"code": "basics", "titles": {"en": "Basics"}, "hours": 20}, actor=None)
    report = load()
    assert Course.objects.get().titles == {"en": "Basics"}
    assert [d.path for d in report.differences] == ["courses[0]"]
    assert Training.objects.count() == 1


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("place: Lomé", "place: Kara", "meetings[0]", "place"),
    ("when: 2009-06", "when: 2009-07", "meetings[0]", "date"),
    ('title: {en: "Launch of the TWG, {place}"}', "title: {en: Launch}", "usual_meetings[0]", "title"),
    ("hours: 20", "hours: 30", "courses[0]", "hours"),
])  # fmt: skip
def test_what_the_file_says_otherwise_by_now_is_reported_and_not_written(
    old: str, new: str, path: str, what: str
) -> None:
    load()
    events = Event.objects.count()
    report = load(changed(old, new))
    assert {d.path for d in report.differences} == {path}
    assert what in report.differences[0].message
    assert Event.objects.count() == events


def test_what_people_have_changed_is_kept() -> None:
    load()
    planning.change(meeting("Next meeting"), {"place": "Atakpamé"}, actor=None)
    load()
    assert meeting("Next meeting").place == "Atakpamé"


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("key: togo-first", "key: togo-next", "meetings[2].key", "taken already"),
    ("twg: togo, kind: ad_hoc", "twg: benin, kind: ad_hoc", "meetings[2].twg", "no TWG or linked body"),
    ("kind: ad_hoc", "kind: chat", "meetings[2].kind", "is none of"),
    ("course: basics", "course: advanced", "meetings[0].course", "no course"),
    ("when: 2009-06", "when: June", "meetings[0].when", "is not a date"),
    ("state: planned", "state: foreseen", "meetings[1].state", "is none of"),
    ("twg: togo, kind: ad_hoc", "twg: togo, together: [togo, togo], kind: ad_hoc", "meetings[2].together", "twice"),
    ("kind: ad_hoc", "kind: ad_hoc, course: basics", "meetings[2]", "no training"),
    ("when: 2031-02,\n     state: planned", "when: 2031-02,\n     state: held", "meetings[1]", "still to come"),
    ("hours: 20", "hours: many", "courses[0].hours", "a whole number"),
    ("{key: launch, kind: launch", "{key: launch, twg: togo, kind: launch", "usual_meetings[0].twg", "is not known"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_place_and_nothing_is_loaded(old: str, new: str, path: str, what: str) -> None:
    text = changed(old, new)
    with pytest.raises(reading.ProjectFileError) as refusal:
        load(text)
    found = {problem.path: problem for problem in refusal.value.problems}
    assert what in found[path].message, found
    lines = text.splitlines()
    assert found[path].line > lines.index("courses:"), "it says where in the file"
    assert not Event.objects.exists()


def test_the_secretariat_recalls_a_meeting_of_the_past_and_not_one_that_is_to_come() -> None:
    twg = f.twg("GH")
    secretariat = f.seat(twg, "secretariat")
    made = planning.plan(twg, {"titles": {"en": "First meeting"}}, actor=secretariat)
    page: Any = browser(secretariat)
    address = f"/do/meeting/{made.pk}/recall/"
    assert "still to come" in page.post(address, {"when": "2090", "version": made.version}).content.decode()
    page.post(address, {"when": "2009-03", "version": made.version})
    made.refresh_from_db()
    assert (made.state, made.when, made.starts_at) == ("held", "2009-03", None)
