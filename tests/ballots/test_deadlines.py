"""Time closes ballots: by the database's clock, whoever is there, however late somebody looks (S08, S16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.groups.reading import browser
from workflow.ballots import closing, counting, deadlines, preparing, services
from workflow.ballots.models import Ballot, Elector, Vote, Way
from workflow.engine import clock, history
from workflow.engine.errors import Unmet

from . import voting as v

pytestmark = pytest.mark.django_db


@pytest.fixture
def april(time_machine_at: Any) -> Any:
    time_machine_at("2009-04-01 09:00:00Z")
    return time_machine_at


def test_a_deadline_that_passed_while_nothing_ran_has_decided_all_the_same(april: Any) -> None:
    house = v.house(3)
    ballot = v.opened(house)
    for number in (0, 1):
        services.cast(ballot, house.institutions[number].pk, v.FOR, actor=house.members[number])
    april("2009-06-01 09:00:00Z")
    shown = v.page(house.chair, "ballot", ballot.pk)
    assert "How it came out" in shown, "although no process has closed it yet"
    assert "2 for and 0 against" in shown
    assert reverse_vote(ballot, house) not in shown
    with pytest.raises(Unmet):
        services.cast(ballot, house.institutions[2].pk, v.AGAINST, actor=house.members[2])
    clock.tick(force=True)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided, ballot.result["endorse"]) == ("closed", "endorsed", 2)


def reverse_vote(ballot: Ballot, house: v.House) -> str:
    return f"/ballots/{ballot.pk}/vote/{house.institutions[2].pk}/"


def test_a_clock_of_this_process_that_is_set_back_lets_nobody_vote_late(monkeypatch: Any) -> None:
    house = v.house(2)
    ballot = v.opened(house, deadline=timezone.now() + timedelta(days=1))
    database = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr(clock, "moment", lambda: database)
    assert timezone.now() < ballot.deadline, "this process still believes that there is time"
    with pytest.raises(Unmet, match="Voting is over"):
        services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    path = v.link_of(house, ballot)
    assert browser(None).post(path, {"choice": "endorse", "number": "0"}).status_code == 409
    assert deadlines.close_due(timezone.now()) == 1
    assert not Vote.objects.exists()


def test_a_vote_that_came_in_time_counts_although_the_deadline_passes_while_it_is_written(monkeypatch: Any) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    moments = iter([ballot.deadline - timedelta(microseconds=1)])
    monkeypatch.setattr(clock, "moment", lambda: next(moments, ballot.deadline + timedelta(seconds=1)))
    vote = services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    assert vote.at < ballot.deadline
    assert deadlines.close_due(timezone.now()) == 1
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result["endorse"]) == ("closed", 1)


def test_a_vote_after_an_extension_that_its_page_had_not_seen_is_accepted(april: Any) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    stale = Ballot.objects.get(pk=ballot.pk)
    preparing.extend(ballot, ballot.deadline + timedelta(days=3), actor=house.chair, note="Holidays.")
    april("2009-04-12 09:00:00Z")
    assert stale.deadline < timezone.now()
    services.cast(stale, house.institutions[0].pk, v.FOR, actor=house.members[0])
    assert Ballot.objects.get(pk=ballot.pk).state == "open"


def test_the_worker_closes_what_is_due_and_leaves_the_rest(april: Any) -> None:
    house, other = v.house(2), v.house(2)
    due, later = v.opened(house), v.opened(other, deadline=timezone.now() + timedelta(days=30))
    april("2009-04-12 09:00:00Z")
    assert deadlines.close_due(timezone.now()) == 1
    assert Ballot.objects.get(pk=due.pk).state == "closed"
    assert Ballot.objects.get(pk=later.pk).state == "open"


def test_one_ballot_that_cannot_be_closed_does_not_hold_up_the_others(april: Any, monkeypatch: Any) -> None:
    first, second = v.house(2), v.house(2)
    broken, fine = v.opened(first), v.opened(second)
    real = services.close

    def close(ballot: Ballot, **kwargs: Any) -> None:
        if ballot.pk == broken.pk:
            raise Unmet("not now")
        real(ballot, **kwargs)

    monkeypatch.setattr(services, "close", close)
    april("2009-04-12 09:00:00Z")
    assert deadlines.close_due(timezone.now()) == 1
    assert Ballot.objects.get(pk=fine.pk).state == "closed"


def test_silence_assents_at_the_deadline(april: Any) -> None:
    house = v.house(3)
    ballot = v.opened(house, rule="no_objection")
    april("2009-04-12 09:00:00Z")
    clock.tick(force=True)
    ballot.refresh_from_db()
    assert (ballot.decided, ballot.about.stage) == ("endorsed", "workshop")


def test_when_everybody_takes_no_part_silence_endorses_nothing(april: Any) -> None:
    house = v.house(1)
    ballot = v.opened(house, rule="no_objection")
    services.recuse(ballot, house.institutions[0].pk, actor=house.members[0], note="It is about us.")
    april("2009-04-12 09:00:00Z")
    clock.tick(force=True)
    ballot.refresh_from_db()
    assert (ballot.decided, ballot.about.stage) == ("no_quorum", "endorsement")


def test_an_extension_moves_the_closing(april: Any) -> None:
    from workflow.ballots import preparing

    house = v.house(2)
    ballot = v.opened(house)
    preparing.extend(ballot, ballot.deadline + timedelta(days=10), actor=house.chair, note="Holidays.")
    april("2009-04-12 09:00:00Z")
    clock.tick(force=True)
    assert Ballot.objects.get(pk=ballot.pk).state == "open"
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    april("2009-04-22 09:00:00Z")
    clock.tick(force=True)
    assert Ballot.objects.get(pk=ballot.pk).decided == "endorsed"


def test_the_electorate_shrinks_by_recusal_and_that_can_close_it() -> None:
    house = v.house(2, early_closing=True)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    services.recuse(ballot, house.institutions[1].pk, actor=house.members[1], note="It is about us.")
    ballot.refresh_from_db()
    assert (ballot.state, ballot.decided, ballot.result["electorate"]) == ("closed", "endorsed", 1)


# -- what history proves ----------------------------------------------------------------------------------


def a_story(house: v.House) -> Ballot:
    """Cast, changed, recorded, disputed, taken no part; closed."""
    ballot = v.opened(house, edition=v.f.edition(house.twg, stage="comment"))
    first, second, third = (i.pk for i in house.institutions[:3])
    services.cast(ballot, first, v.FOR, actor=house.members[0])
    services.cast(ballot, first, v.RESERVED, actor=house.members[0])
    services.record(ballot, second, v.AGAINST, actor=house.chair, way=Way.ROOM, evidence=v.pdf())
    services.dispute(ballot, second, actor=house.members[1], note="Not ours.")
    services.cast(ballot, second, v.FOR, actor=house.members[1])
    services.recuse(ballot, third, actor=house.members[2], note="It is about us.")
    v.close_it(ballot)
    return ballot


def test_a_true_story_is_proven() -> None:
    ballot = a_story(v.house(4))
    assert history.verify().broken is None
    assert ballot.result["reserve"] == 1
    call_command("verify_history")


def without_triggers() -> None:
    """As somebody would who has the database's own password."""
    from django.db import connection

    from workflow.ballots import triggers as voting
    from workflow.engine import triggers

    triggers.remove(connection)
    voting.remove(connection)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda b: Vote.objects.filter(choice="reserve").update(choice="object"), "is not what was cast"),
        (lambda b: Vote.objects.filter(choice="reserve").update(words="Other words."), "is not what was cast"),
        (lambda b: Vote.objects.filter(choice="reserve").update(receipt="0" * 64), "is not what was cast"),
        (lambda b: Ballot.objects.update(decided="returned"), "lead to another outcome"),
        (lambda b: Ballot.objects.update(result={**b.result, "endorse": 9}), "count otherwise"),
        (lambda b: Elector.objects.filter(current__choice="reserve").update(current=None), "is not its newest"),
    ],
)
def test_whoever_alters_a_vote_or_a_count_behind_history_is_found(change: Any, found: str) -> None:
    ballot = a_story(v.house(4))
    without_triggers()
    change(ballot)
    broken = history.verify().broken
    assert broken is not None
    assert (broken.subject, found in broken.why) == (f"ballot:{ballot.pk}", True), broken


def test_a_vote_that_is_added_or_lost_is_found() -> None:
    ballot = a_story(v.house(4))
    without_triggers()
    silent = Elector.objects.filter(ballot=ballot).last()
    stuffed = Vote(ballot=ballot, elector=silent, number=1, choice="endorse", by_name="Nobody")
    stuffed.receipt = counting.receipt_of(stuffed)
    stuffed.save()
    broken = history.verify().broken
    assert broken is not None
    assert "its history tells of another vote" in broken.why
    stuffed.delete()
    Elector.objects.filter(current__choice="reserve").update(current=None)
    Vote.objects.filter(choice="reserve").delete()
    broken = history.verify().broken
    assert broken is not None
    assert "votes that are not there" in broken.why
    assert closing.over(ballot)
