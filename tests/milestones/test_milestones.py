"""A step towards a TWG that lasts, from the first idea to the second pair of eyes (S41, S43, S45)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from recommendations.milestones import services
from recommendations.milestones.models import Milestone
from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.selectors import actions
from workflow.groups import services as groups
from workflow.groups.models import Person, Project, Twg

from .making import EVIDENCE, milestone, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def mali(project: Project) -> Twg:
    return f.twg("ML", of=project)


@pytest.fixture
def secretariat(mali: Twg) -> Person:
    return f.seat(mali, "secretariat")


def test_s43_the_secretariat_of_mali_carries_the_endorsement_through_and_the_chair_verifies_it(
    mali: Twg, secretariat: Person
) -> None:
    dgme, ministry = f.institution("DGME", country="ML"), f.institution("Ministry", country="ML")
    step = services.record_milestone(
        mali,
        {"kind": "endorsement", "titles": {"en": "Endorsed"}, "responsible": dgme, "counterpart": ministry},
        actor=secretariat,
    )
    press(step, "agree", actor=secretariat)
    press(step, "start", actor=secretariat)
    press(step, "achieve", actor=secretariat, data=EVIDENCE | {"achieved_on": "2010-03"})
    press(step, "verify", actor=f.seat(mali, "chair"))
    step.refresh_from_db()
    assert (step.state, step.achieved_on, step.evidence_text) == ("verified", "2010-03", EVIDENCE["evidence_text"])
    told = [(e.name, e.capacity) for e in history.events_of(step)]
    assert told == [("created", "secretariat"), ("agree", "secretariat"), ("start", "secretariat"),
                    ("achieve", "secretariat"), ("verify", "chair")]  # fmt: skip
    assert history.verify().broken is None


def test_nothing_is_achieved_without_evidence(mali: Twg, secretariat: Person) -> None:
    step = milestone(mali, state="in_progress")
    with pytest.raises(Incomplete) as refusal:
        press(step, "achieve", actor=secretariat)
    assert set(refusal.value.fields) == {"evidence_text"}
    step.refresh_from_db()
    assert step.state == "in_progress"


def test_evidence_recorded_before_is_enough_and_keeps_its_languages(mali: Twg) -> None:
    step = milestone(mali, state="agreed", evidence={"en": "A letter", "fr": "Une lettre"})
    press(step, "achieve")
    assert step.evidence == {"en": "A letter", "fr": "Une lettre"}
    told = history.events_of(step).get(name="achieve").data
    assert told == {"evidence": "A letter", "achieved_on": ""}


def test_new_evidence_replaces_the_old_in_every_language(mali: Twg) -> None:
    step = milestone(mali, state="agreed", evidence={"en": "Asked for", "fr": "Demandé"})
    press(step, "achieve", data=EVIDENCE)
    assert step.evidence == {"en": EVIDENCE["evidence_text"]}, "the French words would still say that it was asked for"


def test_a_date_that_is_none_is_told_at_its_field(mali: Twg) -> None:
    with pytest.raises(Incomplete) as refusal:
        press(milestone(mali, state="agreed"), "achieve", data=EVIDENCE | {"achieved_on": "in March"})
    assert set(refusal.value.fields) == {"achieved_on"}


def test_four_eyes_a_chair_does_not_verify_what_the_same_chair_said(mali: Twg) -> None:
    chair = f.seat(mali, "chair")
    step = milestone(mali, state="in_progress")
    press(step, "achieve", actor=chair, data=EVIDENCE)
    with pytest.raises(Unmet, match="somebody else verifies it"):
        press(step, "verify", actor=chair)
    verify = next(a for a in actions(step, chair) if a.name == "verify")
    assert not verify.allowed
    assert "somebody else" in str(verify.reason)


def test_who_said_it_last_counts_and_not_who_said_it_first(mali: Twg, secretariat: Person) -> None:
    chair = f.seat(mali, "chair")
    step = milestone(mali, state="in_progress")
    press(step, "achieve", actor=chair, data=EVIDENCE)
    press(step, "reopen", actor=secretariat, note="The decree was not signed.")
    assert step.achieved_on == ""
    press(step, "achieve", actor=secretariat, data=EVIDENCE)
    press(step, "verify", actor=chair)
    assert step.state == "verified"


def test_iom_verifies_too_and_the_secretariat_does_not(mali: Twg, secretariat: Person, project: Project) -> None:
    step = milestone(mali, state="achieved")
    with pytest.raises(NotPermitted, match="the chair or IOM"):
        press(step, "verify", actor=secretariat)
    press(step, "verify", actor=f.monitor(project))
    assert step.state == "verified"


def test_dropping_needs_a_reason_and_what_is_wanted_again_is_agreed_on_again(mali: Twg, secretariat: Person) -> None:
    step = milestone(mali, state="agreed")
    with pytest.raises(Incomplete):
        press(step, "drop", actor=secretariat)
    press(step, "drop", actor=secretariat, note="The ministry declined.")
    assert step.state == "dropped"
    press(step, "reopen", actor=secretariat, note="A new minister.")
    assert step.state == "proposed"
    assert history.verify().broken is None


@pytest.mark.parametrize("state", ["proposed", "achieved", "verified"])
def test_no_state_is_skipped(mali: Twg, secretariat: Person, state: str) -> None:
    step = milestone(mali, state=state)
    with pytest.raises(Conflict, match="not possible while"):
        press(step, "start", actor=secretariat)


@pytest.mark.parametrize("role", ["member", "alternate", "observer", "consultant"])
def test_other_seats_record_change_and_move_nothing(mali: Twg, role: str) -> None:
    somebody = f.seat(mali, role)
    step = milestone(mali)
    with pytest.raises(NotPermitted):
        services.record_milestone(mali, {"kind": "other", "titles": {"en": "x"}}, actor=somebody)
    with pytest.raises(NotPermitted):
        services.change_milestone(step, {"titles": {"en": "x"}}, actor=somebody)
    with pytest.raises(NotPermitted):
        press(step, "agree", actor=somebody)
    assert Milestone.objects.get().titles == {"en": "Official endorsement"}


def test_the_secretariat_of_ghana_moves_nothing_in_mali(mali: Twg) -> None:
    with pytest.raises(NotPermitted):
        press(milestone(mali), "agree", actor=f.seat(f.twg("GH"), "secretariat"))


def test_a_milestone_belongs_to_the_twg_and_only_its_own_bodies_work_on_it(mali: Twg) -> None:
    own = groups.link_body(mali, {"code": "cso", "names": {"en": "CSO"}, "kind": "committee"}, actor=None)
    other = groups.link_body(f.twg("GH"), {"code": "db", "names": {"en": "DB"}, "kind": "committee"}, actor=None)
    assert milestone(mali, linked_body=own).linked_body == own
    with pytest.raises(ValidationError, match="not linked"):
        milestone(mali, linked_body=other)
    with pytest.raises(ValidationError, match="for the TWG itself"):
        milestone(own)


def test_a_change_is_one_event_and_a_stale_one_is_refused(mali: Twg, secretariat: Person) -> None:
    step = milestone(mali)
    version = step.version
    services.change_milestone(step, {"when": "2010"}, actor=secretariat, version=version)
    assert history.events_of(step).last().data["changed"] == {"when": ["", "2010"]}  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        services.change_milestone(step, {"when": "2011"}, actor=secretariat, version=version)
    services.change_milestone(step, {"when": "2010"}, actor=secretariat)
    assert history.events_of(step).count() == 2
