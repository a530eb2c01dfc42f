"""Links that open one invitation for one person, signed in or not: they answer, and nothing else.

Opening one changes nothing: mail scanners may follow it. It is bound to the meeting, the person and their address, and
ends when the person is taken off the list or the meeting is over.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workflow.groups.bearers import bound_to
from workflow.groups.models import Person

from .models import Invitation, Meeting

SALT = "palabre.meeting"


def link_for(meeting: Meeting, person: Person) -> str:
    token = signing.dumps([meeting.pk, person.pk, bound_to(person, SALT)], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("meeting-by-link", args=[token])


def read(token: str) -> Invitation | None:
    """The invitation that a link opens; None when it is forged, or its bearer may not know of the meeting any more."""
    try:
        meeting_id, person_id, bound = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.filter(meeting=meeting_id, person=person_id, removed_at=None, person__is_active=True)
    invitation: Any = found.select_related("meeting__twg__region", "person", "institution").first()
    if invitation is None or bound_to(invitation.person, SALT) != bound:
        return None
    if not Meeting.objects.visible_to(invitation.person).filter(pk=meeting_id).exists():
        return None
    kept: Invitation = invitation
    return kept
