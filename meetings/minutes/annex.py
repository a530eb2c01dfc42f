"""Who was there, for the annex of the minutes, by rank (S18): who came, as the attendance room has it.

While nobody stands in its list, the annex tells who was invited and what they replied.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from meetings.attendance import selectors
from meetings.scheduling.models import Invitation, Meeting, Reply
from workflow.groups import words
from workflow.groups.models import Membership, Rank


class Attendee(NamedTuple):
    """One line of the annex. `rank` is a value of `Rank`, or "" where nobody knows; `how` is in the reader's words."""

    rank: str
    name: str
    institution: str
    how: str

    @property
    def rank_label(self) -> str:
        return str(Rank(self.rank).label) if self.rank in Rank.values else ""


Line = tuple[str, str, str, str]
_ORDER = {rank: place for place, rank in enumerate(Rank.values)}


def attendance_annex(meeting: Meeting) -> list[Attendee]:
    """Everybody by rank, then by name."""
    found = [Attendee(*line) for line in selectors.for_annex(meeting) or invited(meeting)]
    return sorted(found, key=lambda one: (_ORDER.get(one.rank, len(_ORDER)), one.institution, one.name))


@dataclass(frozen=True)
class Annex:
    """What one person may read of it: `people` where names are theirs to read, else how many of each institution."""

    people: list[Attendee] = field(default_factory=list)
    institutions: list[tuple[str, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.people) or sum(count for _name, count in self.institutions)


def annex_for(meeting: Meeting, person: Any) -> Annex:
    """The annex as one person may read it. Names and ranks are not for observers (S30): a rank beside an institution
    says who it was as well as a name does."""
    found = attendance_annex(meeting)
    if selectors.reads_names(meeting, person):
        return Annex(people=found)
    counted = Counter(one.institution for one in found)
    return Annex(institutions=sorted(counted.items(), key=lambda one: (not one[0], words.fold(one[0]))))


def invited(meeting: Meeting) -> list[Line]:
    """Who is invited, and what they replied; two queries."""
    listed = Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person", "institution")
    people = [invitation.person_id for invitation in listed]
    seats = Membership.objects.filter(person__in=people).order_by("pk").values_list("person", "twg", "rank")
    ranks: dict[int, str] = {}
    for person, twg, rank in seats:
        if rank and (twg == meeting.twg_id or person not in ranks):
            ranks[person] = rank
    return [
        (ranks.get(i.person_id, ""), str(i.person), i.institution.name if i.institution else "", _how(i))
        for i in listed
    ]


def _how(invitation: Invitation) -> str:
    if invitation.reply == Reply.DELEGATED and invitation.replaced_by:
        return _("represented by %(name)s") % {"name": invitation.replaced_by}
    return str(invitation.get_reply_display())
