"""Mails of ballots: the ballot paper with its link, reminders, receipts, and how it came out.

Each person's mail is a row of its own, and rights are asked again when it is sent (S16, S31). A row holds numbers
only: what somebody has voted is read at the moment of sending, and stands in no queue.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from workflow.engine import history, outbox
from workflow.engine.models import OutboxRow
from workflow.engine.notices import letter
from workflow.groups.models import Membership, Person, Role

from . import closing, counting, electorate, links
from .models import Ballot, Elector, Vote, Way

FOLDER = "workflow/mail"
RUNNING = (Role.CHAIR, Role.SECRETARIAT, Role.CONSULTANT)


# -- queued by services -----------------------------------------------------------------------------------


def papers(ballot: Ballot, why: str) -> None:
    """Queue the ballot paper for all who may vote: `why` is "opened" or "extended", and part of the key."""
    key = f"ballot-papers:{ballot.pk}:{why}:{ballot.version}"
    outbox.put("ballot-papers", {"ballot": ballot.pk, "why": why}, key=key)


def receipt(vote: Vote) -> None:
    """Queue the receipt of a vote for all who vote for the institution."""
    outbox.put("ballot-receipt", {"vote": vote.pk}, key=f"ballot-receipt:{vote.pk}", new=True)


def renew(ballot: Ballot, elector: Elector, person: Person) -> None:
    """Queue a fresh link for one person; at most one for each vote and minute."""
    minute = timezone.now().strftime("%Y%m%d%H%M")
    votes = Vote.objects.filter(elector=elector).count()
    key, payload = _paper(ballot, elector, person, "renewed", f"{votes}:{minute}")
    outbox.put("ballot-paper", payload, key=key)


def outcome(ballot: Ballot, why: str) -> None:
    """Queue how it came out: `why` is "closed" or "cancelled"."""
    outbox.put("ballot-outcome", {"ballot": ballot.pk, "why": why}, key=f"ballot-outcome:{ballot.pk}")


# -- one row for each person ------------------------------------------------------------------------------


def _paper(ballot: Ballot, elector: Elector, person: Person, why: str, when: object) -> tuple[str, dict[str, Any]]:
    payload = {"ballot": ballot.pk, "elector": elector.pk, "person": person.pk, "why": why}
    return f"ballot-paper:{elector.pk}:{person.pk}:{why}:{when}", payload


@outbox.handler("ballot-papers")
def expand(row: OutboxRow) -> None:
    """For everybody who may vote."""
    _expand(row, row.payload["why"])


@outbox.handler("ballot-reminder")
def remind(row: OutboxRow) -> None:
    """For everybody whose institution has not voted by now."""
    _expand(row, "reminder", current=None)


def _expand(row: OutboxRow, why: str, **only: Any) -> None:
    ballot = _open(row.payload["ballot"])
    told = [
        _paper(ballot, elector, person, why, row.pk)
        for elector in Elector.objects.filter(ballot=ballot, recused_at=None, **only)
        for person in links.representatives(elector, ballot)
    ]
    outbox.put_many("ballot-paper", told)


@outbox.handler("ballot-receipt")
def expand_receipt(row: OutboxRow) -> None:
    """For an institution's people: a vote that they did not cast is seen at once."""
    vote = _vote(row)
    told = [
        (f"ballot-receipt-mail:{vote.pk}:{person.pk}", {"vote": vote.pk, "person": person.pk})
        for person in links.representatives(vote.elector, vote.ballot)
    ]
    outbox.put_many("ballot-receipt-mail", told)


@outbox.handler("ballot-outcome")
def expand_outcome(row: OutboxRow) -> None:
    """For all who could vote, and for those who run the TWG and write for it."""
    ballot = _read(row.payload["ballot"])
    running = Membership.objects.active().filter(twg=ballot.twg, role__in=RUNNING, person__is_active=True)
    people = set(running.values_list("person", flat=True))
    for elector in Elector.objects.filter(ballot=ballot):
        people |= {person.pk for person in links.representatives(elector, ballot)}
    told = {f"{row.key}:{pk}": {"ballot": ballot.pk, "person": pk, "why": row.payload["why"]} for pk in sorted(people)}
    outbox.put_many("ballot-outcome-mail", told.items())


# -- sent -------------------------------------------------------------------------------------------------


@outbox.handler("ballot-paper")
def deliver(row: OutboxRow) -> outbox.Parcel:
    """One person's link, if they may still vote; no reminder once their institution has voted."""
    ballot = _open(row.payload["ballot"])
    elector = Elector.objects.select_related("current").get(pk=row.payload["elector"])
    person = _voter(row, ballot, elector)
    why = row.payload["why"]
    if why == "reminder" and elector.current_id:
        raise outbox.Dropped("the institution has voted")
    link = links.link_for(ballot, elector, person)
    return _letter(person, f"ballot_{why}", row.key, ballot=ballot, elector=elector, link=link)


@outbox.handler("ballot-receipt-mail")
def deliver_receipt(row: OutboxRow) -> outbox.Parcel:
    """What was recorded, with its hash; a vote that was taken down from paper is asked about."""
    vote = _vote(row)
    person = _voter(row, vote.ballot, vote.elector)
    recorded = vote.way in (Way.PAPER, Way.ROOM) and not vote.taken_back
    template, page = ("ballot_recorded", "vote-dispute") if recorded else ("ballot_receipt", "ballot")
    args = [vote.ballot_id, vote.elector.institution_id] if recorded else [vote.ballot_id]
    context = {"ballot": vote.ballot, "elector": vote.elector, "vote": vote}
    return _letter(person, template, row.key, **context, link=settings.SITE_URL + reverse(page, args=args))


@outbox.handler("ballot-outcome-mail")
def deliver_outcome(row: OutboxRow) -> outbox.Parcel:
    ballot = _read(row.payload["ballot"])
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or not Ballot.objects.all().visible_to(person).filter(pk=ballot.pk).exists():
        raise outbox.Dropped("the recipient may no longer see this")
    why = row.payload["why"]
    found = counting.result(ballot, counting.electors_of(ballot), over=True) if why == "closed" else None
    last = {"result": found, "chosen": counting.chosen(ballot), "event": history.events_of(ballot).last()}
    link = settings.SITE_URL + reverse("ballot", args=[ballot.pk])
    return _letter(person, f"ballot_{why}", row.key, ballot=ballot, link=link, **last)


def _read(pk: int) -> Ballot:
    return Ballot.objects.select_related("twg__region", "terms", "draft__text").get(pk=pk)


def _open(pk: int) -> Ballot:
    ballot = _read(pk)
    if closing.ended(ballot):
        raise outbox.Dropped("voting is over")
    return ballot


def _vote(row: OutboxRow) -> Vote:
    return Vote.objects.select_related("ballot__twg__region", "ballot__terms", "elector").get(pk=row.payload["vote"])


def _voter(row: OutboxRow, ballot: Ballot, elector: Elector) -> Person:
    """The recipient, if they vote for the institution at this moment, whether it takes part or not."""
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or not electorate.speaks_for(ballot, person, elector):
        raise outbox.Dropped("the recipient does not vote any more")
    return person


def _letter(person: Person, template: str, key: str, **context: Any) -> outbox.Parcel:
    """The mail in the person's language, its times in their zone."""
    with translation.override(person.language), timezone.override(person.time_zone):
        context |= {"person": person, "said": counting.in_words(context["vote"]) if "vote" in context else ""}
        return letter(person, f"{FOLDER}/{template}.subject.txt", f"{FOLDER}/{template}.txt", context, message_key=key)
