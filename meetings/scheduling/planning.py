"""All that plans a meeting: what it is, who is invited; states are `engine.perform`'s (S17-S20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.models import Membership, Person, Twg
from workflow.groups.services import require

from . import closing, mails
from .flow import ALIVE, RUNNERS
from .models import Invitation, Meeting, MeetingState

# What stands in a calendar: a change of it is sent to everybody who has the meeting in theirs.
IN_CALENDARS = ("titles", "starts_at", "ends_at", "zone", "form", "place", "map_url", "video_url", "dial_in")
# Until the minutes are approved its description may still be put right.
OVER = (MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED, MeetingState.CANCELLED)


@transaction.atomic
def plan(
    twg: Twg,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    with_twgs: Iterable[Twg] = (),
    telling: Telling = AS_IT_HAPPENS,
    begins: str = "",
) -> Meeting:
    """A meeting of the TWG. Raises ValidationError for what it lacks, and for one that the terms do not let close."""
    require(RUNNERS, twg, actor)
    told = {"zone": twg.time_zone, "languages": twg.languages, **fields}
    closing.check_terms(twg, told)
    others = list(with_twgs)
    edition = told.get("edition")
    if edition is not None and edition.twg.pk not in {one.linked_to_id or one.pk for one in (twg, *others)}:
        raise ValidationError({"edition": _("This edition is another TWG's.")})
    meeting: Meeting = engine.create(
        Meeting(twg=twg, **told), actor=actor, name="planned", telling=telling, begins=begins,
        data={"together": [t.pk for t in others]} if others else None,
    )  # fmt: skip
    meeting.with_twgs.set(others)
    return meeting


@transaction.atomic
def change(
    meeting: Meeting,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    with_twgs: Iterable[Twg] | None = None,
    version: int | None = None,
) -> None:
    """Change what it is; what stands in calendars is sent to everybody who is invited, with a higher sequence."""
    require(RUNNERS, meeting, actor)
    with engine.change(meeting, "changed", actor=actor, version=version) as changing:
        fresh: Meeting = changing.subject
        if fresh.state in OVER and set(fields) & set(IN_CALENDARS):
            raise Unmet(_("It is over: what it was is not changed any more."))
        before = {name: getattr(fresh, name) for name in IN_CALENDARS}
        was_closed = fresh.closed
        changing.assign(fields)
        closing.check_terms(
            fresh.twg, {"closed": fresh.closed, "closed_reason": fresh.closed_reason, "public": fresh.public}
        )
        if fresh.state in (MeetingState.SCHEDULED, MeetingState.IN_SESSION) and fresh.starts_at is None:
            raise ValidationError({"starts_at": _("A meeting that is scheduled has a date; postpone it instead.")})
        if with_twgs is not None:
            others = list(with_twgs)
            fresh.with_twgs.set(others)
            changing.data["together"] = [t.pk for t in others]
        if fresh.closed and not was_closed:
            _shut(fresh, changing)
        moved = any(getattr(fresh, name) != old for name, old in before.items())
        if moved and fresh.state in (MeetingState.SCHEDULED, MeetingState.IN_SESSION):
            fresh.sequence += 1
            mails.updated(fresh)


def _shut(meeting: Meeting, changing: engine.Change) -> None:
    """An open meeting is closed: whoever may not know of it any more is taken off the list (S31)."""
    closing.check_meeting(meeting)
    # Written first, so that who may know of it is asked of the meeting as it is from now on.
    Meeting.objects.filter(pk=meeting.pk).update(
        closed=True, closed_reason=meeting.closed_reason, public=meeting.public
    )
    gone = closing.outsiders(meeting)
    if gone:
        _take_off(meeting, gone)
        changing.data["uninvited"] = [invitation.person_id for invitation in gone]


# -- who is invited ---------------------------------------------------------------------------------------


def usual(twg: Twg) -> list[Membership]:
    """Everybody who sits in the TWG today, each once, with the seat from which they come."""
    seats = Membership.objects.active().filter(twg=twg, person__is_active=True).select_related("person", "institution")
    return list({seat.person_id: seat for seat in seats.order_by("-pk")}.values())[::-1]


@transaction.atomic
def invite(
    meeting: Meeting, seats: Iterable[Membership], *, actor: Any, required: Iterable[int] = (),
    telling: Telling = AS_IT_HAPPENS,
) -> list[Invitation]:  # fmt: skip
    """Invite people from their seats. To a closed meeting only those who may know of it come (S31).

    Whoever was taken off the list before is on it again. They get the meeting for their calendar once it has a date.
    """
    require(RUNNERS, meeting, actor)
    key = set(required)
    with engine.change(meeting, "invited", actor=actor, telling=telling) as changing:
        fresh: Meeting = changing.subject
        if fresh.state not in (*ALIVE, MeetingState.IN_SESSION, MeetingState.HELD):
            raise Unmet(_("Nobody is invited to it any more."))
        asked = [_invite(fresh, seat, seat.institution_id in key) for seat in seats if _may_know(fresh, seat)]
        changing.data["people"] = [invitation.person_id for invitation in asked]
        if fresh.state == MeetingState.SCHEDULED:
            mails.requested(fresh, [i.person_id for i in asked])
    return asked


def _may_know(meeting: Meeting, seat: Membership) -> bool:
    return not meeting.closed or Meeting.objects.visible_to(seat.person).filter(pk=meeting.pk).exists()


def _invite(meeting: Meeting, seat: Membership, required: bool) -> Invitation:
    told = {"institution": seat.institution, "role": seat.role, "required": required, "removed_at": None}
    found, _made = Invitation.objects.update_or_create(meeting=meeting, person=seat.person, defaults=told)
    return found


@transaction.atomic
def set_invited(
    meeting: Meeting, seats: Iterable[Membership], *, actor: Any, required: Iterable[int] = (),
    reminded: Iterable[int] = (),
) -> None:  # fmt: skip
    """Make the list what it should be: who is missing is invited, who is too many is taken off.

    `reminded` are the people (ids) who are chosen for reminders; nobody is sent anything because of that.
    """
    wanted = {seat.person_id: seat for seat in seats}
    now = {i.person_id: i for i in Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person")}
    for pk in now.keys() - wanted.keys():
        uninvite(meeting, now[pk].person, actor=actor)
    key = set(required)
    new = [seat for pk, seat in wanted.items() if pk not in now or now[pk].required != (seat.institution_id in key)]
    if new:
        invite(meeting, new, actor=actor, required=key)
    listed = Invitation.objects.filter(meeting=meeting, removed_at=None)
    listed.update(chosen=Case(When(person__in=list(reminded), then=True), default=False))


@transaction.atomic
def uninvite(meeting: Meeting, person: Person, *, actor: Any) -> None:
    """Take somebody off the list; a meeting in their calendar is cancelled for them alone."""
    require(RUNNERS, meeting, actor)
    with engine.change(meeting, "uninvited", actor=actor) as changing:
        found = Invitation.objects.filter(meeting=meeting, person=person, removed_at=None).first()
        if found is None:
            raise Unmet(_("They are not invited."))
        changing.data["person"] = person.pk
        _take_off(changing.subject, [found])


def _take_off(meeting: Meeting, invitations: list[Invitation]) -> None:
    Invitation.objects.filter(pk__in=[i.pk for i in invitations]).update(removed_at=timezone.now())
    if meeting.state == MeetingState.SCHEDULED:
        meeting.sequence += 1
        mails.removed(meeting, [i.person_id for i in invitations])
