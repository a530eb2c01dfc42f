"""Opening, closing and what follows: the deadline decides, whoever is there to see it (S08, S16, S40, S44)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories as f
from workflow.ballots import closing, deadlines, outcomes, preparing, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot
from workflow.engine import clock, history
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.flow import TermsFlow
from workflow.writing import services as writing

from . import voting as v

pytestmark = pytest.mark.django_db


def after_the_deadline(ballot: Ballot, time_machine_at: Any) -> None:
    time_machine_at((ballot.deadline + timedelta(seconds=1)).isoformat())


def closed(house: v.House, time_machine_at: Any, *said: services.Said, **fields: Any) -> Ballot:
    """A ballot in which institutions have voted in turn, past its deadline, closed by the clock."""
    ballot = v.opened(house, **fields)
    for number, one in enumerate(said):
        services.cast(ballot, house.institutions[number].pk, one, actor=house.members[number])
    after_the_deadline(ballot, time_machine_at)
    clock.tick(force=True)
    ballot.refresh_from_db()
    return ballot


def test_opening_fixes_the_hash_of_the_exact_text_and_the_terms_it_goes_by() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    assert ballot.draft is not None
    assert (ballot.text_sha256, ballot.terms and ballot.terms.number) == (ballot.draft.sha256, 1)
    event = history.events_of(ballot).last()
    assert event is not None
    assert event.data["text_sha256"] == ballot.text_sha256
    assert [e["name"] for e in event.data["electorate"]] == ["Ministry 0", "Ministry 1"]


def test_a_ballot_does_not_open_on_a_text_that_has_moved_on() -> None:
    house = v.house(2)
    ballot = v.ballot(house)
    assert ballot.draft is not None
    section = ballot.draft.text.sections.first()
    assert section is not None
    writing.save(section, "Other words.", actor=None, base=section.number)
    with pytest.raises(Unmet, match="has changed since this draft"):
        engine.perform(BallotFlow(ballot), "open_ballot", actor=house.chair)
    writing.take_draft(ballot.draft.text, "A later one", actor=None)
    with pytest.raises(Unmet, match="A later draft has been taken"):
        engine.perform(BallotFlow(ballot), "open_ballot", actor=house.chair)


def test_one_ballot_at_a_time_is_open_on_one_thing() -> None:
    house = v.house(2)
    first = v.opened(house)
    second = v.ballot(house, about_kind=first.about_kind, about_id=first.about_id, draft=first.draft)
    with pytest.raises(Unmet, match="open already"):
        engine.perform(BallotFlow(second), "open_ballot", actor=house.chair)


def test_a_deadline_in_the_past_opens_nothing() -> None:
    house = v.house(2)
    ballot = v.ballot(house, deadline=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Unmet, match="later one first"):
        engine.perform(BallotFlow(ballot), "open_ballot", actor=house.chair)


def test_only_chair_and_secretariat_open_and_close() -> None:
    house = v.house(2)
    ballot = v.ballot(house)
    for somebody in (house.members[0], f.monitor(f.project())):
        with pytest.raises(NotPermitted):
            engine.perform(BallotFlow(ballot), "open_ballot", actor=somebody)


# -- closing ---------------------------------------------------------------------------------------------


def test_the_clock_closes_what_is_past_its_deadline_and_counts(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    ballot = closed(v.house(5), time_machine_at, v.FOR, v.FOR, v.AGAINST)
    assert (ballot.state, ballot.decided) == ("closed", "endorsed")
    assert ballot.result == {
        "electorate": 5, "endorse": 2, "reserve": 0, "object": 1, "abstain": 0, "silent": 2, "quorum": 3, "left": [],
    }  # fmt: skip


def test_before_the_deadline_nobody_closes_it_by_hand_while_somebody_may_still_vote() -> None:
    house, strict = v.house(3, early_closing=True), v.house(3)
    ballot, until_the_end = v.opened(house), v.opened(strict)
    with pytest.raises(Unmet, match="not all have voted"):
        services.close(ballot, actor=house.chair)
    v.everybody(strict, until_the_end, v.FOR)
    with pytest.raises(Unmet, match="terms of reference do not close it earlier"):
        services.close(until_the_end, actor=strict.chair)


def test_the_last_vote_closes_it_where_the_terms_allow() -> None:
    house = v.house(3, early_closing=True)
    ballot = v.opened(house)
    v.everybody(house, ballot, v.FOR)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided) == ("closed", "endorsed")


def test_a_passed_deadline_decides_although_nobody_has_closed_it(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(3)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    after_the_deadline(ballot, time_machine_at)
    assert closing.over(Ballot.objects.get(pk=ballot.pk))
    with pytest.raises(Unmet):
        services.cast(ballot, house.institutions[1].pk, v.FOR, actor=house.members[1])


def test_closing_twice_counts_once(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    ballot = closed(v.house(3), time_machine_at, v.FOR, v.FOR)
    before = history.events_of(ballot).count()
    assert deadlines.close_due(timezone.now()) == 0
    assert history.events_of(ballot).count() == before


def test_an_extension_needs_a_reason_and_a_later_day_and_comes_before_the_deadline(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(3)
    ballot = v.opened(house)
    later = ballot.deadline + timedelta(days=5)
    with pytest.raises(ValidationError):
        preparing.extend(ballot, later, actor=house.chair, note=" ")
    with pytest.raises(ValidationError):
        preparing.extend(ballot, ballot.deadline, actor=house.chair, note="Holidays.")
    preparing.extend(ballot, later, actor=house.chair, note="Holidays.")
    ballot.refresh_from_db()
    assert ballot.deadline == later
    after_the_deadline(ballot, time_machine_at)
    with pytest.raises(Unmet, match="Voting is over"):
        preparing.extend(ballot, later + timedelta(days=1), actor=house.chair, note="Too late.")


def test_a_broken_silence_closes_at_once_and_goes_to_discussion() -> None:
    house = v.house(3)
    ballot = v.opened(house, rule="no_objection")
    services.cast(ballot, house.institutions[0].pk, v.AGAINST, actor=house.members[0])
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided) == ("closed", "broken")


def test_after_no_quorum_the_same_is_asked_again_once(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(4)
    ballot = closed(house, time_machine_at, v.FOR)
    assert ballot.decided == "no_quorum"
    second = preparing.repeat(ballot, timezone.now() + timedelta(days=7), actor=house.chair)
    assert (second.question, second.draft, second.repeats) == (ballot.question, ballot.draft, ballot)
    with pytest.raises(Unmet, match="already"):
        preparing.repeat(ballot, timezone.now() + timedelta(days=7), actor=house.chair)


# -- what follows for an edition -------------------------------------------------------------------------


def test_an_endorsed_edition_goes_on_to_the_policy_workshop(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    ballot = closed(v.house(3), time_machine_at, v.FOR, v.FOR, v.FOR)
    assert ballot.about.stage == "workshop"
    event = history.events_of(ballot.about).last()
    assert event is not None
    assert event.note == "Ballot “Does the TWG endorse the draft?”: Endorsed."


def test_a_returned_edition_goes_back_to_drafting_with_its_objections_as_open_comments(time_machine_at: Any) -> None:
    from workflow.comments.models import Remark

    time_machine_at("2009-04-01 09:00:00Z")
    ballot = closed(v.house(3), time_machine_at, v.AGAINST, v.AGAINST, v.RESERVED)
    assert (ballot.decided, ballot.about.stage) == ("returned", "drafting")
    remarks = Remark.objects.filter(round__draft=ballot.draft)
    assert {r.comment for r in remarks} == {v.AGAINST.words, v.RESERVED.words}
    assert {r.state for r in remarks} == {"submitted"}, "each still asks for an answer"


def test_without_a_quorum_the_edition_stays_where_it_is(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    ballot = closed(v.house(4), time_machine_at, v.AGAINST)
    assert (ballot.decided, ballot.about.stage) == ("no_quorum", "endorsement")


def test_the_gate_out_of_endorsement_says_where_the_ballot_stands() -> None:
    house = v.house(2, early_closing=True)
    edition = f.edition(house.twg, stage="endorsement")
    assert "No ballot" in str(outcomes.draft_endorsed(edition).reason)
    ballot = v.ballot(house, edition=edition)
    assert "not been opened" in str(outcomes.draft_endorsed(edition).reason)
    engine.perform(BallotFlow(ballot), "open_ballot", actor=house.chair)
    assert "still open" in str(outcomes.draft_endorsed(edition).reason)


def test_an_endorsement_opens_the_gate_for_its_own_text_and_for_no_other() -> None:
    house = v.house(2, early_closing=True)
    edition = f.edition(house.twg, stage="comment")
    ballot = v.opened(house, edition=edition)
    v.everybody(house, ballot, v.FOR)
    assert outcomes.draft_endorsed(edition)
    assert ballot.draft is not None
    section = ballot.draft.text.sections.first()
    assert section is not None
    writing.save(section, "Words that nobody has voted on.", actor=None, base=section.number)
    answer = outcomes.draft_endorsed(edition)
    assert not answer
    assert "an old vote does not carry a new text" in str(answer.reason)


def test_a_later_ballot_overrules_an_earlier_one_on_the_same_text() -> None:
    house = v.house(2, early_closing=True)
    edition = f.edition(house.twg, stage="comment")
    first = v.opened(house, edition=edition)
    v.everybody(house, first, v.FOR)
    second = v.opened(house, about_kind="edition", about_id=edition.pk, draft=first.draft)
    v.everybody(house, second, v.AGAINST)
    assert not outcomes.draft_endorsed(edition)


def test_terms_of_reference_are_adopted_by_a_ballot() -> None:
    house = v.house(2, early_closing=True)
    terms = groups.draft_terms(house.twg, actor=None)
    draft = v.draft_of(terms)
    ballot = v.opened(house, about_kind="terms", about_id=terms.pk, draft=draft)
    v.everybody(house, ballot, v.FOR)
    engine.perform(TermsFlow(terms), "adopt", actor=house.chair)
    assert terms.state == "adopted"
