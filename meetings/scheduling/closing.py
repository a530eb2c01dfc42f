"""What stands before a meeting or an item of its agenda is closed to all but government (S31).

The terms of reference must allow it, and a reason is given. What was written in the open has been read: rooms above say
so, and are told when an agenda has changed, so that what they keep of it follows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workflow.groups.models import TermsOfReference, TermsState, Twg

from .models import AgendaItem, Invitation, Meeting

# Why the meeting, or these items of its agenda, can't leave the open any more; "" where nothing is in the way.
Objection = Callable[[Meeting, Sequence[AgendaItem] | None], str]
Follower = Callable[[Meeting, Any], None]
_objections: list[Objection] = []
_followers: list[Follower] = []


def ask(objection: Objection, follower: Follower) -> None:
    """Called by a room above from its `ready`. The objection's items are None where the whole meeting is closed."""
    _objections.append(objection)
    _followers.append(follower)


def check_terms(twg: Twg, fields: Mapping[str, Any]) -> None:
    """Only where the terms of reference in force let sessions be closed, and never without a reason."""
    if not fields.get("closed"):
        return
    terms = TermsOfReference.objects.filter(twg=twg.linked_to_id or twg.pk, state=TermsState.ADOPTED).first()
    if terms is None or not terms.closed_sessions:
        raise ValidationError({"closed": _("The terms of reference in force do not let sessions be closed.")})
    if not str(fields.get("closed_reason", "")).strip():
        raise ValidationError({"closed_reason": _("Say why it is closed.")})
    if fields.get("public"):
        raise ValidationError({"public": _("A closed meeting is not announced to the public.")})


def check_meeting(meeting: Meeting) -> None:
    """Raises ValidationError for a meeting of which something was said in the open already."""
    for objection in _objections:
        if reason := objection(meeting, None):
            raise ValidationError({"closed": reason})


def check_items(meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """The same for items that leave the open agenda."""
    for objection in _objections:
        if reason := objection(meeting, items):
            raise ValidationError(reason)


def follow(meeting: Meeting, actor: Any) -> None:
    """The agenda has changed: what rooms above made of it changes with it, in the same transaction."""
    for follower in _followers:
        follower(meeting, actor)


def outsiders(meeting: Meeting) -> list[Invitation]:
    """Who is invited and may not know of the meeting now that it is closed."""
    listed = Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person")
    return [i for i in listed if not Meeting.objects.all().visible_to(i.person).filter(pk=meeting.pk).exists()]
