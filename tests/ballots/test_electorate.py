"""Who votes: fixed on the day of opening, cast by whoever represents the institution when it votes (S10, S16)."""

from __future__ import annotations

import pytest

from tests import factories as f
from workflow.ballots import electorate, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Elector
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.models import Category, Modality, TermsOfReference

from . import voting as v

pytestmark = pytest.mark.django_db


def names(ballot: object) -> set[str]:
    return {str(e) for e in Elector.objects.filter(ballot=ballot)}


def test_the_electorate_is_the_voting_institutions_that_sit_on_the_day_of_opening() -> None:
    house = v.house(3)
    observer = f.institution("CMS", category="research")
    f.seat(house.twg, "member", institution=observer)
    f.institution("Ministry without a seat")
    ballot = v.opened(house)
    assert names(ballot) == {"Ministry 0", "Ministry 1", "Ministry 2"}


def test_a_consultant_and_an_observer_bring_their_institution_no_vote() -> None:
    house = v.house(1)
    for role in ("consultant", "observer", "secretariat"):
        f.seat(house.twg, role, institution=f.institution(f"Ministry of the {role}"))
    assert names(v.opened(house)) == {"Ministry 0"}


def test_agencies_and_institutes_vote_only_if_the_terms_of_reference_say_so() -> None:
    house = v.house(1)
    undp = f.institution("UNDP", category="international_agency", country="")
    f.seat(house.twg, "member", institution=undp)
    assert names(v.opened(house)) == {"Ministry 0"}
    draft = groups.draft_terms(house.twg, actor=None)
    rules = {r.category: (r.modality, r.votes) for r in draft.rules.all()}
    groups.change_terms(draft, {}, rules | {Category.INTERNATIONAL_AGENCY: (Modality.MEMBER, True)}, actor=None)
    f.adopt(draft)
    assert names(v.opened(house)) == {"Ministry 0", "UNDP"}


def test_without_terms_in_force_a_ballot_does_not_open_and_says_why() -> None:
    house = v.house(2)
    terms = TermsOfReference.objects.get(twg=house.twg, state="adopted")
    ballot = v.ballot(house)
    from workflow.groups.flow import TermsFlow

    engine.perform(TermsFlow(terms), "set_aside", actor=None, note="They hold no more.")
    with pytest.raises(Unmet, match="terms of reference in force"):
        engine.perform(BallotFlow(ballot), "open_ballot", actor=house.chair)


def test_an_institution_that_joins_later_has_no_vote_in_an_open_ballot() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    late = f.institution("Latecomer")
    somebody = f.seat(house.twg, "member", institution=late)
    with pytest.raises(NotPermitted, match="has no vote"):
        services.cast(ballot, late.pk, v.FOR, actor=somebody)


def test_a_new_representative_takes_over_the_vote_and_the_count_stays_the_same() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    ministry, old = house.institutions[0], house.members[0]
    services.cast(ballot, ministry.pk, v.FOR, actor=old)
    groups.end_seat(f.seat_of(old), until="2001-01-01", note="Moved.", actor=None)
    with pytest.raises(NotPermitted):
        services.cast(ballot, ministry.pk, v.AGAINST, actor=old)
    new = f.seat(house.twg, "member", "The successor", institution=ministry)
    services.cast(ballot, ministry.pk, v.AGAINST, actor=new)
    elector = Elector.objects.get(ballot=ballot, institution=ministry)
    assert elector.current is not None
    assert (elector.current.choice, elector.votes.count()) == ("object", 2)


def test_an_institution_that_leaves_is_marked_and_not_dropped() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    groups.end_seat(f.seat_of(house.members[0]), until="2001-01-01", note="Moved.", actor=None)
    gone = Elector.objects.get(ballot=ballot, institution=house.institutions[0])
    assert electorate.departed(ballot) == {gone.pk}
    assert gone.current is not None, "its vote counts on"


def test_an_alternate_votes_only_while_the_member_has_not() -> None:
    house = v.house(1)
    ministry = house.institutions[0]
    alternate = f.seat(house.twg, "alternate", "The alternate", institution=ministry)
    ballot = v.opened(house)
    services.cast(ballot, ministry.pk, v.FOR, actor=alternate)
    services.cast(ballot, ministry.pk, v.ABSTAINS, actor=alternate)
    services.cast(ballot, ministry.pk, v.AGAINST, actor=house.members[0])
    with pytest.raises(NotPermitted, match="when the member has not"):
        services.cast(ballot, ministry.pk, v.FOR, actor=alternate)
    assert Elector.objects.get(ballot=ballot).current.choice == "object"  # type: ignore[union-attr]


def test_a_linked_body_goes_by_the_terms_of_the_twg_it_is_linked_to() -> None:
    house = v.house(1)
    body = groups.link_body(
        house.twg, {"code": "task-force", "names": {"en": "Task force"}, "kind": "task_force"}, actor=None
    )
    terms = electorate.terms_of(body)
    assert terms is not None
    assert terms.twg == house.twg
