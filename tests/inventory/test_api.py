"""The inventory through the API: what pages do, by the same rules."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.inventory.models import DataSource
from tests import factories as f
from tests.api.calls import Caller, problem
from tests.groups.test_import import csv_of
from workflow.groups.models import Person, Project, Twg

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat")


def test_a_program_enters_changes_and_confirms_a_source(ghana: Twg, project: Project, secretariat: Person) -> None:
    caller, office, study = Caller(secretariat), f.institution("Office"), m.publication(project)
    body = {
        "twg": ghana.code, "kind": "household_survey", "names": {"en": "Survey"}, "custodian": office.code,
        "users": [office.code], "sections": ["D", "B"], "questions": ["absent"], "publications": [study.pk],
    }  # fmt: skip
    made = caller.post("data-sources/", body)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["key"], row["custodian"]["code"], row["sections"]) == ("survey", office.code, ["B", "D"])
    assert (row["publications"], [user["code"] for user in row["users"]]) == ([study.pk], [office.code])
    path = f"data-sources/{row['id']}"
    changed = caller.patch(f"{path}/", {"quality": "good", "users": [], "version": row["version"]}).json()
    assert (changed["quality"], changed["users"]) == ("good", [])
    problem(caller.patch(f"{path}/", {"quality": "poor", "version": row["version"]}), 409, "conflict")
    assert caller.act(path, "confirm").json()["subject"]["state"] == "listed"
    assert [e["name"] for e in caller.get(f"{path}/history/").json()["results"]] == ["created", "changed", "confirm"]


def test_a_program_records_a_gap_and_closes_it(ghana: Twg, secretariat: Person) -> None:
    caller, census = Caller(secretariat), m.source(ghana)
    body = {
        "twg": ghana.code, "section": "B", "titles": {"en": "No ages"}, "severity": "high", "data_source": census.pk,
    }  # fmt: skip
    row = caller.post("data-gaps/", body).json()
    path = f"data-gaps/{row['id']}"
    assert caller.act(path, "agree").status_code == 200
    assert set(problem(caller.act(path, "close"), 422, "incomplete")["errors"]) == {"note"}
    assert caller.act(path, "close", note="Ages are there.").json()["subject"]["state"] == "closed"
    assert [gap["id"] for gap in caller.get("data-gaps/?section=B&severity=high").json()["results"]] == [row["id"]]
    assert caller.get("data-gaps/?section=C").json()["results"] == []


@pytest.mark.parametrize("sections", [["c"], ["C.x"], [{"a": 1}], "C", ["C", "C"]])
def test_bad_places_are_told_at_their_field(ghana: Twg, secretariat: Person, sections: object) -> None:
    body = {"twg": ghana.code, "kind": "census", "names": {"en": "Census"}, "sections": sections}
    errors = problem(Caller(secretariat).post("data-sources/", body), 422, "incomplete")["errors"]
    assert any(name.startswith("sections") for name in errors)
    assert not DataSource.objects.exists()


def test_mistakes_are_told_by_field(ghana: Twg, secretariat: Person) -> None:
    caller = Caller(secretariat)
    assert set(problem(caller.post("data-gaps/", {}), 422, "incomplete")["errors"]) == {
        "twg", "section", "titles", "severity",
    }  # fmt: skip
    elsewhere = m.source(f.twg("ML"))
    body = {
        "twg": ghana.code, "section": "B", "titles": {"en": "x"}, "severity": "low", "data_source": elsewhere.pk,
    }  # fmt: skip
    assert "data_source" in problem(caller.post("data-gaps/", body), 422, "incomplete")["errors"]


def test_strangers_find_nothing_and_members_write_nothing(ghana: Twg) -> None:
    census = m.source(ghana)
    stranger, member = Caller(f.seat(f.twg("ML"), "secretariat")), Caller(f.seat(ghana, "member"))
    assert stranger.get(f"data-sources/{census.pk}/").status_code == 404
    assert stranger.get("data-sources/").json()["results"] == []
    assert member.get(f"data-sources/{census.pk}/").status_code == 200
    assert member.patch(f"data-sources/{census.pk}/", {"quality": "good"}).status_code in (403, 428)
    body = {"twg": ghana.code, "kind": "census", "names": {"en": "Census"}}
    assert member.post("data-sources/", body).status_code == 403


def test_countries_are_compared(ghana: Twg, project: Project) -> None:
    m.source(ghana, sections=["A"])
    m.gap(ghana, section="B")
    rows = Caller(f.monitor(project)).get("data-sources/comparison/").json()["rows"]
    assert rows == [
        {
            "twg": ghana.code, "place": "Ghana", "sources": 1, "gaps": 1,
            "cells": [
                {"key": "A", "sources": 1, "gaps": 0, "grave": 0}, {"key": "B", "sources": 0, "gaps": 1, "grave": 1},
            ],
        }
    ]  # fmt: skip


def test_a_sheet_is_tried_and_then_written(ghana: Twg, secretariat: Person) -> None:
    caller = Caller(secretariat)

    def sent(query: str = "") -> dict[str, object]:
        upload = SimpleUploadedFile("it.csv", csv_of("census,census,Census", head="code,kind,name_en"))
        answer = caller.upload(f"data-sources/import/{query}", {"twg": ghana.code, "file": upload})
        assert answer.status_code == 200, answer.content
        return {key: answer.json()[key] for key in ("written", "new")}

    assert sent("?dry_run=true") == {"written": 0, "new": 1}
    assert not DataSource.objects.exists()
    assert sent() == {"written": 1, "new": 1}


def test_publications_are_read_by_the_projects_people(ghana: Twg, project: Project) -> None:
    study = m.publication(project)
    assert [row["id"] for row in Caller(f.seat(ghana, "member")).get("supporting-publications/").json()["results"]] == [
        study.pk
    ]
    other = Caller(f.monitor(f.project()))
    assert other.get("supporting-publications/").json()["results"] == []
    made = Caller(f.monitor(project)).post(
        "supporting-publications/", {"titles": {"en": "Guide"}, "project": project.code}
    )
    assert made.status_code == 201
