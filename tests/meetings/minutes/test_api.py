"""Minutes, decisions and action items through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.minutes.models import ActionItem, Decision
from tests.groups.reading import browser
from tests.meetings.minutes import making as m

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def house() -> m.House:
    return m.house()


def post(person: Any, address: str, /, **body: Any) -> Any:
    return browser(person).post(f"/api/v1/{address}/", body, content_type=JSON)


def test_minutes_are_read_with_their_text_round_and_addenda(house: m.House) -> None:
    made = m.approved(house)
    row = browser(house.director).get(f"/api/v1/minutes/{made.pk}/").json()
    assert (row["twg"], row["state"], row["closed"]) == (house.twg.code, "approved", False)
    assert row["rounds"] == [made.round_id]
    assert row["addenda"] == []
    sections = browser(house.director).get(f"/api/v1/texts/{row['text']}/")
    assert sections.status_code == 200
    listed = browser(house.director).get(f"/api/v1/minutes/?twg={house.twg.code}").json()
    assert listed["count"] == 1


def test_a_decision_is_taken_down_and_changed(house: m.House) -> None:
    made = m.minutes(house)
    item = made.items.get(position=2)
    answer = post(house.secretariat, "meeting-decisions", minutes=made.pk, item=item.pk, what="The census is used.")
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["number"], row["item"], row["state"]) == (1, item.pk, "stands")
    address = f"/api/v1/meeting-decisions/{row['id']}/"
    body = {"what": "The census of 1998 is used.", "version": row["version"]}
    changed = browser(house.secretariat).patch(address, body, content_type=JSON)
    assert changed.status_code == 200, changed.content
    assert Decision.objects.get().what == "The census of 1998 is used."
    assert browser(house.secretariat).patch(address, body, content_type=JSON).status_code == 409


def test_an_action_item_is_taken_down_done_and_listed(house: m.House) -> None:
    made = m.minutes(house)
    answer = post(
        house.secretariat, "action-items", minutes=made.pk, what="Send the tables.",
        institution=house.ministry.code, person=house.director.pk, due="2999-05-01",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert row["person"] == "The director"
    assert browser(house.observer).get(f"/api/v1/action-items/{row['id']}/").json()["person"] == ""
    done = post(house.director, f"action-items/{row['id']}/actions/finish", version=row["version"], note="Sent.")
    assert done.status_code == 200, done.content
    listed = browser(house.director).get("/api/v1/action-items/?state=done").json()
    assert [one["id"] for one in listed["results"]] == [row["id"]]


@pytest.mark.parametrize(
    "wrong",
    [{"what": ""}, {"item": 999999}, {"institution": "nowhere"}, {"due": "soon"}, {"minutes": 0}, {"person": 0}],
)
def test_bad_input_is_named_by_its_field(house: m.House, wrong: dict[str, Any]) -> None:
    made = m.minutes(house)
    body = {"minutes": made.pk, "what": "Send the tables.", "institution": house.ministry.code} | wrong
    answer = post(house.secretariat, "action-items", **body)
    assert answer.status_code == 422, answer.content
    assert next(iter(wrong)) in str(answer.json())
    assert not ActionItem.objects.exists()


def test_a_member_writes_nothing(house: m.House) -> None:
    made = m.minutes(house)
    assert post(house.director, "meeting-decisions", minutes=made.pk, what="Mine.").status_code == 403


def test_others_do_not_take_down_what_they_cannot_read(house: m.House) -> None:
    made = m.minutes(house, closed=True, closed_reason="Sovereignty")
    answer = post(house.activist, "meeting-decisions", minutes=made.pk, what="Mine.")
    assert answer.status_code == 422
    assert answer.json() == post(house.activist, "meeting-decisions", minutes=made.pk, what="Mine.").json()


@pytest.mark.parametrize("kind", ["minutes", "meeting-decisions", "action-items"])
def test_lists_ask_as_many_questions_however_long_they_are(house: m.House, kind: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{kind}/").status_code == 200
        return len(captured)

    made = m.minutes(house)
    m.decide(made)
    m.give(made, institution=house.ministry)
    client = browser(house.director)
    asked()
    before = asked()
    for number in range(3):
        again = m.minutes(house)
        m.decide(again, f"Decision {number}.")
        m.give(again, f"Action {number}.", institution=house.ministry, person=house.director)
    assert asked() == before


def test_minutes_are_prepared_and_corrected_by_a_program(house: m.House) -> None:
    meeting = m.meeting(house)
    prepared = post(house.secretariat, "minutes", meeting=meeting.pk)
    assert prepared.status_code == 201, prepared.content
    assert post(house.director, "minutes", meeting=meeting.pk).status_code == 403
    early = post(house.secretariat, f"minutes/{prepared.json()['id']}/addenda", words="Late.", version=1)
    assert early.status_code == 409
    made = m.approved(house)
    told = post(house.chair, f"minutes/{made.pk}/addenda", words="It was 2007.", version=made.version)
    assert told.status_code == 201, told.content
    assert [one["words"] for one in told.json()["addenda"]] == ["It was 2007."]
