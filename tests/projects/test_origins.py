"""In a project file a recommendation names its meeting, and a meeting the edition that it was about (S21, S22)."""

from __future__ import annotations

from functools import partial

import pytest

from meetings.scheduling import planning
from meetings.scheduling.models import Meeting
from recommendations.register.models import Recommendation
from tests import factories as f
from tests.projects.example import MEETINGS, RECOMMENDED, WHOLE, altered, load, mistakes
from workflow.engine import history
from workflow.engine.models import Event
from workflow.groups.models import TermsOfReference
from workflow.profiles.models import Edition
from workflow.projects import origins, reading
from workflow.projects.tree import Tree

pytestmark = pytest.mark.django_db

GHANA = """
  - key: ghana
    country: GH
    name: {en: Ghana TWG}
    place: {en: Ghana}
    languages: [en]
    time_zone: Africa/Accra
    confidence: stated
    source: [The agreement]
    terms_of_reference: {preset: usual, confidence: open, source: [The agreement]}
    linked_bodies:
      - {key: ghana-data, name: {en: On data}, kind: working_group, status: existing, task: {en: Data},
         confidence: stated, source: [S24]}
"""
REGION = """
regions:
  - {key: west, name: {en: The west}, countries: [TG, GH], source: [The agreement]}
"""
WEST = """
  - key: west
    region: west
    name: {en: TWG of the west}
    place: {en: The west}
    languages: [en]
    time_zone: Africa/Accra
    confidence: stated
    source: [The agreement]
    terms_of_reference: {preset: usual, confidence: open, source: [The agreement]}
"""
WORKSHOP = """  - {key: west-workshop, twg: west, together: [togo, ghana-data], kind: regional_workshop,
     title: {en: On data collection}, when: 2009-06, state: held, edition: togo/2009, confidence: stated, source: [S22]}
"""
OF_THE_WEST = """  - {key: west-forces, twg: west, ground: data, text: {en: Set up task forces.}, issued: 2009-06,
     meeting: west-workshop, confidence: stated, source: [S22],
     handed_on: [{twg: togo, state: issued, confidence: stated, source: [S22]}]}
"""
ABOUT = "edition: togo/2009, confidence: stated, source: [Minutes 2]"
USUAL = "when: 2009, state: held, confidence: general"
LAUNCHED = altered(MEETINGS, USUAL, f"edition: 2009, {USUAL}")
SMALL = WHOLE + LAUNCHED + RECOMMENDED
LARGE = altered(WHOLE, "\ntemplates:", WEST + "\ntemplates:") + REGION + MEETINGS + WORKSHOP + RECOMMENDED + OF_THE_WEST
LARGE = altered(LARGE, "\ntemplates:", GHANA + "\ntemplates:")
changed = partial(altered, LARGE)


def test_a_recommendation_knows_where_it_was_issued_and_a_meeting_what_it_was_about() -> None:
    load(SMALL)
    edition = Edition.objects.get()
    survey = Recommendation.objects.get()
    assert survey.meeting == Meeting.objects.get(titles__en="Training")
    assert survey.edition == edition
    launch = Meeting.objects.get(kind="launch")
    assert (launch.edition, Meeting.objects.get(kind="training").edition) == (edition, None)
    assert history.verify().broken is None


def test_a_usual_meeting_is_named_by_its_twg_and_its_own_key() -> None:
    load(altered(SMALL, "meeting: togo-basics", "meeting: togo/launch"))
    meeting = Recommendation.objects.get().meeting
    assert meeting is not None
    assert (meeting.kind, meeting.twg.code) == ("launch", "togo")


def test_what_a_region_hands_on_comes_from_the_same_meeting() -> None:
    load(LARGE)
    workshop = Meeting.objects.get(kind="regional_workshop")
    handed_on = Recommendation.objects.get(cascaded_from__isnull=False)
    assert (handed_on.twg.code, handed_on.meeting) == ("togo", workshop)
    assert workshop.edition == Edition.objects.get(profile__code="togo")


def test_a_second_load_adds_nothing_and_tells_nothing() -> None:
    new = load(LARGE).new
    before = list(Event.objects.values_list("pk", "hash"))
    again = load(LARGE)
    assert (again.new, again.known, again.differences) == (0, new, [])
    assert list(Event.objects.values_list("pk", "hash")) == before


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    (ABOUT, "confidence: stated, source: [Minutes 2]",
     "recommendations[0]", "edition"),
    ("issued: 2009-06, meeting: togo-basics", "issued: 2009-06, meeting: togo/launch", "recommendations[0]", "meeting"),
    ("state: held, edition: togo/2009", "state: held", "meetings[1]", "edition"),
])  # fmt: skip
def test_what_the_file_says_otherwise_by_now_is_reported_and_not_written(
    old: str, new: str, path: str, what: str
) -> None:
    load(LARGE)
    events = Event.objects.count()
    report = load(changed(old, new))
    assert [(d.path, what in d.message) for d in report.differences] == [(path, True)]
    assert Event.objects.count() == events


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("meeting: togo-basics", "meeting: togo-basic", "recommendations[0].meeting", "no meeting “togo-basic”"),
    ("meeting: togo-basics", "meeting: Togo", "recommendations[0].meeting", "as in ghana/launch"),
    ("meeting: togo-basics", "meeting: ghana/launch", "recommendations[0].meeting", "is not of the TWG “togo”"),
    ("meeting: togo-basics", "meeting: west/launch", "recommendations[0].meeting", "no meeting “west/launch”"),
    (ABOUT, altered(ABOUT, "togo/2009", "togo/2010"),
     "recommendations[0].edition", "no edition “togo/2010”"),
    (ABOUT, altered(ABOUT, "togo/2009", "2009"),
     "recommendations[0].edition", "must be text"),
    ("meeting: west-workshop,", "meeting: west-workshop, edition: togo/2009,", "recommendations[1].edition",
     "is not of the TWG “west”"),
    ("together: [togo, ghana-data]", "together: [ghana-data]", "meetings[1].edition", "is not of the TWG “west”"),
    ("state: held, edition: togo/2009", "state: held, edition: togo", "meetings[1].edition", "as in ghana/2009"),
    (USUAL, f"edition: 2009, {USUAL}", "usual_meetings[0].edition", "“ghana” has 0 editions “2009”, not one"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_line_and_nothing_is_loaded(old: str, new: str, path: str, what: str) -> None:
    text = changed(old, new)
    found = mistakes(text)
    assert what in found[path], found
    with pytest.raises(reading.ProjectFileError) as refusal:
        reading.read(text)
    line = next(problem.line for problem in refusal.value.problems if problem.path == path)
    assert path.rpartition(".")[2] in text.splitlines()[line - 1], "it says where in the file"


def test_two_profiles_with_an_edition_of_that_name_are_one_too_many() -> None:
    profile = WHOLE[WHOLE.index("  - key: togo\n    twg: togo") :]
    text = WHOLE + profile.replace("key: togo", "key: togo-labour", 1) + LAUNCHED
    assert "has 2 editions “2009”, not one" in mistakes(text)["usual_meetings[0].edition"]


def test_twgs_times_usual_meetings_do_not_make_millions_of_keys() -> None:
    twgs = [{"key": f"togo-{number}", "country": "TG"} for number in range(300)]
    twgs += [{"key": f"nowhere-{number}", "country": f"X{number}"} for number in range(300)]
    usual = [{"key": f"usual-{number}", "edition": 2009} for number in range(300)]
    found = origins.meetings(Tree({"twgs": twgs, "usual_meetings": usual}))
    assert set(found) == {f"togo-0/usual-{number}" for number in range(100)}


def test_nobody_plans_a_meeting_about_another_twgs_edition() -> None:
    ghana, mali = f.twg("GH"), f.twg("ML")
    edition = f.edition(ghana)
    told = {"titles": {"en": "Workshop"}, "edition": edition}
    with pytest.raises(Exception, match="another TWG's"):
        planning.plan(mali, told, actor=None)
    assert planning.plan(mali, told, actor=None, with_twgs=[ghana]).edition == edition


@pytest.mark.parametrize("announced", [True, False])
def test_the_terms_say_whether_others_see_that_a_session_is_not_public(announced: bool) -> None:  # S31
    said = f"closed_sessions: true, closed_announced: {str(announced).lower()}, confidence: open"
    text = altered(WHOLE, "{preset: usual, confidence: open", "{preset: usual, " + said)
    load(text)
    terms = TermsOfReference.objects.get()
    assert (terms.closed_sessions, terms.closed_announced) == (True, announced)
    assert load(text).differences == []
    otherwise = altered(said, f"announced: {str(announced).lower()}", f"announced: {str(not announced).lower()}")
    report = load(altered(text, said, otherwise))
    assert [d.path for d in report.differences] == ["twgs[0].terms_of_reference"]
    assert "not public" in report.differences[0].message


def test_what_is_announced_is_true_or_false_and_nothing_else() -> None:
    text = altered(WHOLE, "{preset: usual,", "{preset: usual, closed_announced: soon,")
    assert mistakes(text) == {"twgs[0].terms_of_reference.closed_announced": "This must be true or false."}
