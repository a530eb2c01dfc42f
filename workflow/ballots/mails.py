"""Mails of ballots: the ballot paper with its link, reminders, receipts, and how it came out.

Each person's mail is a row of its own, and rights are asked again when it is sent (S16, S31).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.engine.notices import letter
from workflow.groups.models import Person

from . import electorate, links
from .models import Ballot, BallotState, Elector, Vote, Way

FOLDER = "workflow/mail"


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
    _put_paper(ballot, elector, person, "renewed", f"{votes}:{minute}")


def _put_paper(ballot: Ballot, elector: Elector, person: Person, why: str, when: object) -> None:
    outbox.put(
        "ballot-paper",
        {"ballot": ballot.pk, "elector": elector.pk, "person": person.pk, "why": why},
        key=f"ballot-paper:{elector.pk}:{person.pk}:{why}:{when}",
    )


@outbox.handler("ballot-papers")
def expand(row: OutboxRow) -> None:
    """One row for each person who may vote."""
    ballot = _open(row.payload["ballot"])
    for elector in Elector.objects.filter(ballot=ballot, recused_at=None):
        for person in links.representatives(elector, ballot):
            _put_paper(ballot, elector, person, row.payload["why"], row.pk)


@outbox.handler("ballot-reminder")
def remind(row: OutboxRow) -> None:
    """One row for each person whose institution has not voted by now."""
    ballot = _open(row.payload["ballot"])
    for elector in Elector.objects.filter(ballot=ballot, recused_at=None, current=None):
        for person in links.representatives(elector, ballot):
            _put_paper(ballot, elector, person, "reminder", row.pk)


def _open(pk: int) -> Ballot:
    ballot = Ballot.objects.select_related("twg__region", "terms", "draft__text").get(pk=pk)
    if ballot.state != BallotState.OPEN or links.is_over(ballot):
        raise outbox.Dropped("voting is over")
    return ballot


@outbox.handler("ballot-paper")
def deliver(row: OutboxRow) -> outbox.Parcel:
    """Send one person their link, if they may still vote; no reminder once their institution has voted."""
    ballot = _open(row.payload["ballot"])
    elector = Elector.objects.select_related("current").get(pk=row.payload["elector"])
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or not electorate.rights(ballot, person, [elector]):
        raise outbox.Dropped("the recipient does not vote any more")
    why = row.payload["why"]
    if why == "reminder" and elector.current_id:
        raise outbox.Dropped("the institution has voted")
    link = links.link_for(ballot, elector, person)
    return _letter(person, f"ballot_{why}", row.key, ballot=ballot, elector=elector, link=link)


@outbox.handler("ballot-receipt")
def deliver_receipt(row: OutboxRow) -> None:
    """Tell an institution's people what was recorded for it: a vote that they did not cast is seen at once."""
    vote = Vote.objects.select_related("ballot__twg__region", "ballot__terms", "elector").get(pk=row.payload["vote"])
    recorded = vote.way in (Way.PAPER, Way.ROOM) and not vote.taken_back
    for person in links.representatives(vote.elector, vote.ballot):
        outbox.put(
            "ballot-receipt-mail", {"vote": vote.pk, "person": person.pk, "recorded": recorded},
            key=f"ballot-receipt-mail:{vote.pk}:{person.pk}",
        )  # fmt: skip


@outbox.handler("ballot-receipt-mail")
def deliver_receipt_mail(row: OutboxRow) -> outbox.Parcel:
    vote = Vote.objects.select_related("ballot__twg__region", "ballot__terms", "elector").get(pk=row.payload["vote"])
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or not electorate.rights(vote.ballot, person, [vote.elector]):
        raise outbox.Dropped("the recipient does not vote any more")
    page = "vote-dispute" if row.payload["recorded"] else "ballot"
    args = [vote.ballot_id, vote.elector.institution_id] if row.payload["recorded"] else [vote.ballot_id]
    template = "ballot_recorded" if row.payload["recorded"] else "ballot_receipt"
    link = settings.SITE_URL + reverse(page, args=args)
    return _letter(person, template, row.key, ballot=vote.ballot, elector=vote.elector, vote=vote, link=link)


def _letter(person: Person, template: str, key: str, **context: Any) -> outbox.Parcel:
    """The mail in the person's language, its times in their zone."""
    with translation.override(person.language), timezone.override(person.time_zone):
        context["person"] = person
        return letter(person, f"{FOLDER}/{template}.subject.txt", f"{FOLDER}/{template}.txt", context, message_key=key)
