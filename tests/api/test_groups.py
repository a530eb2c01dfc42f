"""The directory, projects, TWGs, seats and terms of reference through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from tests.api.calls import Caller, problem, token
from workflow.engine.models import OutboxRow
from workflow.groups.models import ApiToken, Institution, Membership, Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def keeper(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Ghana's secretariat")


@pytest.fixture
def secretariat(keeper: Person) -> Caller:
    return Caller(keeper)


def version(caller: Caller, path: str) -> int:
    return int(caller.get(path).json()["version"])


# -- oneself ----------------------------------------------------------------------------------------------


def test_a_token_says_who_it_speaks_for_and_from_which_seats(secretariat: Caller, keeper: Person, ghana: Twg) -> None:
    me = secretariat.get("me/").json()
    assert me["email"] == keeper.email
    assert [(s["twg"], s["role"]) for s in me["seats"]] == [(ghana.code, "secretariat")]
    assert me["is_administrator"] is False


def test_one_changes_one_s_own_language_and_nobody_else_s(secretariat: Caller, keeper: Person, ghana: Twg) -> None:
    answer = secretariat.patch("me/", {"language": "fr", "version": version(secretariat, "me/")})
    assert answer.json()["language"] == "fr"
    chair = f.seat(ghana, "chair")
    path = f"people/{chair.pk}/"
    answer = secretariat.patch(path, {"language": "pt", "version": version(secretariat, path)})
    problem(answer, 403, "not-permitted")


def test_what_is_no_setting_can_t_be_set(secretariat: Caller, keeper: Person) -> None:
    secretariat.patch("me/", {"is_administrator": True, "email": "x@y.example", "version": version(secretariat, "me/")})
    before = keeper.email
    keeper.refresh_from_db()
    assert not keeper.is_administrator
    assert keeper.email == before


def test_an_administrator_keeps_somebody_out_and_lets_them_in_again(keeper: Person, secretariat: Caller) -> None:
    administrator, path = Caller(f.administrator()), f"people/{keeper.pk}/"
    body = {"active": False, "version": version(administrator, path)}
    problem(secretariat.post(f"{path}active/", body), 403, "not-permitted")
    assert administrator.post(f"{path}active/", body).status_code == 200
    problem(secretariat.get("me/"), 401, "not-signed-in")
    administrator.post(f"{path}active/", {"active": True, "version": version(administrator, path)})
    assert secretariat.get("me/").status_code == 200


def test_a_token_makes_no_token_but_a_session_does(keeper: Person, secretariat: Caller) -> None:
    wanted = {"label": "a script", "scope": "read", "days": 30}
    problem(secretariat.post("me/tokens/", wanted), 403, "not-permitted")
    session = Caller()
    session.client.force_login(keeper, backend="workflow.groups.signing_in.WithSeats")
    made = session.post("me/tokens/", wanted)
    assert made.status_code == 201, made.content
    with_it = Caller(secret=made.json()["secret"])
    assert with_it.get("me/").json()["email"] == keeper.email
    listed = secretariat.get("me/tokens/").json()["results"]
    assert made.json()["secret"] not in str(listed)
    assert secretariat.post(f"me/tokens/{made.json()['id']}/revoke/").json()["is_valid"] is False
    problem(with_it.get("me/"), 401, "not-signed-in")


def test_another_s_token_is_not_found(secretariat: Caller, ghana: Twg) -> None:
    chair = f.seat(ghana, "chair")
    token(chair)
    theirs = ApiToken.objects.get(person=chair)
    problem(secretariat.post(f"me/tokens/{theirs.pk}/revoke/"), 404, "not-found")
    assert theirs.is_valid


# -- the directory ----------------------------------------------------------------------------------------


def test_the_directory_is_filtered_by_country_category_and_words(secretariat: Caller) -> None:
    f.institution("Ministère de l’Intérieur", country="ML")
    f.institution("Bureau of Statistics", category="statistics")
    f.institution("Ministry of the Interior")
    wanted: list[tuple[dict[str, str], set[str]]] = [
        ({"country": "ML"}, {"Ministère de l’Intérieur"}),
        ({"category": "statistics"}, {"Bureau of Statistics"}),
        ({"q": "interieur ministere"}, {"Ministère de l’Intérieur"}),
        ({"q": "nothing of the kind"}, set()),
    ]
    for filters, names in wanted:
        assert {i["name"] for i in secretariat.get("institutions/", filters).json()["results"]} == names
    body = problem(secretariat.get("institutions/", {"category": "circus"}), 422, "incomplete")
    assert set(body["errors"]) == {"category"}


def test_an_institution_is_entered_and_changed_and_keeps_its_code(secretariat: Caller) -> None:
    new = {"code": "gha-ps", "names": {"en": "Police"}, "category": "law_enforcement", "country": "GH"}
    assert secretariat.post("institutions/", new).status_code == 201
    path = "institutions/gha-ps/"
    body = problem(secretariat.post("institutions/", new), 422, "incomplete")
    assert set(body["errors"]) == {"code"}
    changed = secretariat.patch(
        path, {"acronym": "GPS", "version": version(secretariat, path), "note": "As they sign."}
    )
    assert changed.json()["acronym"] == "GPS"
    refused = secretariat.patch(path, {"code": "gps", "version": version(secretariat, path)})
    assert set(problem(refused, 422, "incomplete")["errors"]) == {"code"}
    history = secretariat.get(f"{path}history/").json()["results"]
    assert [(e["name"], e["note"]) for e in history] == [("created", ""), ("changed", "As they sign.")]


def test_another_countrys_institution_is_not_changed_by_a_program_either(secretariat: Caller) -> None:
    theirs = f.institution("Ministère", country="ML")
    refused = secretariat.patch(f"institutions/{theirs.code}/", {"acronym": "X", "version": theirs.version})
    assert "the secretariat of Mali" in problem(refused, 403, "not-permitted")["detail"]
    rows = f"code,name_en,category,country\n{theirs.code},Ours,government,ML\n"
    sent = secretariat.upload("institutions/import/", {"file": SimpleUploadedFile("it.csv", rows.encode())})
    assert set(problem(sent, 422, "incomplete")["errors"]) == {"2.code"}
    theirs.refresh_from_db()
    assert theirs.version == 1


SHEET = "code,name_en,category,country\ngha-one,One,government,GH\ngha-two,Two,{},GH\n"


def sheet(category: str = "research") -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", SHEET.format(category).encode(), "text/csv")


def test_a_dry_run_tells_every_row_s_fate_and_writes_nothing(secretariat: Caller) -> None:
    answer = secretariat.upload("institutions/import/?dry_run=1", {"file": sheet()})
    assert answer.status_code == 200, answer.content
    assert answer.json()["new"] == 2
    assert answer.json()["written"] == 0
    assert not Institution.objects.filter(code="gha-one").exists()


def test_an_import_writes_all_rows_or_none(secretariat: Caller, ghana: Twg) -> None:
    body = problem(secretariat.upload("institutions/import/", {"file": sheet("circus")}), 422, "incomplete")
    assert set(body["errors"]) == {"3.category"}
    assert not Institution.objects.filter(code="gha-one").exists()
    assert secretariat.upload("institutions/import/", {"file": sheet()}).json()["written"] == 2
    assert secretariat.upload("institutions/import/", {"file": sheet()}).json()["unchanged"] == 2
    member = Caller(f.seat(ghana, "member"))
    problem(member.upload("institutions/import/", {"file": sheet()}), 403, "not-permitted")
    problem(secretariat.upload("institutions/import/", {}), 422, "incomplete")


def test_the_directory_leaves_as_a_spreadsheet(secretariat: Caller) -> None:
    f.institution("Bureau of Statistics", category="statistics")
    f.institution("Ministry of the Interior")
    answer = secretariat.get("institutions/export/csv/", {"category": "statistics"})
    assert answer.status_code == 200
    assert b"Bureau of Statistics" in answer.content
    assert b"Interior" not in answer.content
    assert secretariat.get("institutions/export/xlsx/").content.startswith(b"PK")
    problem(Caller().get("institutions/export/csv/"), 401, "not-signed-in")


# -- projects ---------------------------------------------------------------------------------------------


def test_an_administrator_opens_a_project_and_gives_iom_its_seats(secretariat: Caller) -> None:
    administrator = Caller(f.administrator())
    new = {"code": "next", "names": {"en": "Next"}, "funders": [{"names": {"en": "A funder"}, "reference": "X/1"}]}
    problem(secretariat.post("projects/", new), 403, "not-permitted")
    assert administrator.post("projects/", new).json()["funders"][0]["reference"] == "X/1"
    seat = {"email": "iom@iom.example", "name": "IOM's monitor", "role": "monitor"}
    given = administrator.post("projects/next/seats/", seat)
    assert [s["role"] for s in given.json()["seats"]] == ["monitor"]
    problem(administrator.post("projects/next/seats/", seat), 422, "incomplete")
    monitor = Caller(Person.objects.get(email="iom@iom.example"))
    fact = {"topic": "end", "statements": {"en": "It ends in 2009."}, "confidence": "probable"}
    assert monitor.post("projects/next/facts/", fact).json()["facts"][0]["confidence"] == "probable"
    problem(secretariat.get("projects/next/"), 404, "not-found")


def test_a_seat_that_is_refused_leaves_no_person_behind() -> None:
    project = f.project()
    member = f.seat(f.twg("GH", of=project), "member")
    answer = Caller(member).post(f"projects/{project.code}/seats/", {"email": "new@nobody.example", "role": "monitor"})
    problem(answer, 403, "not-permitted")
    assert not Person.objects.filter(email="new@nobody.example").exists()


# -- TWGs -------------------------------------------------------------------------------------------------


def test_a_twg_is_placed_under_another_institution_and_keeps_what_was(secretariat: Caller, ghana: Twg) -> None:
    first, second = f.institution("First ministry"), f.institution("Second ministry")
    path = f"twgs/{ghana.code}/"
    for at in (first, second):
        body = {"status": "decided", "institution": at.code, "since": "2009", "version": version(secretariat, path)}
        assert secretariat.post(f"{path}parents/", body).status_code == 201
    parents = secretariat.get(path).json()["parents"]
    assert [(p["institution"]["name"], p["current"]) for p in parents] == [
        ("Second ministry", True),
        ("First ministry", False),
    ]


def test_a_committee_is_linked_and_a_fact_recorded(secretariat: Caller, ghana: Twg) -> None:
    path = f"twgs/{ghana.code}/"
    body = {"code": "ghana-ngos", "names": {"en": "Committee of civil society"}, "kind": "committee"}
    assert secretariat.post(f"{path}linked-bodies/", body).json()["linked_to"] == ghana.code
    fact = {"topic": "launch", "statements": {"en": "Launched in April."}, "when": "2009-04", "source": "S11"}
    assert secretariat.post(f"{path}facts/", fact).json()["when"] == "2009-04"
    wrong = secretariat.post(f"{path}facts/", fact | {"when": "April"})
    assert set(problem(wrong, 422, "incomplete")["errors"]) == {"when"}
    detail = secretariat.get(path).json()
    assert [b["code"] for b in detail["linked_bodies"]] == ["ghana-ngos"]
    assert [fact["source"] for fact in detail["facts"]] == ["S11"]


def test_twgs_are_filtered_by_country_project_region_and_kind() -> None:
    project = f.project()
    f.twg("GH", of=project)
    f.twg("ML", of=project)
    region = f.regional_twg(of=project, countries="GH,ML").region
    assert region is not None
    iom = Caller(f.monitor(project))

    def count(filters: dict[str, Any]) -> int:
        return int(iom.get("twgs/", filters).json()["count"])

    assert count({}) == 3
    assert count({"country": "GH"}) == 1
    assert count({"project": project.code}) == 3
    assert count({"region": region.code}) == 1
    assert count({"kind": "committee"}) == 0
    assert iom.get(f"regions/{region.code}/").json()["countries"] == ["GH", "ML"]


def test_a_seat_is_given_by_address_with_an_invitation_and_ended_with_a_reason(secretariat: Caller, ghana: Twg) -> None:
    path = f"twgs/{ghana.code}/"
    body = {"email": "New@Ministry.example", "name": "The member", "role": "member", "rank": "director"}
    given = secretariat.post(f"{path}seats/", body)
    assert given.status_code == 201, given.content
    assert given.json()["person"]["email"] == "new@ministry.example"
    assert OutboxRow.objects.filter(kind="invitation").count() == 1
    assert secretariat.post(f"seats/{given.json()['id']}/invite/").status_code == 200
    assert OutboxRow.objects.filter(kind="invitation").count() == 2
    problem(secretariat.post(f"{path}seats/", body), 422, "incomplete")
    end = {"until": "2009-06-30", "note": "Posted abroad.", "version": version(secretariat, path)}
    ended = secretariat.post(f"seats/{given.json()['id']}/end/", end)
    assert ended.json()["ends_on"] == "2009-06-30"
    assert {s["role"] for s in secretariat.get(f"{path}seats/", {"active": "true"}).json()["results"]} == {
        "secretariat"
    }
    assert {s["role"] for s in secretariat.get(f"{path}seats/", {"active": "false"}).json()["results"]} == {"member"}


def test_the_last_secretariat_stays(secretariat: Caller, ghana: Twg) -> None:
    seat = Membership.objects.get(twg=ghana, role="secretariat")
    body = {"until": "2009-06-30", "version": version(secretariat, f"twgs/{ghana.code}/")}
    answer = secretariat.post(f"seats/{seat.pk}/end/", body)
    assert "last secretariat" in str(problem(answer, 422, "incomplete")["errors"])


def test_terms_are_drafted_changed_and_adopted_and_the_old_ones_give_way(secretariat: Caller, ghana: Twg) -> None:
    first = f.adopt(ghana.terms.get())
    drafted = secretariat.post(f"twgs/{ghana.code}/terms/", {"preset": "all_vote"})
    assert drafted.status_code == 201, drafted.content
    path = f"terms/{drafted.json()['id']}"
    rules = [{"category": "government", "modality": "member", "votes": True}]
    body = {"quorum_percent": 75, "participation": rules, "version": drafted.json()["version"]}
    changed = secretariat.patch(f"{path}/", body)
    assert changed.json()["quorum_percent"] == 75
    assert [r["category"] for r in changed.json()["rules"]] == ["government"]
    stale = secretariat.patch(f"{path}/", {"quorum_percent": 10, "version": drafted.json()["version"]})
    problem(stale, 409, "conflict")
    wrong = secretariat.patch(f"{path}/", {"quorum_percent": 0, "version": changed.json()["version"]})
    assert set(problem(wrong, 422, "incomplete")["errors"]) == {"quorum_percent"}
    assert secretariat.act(path, "adopt", **f.DECISION).json()["subject"]["state"] == "adopted"
    assert secretariat.get(f"terms/{first.pk}/").json()["state"] == "superseded"
    assert secretariat.get("terms/", {"twg": ghana.code}).json()["count"] == 2
    late = secretariat.patch(f"{path}/", {"quorum_percent": 10, "version": version(secretariat, f"{path}/")})
    problem(late, 409, "conflict")


def test_presets_say_who_would_take_part_as_what(secretariat: Caller) -> None:
    presets = {p["key"]: p for p in secretariat.get("presets/").json()}
    assert {"category": "private_sector", "modality": "invited", "votes": False} in presets["government"][
        "participation"
    ]


def test_a_milestone_and_a_promise_to_host_are_recorded_and_moved(secretariat: Caller, ghana: Twg) -> None:
    ministry = f.institution("Ministry of the Interior")
    new = {"twg": ghana.code, "kind": "hosting", "titles": {"en": "The ministry hosts"}, "responsible": ministry.code}
    made = secretariat.post("milestones/", new)
    assert made.status_code == 201, made.content
    path = f"milestones/{made.json()['id']}"
    assert secretariat.act(path, "agree").json()["subject"]["state"] == "agreed"
    assert set(problem(secretariat.act(path, "achieve"), 422, "incomplete")["errors"]) == {"evidence_text"}
    evidence = {"evidence": {"en": "A letter."}, "version": version(secretariat, f"{path}/")}
    assert secretariat.patch(f"{path}/", evidence).json()["evidence"] == {"en": "A letter."}
    assert secretariat.act(path, "achieve").json()["subject"]["state"] == "achieved"
    promise = {"twg": ghana.code, "holder": ministry.code, "statements": {"en": "It convenes."}, "starts": "2010"}
    hosting = secretariat.post("hostings/", promise).json()
    assert secretariat.get("hostings/", {"state": "announced"}).json()["count"] == 1
    changed = secretariat.patch(f"hostings/{hosting['id']}/", {"starts": "2011", "version": hosting["version"]})
    assert changed.json()["starts"] == "2011"
    problem(Caller(f.seat(ghana, "member")).post("hostings/", promise), 403, "not-permitted")
    problem(Caller(f.seat(f.twg("ML"), "secretariat")).get(f"{path}/"), 404, "not-found")


def test_nobody_writes_into_a_twg_that_they_don_t_see(secretariat: Caller) -> None:
    mali = f.twg("ML")
    new = {"twg": mali.code, "kind": "hosting", "titles": {"en": "x"}}
    assert set(problem(secretariat.post("milestones/", new), 422, "incomplete")["errors"]) == {"twg"}
    profile = {"code": "p", "names": {"en": "P"}, "twg": mali.code}
    assert set(problem(secretariat.post("profiles/", profile), 422, "incomplete")["errors"]) == {"twg"}
