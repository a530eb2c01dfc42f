"""engine.perform: the only way in which a state changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from workflow.engine import gates, history
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.groups.models import Twg
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def draft(ghana: Twg) -> Edition:
    return f.edition(ghana, stage="drafting")


def submit(edition: Edition, actor: Any, **more: Any) -> Event:
    return engine.perform(EditionFlow(edition), "submit_draft", actor=actor, **more)


def test_the_consultant_submits_the_draft_and_history_says_who_when_from_where_to_where(
    draft: Edition, ghana: Twg
) -> None:
    institute = f.institution("Centre for Migration Studies", category="research")
    author = f.seat(ghana, "consultant", "The consultant", institution=institute)

    event = submit(draft, author, note="First complete draft.")

    assert draft.stage == Stage.COMMENT
    assert (event.actor, event.actor_name) == (author, "The consultant")
    assert (event.institution, event.institution_ref) == ("Centre for Migration Studies", institute.pk)
    assert event.capacity == "consultant"
    assert (event.from_state, event.to_state) == ("drafting", "comment")
    assert event.note == "First complete draft."
    assert event.sequence == draft.version
    assert event.hash == draft.head


def test_a_member_may_not_submit_it_and_is_told_who_may(draft: Edition, ghana: Twg) -> None:
    with pytest.raises(NotPermitted, match="the consultant or the secretariat"):
        submit(draft, f.seat(ghana, "member"))
    assert draft.stage == Stage.DRAFTING


def test_malis_secretariat_may_not_move_ghanas_edition(draft: Edition) -> None:
    with pytest.raises(NotPermitted):
        submit(draft, f.seat(f.twg("ML"), "secretariat"))


def test_a_seat_that_ended_a_moment_ago_no_longer_counts_although_a_page_had_read_it(
    draft: Edition, ghana: Twg
) -> None:
    from workflow.groups import access, services

    author = f.seat(ghana, "consultant")
    assert access.seats(author).present
    services.end_seat(f.seat_of(author), until="2009-01-31", actor=None, note="Contract over.")
    with pytest.raises(NotPermitted):
        submit(draft, author)


def test_nothing_changes_when_a_transition_is_refused(draft: Edition, ghana: Twg) -> None:
    before = (draft.version, Event.objects.count(), OutboxRow.objects.count())
    with pytest.raises(NotPermitted):
        submit(draft, f.seat(f.twg("ML"), "secretariat"))
    draft.refresh_from_db()
    # Two TWGs' worth of events were added by the factory; none of them is about the draft.
    assert draft.version == before[0]
    assert OutboxRow.objects.count() == before[2]


def test_a_stale_page_is_told_what_happened_since(draft: Edition, ghana: Twg) -> None:
    seen = draft.version
    author = f.seat(ghana, "consultant", "The consultant")
    submit(draft, author)
    with pytest.raises(Conflict) as conflict:
        engine.perform(EditionFlow(draft), "withdraw", actor=f.seat(ghana, "chair"), note="No.", version=seen)
    assert [(e.name, e.actor_name) for e in conflict.value.events] == [("submit_draft", "The consultant")]


def test_what_is_not_possible_from_here_is_a_conflict_in_the_readers_words(draft: Edition, ghana: Twg) -> None:
    with pytest.raises(Conflict, match="“Publish” is not possible while the stage is “Drafting”"):
        engine.perform(EditionFlow(draft), "publish", actor=f.seat(ghana, "chair"))


def test_there_is_no_such_action(draft: Edition, ghana: Twg) -> None:
    with pytest.raises(Conflict, match="no such action"):
        engine.perform(EditionFlow(draft), "explode", actor=f.seat(ghana, "chair"))


def test_going_back_needs_a_reason(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    chair = f.seat(ghana, "chair")
    with pytest.raises(Incomplete) as refusal:
        engine.perform(EditionFlow(edition), "return_to_drafting", actor=chair, note="   ")
    assert "note" in refusal.value.fields
    engine.perform(EditionFlow(edition), "return_to_drafting", actor=chair, note="Part C lacks the census.")
    assert edition.stage == Stage.DRAFTING


def test_a_closed_gate_asks_for_a_recorded_decision(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    keeper = f.seat(ghana, "secretariat")
    with pytest.raises(Incomplete) as refusal:
        engine.perform(EditionFlow(edition), "request_endorsement", actor=keeper)
    assert "decision_body" in refusal.value.fields

    event = engine.perform(EditionFlow(edition), "request_endorsement", actor=keeper, data=f.DECISION)

    decision = RecordedDecision.objects.get(pk=event.data["decision"]["id"])
    assert (decision.body, decision.decided, decision.recorded_by) == ("The TWG's meeting", "2009-04", keeper)
    assert event.data["decision"]["reference"] == "PV 3"


def test_an_open_gate_asks_for_nothing(ghana: Twg, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = f.edition(ghana, stage="comment")
    monkeypatch.setitem(gates._answers, "comments_answered", lambda subject: gates.Answer(True))
    engine.perform(EditionFlow(edition), "request_endorsement", actor=f.seat(ghana, "chair"))
    assert edition.stage == Stage.ENDORSEMENT
    assert not RecordedDecision.objects.filter(subject_id=edition.pk, decided="2009-04").exclude(
        pk__in=[e.data["decision"]["id"] for e in history.events_of(edition) if "decision" in e.data]
    )


def test_a_condition_that_does_not_hold_says_which(ghana: Twg) -> None:
    edition = f.edition(ghana)  # nobody holds the consultant's seat yet
    with pytest.raises(Unmet, match="research consultant"):
        engine.perform(EditionFlow(edition), "start_drafting", actor=f.seat(ghana, "chair"), data=f.DECISION)
    assert edition.stage == Stage.TEMPLATE
    assert not RecordedDecision.objects.exists(), "the decision was rolled back with the refused transition"


def test_a_failure_inside_the_transition_leaves_neither_state_nor_event(
    draft: Edition, ghana: Twg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*args: Any, **kwargs: Any) -> None:
        raise OSError("power cut")

    monkeypatch.setattr("workflow.engine.outbox.put", power_cut)
    events = Event.objects.count()
    with pytest.raises(OSError, match="power cut"):
        submit(draft, None)
    draft.refresh_from_db()
    assert draft.stage == Stage.DRAFTING
    assert Event.objects.count() == events


def test_a_state_cannot_be_set_by_hand(draft: Edition) -> None:
    flow = EditionFlow(draft)
    with pytest.raises(AttributeError):
        flow.state = Stage.PUBLISHED  # type: ignore[misc]
    with pytest.raises(RuntimeError, match=r"only engine\.perform"):
        flow.submit_draft()


def test_an_edit_may_not_smuggle_a_state_in(draft: Edition) -> None:
    with (
        pytest.raises(RuntimeError, match=r"only engine\.perform"),
        engine.change(draft, "changed", actor=None) as change,
    ):
        change.subject.stage = Stage.PUBLISHED
    draft.refresh_from_db()
    assert draft.stage == Stage.DRAFTING


def test_an_edit_tells_what_differed_and_nothing_when_nothing_did(ghana: Twg) -> None:
    version = ghana.version
    with engine.change(ghana, "changed", actor=None) as change:
        change.subject.cadence_from = 2
    assert history.events_of(ghana).last().data == {"changed": {"cadence_from": [None, 2]}}  # type: ignore[union-attr]
    with engine.change(ghana, "changed", actor=None) as change:
        change.subject.cadence_from = 2
    assert ghana.version == version + 1


def test_an_event_may_be_told_only_once(draft: Edition) -> None:
    from django.db import IntegrityError, transaction

    telling = engine.Telling(occurred="2009-04", external_key="wca/ghana/submit", quiet=True)
    submit(draft, None, telling=telling)
    f.perform(draft, "return_to_drafting", note="Once more.")
    with pytest.raises(IntegrityError), transaction.atomic():
        submit(draft, None, telling=telling)


def test_what_is_replayed_from_a_file_sends_no_mail(draft: Edition) -> None:
    waiting = OutboxRow.objects.count()
    submit(draft, None, telling=engine.Telling(quiet=True))
    assert OutboxRow.objects.count() == waiting
