"""Whether enough voting institutions are there, by the terms of reference (S16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting
from workflow.ballots import electorate
from workflow.ballots.rules import quorum_of
from workflow.groups.models import CategoryRule, Institution, Membership, TermsOfReference, Twg
from workflow.groups.models.terms import NEVER_VOTES

from .models import Attendance


@dataclass(frozen=True)
class Quorum:
    """Voting institutions, and which of them are there. `needed` is 0 where no terms of reference say."""

    voting: list[Institution]
    present: list[Institution]
    needed: int
    percent: int

    @property
    def reached(self) -> bool:
        return bool(self.needed) and len(self.present) >= self.needed

    @property
    def absent(self) -> list[Institution]:
        there = {one.pk for one in self.present}
        return [one for one in self.voting if one.pk not in there]

    @property
    def sentence(self) -> str:
        if not self.needed:
            return _("No terms of reference in force say what the quorum is.")
        told = {"present": len(self.present), "voting": len(self.voting), "needed": self.needed}
        said = _("%(present)d of %(voting)d voting institutions are present; the quorum is %(needed)d.")
        if self.reached:
            said = _("%(present)d of %(voting)d voting institutions are present; the quorum of %(needed)d is reached.")
        return said % told


def day_of(meeting: Meeting) -> date:
    return (meeting.starts_at or timezone.now()).date()


def voting_on(twg: Twg, terms: TermsOfReference, day: date) -> list[Institution]:
    """Institutions with a vote for which somebody sat on that day: two queries."""
    categories = CategoryRule.objects.filter(terms=terms, votes=True).values("category")
    seated = Membership.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day),
        twg=twg, role__in=electorate.voting_roles(terms),
    ).exclude(institution=None)  # fmt: skip
    found = Institution.objects.filter(pk__in=seated.values("institution"), category__in=categories)
    return list(found.order_by("folded", "pk"))


def count(meeting: Meeting, came: Iterable[Attendance], *, now: bool = False) -> Quorum:
    """The quorum of those who came, or with `now` of those who have not left yet. Observers and consultants speak for
    no vote, and who is not confirmed counts for nothing."""
    terms = electorate.terms_of(meeting.twg)
    if terms is None:
        return Quorum([], [], 0, 0)
    voting = voting_on(meeting.twg, terms, day_of(meeting))
    there = {
        row.institution_id
        for row in came
        if row.came and row.confirmed and row.role not in NEVER_VOTES and not (now and row.left_at)
    }
    present = [one for one in voting if one.pk in there]
    needed = quorum_of(terms.quorum_percent, len(voting)) if voting else 0
    return Quorum(voting, present, needed, terms.quorum_percent)
