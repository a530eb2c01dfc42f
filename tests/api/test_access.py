"""What the API shows to whom: the rules are the pages', and what is hidden is not found."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.groups.models import Person, Project, Twg
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Ghana's and Mali's TWGs in one project, each with a draft edition."""

    project: Project
    ghana: Twg
    mali: Twg
    draft: Edition
    people: dict[str, Person]


@pytest.fixture
def world() -> World:
    project = f.project()
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    people = {role: f.seat(ghana, role, f"Ghana's {role}") for role in ("chair", "secretariat", "member", "observer")}
    people["mali"] = f.seat(mali, "secretariat", "Mali's secretariat")
    people["monitor"] = f.monitor(project)
    people["administrator"] = f.administrator()
    people["nobody"] = f.person("Somebody without a seat")
    return World(project, ghana, mali, f.edition(ghana, stage="comment"), people)


def paths_inside(world: World) -> list[str]:
    """Every address of Ghana's that only its insiders read."""
    edition, terms = f"editions/{world.draft.pk}/", f"terms/{world.ghana.terms.get().pk}/"
    return [
        edition, f"{edition}actions/", f"{edition}history/", f"{edition}history/json/",
        terms, f"{terms}actions/", f"{terms}history/",
        f"twgs/{world.ghana.code}/history/", f"profiles/{world.draft.profile.code}/history/",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["mali", "nobody"])
def test_what_is_ghana_s_is_not_found_by_others(world: World, who: str) -> None:
    stranger = Caller(world.people[who])
    for path in [*paths_inside(world), f"twgs/{world.ghana.code}/", f"twgs/{world.ghana.code}/seats/"]:
        problem(stranger.get(path), 404, "not-found")
    problem(
        stranger.post(f"editions/{world.draft.pk}/actions/withdraw/", {"version": 1, "note": "x"}), 404, "not-found"
    )
    problem(stranger.patch(f"twgs/{world.ghana.code}/", {"version": 1, "source": "x"}), 404, "not-found")
    seat = world.ghana.memberships.first()
    assert seat is not None
    problem(stranger.post(f"seats/{seat.pk}/end/", {"version": 1, "until": "2009"}), 404, "not-found")
    for kind in ("twgs", "editions", "profiles", "terms"):
        rows = stranger.get(f"{kind}/").json()["results"]
        assert world.ghana.code not in str(rows)


@pytest.mark.parametrize("who", ["chair", "secretariat", "member", "observer", "monitor"])
def test_insiders_read_all_of_it(world: World, who: str) -> None:
    insider = Caller(world.people[who], scope="read")
    for path in paths_inside(world):
        assert insider.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["chair", "secretariat", "member", "monitor"])
def test_members_and_iom_read_who_sits_where(world: World, who: str) -> None:
    seats = Caller(world.people[who]).get(f"twgs/{world.ghana.code}/seats/").json()["results"]
    assert {seat["person"]["name"] for seat in seats} >= {"Ghana's chair", "Ghana's observer"}


def test_an_observer_reads_the_seats_but_not_who_holds_them(world: World) -> None:
    observer = world.people["observer"]
    caller = Caller(observer)
    seats = caller.get(f"twgs/{world.ghana.code}/seats/").json()["results"]
    assert {seat["role"] for seat in seats} >= {"chair", "secretariat", "member", "observer", "consultant"}
    assert [s["person"]["email"] for s in seats if s["person"]] == [observer.email]


def test_no_address_of_another_reaches_an_observer_anywhere(world: World) -> None:
    f.perform(world.draft, "request_endorsement", actor=world.people["chair"])
    observer = world.people["observer"]
    caller = Caller(observer)
    others = list(Person.objects.exclude(pk=observer.pk))
    asked = [*paths_inside(world), "me/", "people/", "twgs/", "editions/", "inbox/", "projects/"]
    asked += [f"twgs/{world.ghana.code}/", f"twgs/{world.ghana.code}/seats/", f"projects/{world.project.code}/"]
    for path in asked:
        answer = caller.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for other in others:
            assert other.email.encode() not in body, path
            assert other.name.encode() not in body, path


def test_history_withholds_names_and_says_so(world: World) -> None:
    f.perform(world.draft, "request_endorsement", actor=world.people["chair"])
    path = f"editions/{world.draft.pk}/history/"
    for_observer = Caller(world.people["observer"]).get(path).json()["results"][-1]
    for_member = Caller(world.people["member"]).get(path).json()["results"][-1]
    assert for_observer["actor_name"] == ""
    assert for_observer["withheld"] == ["actor", "actor_name"]
    assert for_observer["capacity"] == "chair"
    assert for_member["actor_name"] == "Ghana's chair"
    assert for_member["withheld"] == []


def test_the_people_one_finds_are_those_one_works_with(world: World) -> None:
    member, stranger = Caller(world.people["member"]), Caller(world.people["mali"])
    chair = world.people["chair"].pk
    assert member.get(f"people/{chair}/").json()["seats"][0]["role"] == "chair"
    problem(stranger.get(f"people/{chair}/"), 404, "not-found")
    problem(Caller(world.people["observer"]).get(f"people/{chair}/"), 404, "not-found")


def test_without_a_token_published_editions_are_read_and_nothing_else(world: World) -> None:
    published = f.edition(world.mali, stage="published")
    anybody = Caller()
    assert [e["id"] for e in anybody.get("editions/").json()["results"]] == [published.pk]
    assert [p["code"] for p in anybody.get("profiles/").json()["results"]] == [published.profile.code]
    assert anybody.get(f"editions/{published.pk}/").json()["stage"] == "published"
    assert anybody.get(f"profiles/{published.profile.code}/editions/").json()["count"] == 1
    problem(anybody.get(f"editions/{world.draft.pk}/"), 404, "not-found")
    for path in ("history/", "actions/"):
        problem(anybody.get(f"editions/{published.pk}/{path}"), 404, "not-found")
    problem(anybody.post(f"editions/{published.pk}/actions/withdraw/", {"version": 1}), 401, "not-signed-in")
    problem(anybody.post("profiles/", {}), 401, "not-signed-in")


def test_an_administrator_opens_no_twg_from_the_inside(world: World) -> None:
    administrator = Caller(world.people["administrator"])
    assert administrator.get(f"twgs/{world.ghana.code}/").json()["inside"] is False
    assert administrator.get(f"twgs/{world.ghana.code}/").json()["terms"] == []
    problem(administrator.get(f"editions/{world.draft.pk}/history/"), 404, "not-found")


def test_the_outbox_is_for_administrators(world: World) -> None:
    from workflow.engine.models import OutboxRow

    row = OutboxRow.objects.create(key="k", kind="notice", status="failed", attempts=9, last_error="no such host")
    administrator = Caller(world.people["administrator"])
    problem(Caller(world.people["chair"]).get("outbox/"), 404, "not-found")
    problem(Caller(world.people["chair"]).post(f"outbox/{row.pk}/retry/"), 404, "not-found")
    assert [r["id"] for r in administrator.get("outbox/").json()["results"]] == [row.pk]
    assert administrator.post(f"outbox/{row.pk}/retry/").json()["status"] == "waiting"
    problem(administrator.post(f"outbox/{row.pk}/retry/"), 404, "not-found")


def test_a_member_is_refused_what_is_the_secretariat_s_and_told_whose_it_is(world: World) -> None:
    member = Caller(world.people["member"])
    body = problem(member.patch(f"twgs/{world.ghana.code}/", {"version": 1, "source": "x"}), 403, "not-permitted")
    assert "secretariat" in body["detail"]
    body = problem(member.act(f"editions/{world.draft.pk}", "withdraw", note="x"), 403, "not-permitted")
    assert "secretariat" in body["detail"]


def test_actions_say_who_may_and_what_they_ask(world: World) -> None:
    path = f"editions/{world.draft.pk}/actions/"
    chairs = {a["name"]: a for a in Caller(world.people["chair"]).get(path).json()["actions"]}
    observers = {a["name"]: a for a in Caller(world.people["observer"]).get(path).json()["actions"]}
    assert chairs["request_endorsement"]["allowed"]
    assert "decision_body" in {q["name"] for q in chairs["request_endorsement"]["asks"]}
    assert {q["name"]: q["required"] for q in chairs["return_to_drafting"]["asks"]} == {"note": True}
    assert not any(a["allowed"] for a in observers.values())
    assert all(a["reason"] for a in observers.values())


def test_from_the_outside_a_twg_is_a_name_and_a_place(world: World) -> None:
    """An institution that is only invited opens the page; what the page does not say, the API does not say."""
    terms = {"category": "private_sector", "modality": "invited", "votes": False}
    chair = Caller(world.people["chair"])
    path = f"twgs/{world.ghana.code}"
    draft = f"terms/{world.ghana.terms.get().pk}"
    version = chair.get(f"{draft}/").json()["version"]
    assert chair.patch(f"{draft}/", {"participation": [terms], "version": version}).status_code == 200
    assert chair.act(draft, "adopt", **f.DECISION).status_code == 200
    fact = {"topic": "money", "statements": {"en": "An inner fact."}, "source": "An inner source."}
    assert Caller(world.people["secretariat"]).post(f"{path}/facts/", fact).status_code == 201
    bank = f.institution("A bank", category="private_sector")
    invited = Caller(f.seat(world.ghana, "member", institution=bank))
    shown = invited.get(f"{path}/").json()
    assert shown["inside"] is False
    assert (shown["name"], shown["country"]) == (world.ghana.name, "GH")
    assert (shown["facts"], shown["parents"], shown["terms"], shown["source"]) == ([], [], [], "")
    assert "inner" not in str(invited.get("twgs/").json())
    problem(invited.get(f"{path}/seats/"), 404, "not-found")
    assert chair.get(f"{path}/").json()["facts"][0]["source"] == "An inner source."
