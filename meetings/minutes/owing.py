"""Who can be given something to do, and the people who owe it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from meetings.scheduling.models import Invitation
from workflow.groups import access
from workflow.groups.models import Institution, Membership, Person
from workflow.groups.seated import speaking_for
from workflow.groups.seats import GOVERNMENT
from workflow.groups.twg_forms import institutions_near

from .models import ActionItem, Minutes


def _places(minutes: Minutes) -> list[int]:
    twg = minutes.twg
    return [pk for pk in (twg.pk, twg.linked_to_id) if pk]


def institutions(minutes: Minutes) -> QuerySet[Institution]:
    """Which institutions may be asked: of a closed session, government's alone (S31)."""
    found: QuerySet[Institution] = institutions_near(minutes.twg)
    return found.filter(category__in=GOVERNMENT) if minutes.closed else found


def people(minutes: Minutes) -> QuerySet[Person]:
    """Those who sit in the TWG or were invited to the meeting; of a closed session, those who take part in them."""
    seats = Membership.objects.active().filter(twg__in=_places(minutes)).values("person")
    found = Q(pk__in=seats)
    if not minutes.closed:
        invited = Invitation.objects.filter(meeting=minutes.meeting_id, removed_at=None)
        found |= Q(pk__in=invited.values("person"))
    listed = Person.objects.filter(found, is_active=True).order_by("name", "email")
    if minutes.closed:
        listed = listed.filter(pk__in=[p.pk for p in listed if minutes.twg.pk in access.seats(p).closed])
    return listed


def check(action: ActionItem) -> None:
    """Raises ValidationError for those who could not read what they are to do."""
    if action.person is not None and not people(action.minutes).filter(pk=action.person.pk).exists():
        raise ValidationError({"person": _("This person takes no part in what these minutes tell.")})
    if action.institution is not None and not institutions(action.minutes).filter(pk=action.institution.pk).exists():
        raise ValidationError({"institution": _("This institution takes no part in what these minutes tell.")})


def those_who_owe(action: ActionItem) -> QuerySet[Person]:
    """The person who is named or, where nobody is, those who sit for the institution."""
    if action.person_id:
        return Person.objects.filter(pk=action.person_id, is_active=True)
    found: QuerySet[Person] = speaking_for(action.institution_id, action.minutes.twg)
    return found


def owed_by(person: Any) -> Q:
    """Which action items the person owes: `flow.owes`, for a query."""
    found = Q(person=person.pk)
    for seat in access.seats(person).speaking:
        here = Q(minutes__meeting__twg=seat.twg_id) | Q(minutes__meeting__twg__linked_to=seat.twg_id)
        found |= here & Q(person=None, institution=seat.institution_id)
    return found
