"""Who was there, for the annex of the minutes, by rank (S18): who came, as the attendance room has it.

While nobody stands in its list, the annex tells who was invited and what they replied.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from meetings.attendance.models import Attendance
from meetings.scheduling.models import Invitation, Meeting, Reply
from workflow.groups import access
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
    found = [Attendee(*line) for line in came(meeting) or invited(meeting)]
    return sorted(found, key=lambda one: (_ORDER.get(one.rank, len(_ORDER)), one.institution, one.name))


def annex_for(meeting: Meeting, person: Any) -> list[Attendee]:
    """The annex as one person may read it: names are not for observers (S30)."""
    found = attendance_annex(meeting)
    if access.may_read_addresses(person, meeting.twg):
        return found
    return [one._replace(name=_("Somebody"), how="") for one in found]  # how may name whom they stand in for


def came(meeting: Meeting) -> list[Line]:
    """Who came, under the names, institutions and ranks of that day."""
    rows = Attendance.objects.filter(meeting=meeting).present().select_related("institution", "replaces")
    return [(row.rank, row.name, row.institution_name, _took_part(row)) for row in rows]


def _took_part(row: Attendance) -> str:
    way = str(row.get_way_display())
    if row.replaces is None:
        return way
    return _("%(way)s, in the place of %(name)s") % {"way": way, "name": row.replaces}


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
