"""Two programs at once: every change names the version that it starts from."""

from __future__ import annotations

import pytest

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.groups.models import Twg
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def draft(ghana: Twg) -> Edition:
    return f.edition(ghana, stage="drafting")


@pytest.fixture
def secretariat(ghana: Twg) -> Caller:
    return Caller(f.seat(ghana, "secretariat"))


def test_a_detail_gives_its_version_as_etag(secretariat: Caller, draft: Edition) -> None:
    answer = secretariat.get(f"editions/{draft.pk}/")
    assert answer["ETag"].removeprefix("W/") == f'"{answer.json()["version"]}"' == f'"{draft.version}"'


def test_a_change_without_a_version_is_refused(secretariat: Caller, ghana: Twg, draft: Edition) -> None:
    problem(secretariat.patch(f"twgs/{ghana.code}/", {"source": "x"}), 428, "version-required")
    problem(secretariat.post(f"editions/{draft.pk}/actions/submit_draft/"), 428, "version-required")
    problem(secretariat.post(f"twgs/{ghana.code}/parents/", {"status": "open"}), 428, "version-required")
    draft.refresh_from_db()
    assert draft.stage == "drafting"


@pytest.mark.parametrize("header", ['"{}"', 'W/"{}"', "{}"])
def test_if_match_is_a_version_too(secretariat: Caller, draft: Edition, header: str) -> None:
    answer = secretariat.post(f"editions/{draft.pk}/actions/submit_draft/", If_Match=header.format(draft.version))
    assert answer.status_code == 200
    assert answer.json()["subject"]["stage"] == "comment"
    assert answer.json()["event"]["name"] == "submit_draft"
    assert answer["ETag"].removeprefix("W/") == f'"{draft.version + 1}"'


@pytest.mark.parametrize("version", ["one", -1, 1.5, True, [1], {"a": 1}, "*"])
def test_a_version_that_is_no_number(secretariat: Caller, draft: Edition, version: object) -> None:
    body = problem(
        secretariat.post(f"editions/{draft.pk}/actions/submit_draft/", {"version": version}), 422, "incomplete"
    )
    assert set(body["errors"]) == {"version"}


def test_two_versions_that_differ_are_one_too_many(secretariat: Caller, draft: Edition) -> None:
    answer = secretariat.post(f"editions/{draft.pk}/actions/submit_draft/", {"version": 1}, If_Match='"2"')
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"version"}


def test_the_second_of_two_gets_what_the_first_one_did(secretariat: Caller, ghana: Twg, draft: Edition) -> None:
    chair = Caller(f.seat(ghana, "chair", "The chair"))
    read = draft.version
    first = chair.post(f"editions/{draft.pk}/actions/withdraw/", {"version": read, "note": "The census comes first."})
    assert first.status_code == 200
    second = secretariat.post(f"editions/{draft.pk}/actions/submit_draft/", {"version": read})
    body = problem(second, 409, "conflict")
    assert body["version"] == read + 1
    assert body["state"] == "withdrawn"
    assert [(e["name"], e["capacity"], e["note"]) for e in body["events"]] == [
        ("withdraw", "chair", "The census comes first.")
    ]


def test_a_stale_patch_changes_nothing(secretariat: Caller, ghana: Twg) -> None:
    ghana.refresh_from_db()
    read = ghana.version
    assert secretariat.patch(f"twgs/{ghana.code}/", {"source": "first", "version": read}).status_code == 200
    problem(secretariat.patch(f"twgs/{ghana.code}/", {"source": "second", "version": read}), 409, "conflict")
    problem(secretariat.patch(f"twgs/{ghana.code}/", {"source": "second"}, If_Match=f'"{read}"'), 409, "conflict")
    ghana.refresh_from_db()
    assert ghana.source == "first"


def test_a_condition_that_does_not_hold_says_which(secretariat: Caller, ghana: Twg) -> None:
    bare = f.edition(f.profile(ghana))
    answer = secretariat.act(f"editions/{bare.pk}", "start_drafting", **f.DECISION)
    assert "consultant" in problem(answer, 409, "unmet")["detail"]


def test_what_an_action_asks_for_is_refused_field_by_field(secretariat: Caller, draft: Edition) -> None:
    path = f"editions/{draft.pk}"
    assert set(problem(secretariat.act(path, "withdraw"), 422, "incomplete")["errors"]) == {"note"}
    assert secretariat.act(path, "submit_draft").status_code == 200
    answer = secretariat.act(path, "request_endorsement", decision_date="last spring")
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"decision_body", "decision_date"}
    answer = secretariat.act(path, "withdraw", note={"en": "Because"})
    assert set(problem(answer, 422, "incomplete")["errors"]) == {"note"}


def test_an_action_that_the_stage_does_not_have_is_a_conflict_and_one_that_nobody_knows_is_not_found(
    secretariat: Caller, draft: Edition
) -> None:
    problem(secretariat.act(f"editions/{draft.pk}", "publish"), 409, "conflict")
    problem(secretariat.act(f"editions/{draft.pk}", "celebrate"), 404, "not-found")
    problem(secretariat.act(f"twgs/{draft.twg.code}", "publish"), 404, "not-found")
