"""Mails of a ballot: to whom, when, once, and only of what they may know (S16)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from workflow.ballots import preparing, services
from workflow.ballots.models import Ballot, Vote, Way
from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.models import OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Person, Twg

from . import voting as v

pytestmark = pytest.mark.django_db


@pytest.fixture
def accra(time_machine_at: Any) -> Any:
    """The clock, which stands on the first of April 2009."""
    time_machine_at("2009-04-01 09:00:00Z")
    return time_machine_at


def sent(box: list[Any]) -> dict[str, Any]:
    """What was sent since the last look, by address; nobody gets two mails at once."""
    v.deliver()
    ours = [mail for mail in box if mail.extra_headers["Message-ID"].startswith("<ballot")]
    found = {mail.to[0]: mail for mail in ours}
    assert len(found) == len(ours), [(m.to, m.subject) for m in ours]
    box.clear()
    return found


def settle(box: list[Any]) -> None:
    """What came before the story does not matter to it."""
    v.deliver()
    box.clear()


def addresses(people: list[Person]) -> set[str]:
    return {person.email for person in people}


def test_opening_sends_every_voter_a_link_and_nobody_else(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    f.seat(house.twg, "consultant")
    ballot = v.ballot(house, explanation="Read Part C & its <tables>.")
    settle(mailoutbox)
    v.open_it(house, ballot)
    mails = sent(mailoutbox)
    assert set(mails) == addresses([*house.members, alternate])
    mail = mails[house.members[0].email]
    assert mail.subject == "Your vote for Ministry 0: Does the TWG endorse the draft?"
    for told in (
        "Read Part C & its <tables>.",
        ballot.text_sha256,
        "opening it does not vote",
        "Draft 1, for the ballot",
    ):
        assert told in mail.body
    assert len({v.link_in(m) for m in mails.values()}) == 3, "each has a link of their own"
    assert not re.search(r"\n{3}|<time", mail.body)


def test_each_reads_the_deadline_in_their_own_language_and_zone(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(2)
    Twg.objects.filter(pk=house.twg.pk).update(time_zone="Africa/Accra")
    Person.objects.filter(pk=house.members[1].pk).update(language="fr", time_zone="Africa/Kinshasa")
    settle(mailoutbox)
    v.opened(house, deadline=timezone.now() + timedelta(days=2))
    mails = sent(mailoutbox)
    assert "Deadline: 3 Apr 2009, 09:00 UTC" in mails[house.members[0].email].body
    french = mails[house.members[1].email]
    assert "3 avr. 2009 à 10:00 WAT (09:00 GMT à Accra)" in french.body, "in the reader's zone and in the TWG's"
    assert french.subject.startswith("Votre vote pour Ministry 1")


def test_reminders_go_to_those_who_have_not_voted_once_for_each_day(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(3)
    ballot = v.opened(house, reminder_days=[1, 3])
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    settle(mailoutbox)
    accra("2009-04-08 10:00:00Z")
    for _tick in range(3):
        clock.tick(force=True)
    mails = sent(mailoutbox)
    assert set(mails) == addresses(house.members[1:])
    assert mails[house.members[1].email].subject.startswith("Ministry 1 has not voted yet")
    services.cast(ballot, house.institutions[1].pk, v.FOR, actor=house.members[1])
    settle(mailoutbox)
    accra("2009-04-10 10:00:00Z")
    clock.tick(force=True)
    assert set(sent(mailoutbox)) == {house.members[2].email}


def test_whoever_votes_between_queueing_and_sending_is_not_reminded(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house, reminder_days=[3])
    settle(mailoutbox)
    accra("2009-04-08 10:00:00Z")
    clock.tick(force=True)
    from workflow.engine import outbox

    for row in OutboxRow.objects.filter(kind="ballot-reminder"):
        outbox.deliver.func(row.pk)
    services.cast(ballot, house.institutions[0].pk, v.FOR, actor=house.members[0])
    settled = {m.subject for m in sent(mailoutbox).values()}
    assert not any(subject.startswith("Ministry 0 has not voted") for subject in settled)


def test_an_extended_ballot_is_reminded_of_anew(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house, reminder_days=[3])
    accra("2009-04-08 10:00:00Z")
    clock.tick(force=True)
    settle(mailoutbox)
    preparing.extend(ballot, ballot.deadline + timedelta(days=7), actor=house.chair, note="Holidays.")
    mails = sent(mailoutbox)
    assert set(mails) == addresses(house.members)
    assert mails[house.members[0].email].subject == "More time to vote: Does the TWG endorse the draft?"
    accra("2009-04-15 10:00:00Z")
    clock.tick(force=True)
    assert set(sent(mailoutbox)) == addresses(house.members)


def test_a_receipt_goes_to_all_who_vote_for_the_institution(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    ballot = v.opened(house)
    settle(mailoutbox)
    vote = services.cast(ballot, house.institutions[0].pk, v.AGAINST, actor=house.members[0])
    mails = sent(mailoutbox)
    assert set(mails) == addresses([house.members[0], alternate])
    body = mails[alternate.email].body
    for told in (vote.receipt, "Object, cast by Member 0", v.AGAINST.words):
        assert told in body


def test_a_vote_on_paper_is_confirmed_by_mail_with_the_way_to_dispute_it(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    settle(mailoutbox)
    services.record(ballot, house.institutions[0].pk, v.FOR, actor=house.secretariat, way=Way.PAPER, evidence=v.pdf())
    mails = sent(mailoutbox)
    assert set(mails) == {house.members[0].email}
    body = mails[house.members[0].email].body
    assert f"/ballots/{ballot.pk}/dispute/{house.institutions[0].pk}/" in body
    assert "The secretariat has recorded a vote of Ministry 0, given on paper: Endorse." in body
    services.dispute(ballot, house.institutions[0].pk, actor=house.members[0], note="Not ours.")
    assert "has disputed the vote recorded for Ministry 0" in sent(mailoutbox)[house.members[0].email].body


def test_a_ranking_is_told_in_its_order(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    options = [{"titles": {"en": name}} for name in ("Remittances", "Return", "Brain drain")]
    ballot = v.opened(house, form="ranking", options=options)
    settle(mailoutbox)
    said = services.Said("ranked", ranking=(3, 1))
    services.cast(ballot, house.institutions[0].pk, said, actor=house.members[0])
    assert "1. Brain drain; 2. Remittances" in sent(mailoutbox)[house.members[0].email].body


def test_taking_no_part_is_told_to_the_institutions_people(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    alternate = f.seat(house.twg, "alternate", institution=house.institutions[0])
    ballot = v.opened(house)
    settle(mailoutbox)
    services.recuse(ballot, house.institutions[0].pk, actor=house.members[0], note="It is about us.")
    mails = sent(mailoutbox)
    assert "Ministry 0 takes no part in this ballot" in mails[alternate.email].body


def test_how_it_came_out_is_told_to_voters_and_to_those_who_run_the_twg(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(3)
    consultant = f.seat(house.twg, "consultant")
    observer = f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    v.everybody(house, ballot, v.FOR, v.FOR, v.AGAINST)
    settle(mailoutbox)
    accra("2009-04-12 09:00:00Z")
    clock.tick(force=True)
    mails = sent(mailoutbox)
    assert addresses([*house.members, house.chair, house.secretariat, consultant]) <= set(mails)
    assert observer.email not in mails
    mail = mails[house.members[0].email]
    assert mail.subject == "Endorsed: Does the TWG endorse the draft?"
    assert "2 for and 1 against: a majority of the votes cast." in mail.body


def test_a_cancelled_ballot_is_told_with_its_reason(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    settle(mailoutbox)
    from workflow.ballots.flow import BallotFlow

    engine.perform(BallotFlow(ballot), "cancel", actor=house.chair, note="The wrong draft.")
    mails = sent(mailoutbox)
    assert "The wrong draft." in mails[house.members[0].email].body
    assert mails[house.members[0].email].subject.startswith("Cancelled: ")


def test_whoever_has_left_by_the_time_of_sending_gets_nothing(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.ballot(house)
    settle(mailoutbox)
    v.open_it(house, ballot)
    groups.end_seat(f.seat_of(house.members[0]), until="2001-01-01", note="Moved.", actor=None)
    Person.objects.filter(pk=house.members[1].pk).update(is_active=False)
    assert not sent(mailoutbox)


def test_no_ballot_paper_is_sent_once_voting_is_over(accra: Any, mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house)
    accra("2009-04-20 09:00:00Z")
    assert not {m for m in sent(mailoutbox).values() if "Your vote for" in m.subject}
    assert Ballot.objects.get(pk=ballot.pk).state == "open", "nobody has ticked yet"


def test_no_row_of_the_queue_says_how_anybody_voted(mailoutbox: list[Any]) -> None:
    house = v.house(2)
    ballot = v.opened(house, secrecy="hidden")
    said = services.Said("object", "Zyxsecretwords")
    services.cast(ballot, house.institutions[0].pk, said, actor=house.members[0])
    v.deliver()
    rows = " ".join(f"{row.key} {row.payload} {row.last_error}" for row in OutboxRow.objects.all())
    assert "Zyxsecretwords" not in rows
    assert "object" not in rows
    assert any("Zyxsecretwords" in mail.body for mail in mailoutbox), "the institution itself has its receipt"
    assert {mail.to[0] for mail in mailoutbox if "Zyxsecretwords" in mail.body} == {house.members[0].email}
    assert Vote.objects.count() == 1
