"""The register through the API: what pages do, by the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups.models import Person, Twg
from workflow.writing.models import Scratch

from .making import actor, framework, part_e

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant")


def test_a_program_enters_changes_and_ends_a_law(ghana: Twg, consultant: Person) -> None:
    caller, service = Caller(consultant), f.institution("Immigration Service")
    body = {"twg": ghana.code, "kind": "law", "names": {"en": "Act"}, "responsible": [service.code], "in_force": "2000"}
    made = caller.post("frameworks/", body)
    assert made.status_code == 201
    row = made.json()
    assert (row["key"], row["title"], [i["code"] for i in row["responsible"]]) == ("act", "Act", [service.code])
    path = f"frameworks/{row['id']}"
    changed = caller.patch(f"{path}/", {"reference": "Act 573", "responsible": [], "version": row["version"]})
    assert (changed.json()["reference"], changed.json()["responsible"]) == ("Act 573", [])
    ended = caller.act(path, "end", note="Repealed.", ended_on="2009")
    assert (ended.json()["subject"]["state"], ended.json()["subject"]["ended"]) == ("ended", "2009")
    assert [e["name"] for e in caller.get(f"{path}/history/").json()["results"]] == ["created", "changed", "end"]


def test_a_program_enters_and_changes_an_actor(ghana: Twg, consultant: Person) -> None:
    caller, service = Caller(consultant), f.institution("Immigration Service")
    made = caller.post("actors/", {"twg": ghana.code, "institution": service.code, "roles": {"en": "Issues permits"}})
    assert made.status_code == 201
    row = made.json()
    changed = caller.patch(f"actors/{row['id']}/", {"since": "2001", "version": row["version"]})
    assert (changed.json()["since"], changed.json()["role"]) == ("2001", "Issues permits")
    stale = caller.patch(f"actors/{row['id']}/", {"since": "2002", "version": row["version"]})
    problem(stale, 409, "conflict")


def test_mistakes_are_told_by_field(ghana: Twg, consultant: Person) -> None:
    caller = Caller(consultant)
    assert set(problem(caller.post("frameworks/", {}), 422, "incomplete")["errors"]) == {"twg", "kind", "names"}
    wrong = {"twg": ghana.code, "kind": "rumour", "names": {}, "adopted": "soon", "responsible": ["nobody"]}
    assert set(problem(caller.post("frameworks/", wrong), 422, "incomplete")["errors"]) >= {
        "kind", "names", "responsible",
    }  # fmt: skip
    link = {"twg": ghana.code, "kind": "law", "names": {"en": "A"}, "url": "javascript:alert(1)"}
    assert set(problem(caller.post("frameworks/", link), 422, "incomplete")["errors"]) == {"url"}
    assert not Framework.objects.exists()


def test_lists_are_filtered(ghana: Twg, consultant: Person) -> None:
    region = f.regional_twg(countries="GH")
    framework(ghana)
    framework(region, names={"en": "Common Approach"}, kind="regional")
    bureau = actor(ghana)
    caller = Caller(consultant)
    for query, count in (
        ({}, 2), ({"twg": ghana.code}, 1), ({"kind": "regional"}, 1), ({"q": "COMMON"}, 1), ({"state": "ended"}, 0),
    ):  # fmt: skip
        assert caller.get("frameworks/", query).json()["count"] == count, query
    assert caller.get("actors/", {"institution": bureau.institution.code}).json()["count"] == 1


def test_what_one_cannot_see_is_not_there_and_what_is_not_theirs_says_whose(ghana: Twg) -> None:
    act, bureau = framework(ghana), actor(ghana)
    for person in (f.seat(f.twg("ML"), "secretariat"), f.person(), f.administrator()):
        caller = Caller(person)
        for path, entry in (("frameworks", act), ("actors", bureau)):
            assert caller.get(f"{path}/").json()["count"] == 0
            for more in ("", "history/", "actions/"):
                problem(caller.get(f"{path}/{entry.pk}/{more}"), 404, "not-found")
            problem(caller.get(f"{path}/export/csv/", {"twg": ghana.code}), 404, "not-found")
    member = Caller(f.seat(ghana, "member"))
    assert member.get(f"frameworks/{act.pk}/").status_code == 200
    body = {"twg": ghana.code, "kind": "law", "names": {"en": "A"}}
    told = problem(member.post("frameworks/", body), 403, "not-permitted")
    assert "the consultant" in told["detail"]
    assert Caller().get("frameworks/").status_code == 401


def sheet(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("register.csv", text.encode())


def test_a_spreadsheet_is_tried_and_then_imported(ghana: Twg, consultant: Person) -> None:
    caller = Caller(consultant)
    fields: dict[str, Any] = {"twg": ghana.code}
    tried = caller.upload("frameworks/import/?dry_run=true", fields | {"file": sheet("code,kind,title\na,law,A\n")})
    assert (tried.json()["new"], tried.json()["written"]) == (1, 0)
    done = caller.upload("frameworks/import/", fields | {"file": sheet("code,kind,title\na,law,A\n")})
    assert (done.json()["written"], Framework.objects.count()) == (1, 1)
    wrong = caller.upload("frameworks/import/", fields | {"file": sheet("code,kind,title\nb,rumour,B\n")})
    assert list(problem(wrong, 422, "incomplete")["errors"]) == ["2.kind"]
    service = f.institution(code="gh-gis")
    done = caller.upload("actors/import/", fields | {"file": sheet("institution,role\ngh-gis,Issues permits\n")})
    assert (done.json()["written"], PolicyActor.objects.get().institution) == (1, service)
    exported = caller.get("actors/export/csv/", {"twg": ghana.code})
    assert "gh-gis,Issues permits" in exported.content.decode()


def test_members_import_nothing(ghana: Twg) -> None:
    fields = {"twg": ghana.code, "file": sheet("code,kind,title\na,law,A\n")}
    problem(Caller(f.seat(ghana, "member")).upload("frameworks/import/", fields), 403, "not-permitted")


def test_a_program_puts_the_table_into_what_its_writer_is_typing(ghana: Twg, consultant: Person) -> None:
    section = part_e(ghana)
    framework(ghana)
    body = {"section": section.pk, "what": "frameworks", "body": "Before.", "base": 0}
    done = Caller(consultant).post("frameworks/insert/", body)
    assert done.status_code == 200
    assert done.json()["body"].startswith("Before.\n\n| Framework |")
    assert Scratch.objects.get(person=consultant).body == done.json()["body"].rstrip()
    problem(Caller(f.seat(ghana, "member")).post("frameworks/insert/", body), 403, "not-permitted")
    elsewhere = problem(Caller(f.seat(f.twg("ML"), "consultant")).post("frameworks/insert/", body), 422, "incomplete")
    assert set(elsewhere["errors"]) == {"section"}
