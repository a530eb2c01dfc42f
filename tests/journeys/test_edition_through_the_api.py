"""A whole edition through the API alone: a TWG for a new country, every stage, once back, published, and proven."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.engine import history
from workflow.groups.models import Person

pytestmark = pytest.mark.django_db

DECISION = {"decision_body": "The TWG of Togo", "decision_date": "2010-03", "decision_reference": "PV 4"}


@pytest.fixture
def monitor() -> Person:
    """IOM's monitor of a project that has no TWG in Togo yet."""
    return f.monitor(f.project())


@pytest.fixture
def togo(monitor: Person) -> dict[str, Any]:
    """Togo's TWG, opened by IOM through the API, with seats for everybody and adopted terms."""
    iom = Caller(monitor)
    project = iom.get("projects/").json()["results"][0]["code"]
    ministry = iom.post(
        "institutions/",
        {
            "code": "tgo-planning",
            "names": {"fr": "Ministère de la planification"},
            "category": "government",
            "country": "TG",
        },
    )
    assert ministry.status_code == 201, ministry.content
    new = {
        "code": "togo",
        "names": {"en": "TWG of Togo", "fr": "GTT du Togo"},
        "country": "TG",
        "project": project,
        "preset": "usual",
        "participation": [{"category": "civil_society", "modality": "observer", "votes": False}],
        "time_zone": "Africa/Lome",
        "languages": ["fr"],
    }
    twg = iom.post("twgs/", new)
    assert twg.status_code == 201, twg.content
    assert twg.json()["terms"][0]["state"] == "draft"
    callers = {role: seat(iom, "togo", role) for role in ("chair", "secretariat", "consultant", "member", "observer")}
    terms = f"terms/{twg.json()['terms'][0]['id']}"
    adopted = callers["secretariat"].act(terms, "adopt", **DECISION)
    assert adopted.json()["subject"]["state"] == "adopted"
    assert {"category": "civil_society", "modality": "observer", "votes": False, "source": ""} in adopted.json()[
        "subject"
    ]["rules"]
    return {"iom": iom, **callers}


def seat(iom: Caller, twg: str, role: str) -> Caller:
    """A seat given by address, and a token for whoever holds it."""
    email = f"{role}@togo.example"
    given = iom.post(
        f"twgs/{twg}/seats/", {"email": email, "name": f"Togo's {role}", "role": role, "institution": "tgo-planning"}
    )
    assert given.status_code == 201, given.content
    assert given.json()["person"]["email"] == email
    return Caller(Person.objects.get(email=email))


def open_edition(keeper: Caller) -> str:
    """The profile with its owner, and its first edition; the edition's address."""
    profile = keeper.post("profiles/", {"code": "togo-profile", "names": {"fr": "Profil migratoire"}, "twg": "togo"})
    assert profile.status_code == 201, profile.content
    owned = keeper.patch("profiles/togo-profile/", {"owner": "tgo-planning", "version": profile.json()["version"]})
    assert owned.json()["owner"]["code"] == "tgo-planning"
    part = {"letter": "A", "titles": {"en": "Introduction"}, "sections": [{"titles": {"en": "Sources"}}]}
    made = keeper.post("templates/", {"code": "first", "number": 1, "names": {"en": "Template"}, "parts": [part]})
    assert made.status_code == 201, made.content
    edition = keeper.post("profiles/togo-profile/editions/", {"label": "2010", "template": "first"})
    assert edition.status_code == 201, edition.content
    assert edition.json()["stage"] == "template"
    return f"editions/{edition.json()['id']}"


def test_an_edition_goes_its_whole_way_through_the_api_alone(togo: dict[str, Caller]) -> None:
    path = open_edition(togo["secretariat"])
    ways = [
        ("secretariat", "start_drafting", DECISION, "drafting"),
        ("consultant", "submit_draft", {"note": "First draft."}, "comment"),
        ("chair", "return_to_drafting", {"note": "The figures of 2009 are missing."}, "drafting"),
        ("consultant", "submit_draft", {}, "comment"),
        ("secretariat", "request_endorsement", DECISION, "endorsement"),
        ("chair", "endorse", DECISION, "workshop"),
    ]
    for who, action, answers, stage in ways:
        assert_only_the_named_may(togo, path, action)
        done = togo[who].act(path, action, **answers)
        assert done.status_code == 200, done.content
        assert done.json()["subject"]["stage"] == stage
    asked = {a["name"]: a for a in togo["iom"].get(f"{path}/actions/").json()["actions"]}["close_workshop"]
    named = next(q for q in asked["asks"] if q["name"] == "update_institution")
    keeper = next(choice["value"] for choice in named["choices"] if "planification" in choice["label"])
    closed = togo["iom"].act(path, "close_workshop", update_institution=keeper, **DECISION, **f.REASONS)
    assert closed.json()["subject"]["update_institution"]["code"] == "tgo-planning"
    published = togo["secretariat"].act(path, "publish", published_on="2010-12", **DECISION)
    assert published.json()["subject"]["stage"] == "published"
    read_by_anybody(path)
    proven(togo["member"], path)


def assert_only_the_named_may(togo: dict[str, Caller], path: str, action: str) -> None:
    """The observer sees it and is told no; Mali's secretariat and the public don't find it."""
    problem(togo["observer"].act(path, action, note="x", **DECISION), 403, "not-permitted")
    mali = Caller(f.seat(f.twg("ML"), "secretariat"))
    problem(mali.get(f"{path}/"), 404, "not-found")
    problem(mali.post(f"{path}/actions/{action}/", {"version": 1, "note": "x"}), 404, "not-found")
    problem(Caller().get(f"{path}/"), 404, "not-found")


def read_by_anybody(path: str) -> None:
    anybody = Caller()
    assert anybody.get(f"{path}/").json()["published_on"] == "2010-12"
    assert anybody.get("profiles/togo-profile/").json()["title"] == "Profil migratoire"
    assert [e["country"] for e in anybody.get("editions/", {"country": "TG"}).json()["results"]] == ["TG"]
    problem(anybody.get(f"{path}/history/"), 404, "not-found")


def proven(member: Caller, path: str) -> None:
    """History tells it all, and its chain holds: in the database and in what the API gave out."""
    told = member.get(f"{path}/history/").json()["results"]
    assert [event["name"] for event in told] == [
        "opened", "start_drafting", "submit_draft", "return_to_drafting", "submit_draft", "request_endorsement",
        "endorse", "close_workshop", "publish",
    ]  # fmt: skip
    assert told[3]["note"] == "The figures of 2009 are missing."
    assert told[1]["data"]["decision"]["reference"] == "PV 4"
    for before, event in zip([None, *told], told, strict=False):
        assert event["previous"] == (before["hash"] if before else "")
        assert chained(event) == event["hash"]
    stays = member.get(f"{path}/durations/").json()
    assert [visit["stage"] for visit in stays["visits"]].count("drafting") == 2
    assert stays["returns"] == 1
    verdict = history.verify()
    assert verdict.broken is None
    assert verdict.events > len(told)


def chained(event: dict[str, Any]) -> str:
    """The hash as docs/api.md says that a client can compute it."""
    import hashlib
    import json

    left_out = ("hash", "withheld", "label", "from_label", "to_label")
    content = {name: value for name, value in event.items() if name not in left_out}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_secretariat_opens_a_neighbour_s_twg_and_becomes_its_secretariat() -> None:
    keeper = Caller(f.seat(f.twg("GH"), "secretariat"))
    opened = keeper.post(
        "twgs/", {"code": "benin", "names": {"fr": "GTT du Bénin"}, "country": "BJ", "preset": "usual"}
    )
    assert opened.status_code == 201, opened.content
    assert opened.json()["inside"] is True
    assert [s["role"] for s in keeper.get("me/").json()["seats"] if s["twg"] == "benin"] == ["secretariat"]


def test_a_member_opens_no_twg() -> None:
    member = Caller(f.seat(f.twg("GH"), "member"))
    new = {"code": "benin", "names": {"fr": "GTT du Bénin"}, "country": "BJ", "preset": "usual"}
    problem(member.post("twgs/", new), 403, "not-permitted")
