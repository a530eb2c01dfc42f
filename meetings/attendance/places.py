"""From which place somebody takes part in a meeting, and who may write the list at which time (S18, S30)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from meetings.scheduling.models import Invitation, Meeting, MeetingState
from workflow.engine import clock
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups import access, words
from workflow.groups.models import Institution, Membership, Role

RUNNERS = access.chair | access.secretariat
LISTED = (MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CIRCULATED)
TOOK_PLACE = (MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
DOORS = timedelta(hours=2)  # before the beginning, from which on one signs in


@dataclass(frozen=True)
class Place:
    """For which institution, in which role and rank somebody takes part, as of today."""

    institution: Institution | None = None
    role: str = ""
    rank: str = ""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Any]:
        """What an attendance copies of it."""
        one = self.institution
        return {
            "institution": one,
            "institution_names": dict(one.names) if one else dict(self.names),
            "category": one.category if one else "",
            "role": self.role,
            "rank": self.rank,
        }


def invitation_of(meeting: Meeting, person: Any) -> Invitation | None:
    found = Invitation.objects.filter(meeting=meeting, person=person, removed_at=None)
    return found.select_related("institution").first()


def place_of(meeting: Meeting, person: Any) -> Place | None:
    """From the invitation, and from the seat for what an invitation does not say; None for a stranger."""
    invitation, seat = invitation_of(meeting, person), _seat(meeting, person)
    if invitation is None and seat is None:
        return None
    institution = (invitation and invitation.institution) or (seat and seat.institution)
    role = (invitation and invitation.role) or (seat and seat.role) or ""
    return Place(institution or None, role if role in Role.values else "", seat.rank if seat else "")


def _seat(meeting: Meeting, person: Any) -> Membership | None:
    """Today's seat in the meeting's TWG, or in one that meets with it; an excluded category's seat is none."""
    twgs = [meeting.twg_id, *meeting.with_twgs.values_list("pk", flat=True)]
    counted = {(s.twg_id, s.role, s.institution_id) for s in access.seats(person).present}
    seats = Membership.objects.active().filter(twg__in=twgs, person=person).select_related("institution")
    found = [seat for seat in seats if (seat.twg_id, seat.role, seat.institution_id) in counted]
    return min(found, key=lambda s: (twgs.index(s.twg_id), s.institution_id is None), default=None)


def directory_match(meeting: Meeting, name: str) -> Institution | None:
    """The institution that a typed name means, among those that sit in the TWG or are invited; None when in doubt."""
    wanted = words.fold(name)
    seated = Membership.objects.active().filter(twg=meeting.twg_id).exclude(institution=None).values("institution")
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None).exclude(institution=None)
    near = Institution.objects.filter(pk__in=seated) | Institution.objects.filter(pk__in=invited.values("institution"))
    found = [one for one in near.distinct() if wanted in called(one)]
    return found[0] if len(found) == 1 and wanted else None


def called(institution: Institution) -> set[str]:
    """Every name of an institution, folded."""
    return {words.fold(text) for text in (*institution.names.values(), institution.acronym, institution.code) if text}


def signs_in(meeting: Meeting) -> bool:
    """Whether the doors are open: while it is in session, and from two hours before it begins."""
    if meeting.state == MeetingState.IN_SESSION:
        return True
    if meeting.state != MeetingState.SCHEDULED or meeting.starts_at is None or meeting.ends_at is None:
        return False
    return bool(meeting.starts_at - DOORS <= clock.moment() <= meeting.ends_at)


def check_runner(meeting: Meeting, person: Any) -> None:
    """Raises NotPermitted for whoever does not run the meeting; seats are read afresh."""
    access.forget(person)
    if not RUNNERS(meeting, person):
        raise NotPermitted(_("This is for %(who)s.") % {"who": RUNNERS.label})


def check_listed(meeting: Meeting) -> None:
    """Raises Unmet when the list is not written: not yet, or, once the minutes are approved, no more."""
    if meeting.state == MeetingState.APPROVED:
        raise Unmet(_("The minutes are approved: the list of who came is closed."))
    if meeting.state not in LISTED:
        raise Unmet(_("Who came is written down once the meeting has a date."))


def check_doors(meeting: Meeting) -> None:
    """Raises Unmet while nobody signs in."""
    if not signs_in(meeting):
        raise Unmet(_("Nobody signs in to this meeting now: ask the secretariat to write you down."))


def corrects(meeting: Meeting) -> bool:
    """Whether people correct what is said of themselves: from the session on, until the minutes are approved."""
    return meeting.state in TOOK_PLACE and meeting.state != MeetingState.APPROVED
