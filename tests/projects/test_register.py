"""The policy register in a project file: read, loaded through the services, each thing once (S29, S36)."""

from __future__ import annotations

from functools import partial

import pytest

from tests.projects import example
from tests.projects.example import WHOLE, altered, mistakes
from workflow.engine import history
from workflow.engine.models import Event, OutboxRow
from workflow.frameworks import services
from workflow.frameworks.models import Framework, PolicyActor
from workflow.projects import loading

pytestmark = pytest.mark.django_db
REGISTER = """
frameworks:
  - {key: immigration-act, twg: togo, kind: law, title: {en: Immigration Act, fr: Loi}, reference: Act 573,
     adopted: 2000, in_force: 2000-02, link: "https://law.example/573", summary: {en: Entry and stay.},
     responsible: [tg-plan, tg-interior], confidence: stated, source: [S29]}
  - {key: aliens-act, twg: togo, kind: law, title: {en: Aliens Act}, ended: 2000, confidence: probable, source: [S29]}
  - {key: old-decree, twg: togo, kind: decree, title: {en: Old decree}, ended: open, confidence: open, source: [S29]}
policy_actors:
  - {twg: togo, institution: tg-plan, role: {en: Coordinates}, since: 2006, confidence: stated, source: [S29]}
  - {twg: togo, institution: tg-interior, role: {en: Polices borders}, ended: 2009, confidence: stated, source: [S29]}
"""
SMALL = WHOLE + REGISTER
changed = partial(altered, SMALL)


def load(text: str = SMALL) -> loading.Report:
    return example.load(text)


def test_frameworks_and_actors_are_loaded_with_their_ends() -> None:
    load()
    act = Framework.objects.get(key="immigration-act")
    assert (act.names["fr"], act.reference, act.adopted, act.url) == (
        "Loi",
        "Act 573",
        "2000",
        "https://law.example/573",
    )
    assert {i.code for i in act.responsible.all()} == {"tg-plan", "tg-interior"}
    told = {entry.key: (entry.state, entry.ended) for entry in Framework.objects.all()}
    assert told == {"immigration-act": ("listed", ""), "aliens-act": ("ended", "2000"), "old-decree": ("ended", "")}
    interior = PolicyActor.objects.get(institution__code="tg-interior")
    assert (interior.role, interior.state, interior.ended) == ("Polices borders", "ended", "2009")
    assert [(e.name, e.occurred) for e in history.events_of(interior)] == [("created", ""), ("end", "2009")]
    assert history.verify().broken is None
    assert not OutboxRow.objects.exists()


def test_a_second_load_adds_nothing() -> None:
    new = load().new
    before = list(Event.objects.values_list("pk", "hash"))
    again = load()
    assert (again.new, again.known, again.differences) == (0, new, [])
    assert list(Event.objects.values_list("pk", "hash")) == before


def test_a_file_in_which_something_has_ended_ends_just_that() -> None:
    load()
    report = load(changed("since: 2006, confidence", "since: 2006, ended: 2010, confidence"))
    assert (report.new, report.differences) == (1, [])
    assert PolicyActor.objects.get(institution__code="tg-plan").state == "ended"


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("reference: Act 573", "reference: Act 574", "frameworks[0]", "reference"),
    ("responsible: [tg-plan, tg-interior]", "responsible: [tg-plan]", "frameworks[0]", "responsible"),
    ("role: {en: Coordinates}", "role: {en: Decides}", "policy_actors[0]", "what it does"),
    ("ended: 2009,", "ended: 2008,", "policy_actors[1]", "2009"),
])  # fmt: skip
def test_what_the_file_says_otherwise_by_now_is_reported_and_not_written(
    old: str, new: str, path: str, what: str
) -> None:
    load()
    events = Event.objects.count()
    report = load(changed(old, new))
    assert [(d.path, what in d.message) for d in report.differences] == [(path, True)]
    assert Event.objects.count() == events


def test_what_people_have_changed_is_kept() -> None:
    load()
    act = Framework.objects.get(key="immigration-act")
    services.change_framework(act, {"reference": "Act 848"}, actor=None)
    load()
    act.refresh_from_db()
    assert act.reference == "Act 848"


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("kind: law, title: {en: Imm", "kind: rumour, title: {en: Imm", "frameworks[0].kind", "is none of"),
    ("adopted: 2000", "adopted: soon", "frameworks[0].adopted", "is not a date"),
    ('link: "https://law.example/573"', "link: law", "frameworks[0].link", "not a web address"),
    ("responsible: [tg-plan, tg-interior]", "responsible: [nobody]", "frameworks[0].responsible[0]", "no institution"),
    ("responsible: [tg-plan, tg-interior]", "responsible: [tg-plan, tg-plan]", "frameworks[0].responsible", "twice"),
    ("key: aliens-act", "key: immigration-act", "frameworks[1].key", "taken already"),
    ("key: aliens-act, twg: togo", "key: aliens-act, twg: benin", "frameworks[1].twg", "no TWG"),
    ("institution: tg-plan, role", "institution: nobody, role", "policy_actors[0].institution", "no institution"),
    ("role: {en: Coordinates}", "roll: {en: Coordinates}", "policy_actors[0].roll", "did you mean “role”"),
    ("institution: tg-interior, role", "institution: tg-plan, role", "policy_actors[1]", "twice"),
    ("in_force: 2000-02, link", "in_force: 2000-02, ended: 1999, link", "frameworks[0]", "before it begins"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_place(old: str, new: str, path: str, what: str) -> None:
    found = mistakes(changed(old, new))
    assert what in found[path], found
