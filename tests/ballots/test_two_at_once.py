"""Many vote at once while the deadline passes and somebody closes: each accepted vote counts once, none comes late.

Real threads, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.ballots import counting, deadlines, links, preparing, proofs, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot, Elector, Vote
from workflow.ballots.services import Said
from workflow.engine import clock, history
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.models import Event
from workflow.groups.models import Person
from workflow.profiles.models import Edition

from . import voting as v

pytestmark = pytest.mark.django_db(transaction=True)


def voting(
    ballot: Ballot, institution: Any, person: Person, *said: Said, number: int | None = None
) -> Callable[[], Any]:
    """As requests do, one after the other: with rows of their own. The votes that were accepted, or the refusal."""

    def work() -> Any:
        kept = []
        for one in said:
            mine, me = Ballot.objects.get(pk=ballot.pk), Person.objects.get(pk=person.pk)
            try:
                kept.append(services.cast(mine, institution.pk, one, actor=me, number=number))
            except Unmet as refusal:
                return [*kept, refusal]
        return kept

    return work


def closing(ballot: Ballot, person: Person | None) -> Callable[[], Any]:
    def work() -> Event | None:
        me = Person.objects.get(pk=person.pk) if person else None
        return services.close(Ballot.objects.get(pk=ballot.pk), actor=me)

    return work


def flat(outcome: list[Any]) -> list[Any]:
    return [one for many in outcome for one in (many if isinstance(many, list) else [many])]


def assert_sound(ballot: Ballot, accepted: list[Vote]) -> None:
    """Every accepted vote is there once, the newest of each institution counts, and a recount comes to the same."""
    assert {vote.pk for vote in accepted} == set(Vote.objects.filter(ballot=ballot).values_list("pk", flat=True))
    told = Event.objects.filter(subject_kind="ballot", subject_id=ballot.pk, name="voted")
    assert sorted(e.data["receipt"] for e in told) == sorted(vote.receipt for vote in accepted)
    assert proofs.broken(Ballot.objects.get(pk=ballot.pk)) == ""
    assert history.verify().broken is None


def test_two_representatives_of_one_institution_vote_at_once_and_one_vote_counts() -> None:
    house = v.house(3)
    ministry = house.institutions[0]
    other = f.seat(house.twg, "member", "A second member", institution=ministry)
    ballot = v.opened(house)
    outcome = flat(
        at_once(voting(ballot, ministry, house.members[0], v.FOR), voting(ballot, ministry, other, v.AGAINST))
    )
    assert all(isinstance(o, Vote) for o in outcome), outcome
    assert sorted(o.number for o in outcome) == [1, 2]
    elector = Elector.objects.get(ballot=ballot, institution=ministry)
    assert elector.current == max(outcome, key=lambda o: o.number)
    found = counting.result(ballot, counting.electors_of(ballot), over=False)
    assert found.tally.present == 1
    assert_sound(ballot, outcome)


def test_two_who_saw_the_same_page_do_not_overwrite_each_other() -> None:
    house = v.house(3)
    ministry = house.institutions[0]
    other = f.seat(house.twg, "member", "A second member", institution=ministry)
    ballot = v.opened(house)
    outcome = at_once(
        voting(ballot, ministry, house.members[0], v.FOR, number=0),
        voting(ballot, ministry, other, v.AGAINST, number=0),
    )
    won = [o for o in flat(outcome) if isinstance(o, Vote)]
    lost = [o for o in outcome if isinstance(o, Conflict)]
    assert (len(won), len(lost)) == (1, 1), outcome
    assert_sound(ballot, won)


def test_ten_presses_of_one_link_vote_once() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    token = v.link_of(house, ballot).removeprefix("/vote/").removesuffix("/")

    def press() -> Vote:
        opened = links.read(token)
        assert opened is not None
        return services.cast(
            opened.ballot, house.institutions[0].pk, v.FOR, actor=opened.person, number=opened.number
        )  # fmt: skip

    outcome = at_once(*[press] * 10)
    won = [o for o in outcome if isinstance(o, Vote)]
    assert len(won) == 1, outcome
    assert all(isinstance(o, Conflict | Vote) for o in outcome)
    assert_sound(ballot, won)


def test_two_closings_count_once() -> None:
    house = v.house(3)
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    v.everybody(house, ballot, v.FOR)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    outcome = at_once(closing(ballot, house.chair), closing(ballot, house.secretariat), closing(ballot, None),
                      lambda: deadlines.close_due(timezone.now()))  # fmt: skip
    lost = [o for o in outcome if isinstance(o, Conflict)]
    assert history.events_of(ballot).filter(name="close").count() == 1, outcome
    assert len(lost) in (2, 3), outcome
    ballot.refresh_from_db()
    assert (ballot.decided, ballot.result["endorse"]) == ("endorsed", 3)


def test_the_last_two_votes_at_once_close_it_once_where_the_terms_allow() -> None:
    house = v.house(4, early_closing=True)
    edition = f.edition(house.twg, stage="endorsement")
    ballot = v.opened(house, edition=edition)
    works = [voting(ballot, i, m, v.FOR) for i, m in zip(house.institutions, house.members, strict=True)]
    outcome = flat(at_once(*works))
    assert all(isinstance(o, Vote) for o in outcome), outcome
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided, ballot.result["endorse"]) == ("closed", "endorsed", 4)
    assert Edition.objects.get(pk=edition.pk).stage == "workshop"
    assert_sound(ballot, outcome)


def test_two_objections_at_once_break_the_silence_once() -> None:
    house = v.house(4)
    ballot = v.opened(house, rule="no_objection", edition=f.edition(house.twg, stage="comment"))
    works = [voting(ballot, i, m, v.AGAINST) for i, m in zip(house.institutions, house.members, strict=True)]
    outcome = flat(at_once(*works))
    accepted = [o for o in outcome if isinstance(o, Vote)]
    assert len(accepted) == 1, outcome
    assert all(isinstance(o, Unmet) for o in outcome if o not in accepted)
    ballot.refresh_from_db()
    assert (ballot.decided, ballot.result["object"]) == ("broken", 1)
    assert_sound(ballot, accepted)


@pytest.mark.parametrize("turn", range(3))
def test_votes_in_the_instant_of_closing_are_accepted_or_refused_and_nothing_between(turn: int) -> None:
    """The deadline passes while institutions vote and change their votes, and three people close by hand."""
    house = v.house(8)
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() + timedelta(seconds=0.5 + turn / 4))
    dice = random.Random(turn)
    choices = [v.FOR, v.AGAINST, v.RESERVED, v.ABSTAINS]
    works = [
        voting(ballot, institution, member, *dice.choices(choices, k=40))
        for institution, member in zip(house.institutions, house.members, strict=True)
    ]

    def close_when_it_has_come() -> Any:
        for _try in range(400):
            try:
                return services.close(Ballot.objects.get(pk=ballot.pk), actor=house.chair)
            except Unmet:
                time.sleep(0.01)
        raise AssertionError("it never closed")

    outcome = flat(at_once(*works, *[close_when_it_has_come] * 3))
    accepted = [o for o in outcome if isinstance(o, Vote)]
    ballot.refresh_from_db()
    assert (ballot.state, history.events_of(ballot).filter(name="close").count()) == ("closed", 1)
    assert all(vote.at < ballot.deadline <= (ballot.closed_at or vote.at) for vote in accepted)
    assert_sound(ballot, accepted)
    newest = {vote.elector_id: vote.choice for vote in sorted(accepted, key=lambda vote: vote.number)}
    counted = {name: ballot.result[name] for name in ("endorse", "reserve", "object", "abstain")}
    assert counted == {name: list(newest.values()).count(name) for name in counted}


def test_an_extension_and_the_closing_at_once_leave_one_of_the_two() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() + timedelta(seconds=0.3))
    later = timezone.now() + timedelta(days=3)

    def extend() -> None:
        time.sleep(0.28)
        preparing.extend(Ballot.objects.get(pk=ballot.pk), later, actor=house.chair, note="Holidays.")

    def close() -> None:
        time.sleep(0.31)
        services.close(Ballot.objects.get(pk=ballot.pk), actor=None)

    outcome = at_once(extend, close)
    ballot.refresh_from_db()
    extended = ballot.deadline == later
    assert (ballot.state == "open") == extended, outcome
    assert sum(o is None for o in outcome) == 1, outcome
    assert history.verify().broken is None


def test_opening_twice_at_once_fixes_one_electorate() -> None:
    house = v.house(3)
    ballot = v.ballot(house)

    def opening() -> Any:
        return engine.perform(BallotFlow(Ballot.objects.get(pk=ballot.pk)), "open_ballot", actor=house.chair)

    outcome = at_once(opening, opening)
    assert sum(isinstance(o, Event) for o in outcome) == 1, outcome
    assert Elector.objects.filter(ballot=ballot).count() == 3


def test_a_sentence_written_while_the_ballot_opens_comes_before_it_or_after_it() -> None:
    """What is voted on is never half of it: the draft is held while the ballot opens."""
    from workflow.groups import services as groups
    from workflow.writing import services as writing
    from workflow.writing.models import TextSection

    house = v.house(2)
    terms = groups.draft_terms(house.twg, actor=None)
    draft = v.draft_of(terms)
    ballot = v.ballot(house, about_kind="terms", about_id=terms.pk, draft=draft)
    section = draft.text.sections.order_by("position")[0]

    def write() -> Any:
        mine = TextSection.objects.get(pk=section.pk)
        return writing.save(mine, "Another sentence.", actor=None, base=mine.number)

    def opening() -> Any:
        return engine.perform(BallotFlow(Ballot.objects.get(pk=ballot.pk)), "open_ballot", actor=house.chair)

    outcome = at_once(opening, write)
    ballot.refresh_from_db()
    opened = isinstance(outcome[0], Event)
    assert opened or isinstance(outcome[0], Unmet), outcome
    assert (ballot.state == "open") == opened
    assert not opened or ballot.text_sha256 == draft.sha256


@pytest.mark.postgresql
def test_the_databases_clock_closes_although_the_one_of_the_server_is_set_back(settings: Any) -> None:
    """The deadline is PostgreSQL's: a server whose clock is a day behind accepts no vote and closes what is due."""
    import time_machine

    assert connection.vendor == "postgresql"
    settings.DATABASE_CLOCK = True
    house = v.house(2)
    ballot = v.opened(house, deadline=timezone.now() + timedelta(seconds=1))
    time.sleep(1.2)
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        assert timezone.now() < ballot.deadline < clock.moment()
        with pytest.raises(Unmet, match="Voting is over"):
            services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
        assert deadlines.close_due(timezone.now()) == 1
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided) == ("closed", "no_quorum")


@pytest.mark.postgresql
def test_forty_institutions_vote_and_change_their_votes_while_the_deadline_passes() -> None:
    assert connection.vendor == "postgresql"
    house = v.house(40)
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    works = [
        voting(ballot, institution, member, *[v.FOR, v.AGAINST, v.ABSTAINS] * 10)
        for institution, member in zip(house.institutions, house.members, strict=True)
    ]

    def tick() -> int:
        """The deadline comes once some have changed their votes; a process that ticks closes what is due."""
        while Vote.objects.filter(ballot=ballot).count() < 60:
            time.sleep(0.02)
        with transaction.atomic():
            mine = Ballot.objects.select_for_update().get(pk=ballot.pk)
            if mine.deadline > clock.moment() + timedelta(days=1):
                Ballot.objects.filter(pk=ballot.pk).update(deadline=clock.moment() + timedelta(milliseconds=50))
        while Ballot.objects.filter(pk=ballot.pk, state="open").exists():
            if deadlines.close_due(timezone.now()):
                return 1
            time.sleep(0.02)
        return 0

    outcome = flat(at_once(*works, tick, tick))
    accepted = [o for o in outcome if isinstance(o, Vote)]
    assert len(accepted) >= 60
    others = [o for o in outcome if not isinstance(o, Vote | Unmet)]
    assert others in ([0, 0], [0, 1], [1, 0]), "the last vote's own request may have been the one that closed it"
    ballot.refresh_from_db()
    assert history.events_of(ballot).filter(name="close").count() == 1
    assert all(vote.at < ballot.deadline for vote in accepted)
    assert_sound(ballot, accepted)
