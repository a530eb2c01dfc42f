"""What the pages of one meeting's attendance read, as far as the reader may know it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings.scheduling.models import Invitation, Meeting, Reply
from workflow.groups import access, words
from workflow.groups.models import Person, Rank

from . import places
from .models import Attendance, Way
from .quorum import Quorum, count


def meetings(person: Any) -> QuerySet[Meeting]:
    return Meeting.objects.all().visible_to(person).select_related("twg__region", "twg__linked_to")


def reads_names(meeting: Meeting, person: Any) -> bool:
    """Names and ranks are for members in the full sense and IOM, as on the TWG's page; observers read the rest."""
    return access.may_read_addresses(person, meeting.twg)


@dataclass(frozen=True)
class Line:
    """One person: invited, in the list of those who came, or both. `named` says whether the reader learns who."""

    invitation: Invitation | None
    attendance: Attendance | None
    named: bool
    replaced_by: str = ""

    @property
    def person(self) -> Any:
        about = self.attendance or self.invitation
        return about.person if about else None

    @property
    def name(self) -> str:
        return str(self.attendance or self.invitation) if self.named else ""

    @property
    def institution(self) -> str:
        if self.attendance:
            return self.attendance.institution_name
        return self.invitation.institution.name if self.invitation and self.invitation.institution else ""

    @property
    def category(self) -> str:
        if self.attendance:
            return self.attendance.category
        return self.invitation.institution.category if self.invitation and self.invitation.institution else ""

    @property
    def role(self) -> str:
        return self.attendance.role if self.attendance else self.invitation.role if self.invitation else ""

    @property
    def reply(self) -> str:
        return words.label(Reply, self.invitation.reply) if self.invitation else ""

    @property
    def came(self) -> bool:
        return self.attendance is not None and self.attendance.came


@dataclass(frozen=True)
class Roster:
    """Everybody who was invited or came, by institution."""

    lines: list[Line]
    struck: list[Line]
    strangers: list[Line] = field(default_factory=list)

    @property
    def came(self) -> list[Attendance]:
        return [line.attendance for line in self.lines if line.attendance and line.came]

    @property
    def invited(self) -> int:
        return sum(1 for line in self.lines if line.invitation)

    @property
    def missing(self) -> list[Line]:
        """Who was invited and does not stand in the list yet: those to tick off."""
        return [line for line in self.lines if line.attendance is None]

    @property
    def online(self) -> int:
        return sum(1 for row in self.came if row.way == Way.ONLINE)

    @property
    def institutions(self) -> int:
        return len({row.institution_id or row.institution_name for row in self.came if row.institution_names})

    def by_rank(self) -> list[tuple[str, int]]:
        counted = Counter(row.rank for row in self.came)
        return [(str(rank.label), counted[rank]) for rank in Rank if counted[rank]]


def roster(meeting: Meeting, person: Any) -> Roster:
    """Two queries, however long the list is. Walk-ins to confirm are shown to those who run the meeting."""
    invited = list(Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person", "institution"))
    rows = list(Attendance.objects.filter(meeting=meeting).select_related("person"))
    named, runs = reads_names(meeting, person), bool(places.RUNNERS(meeting, person))
    by_person = {row.person_id: row for row in rows if row.person_id}
    instead: dict[int | None, str] = {row.replaces_id: row.name for row in rows if row.replaces_id and row.came}
    lines = [_line(i, by_person.pop(i.person_id, None), named, instead, person) for i in invited]
    lines += [_line(None, r, named, {}, person) for r in rows if r.person_id is None or r.person_id in by_person]
    lines.sort(key=_order)
    strangers = [line for line in lines if line.attendance and line.came and not line.attendance.confirmed]
    struck = [line for line in lines if line.attendance and not line.came and not line.invitation]
    shown = [line for line in lines if line not in strangers and line not in struck]
    return Roster(shown, struck if runs else [], strangers if runs else [])


def _line(
    invitation: Invitation | None, row: Attendance | None, named: bool, instead: dict[int | None, str], reader: Any
) -> Line:
    about: Any = row or invitation
    own = about.person_id is not None and about.person_id == reader.pk
    replaced = instead.get(about.person_id, "") or (invitation.replaced_by if invitation else "")
    return Line(invitation, row, named or own, replaced if named or own else "")


def _order(line: Line) -> tuple[bool, str, str]:
    return (not line.institution, words.fold(line.institution), words.fold(str(line.attendance or line.invitation)))


def quorum(meeting: Meeting, found: Roster, *, now: bool = False) -> Quorum:
    return count(meeting, found.came, now=now)


def mine(meeting: Meeting, person: Any) -> Attendance | None:
    return Attendance.objects.filter(meeting=meeting, person=person).first()


def may_correct(meeting: Meeting, person: Any) -> bool:
    """Whether the person says of themselves whether they came: who was invited, or stands in the list."""
    if not places.corrects(meeting):
        return False
    return mine(meeting, person) is not None or places.invitation_of(meeting, person) is not None


def replaceable(meeting: Meeting) -> QuerySet[Person]:
    """Invited people in whose place somebody may have come."""
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None).values("person")
    return Person.objects.filter(pk__in=invited).order_by("name", "email")


def for_annex(meeting: Meeting) -> list[tuple[str, str, str, str]]:
    """Who came, for the annex of the minutes: rank, name, institution, and how; two queries."""
    rows = Attendance.objects.filter(meeting=meeting).present().select_related("replaces")
    return [(row.rank, row.name, row.institution_name, _how(row)) for row in rows]


def _how(row: Attendance) -> str:
    way = words.label(Way, row.way)
    if row.replaces is None:
        return way
    return _("%(way)s, in the place of %(name)s") % {"way": way, "name": row.replaces}
