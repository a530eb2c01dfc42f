"""What the pages of meetings read, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from workflow.engine import kinds
from workflow.groups import access
from workflow.groups.models import TermsOfReference, TermsState, Twg

from . import not_public, planning
from .models import AgendaItem, Answer, Invitation, Meeting, MeetingState, Reply

AHEAD = (MeetingState.PLANNED, MeetingState.POLLING, MeetingState.SCHEDULED, MeetingState.IN_SESSION,
         MeetingState.POSTPONED)  # fmt: skip


def meetings(person: Any) -> QuerySet[Meeting]:
    return Meeting.objects.all().visible_to(person).select_related("twg__region", "edition")


def of_twg(person: Any, twg: Twg) -> QuerySet[Meeting]:
    """A TWG's meetings with how many are invited and come, what lies ahead first: one query."""
    there = Q(invitations__removed_at=None)
    return (
        meetings(person)
        .filter(Q(twg=twg) | Q(with_twgs=twg))
        .annotate(
            invited=Count("invitations", filter=there, distinct=True),
            coming=Count("invitations", filter=there & Q(invitations__reply=Reply.ACCEPTED), distinct=True),
        )
        .order_by("-starts_at", "-when", "-pk")
    )


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
    shown = {item.pk for item in planning.agenda_for(meeting, person)}
    items = list(AgendaItem.objects.filter(meeting=meeting))
    if len(shown) < len(items):
        items = _veiled(items, shown) if not_public.is_announced(meeting.twg) else [i for i in items if i.pk in shown]
    begins, found = meeting.starts_at, []
    for item in items:
        about = _about(item, person)
        found.append(Timed(item, begins, about, kinds.of(about).url(about) if about else ""))
        begins = begins + timedelta(minutes=item.minutes) if begins else None
    return found


def _veiled(items: list[AgendaItem], shown: set[int]) -> list[AgendaItem]:
    """Each row of hidden items as one line: not even how many there are is told."""
    found: list[AgendaItem] = []
    for item in items:
        if item.pk in shown:
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
