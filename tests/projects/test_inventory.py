"""The data inventory in a project file: read, loaded through the services, each thing once (S09, S28)."""

from __future__ import annotations

from functools import partial

import pytest

from recommendations.inventory.choices import (
    Access,
    GapState,
    Periodicity,
    Quality,
    Question,
    Severity,
    SourceKind,
)
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from tests.projects import example
from tests.projects.example import WHOLE, altered, mistakes
from workflow.engine import history
from workflow.engine.models import Event, OutboxRow
from workflow.projects import loading, schema

pytestmark = pytest.mark.django_db
INVENTORY = """
supporting_publications:
  - {key: mapping, title: {en: Mapping study}, authors: Schachter, when: 2009, confidence: stated, source: [S28]}
  - {key: guide, title: {en: Guide}, when: 2010, forthcoming: true, confidence: stated, source: [S28]}
data_sources:
  - {key: survey, twg: togo, kind: household_survey, name: {en: Household survey, fr: Enquête}, custodian: tg-plan,
     users: [tg-interior], coverage: {en: All}, periodicity: some_years, latest: 2005/2006, quality: fair,
     quality_note: {en: Small}, access: request, access_note: {en: Letter}, link: "https://data.example/",
     sections: [A, A.1], questions: [absent], publications: [mapping], confidence: stated, source: [S09]}
  - {key: cards, twg: togo, kind: border, name: {en: Landing cards}, custodian: open, ended: true, confidence: open,
     source: [S09]}
data_gaps:
  - {key: undercount, twg: togo, section: A, data_source: survey, title: {en: Undercount}, severity: high,
     improvement: {en: Ask}, state: addressed, confidence: stated, source: [S39]}
  - {key: reasons, twg: togo, section: A.1, title: {en: Reasons}, severity: low, confidence: general, source: [S39]}
"""
SMALL = WHOLE + INVENTORY
changed = partial(altered, SMALL)


def load(text: str = SMALL) -> loading.Report:
    return example.load(text)


def test_sources_and_gaps_are_loaded_as_far_as_they_have_come() -> None:
    load()
    survey = DataSource.objects.get(key="survey")
    assert survey.custodian is not None
    assert (survey.custodian.code, survey.names["fr"], survey.latest) == ("tg-plan", "Enquête", "2005/2006")
    assert (survey.sections, survey.questions, survey.quality) == (["A", "A.1"], ["absent"], "fair")
    assert [publication.title for publication in survey.publications.all()] == ["Mapping study"]
    assert {user.code for user in survey.users.all()} == {"tg-interior"}
    assert DataSource.objects.get(key="cards").state == "ended"
    undercount = DataGap.objects.get(key="undercount")
    assert (undercount.data_source, undercount.state) == (survey, "addressed")
    assert [event.name for event in history.events_of(undercount)] == ["created", "agree", "address"]
    guide = SupportingPublication.objects.get(when="2010")
    assert (guide.forthcoming, guide.project is not None) == (True, True)
    assert history.verify().broken is None
    assert not OutboxRow.objects.exists()


def test_a_second_load_adds_nothing() -> None:
    new = load().new
    before = list(Event.objects.values_list("pk", "hash"))
    again = load()
    assert (again.new, again.known, again.differences) == (0, new, [])
    assert list(Event.objects.values_list("pk", "hash")) == before


def test_a_gap_that_has_come_further_is_brought_there() -> None:
    load()
    report = load(changed("state: addressed", "state: closed"))
    assert report.new == 1
    assert DataGap.objects.get(key="undercount").state == "closed"


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("quality: fair", "quality: good", "data_sources[0]", "quality"),
    ("users: [tg-interior]", "users: [tg-plan]", "data_sources[0]", "users"),
    ("publications: [mapping]", "publications: [guide]", "data_sources[0]", "supporting publications"),
    ("severity: low", "severity: medium", "data_gaps[1]", "severity"),
    ("authors: Schachter", "authors: Somebody", "supporting_publications[0]", "authors"),
])  # fmt: skip
def test_what_the_file_says_otherwise_by_now_is_reported_and_not_written(
    old: str, new: str, path: str, what: str
) -> None:
    load()
    [difference] = load(changed(old, new)).differences
    assert difference.path == path
    assert what in difference.message


@pytest.mark.parametrize(("old", "new", "path", "what"), [
    ("kind: border", "kind: rumour", "data_sources[1].kind", "none of"),
    ("custodian: tg-plan", "custodian: tg-nobody", "data_sources[0].custodian", "tg-nobody"),
    ("sections: [A, A.1]", "sections: [A, a.1]", "data_sources[0].sections[1]", "C or C.2"),
    ("questions: [absent]", "questions: [shoe_size]", "data_sources[0].questions[0]", "none of"),
    ("publications: [mapping]", "publications: [nothing]", "data_sources[0].publications[0]", "nothing"),
    ("key: cards", "key: survey", "data_sources[1].key", "taken already"),
    ("data_source: survey", "data_source: census", "data_gaps[0].data_source", "census"),
    ("key: reasons, twg: togo", "key: reasons, twg: mali", "data_gaps[1].twg", "mali"),
    ("severity: high", "severity: grim", "data_gaps[0].severity", "none of"),
    ("key: guide", "key: mapping", "supporting_publications[1].key", "taken already"),
    ("improvement: {en: Ask},", "", "data_gaps[0]", "improvement"),
])  # fmt: skip
def test_mistakes_are_told_at_their_place(old: str, new: str, path: str, what: str) -> None:
    found = mistakes(changed(old, new))
    assert what in found[path], found


def test_the_schema_knows_what_the_models_know() -> None:
    defs = schema._validator().schema["$defs"]
    source, gap = defs["data_source"]["properties"], defs["data_gap"]["properties"]
    for told, choices in (
        (source["kind"], SourceKind), (source["periodicity"], Periodicity), (source["quality"], Quality),
        (source["access"], Access), (source["questions"]["items"], Question), (gap["severity"], Severity),
        (gap["state"], GapState),
    ):  # fmt: skip
        assert set(told["enum"]) == set(choices.values)
