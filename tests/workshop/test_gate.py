"""The policy workshop's gate: what it did is seen before anybody presses; what it did not do has its reason (S21)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.attendance.models import Attendance
from meetings.scheduling.models import AgendaItem, Meeting
from recommendations.register import services as register
from tests import factories as f
from tests.api.calls import Caller
from tests.groups.reading import browser, questions
from tests.register.making import press as recommend
from workflow.engine import gates, history
from workflow.engine import services as engine
from workflow.engine.errors import Incomplete
from workflow.groups.models import Person, Twg
from workflow.profiles.flow import WORKSHOP_CLOSED, EditionFlow
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db
NAMED = {"no_update_institution": "The ministry decides in January."}


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", of=f.project())


@pytest.fixture
def edition(ghana: Twg) -> Edition:
    return f.edition(ghana, stage="workshop")


@pytest.fixture
def keeper(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "The secretariat")


def workshop(
    edition: Edition, *, state: str = "held", about: bool = True, closed_item: bool = False, came: bool = True,
    kind: str = "policy_workshop", **fields: Any,
) -> Meeting:  # fmt: skip
    """The meeting that presents the draft; each part of that can be left out."""
    starts = timezone.now() - timedelta(days=3)
    if fields.get("closed"):
        fields["closed_reason"] = "Sovereignty."
    made = Meeting(
        twg=edition.twg, starts_at=starts, ends_at=starts + timedelta(hours=6), kind=kind,
        titles={"en": "National Policy Planning Workshop"}, **fields,
    )  # fmt: skip
    engine.create(made, actor=None, begins=state)
    AgendaItem.objects.create(
        meeting=made, position=1, titles={"en": "The draft"}, closed=closed_item,
        about_kind="edition" if about else "", about_id=edition.pk if about else None,
    )  # fmt: skip
    if came:
        Attendance.objects.create(meeting=made, name="The director", came=True, confirmed=True)
    return made


def issue(edition: Edition, meeting: Meeting, ground: str, *, closed: bool = False, state: str = "issued") -> None:
    told = {"ground": ground, "texts": {"en": f"On {ground}"}, "meeting": meeting, "edition": edition}
    made = register.draft(edition.twg, told, actor=None, closed=closed)
    if state == "issued":
        recommend(made, "issue")


def met(edition: Edition) -> dict[str, bool]:
    return {part.name: part.met for part in gates.ask(WORKSHOP_CLOSED, edition).parts}


def close(edition: Edition, person: Person | None = None, **answers: Any) -> Any:
    return engine.perform(EditionFlow(edition), "close_workshop", actor=person, data=NAMED | answers)


def test_a_workshop_that_did_it_all_closes_with_no_reason_and_no_decision(edition: Edition, keeper: Person) -> None:
    meeting = workshop(edition)
    for ground in ("policy", "data"):
        issue(edition, meeting, ground)
    assert met(edition) == {"presented": True, "policy": True, "data": True}
    event = close(edition, keeper)
    assert edition.stage == "handover"
    assert event.data["missing"] == {}
    assert "decision" not in event.data


def test_each_missing_part_asks_for_its_own_reason(edition: Edition, keeper: Person) -> None:
    meeting = workshop(edition)
    issue(edition, meeting, "policy")
    assert met(edition) == {"presented": True, "policy": True, "data": False}
    with pytest.raises(Incomplete) as refusal:
        close(edition, keeper)
    assert set(refusal.value.fields) == {"missing_data"}
    event = close(edition, keeper, missing_data="The data group meets in June.")
    assert event.data["missing"] == {"data": "The data group meets in June."}
    page = browser(keeper).get(reverse("history", args=["edition", edition.pk])).text
    assert "Recommendations on data were issued. – The data group meets in June." in page


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ({"about": False}, "No policy workshop has this edition on its agenda."),
        ({"kind": "regular"}, "No policy workshop has this edition on its agenda."),
        ({"state": "scheduled"}, "has not been held yet"),
        ({"state": "cancelled"}, "has not been held yet"),
        ({"came": False}, "Nobody is written down as present"),
        ({"closed_item": True}, "No policy workshop has this edition on its agenda."),
        ({"closed": True}, "No policy workshop has this edition on its agenda."),
    ],
)
def test_presented_means_on_the_agenda_held_and_with_people(
    edition: Edition, lacking: dict[str, Any], told: str
) -> None:  # fmt: skip
    workshop(edition, **lacking)
    part = gates.ask(WORKSHOP_CLOSED, edition).parts[0]
    assert (part.met, told in str(part.told)) == (False, True)


@pytest.mark.parametrize("state", ["held", "circulated", "approved"])
def test_a_workshop_stays_held_while_its_minutes_go_on(edition: Edition, state: str) -> None:
    workshop(edition, state=state)
    assert met(edition)["presented"]


def test_a_drafted_recommendation_is_not_issued_and_another_editions_is_not_this_ones(edition: Edition) -> None:
    meeting = workshop(edition)
    issue(edition, meeting, "policy", state="drafted")
    other = f.edition(f.profile(edition.twg))
    issue(other, meeting, "data")
    assert met(edition) == {"presented": True, "policy": False, "data": False}


def test_what_was_issued_behind_closed_doors_leaves_no_trace_in_the_gate(edition: Edition) -> None:
    """S31: whoever closes the workshop gives a reason of their own words."""
    meeting = workshop(edition)
    issue(edition, meeting, "policy", closed=True)
    assert met(edition)["policy"] is False


def test_the_page_shows_which_parts_are_met_before_anybody_presses(edition: Edition, keeper: Person) -> None:
    meeting = workshop(edition)
    issue(edition, meeting, "data")
    page = " ".join(browser(keeper).get(reverse("edition", args=[edition.pk])).text.split())
    shown = page[page.index('id="workshop"') :]
    assert shown.count("met</span>") == 2
    assert shown.count("missing</span>") == 2
    assert "None was issued at a policy workshop on this edition." in shown
    form = browser(keeper).get(reverse("act", args=["edition", edition.pk, "close_workshop"])).text
    assert "missing_policy" in form
    assert "missing_data" not in form
    f.perform(edition, "return_to_drafting", note="Again.")
    assert 'id="workshop"' not in browser(keeper).get(reverse("edition", args=[edition.pk])).text


def test_the_editions_page_asks_no_more_than_seven_questions_however_many_workshops(
    edition: Edition, keeper: Person
) -> None:  # fmt: skip
    page = reverse("edition", args=[edition.pk])
    little = questions(browser(keeper), page)
    for _n in range(3):
        for ground in ("policy", "data"):
            issue(edition, workshop(edition), ground)
    assert questions(browser(keeper), page) == little <= 7


def test_a_refused_form_keeps_every_reason_that_was_typed(edition: Edition, keeper: Person) -> None:
    form = {"version": edition.version, "missing_presented": "On paper in May.", "missing_policy": "", **NAMED}
    answer = browser(keeper).post(reverse("act", args=["edition", edition.pk, "close_workshop"]), form)
    assert answer.status_code == 422
    assert "On paper in May." in answer.text
    assert NAMED["no_update_institution"] in answer.text


def test_a_decision_taken_outside_is_recorded_beside_the_reasons_if_there_is_one(
    edition: Edition, keeper: Person
) -> None:  # fmt: skip
    event = close(edition, keeper, **f.REASONS, **f.DECISION)
    assert event.data["decision"]["reference"] == "PV 3"
    assert history.verify().broken is None


def test_half_a_decision_is_refused(edition: Edition, keeper: Person) -> None:
    with pytest.raises(Incomplete) as refusal:
        close(edition, keeper, **f.REASONS, decision_reference="PV 3")
    assert set(refusal.value.fields) == {"decision_body"}


def test_a_program_reads_what_is_missing_and_gives_the_reasons(edition: Edition, keeper: Person) -> None:
    workshop(edition)
    path = f"editions/{edition.pk}"
    [action] = [a for a in Caller(keeper).get(f"{path}/actions/").json()["actions"] if a["name"] == "close_workshop"]
    asked = {question["name"] for question in action["asks"]}
    assert {"missing_policy", "missing_data"} <= asked
    assert "missing_presented" not in asked
    reasons = {name: "In June." for name in asked if name.startswith("missing_")}
    assert Caller(keeper).act(path, "close_workshop", **NAMED, **reasons).status_code == 200


def test_a_project_files_workshop_says_that_the_file_tells_no_more() -> None:
    from pathlib import Path

    import workflow.projects
    from workflow.projects import loading, reading

    file = Path(workflow.projects.__file__).parent / "wca.yaml"
    loading.load(reading.read(file))
    for edition in Edition.objects.filter(profile__twg__country__in=["GH", "ML", "CV"]):
        event = history.events_of(edition).filter(name="close_workshop").get()
        assert set(event.data["missing"]) == {"presented", "policy", "data"}
        assert all("project file" in reason for reason in event.data["missing"].values())
        assert edition.handover.state == "prepared"
        assert edition.handover.items.count() == 8
