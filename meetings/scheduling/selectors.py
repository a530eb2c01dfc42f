"""What the pages of meetings read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from workflow.engine import kinds
from workflow.engine.together import Listing, read
from workflow.groups import access, twg_selectors
from workflow.groups.models import Fact, TermsOfReference, TermsState, Twg

from . import cadence, not_public
from .models import AgendaItem, Answer, Invitation, Meeting, MeetingState, Reply, takes_part_behind_doors

AHEAD = (MeetingState.PLANNED, MeetingState.POLLING, MeetingState.SCHEDULED, MeetingState.IN_SESSION,
         MeetingState.POSTPONED)  # fmt: skip
PAST = Case(When(state__in=AHEAD, then=0), default=1, output_field=IntegerField())
OF_MEETINGS = ("cadence", "seniority", "ad_hoc_meetings")


def meetings(person: Any) -> QuerySet[Meeting]:
    return Meeting.objects.all().visible_to(person).select_related("twg__region", "edition")


def of_twg(person: Any, twg: Twg) -> QuerySet[Meeting]:
    """A TWG's meetings with how many are invited and come; first what lies ahead, then the newest: one query."""
    there = Q(invitations__removed_at=None)
    return (
        meetings(person)
        .filter(Q(twg=twg) | Q(with_twgs=twg))
        .annotate(
            invited=Count("invitations", filter=there, distinct=True),
            coming=Count("invitations", filter=there & Q(invitations__reply=Reply.ACCEPTED), distinct=True),
            past=PAST,
        )
        .order_by("past", F("starts_at").desc(nulls_last=True), "-when", "-pk")
    )


def ahead(person: Any) -> QuerySet[Meeting]:
    """What lies ahead in every TWG that the person reads: the soonest first, then what has no date yet."""
    return meetings(person).filter(state__in=AHEAD).order_by(F("starts_at").asc(nulls_last=True), "when", "-pk")


def rhythms(person: Any) -> list[tuple[Twg, cadence.Cadence]]:
    """Every TWG that the person reads from the inside and when it meets; who is latest comes first (S17)."""
    twgs = list(Twg.objects.all().internal_to(person).filter(linked_to=None).select_related("region"))
    found = cadence.of_all(twgs, person)
    rows = [(twg, found[twg.pk]) for twg in twgs]
    return sorted(rows, key=lambda row: (-row[1].late_by, row[0].place))


def about_all(twg: Twg, person: Any) -> tuple[cadence.Cadence, list[tuple[Any, Fact]]]:
    """When the TWG should meet, and what is known of its meetings and of no single one (about how many, how often, who
    came): one question."""
    of_it = Q(twg=twg) | Q(project=twg.project_id) if twg.project_id else Q(twg=twg)
    known = Listing(Fact.objects.filter(of_it, topic__in=OF_MEETINGS), *twg_selectors.FACT)
    found = read(**cadence.listings(twg, person), known=known)
    return cadence.read(twg, found), twg_selectors.facts(found["known"])


@dataclass(frozen=True)
class Timed:
    """An item of the agenda with the moment at which it begins, if all before it take as long as they are given."""

    item: AgendaItem
    begins: datetime | None
    about: Any
    about_url: str


def agenda(meeting: Meeting, person: Any) -> list[Timed]:
    """What the person may know of the agenda, each item with its time.

    What is dealt with behind closed doors stands there as “session not public” where the terms say so. Where they say
    that others see nothing, it leaves no gap either: the times are those of an agenda without it (S31).
    """
    begins, found = meeting.starts_at, []
    for item in _items(meeting, person):
        about = _about(item, person)
        found.append(Timed(item, begins, about, kinds.of(about).url(about) if about else ""))
        begins = begins + timedelta(minutes=item.minutes) if begins else None
    return found


def _items(meeting: Meeting, person: Any) -> list[AgendaItem]:
    """Of others the database is asked the same whether or not there is a closed item: time would tell it too."""
    items = AgendaItem.objects.filter(meeting=meeting)
    if takes_part_behind_doors(person, meeting):
        return list(items)
    return _veiled(items) if not_public.is_announced(meeting.twg) else list(items.filter(closed=False))


def _veiled(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Each row of closed items as one line: not even how many there are is told."""
    found: list[AgendaItem] = []
    for item in items:
        if not item.closed:
            found.append(item)
        elif found and found[-1].pk is None:
            found[-1].minutes += item.minutes
        else:
            found.append(not_public.item(item.minutes))
    return found


def _about(item: AgendaItem, person: Any) -> Any:
    kind = kinds.get(item.about_kind)
    return kind.visible_to(person).filter(pk=item.about_id).first() if kind and item.about_id else None


def invited(meeting: Meeting) -> list[Invitation]:
    found = Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person", "institution")
    return sorted(found, key=lambda one: (str(one.institution or ""), str(one.person)))


def counts(rows: list[Invitation]) -> dict[str, int]:
    """How many have answered what."""
    return {reply: sum(1 for row in rows if row.reply == reply) for reply in Reply.values}


def own(meeting: Meeting, person: Any) -> Invitation | None:
    found = Invitation.objects.filter(meeting=meeting, person=person.pk, removed_at=None)
    return found.select_related("institution").first()


def has_answered(invitation: Invitation, meeting: Meeting) -> bool:
    """Whether the person has said what they are asked now: which dates suit, or whether they come."""
    if meeting.state == MeetingState.POLLING:
        return Answer.objects.filter(invitation=invitation).exists()
    return invitation.reply != Reply.NONE


def given(invitation: Invitation) -> dict[int, str]:
    """What the person has answered to the proposed dates."""
    return dict(Answer.objects.filter(invitation=invitation).values_list("slot", "availability"))


def may_close(twg: Twg, person: Any) -> bool:
    """Whether the person may close sessions of the TWG: its terms allow it, and they take part in closed ones."""
    terms = TermsOfReference.objects.filter(twg=twg.linked_to_id or twg.pk, state=TermsState.ADOPTED).first()
    return bool(terms and terms.closed_sessions) and not access.closed_to(person, twg)


def partners(twg: Twg, person: Any) -> QuerySet[Twg]:
    """TWGs that can be invited to a meeting of this one: of the same project, as far as the person knows them."""
    found: QuerySet[Twg] = Twg.objects.all().visible_to(person).filter(project=twg.project_id, linked_to=None)
    return found.exclude(pk=twg.pk).select_related("region").order_by("code")
