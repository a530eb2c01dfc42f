"""Casting, changing, recording, disputing: no vote lost, none counted twice (S16)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from tests import factories as f
from workflow.ballots import counting, services
from workflow.ballots.models import Ballot, Elector, Vote, Way
from workflow.ballots.services import Said
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted, Unmet

from . import voting as v

pytestmark = pytest.mark.django_db

PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def signed_page(name: str = "vote.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAGE, "application/pdf")


def vote_of(house: v.House, ballot: Ballot, number: int = 0) -> Vote | None:
    return Elector.objects.get(ballot=ballot, institution=house.institutions[number]).current


def cast(house: v.House, ballot: Ballot, said: Said, number: int = 0, **more: Any) -> Vote:
    return services.cast(ballot, house.institutions[number].pk, said, actor=house.members[number], **more)


def test_a_vote_is_recorded_with_a_receipt_that_covers_all_it_says() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    vote = cast(house, ballot, v.RESERVED)
    assert vote.receipt == counting.receipt_of(vote)
    event = history.events_of(ballot).last()
    assert event is not None
    assert (event.name, event.data["receipt"]) == ("voted", vote.receipt)
    vote.choice = "endorse"
    assert counting.receipt_of(vote) != event.data["receipt"]


def test_a_changed_vote_counts_once_and_the_one_before_stays_in_the_record() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    first, second = cast(house, ballot, v.FOR), cast(house, ballot, v.AGAINST)
    assert vote_of(house, ballot) == second
    assert list(Vote.objects.filter(ballot=ballot)) == [first, second]
    found = counting.result(ballot, counting.electors_of(ballot), over=False)
    assert (found.tally.present, found.tally.object) == (1, 1)


def test_a_second_tab_does_not_overwrite_what_the_first_has_said() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0], number=0)
    with pytest.raises(Conflict, match="meanwhile"):
        services.cast(ballot, house.institutions[0].pk, v.AGAINST, actor=house.members[0], number=0)
    assert vote_of(house, ballot).choice == "endorse"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said("object"), "words"),
        (Said("reserve", "   "), "words"),
        (Said("yes"), "choice"),
        (Said(""), "choice"),
        (Said("ranked"), "choice"),
        (Said("endorse", ranking=(1,)), "choice"),
        (Said("object", "x" * 8001), "words"),
    ],
)
def test_a_vote_that_lacks_something_is_refused_on_its_field_and_leaves_nothing(said: Said, field: str) -> None:
    house = v.house(3)
    ballot = v.opened(house)
    with pytest.raises(ValidationError) as refusal:
        cast(house, ballot, said)
    assert field in refusal.value.message_dict
    assert not Vote.objects.exists()
    assert ballot.version == Ballot.objects.get(pk=ballot.pk).version


def test_nobody_votes_for_an_institution_that_is_not_theirs() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    for somebody in (house.members[1], house.secretariat, house.chair, f.person("A stranger"), f.administrator()):
        with pytest.raises(NotPermitted):
            services.cast(ballot, house.institutions[0].pk, v.FOR, actor=somebody)
    assert not Vote.objects.exists()


def test_nobody_votes_before_opening_nor_after_closing_nor_after_the_deadline(time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    house = v.house(2)
    ballot = v.ballot(house)
    with pytest.raises(Unmet, match="Voting is over"):
        cast(house, ballot, v.FOR)
    ballot = v.opened(house)
    time_machine_at("2009-04-11 09:00:00Z")
    with pytest.raises(Unmet, match="Voting is over"):
        cast(house, ballot, v.FOR)
    services.close(ballot, actor=None)
    with pytest.raises(Unmet, match="Voting is over"):
        cast(house, ballot, v.FOR)


# -- what the database itself refuses --------------------------------------------------------------------


def refuses(statement: str, *values: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_refuses_to_change_or_delete_a_vote() -> None:
    house = v.house(2)
    vote = cast(house, v.opened(house), v.AGAINST)
    refuses("UPDATE workflow_vote SET choice = 'endorse' WHERE id = %s", vote.pk)
    refuses("DELETE FROM workflow_vote WHERE id = %s", vote.pk)


def test_the_database_refuses_a_vote_in_a_closed_ballot_and_one_after_the_deadline() -> None:
    house = v.house(1, early_closing=True)
    ballot = v.opened(house)
    vote = cast(house, ballot, v.FOR)
    ballot.refresh_from_db()
    assert ballot.state == "closed"
    with pytest.raises(DatabaseError, match="voting is over"), transaction.atomic():
        Vote.objects.create(ballot=ballot, elector=vote.elector, number=2, choice="object", words="Late.", receipt="x")
    other = v.opened(house)
    with pytest.raises(DatabaseError, match="voting is over"), transaction.atomic():
        Vote.objects.create(
            ballot=other, elector=other.electors.get(), number=1, choice="endorse", receipt="x", at=other.deadline
        )


def test_the_database_knows_one_elector_an_institution_and_one_vote_a_number() -> None:
    house = v.house(1)
    ballot = v.opened(house)
    vote = cast(house, ballot, v.FOR)
    with pytest.raises(DatabaseError), transaction.atomic():
        Elector.objects.create(ballot=ballot, institution=house.institutions[0], names={}, category="government")
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.create(ballot=ballot, elector=vote.elector, number=1, choice="endorse", receipt="y")


# -- votes on paper and in the room ----------------------------------------------------------------------


def record(house: v.House, ballot: Ballot, said: Said = v.FOR, **more: Any) -> Vote:
    more = {"actor": house.secretariat, "way": Way.PAPER, "evidence": signed_page(), **more}
    return services.record(ballot, house.institutions[0].pk, said, **more)


def test_a_vote_on_paper_is_recorded_with_its_evidence_and_marked() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    vote = record(house, ballot)
    assert (vote.way, vote.evidence_name, len(vote.evidence_sha256)) == ("paper", "vote.pdf", 64)
    assert vote_of(house, ballot) == vote


@pytest.mark.parametrize(
    ("more", "field"),
    [({"evidence": None}, "evidence"), ({"way": Way.PAGE}, "way")],
)
def test_without_evidence_or_under_a_false_name_it_is_not_recorded(more: dict[str, Any], field: str) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    with pytest.raises(ValidationError) as refusal:
        record(house, ballot, **more)
    assert field in refusal.value.message_dict


def test_evidence_is_judged_by_what_it_is_and_not_by_its_name() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    with pytest.raises(ValidationError):
        record(house, ballot, evidence=SimpleUploadedFile("vote.pdf", b"MZ\x90\x00 a program"))
    assert not Vote.objects.exists()


def test_only_chair_and_secretariat_record_what_others_gave_on_paper() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    with pytest.raises(NotPermitted):
        record(house, ballot, actor=house.members[1])


def test_the_institution_disputes_a_vote_that_was_not_its_own_and_it_counts_no_more() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    record(house, ballot)
    services.dispute(ballot, house.institutions[0].pk, actor=house.members[0], note="We did not sign that.")
    assert vote_of(house, ballot) is None
    cast(house, ballot, v.AGAINST)
    assert vote_of(house, ballot).choice == "object"  # type: ignore[union-attr]
    assert [(w.choice, w.taken_back) for w in Vote.objects.filter(ballot=ballot)] == [
        ("endorse", ""), ("", "disputed"), ("object", ""),
    ]  # fmt: skip


def test_one_does_not_dispute_ones_own_vote_nor_that_of_others() -> None:
    house = v.house(2)
    ballot = v.opened(house)
    cast(house, ballot, v.FOR)
    with pytest.raises(Unmet, match="change your own vote"):
        services.dispute(ballot, house.institutions[0].pk, actor=house.members[0], note="Hm.")
    with pytest.raises(NotPermitted):
        services.dispute(ballot, house.institutions[0].pk, actor=house.secretariat, note="Hm.")


def test_whoever_recuses_themselves_leaves_the_denominator_and_votes_no_more() -> None:
    house = v.house(3)
    ballot = v.opened(house)
    cast(house, ballot, v.FOR)
    services.recuse(ballot, house.institutions[0].pk, actor=house.members[0], note="It is about us.")
    found = counting.result(ballot, counting.electors_of(ballot), over=False)
    assert (found.tally.electorate, found.tally.present) == (2, 0)
    with pytest.raises(Unmet, match="takes no part"):
        cast(house, ballot, v.FOR)
